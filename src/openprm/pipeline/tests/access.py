"""Who gets which answer at each door of the pipeline. What a person sees behind it is its own reach."""

from typing import Any

from openprm.cosell import services as cosell
from openprm.cosell.services.opening import Draft
from openprm.kernel.scope import scope
from openprm.pipeline.testing import SOME_DAY

MOVERS = ("vendor_admin", "partner_manager")
SELLERS = ("partner_admin", "partner_rep", "partner_collaborator")


def _row(vendor: Any, partner: Any, other: Any, stranger: int, **named: Any) -> dict[str, Any]:
    return {"vendor": vendor, "partner": partner, "other_partner": other, "stranger": stranger, **named}


PAGES = {
    **{f"pipeline:{name}": _row(200, 404, 404, 302) for name in ("pipeline", "forecast", "slips")},
    **{f"pipeline:portal_{name}": _row(404, 200, 200, 302) for name in ("pipeline", "forecast", "slips")},
    "pipeline:move": _row(403, 404, 404, 302, **dict.fromkeys(MOVERS, 404)),
    "pipeline:portal_move": _row(404, 403, 404, 302, **dict.fromkeys(SELLERS, 404)),
    "pipeline:target": _row(303, 404, 404, 302, vendor_reader=403),
    "pipeline:portal_target": _row(404, 303, 303, 302, partner_reader=403, partner_collaborator=403),
}
NOBODY = {"body": {"kind": "deal", "id": "00000000-0000-7000-8000-000000000000", "stage": "qualified"}}
OPERATIONS = {
    "GET /api/v1/pipeline": _row(200, 200, 200, 401),
    "GET /api/v1/pipeline/forecast": _row(200, 200, 200, 401),
    "GET /api/v1/pipeline/close-dates": _row(200, 200, 200, 401),
    "PUT /api/v1/pipeline/target": _row(204, 204, 204, 401, vendor_reader=403, partner_reader=403, partner_collaborator=403),
    "POST /api/v1/pipeline/move": _row(403, 403, 404, 401, **dict.fromkeys((*MOVERS, *SELLERS), 404)),
}
ACCESS = {**PAGES, **OPERATIONS}


def _engagement(cast: Any) -> dict[str, Any]:
    """An engagement that the first partner joined: conflicts and cosell, which stand side by side, meet here."""
    with scope(cast.partner_manager) as actor:
        opened = cosell.open_engagement(actor=actor, draft=Draft(title="Three plants", customer_name="Vega Logistics"), at=SOME_DAY).engagement_id
        invitation = cosell.invite(actor=actor, engagement_id=opened, receiver_id=cast.partner_id, role="reseller", at=SOME_DAY)
    with scope(cast.partner_rep) as actor:
        cosell.accept_invitation(actor=actor, invitation_id=invitation, at=SOME_DAY)
    return {"engagement_id": opened}


ARGS = {
    "conflicts:open_engagement": _engagement,
    "conflicts:portal_open_engagement": _engagement,
    "POST /api/v1/pipeline/move": lambda cast: NOBODY,
    "PUT /api/v1/pipeline/target": lambda cast: {"body": {"amount_minor": 100}},
}
