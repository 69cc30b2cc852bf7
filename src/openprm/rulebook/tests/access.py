"""Who gets which answer at each door of the rulebook."""

from datetime import UTC, datetime

from openprm.kernel.ids import new_id
from openprm.kernel.scope import scope
from openprm.rulebook import services
from openprm.rulebook.models import Replay, RuleVersion

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
KIND = "deals.decision"
VENDOR_PAGE = {"vendor": 200, "partner": 404, "other_partner": 404, "stranger": 302}
EDITOR_PAGE = {"vendor": 403, "vendor_admin": 200, "partner_manager": 200, "partner": 404, "other_partner": 404, "stranger": 302}
PUBLISHER_PAGE = {"vendor": 403, "vendor_admin": 200, "partner": 404, "other_partner": 404, "stranger": 302}
PORTAL_PAGE = {"vendor": 404, "partner": 200, "other_partner": 200, "stranger": 302}
READ = {"vendor": 200, "partner": 200, "other_partner": 200, "stranger": 401}
EDIT = {"vendor": 403, "partner": 403, "other_partner": 403, "stranger": 401}

ACCESS = {
    "rulebook:rules": VENDOR_PAGE,
    "rulebook:rule": VENDOR_PAGE,
    "rulebook:begin_draft": EDITOR_PAGE | {"vendor_admin": 404, "partner_manager": 404},  # the asked kind does not exist
    "rulebook:draft": EDITOR_PAGE,
    "rulebook:discard_draft": EDITOR_PAGE | {"vendor_admin": 404, "partner_manager": 404},
    "rulebook:publish": PUBLISHER_PAGE,
    "rulebook:begin_replay": EDITOR_PAGE | {"vendor_admin": 404, "partner_manager": 404},  # nobody keeps a history of the asked kind
    "rulebook:replay": EDITOR_PAGE,
    "rulebook:version": VENDOR_PAGE,
    "rulebook:graph": VENDOR_PAGE,
    "rulebook:withdraw": PUBLISHER_PAGE | {"vendor_admin": 403},  # it is in force
    "rulebook:portal_rules": PORTAL_PAGE,
    "rulebook:portal_rule": PORTAL_PAGE,
    "rulebook:portal_version": PORTAL_PAGE,
    "GET /api/v1/rules": READ,
    "GET /api/v1/rules/{str:kind}": READ,
    "GET /api/v1/rules/{str:kind}/versions": READ,
    "POST /api/v1/rules/{str:kind}/evaluate": READ,
    "POST /api/v1/rules/{str:kind}/drafts": EDIT | {"vendor_admin": 404, "partner_manager": 404},
    "GET /api/v1/rules/drafts/{uuid:draft_id}": EDIT | {"vendor_admin": 200, "partner_manager": 200},
    "PUT /api/v1/rules/drafts/{uuid:draft_id}": EDIT | {"vendor_admin": 428, "partner_manager": 428},
    "DELETE /api/v1/rules/drafts/{uuid:draft_id}": EDIT | {"vendor_admin": 404, "partner_manager": 404},
    "POST /api/v1/rules/drafts/{uuid:draft_id}/publish": EDIT | {"vendor_admin": 404},
    "POST /api/v1/rules/drafts/{uuid:draft_id}/replay": EDIT | {"vendor_admin": 404, "partner_manager": 404},
    "GET /api/v1/rules/replays/{uuid:replay_id}": EDIT | {"vendor_admin": 200, "partner_manager": 200},
    "GET /api/v1/rules/replays/{uuid:replay_id}/subjects": EDIT | {"vendor_admin": 200, "partner_manager": 200},
    "POST /api/v1/rules/versions/{uuid:version_id}/withdraw": EDIT | {"vendor_admin": 403},
}


def _draft(cast) -> dict:
    with scope(cast.vendor_admin):
        return {"draft_id": services.create_draft(actor=cast.vendor_admin, kind=KIND, at=AT)}


def _version(cast) -> dict:
    return {"version_id": RuleVersion.objects.get(rule_set__kind=KIND, rule_set__program_id=None, number=1).pk}


def _kind(cast) -> dict:
    return {"kind": KIND}


def _replay(cast) -> dict:
    version = RuleVersion.objects.get(rule_set__kind="tiering.tier", rule_set__program_id=None, number=1)
    values = {"kind": "tiering.tier", "sha256": version.sha256, "months": 24, "until": AT, "requested_at": AT, "state": "done", "finished_at": AT}
    return {"replay_id": Replay.objects.create(version=version, **values).pk}


ARGS = {
    "rulebook:rule": _kind,
    "rulebook:begin_draft": lambda cast: {"kind": "no.such"},
    "rulebook:draft": _draft,
    "rulebook:discard_draft": lambda cast: {"draft_id": new_id()},
    "rulebook:publish": _draft,
    "rulebook:begin_replay": lambda cast: {"draft_id": new_id()},
    "rulebook:replay": _replay,
    "rulebook:version": _version,
    "rulebook:graph": _version,
    "rulebook:withdraw": _version,
    "rulebook:portal_rule": _kind,
    "rulebook:portal_version": _version,
    "GET /api/v1/rules/{str:kind}": _kind,
    "GET /api/v1/rules/{str:kind}/versions": _kind,
    "POST /api/v1/rules/{str:kind}/evaluate": lambda cast: {"kind": KIND, "body": {"inputs": {}}},
    "POST /api/v1/rules/{str:kind}/drafts": lambda cast: {"kind": "no.such", "body": {}},
    "GET /api/v1/rules/drafts/{uuid:draft_id}": _draft,
    "PUT /api/v1/rules/drafts/{uuid:draft_id}": lambda cast: _draft(cast) | {"body": {"graph": {}}},
    "DELETE /api/v1/rules/drafts/{uuid:draft_id}": lambda cast: {"draft_id": new_id()},
    "POST /api/v1/rules/drafts/{uuid:draft_id}/publish": lambda cast: {"draft_id": new_id(), "body": {}},
    "POST /api/v1/rules/drafts/{uuid:draft_id}/replay": lambda cast: {"draft_id": new_id(), "body": {}},
    "GET /api/v1/rules/replays/{uuid:replay_id}": _replay,
    "GET /api/v1/rules/replays/{uuid:replay_id}/subjects": _replay,
    "POST /api/v1/rules/versions/{uuid:version_id}/withdraw": _version,
}
