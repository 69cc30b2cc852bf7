"""Who gets which answer at each door of account mapping."""

from typing import Any

from openprm.mapping.testing import SOME_DAY, connect, make_list, run_match

NAMES = ["Abloom", "Birkdale", "Cortenna"]


def _vendor(status: int, readers: int | None = None) -> dict[str, int]:
    """A page of the vendor: `readers` is what those get who may only read."""
    rest = status if readers is None else readers
    return {"vendor": rest, "vendor_admin": status, "partner_manager": status, "partner": 404, "other_partner": 404, "stranger": 302}


def _portal(mine: int, other: int, *, sales: int | None = None, readers: int | None = None) -> dict[str, int]:
    """A page of the portal: of a partner, of another one, of its sales people, and of those who may only read."""
    rest, sellers = mine if readers is None else readers, mine if sales is None else sales
    theirs = other if sales is None else sales
    return {
        "vendor": 404,
        "partner": rest,
        "partner_admin": mine,
        "partner_rep": sellers,
        "partner_collaborator": 403,
        "other_partner_admin": other,
        "other_partner_rep": theirs,
        "stranger": 302,
    }


ACCESS = {
    "mapping:home": _vendor(200),
    "mapping:new_list": _vendor(200, 403),
    "mapping:list": _vendor(200),
    "mapping:upload_list": _vendor(422, 403),
    "mapping:list_terms": _vendor(422, 403),
    "mapping:archive_list": _vendor(303, 403),
    "mapping:overview": _vendor(200),
    "mapping:agree": _vendor(303, 403),
    "mapping:end": _vendor(303, 403),
    "mapping:ask": _vendor(422, 403),
    "mapping:cell": _vendor(200),
    "mapping:whitespace": _vendor(200),
    "mapping:answer_ask": _vendor(404, 403),
    "mapping:withdraw_ask": _vendor(404, 403),
    "mapping:decide": _vendor(303, 403),
    "mapping:undo": _vendor(404, 403),
    "mapping:change_list": _vendor(200, 403),
    "mapping:forget_terms": _vendor(303, 403),
    "mapping:review": _vendor(200),
    "mapping:join": _vendor(200, 403),
    "mapping:match": _vendor(200),
    "mapping:say": _vendor(422, 403),
    "mapping:choose_target": _vendor(303, 403),
    "mapping:choose_companies": _vendor(303, 403),
    "mapping:targets": _vendor(200),
    "mapping:end_target": _vendor(404, 403),
    "mapping:end_targets": _vendor(303, 403),
    "mapping:sharing": _vendor(200),
    "mapping:grant": _vendor(200),
    "mapping:looks": _vendor(200),
    "mapping:rule": _vendor(200),
    "mapping:set_rule": _vendor(422, 403) | {"partner_manager": 403},
    "mapping:learn_rule": _vendor(409, 403) | {"partner_manager": 403},
    "mapping:attach": _vendor(404, 403),
    "mapping:portal_home": _portal(200, 200),
    "mapping:portal_new_list": _portal(200, 200, readers=403),
    "mapping:portal_list": _portal(200, 404),
    "mapping:portal_upload_list": _portal(422, 404, readers=403),
    "mapping:portal_list_terms": _portal(422, 404, sales=403, readers=403),
    "mapping:portal_archive_list": _portal(303, 404, readers=403),
    "mapping:portal_overview": _portal(200, 200),
    "mapping:portal_agree": _portal(303, 303, sales=403, readers=403),
    "mapping:portal_end": _portal(303, 409, sales=403, readers=403),
    "mapping:portal_ask": _portal(422, 422, sales=403, readers=403),
    "mapping:portal_cell": _portal(200, 404),
    "mapping:portal_whitespace": _portal(200, 404),
    "mapping:portal_answer_ask": _portal(404, 404, sales=403, readers=403),
    "mapping:portal_withdraw_ask": _portal(404, 404, sales=403, readers=403),
    "mapping:portal_decide": _portal(303, 404, readers=403),
    "mapping:portal_undo": _portal(404, 404, readers=403),
    "mapping:portal_change_list": _portal(200, 404, readers=403),
    "mapping:portal_forget_terms": _portal(303, 404, sales=403, readers=403),
    "mapping:portal_review": _portal(200, 200),
    "mapping:portal_join": _portal(200, 200, readers=403),
    "mapping:portal_match": _portal(200, 404),
    "mapping:portal_say": _portal(422, 422, readers=403),
    "mapping:portal_choose_target": _portal(303, 404, readers=403),
    "mapping:portal_choose_companies": _portal(303, 303, readers=403),
    "mapping:portal_targets": _portal(200, 200),
    "mapping:portal_end_target": _portal(404, 404, readers=403),
    "mapping:portal_end_targets": _portal(303, 303, readers=403),
    "mapping:portal_sharing": _portal(200, 200),
    "mapping:portal_grant": _portal(200, 404),
    "mapping:portal_looks": _portal(200, 200),
    "mapping:portal_rule": _portal(200, 200),
}


def _call(vendor: int, partner: int, other: int, *, manage: bool = False, share: bool = False) -> dict[str, int]:
    """An operation: the answers to who may, on each side; with `manage` or `share` readers are refused."""
    closed = manage or share
    return {
        "vendor": 403 if closed else vendor,
        "vendor_admin": vendor,
        "partner_manager": vendor,
        "partner": 403 if closed else partner,
        "partner_admin": partner,
        "partner_rep": 403 if share else partner,
        "partner_collaborator": 403,
        "other_partner_admin": other,
        "other_partner_rep": 403 if share else other,
        "stranger": 401,
    }


def _ruled(status: int) -> dict[str, int]:
    """An operation for administrators of the vendor alone."""
    return _call(403, 403, 403) | {"vendor_admin": status, "stranger": 401}


ROOM = "/api/v1/account-mapping"
LISTS, ACROSS = "/api/v1/account-lists", "/api/v1/account-mapping/{uuid:partner_id}"
ACCESS |= {
    f"GET {LISTS}": _call(200, 200, 200),
    f"POST {LISTS}": _call(201, 201, 201, manage=True),
    f"DELETE {LISTS}/{{uuid:list_id}}": _call(204, 404, 404, manage=True),
    f"GET {LISTS}/{{uuid:list_id}}/companies": _call(200, 404, 404),
    f"POST {LISTS}/{{uuid:list_id}}/companies": _call(200, 404, 404, manage=True),
    f"POST {LISTS}/{{uuid:list_id}}/companies/remove": _call(200, 404, 404, manage=True),
    f"PUT {LISTS}/{{uuid:list_id}}/terms": _call(204, 404, 404, share=True),
    f"GET {ACROSS}": _call(200, 200, 404),
    f"GET {ACROSS}/overlaps": _call(422, 422, 422),
    f"GET {ACROSS}/whitespace": _call(422, 422, 422),
    f"POST {ACROSS}/agreement": _call(204, 204, 404, share=True),
    f"DELETE {ACROSS}/agreement": _call(204, 204, 404, share=True),
    f"GET {LISTS}/suggestions": _call(200, 200, 200),
    f"PUT {LISTS}/{{uuid:list_id}}": _call(200, 404, 404, manage=True),
    f"PUT {LISTS}/{{uuid:list_id}}/companies": _call(200, 404, 404, manage=True),
    f"POST {LISTS}/{{uuid:list_id}}/file": _call(415, 415, 415, manage=True),
    f"DELETE {LISTS}/{{uuid:list_id}}/terms/{{uuid:partner_id}}": _call(204, 404, 404, share=True),
    f"GET {ACROSS}/worth": _call(200, 200, 404),
    f"GET {ACROSS}/review": _call(200, 200, 404),
    f"POST {ACROSS}/join": _call(409, 404, 404, manage=True),
    f"GET {ROOM}/matches/{{uuid:match_id}}": _call(200, 200, 404),
    f"POST {ROOM}/matches/{{uuid:match_id}}/word": _call(201, 201, 404, manage=True),
    f"DELETE {ROOM}/words/{{uuid:word_id}}": _call(404, 404, 404, manage=True),
    f"GET {ACROSS}/requests": _call(200, 200, 404),
    f"POST {ACROSS}/requests": _call(201, 201, 404, share=True),
    f"POST {ROOM}/requests/{{uuid:request_id}}/answer": _call(404, 404, 404, share=True),
    f"DELETE {ROOM}/requests/{{uuid:request_id}}": _call(404, 404, 404, share=True),
    f"GET {ROOM}/grants": _call(200, 200, 200),
    f"GET {ROOM}/grants/{{uuid:grant_id}}": _call(200, 200, 404),
    f"GET {ROOM}/looks": _call(200, 200, 200),
    f"GET {ACROSS}/targets": _call(200, 200, 404),
    f"POST {ACROSS}/targets": _call(201, 201, 404, manage=True),
    f"DELETE {ROOM}/targets/{{uuid:target_id}}": _call(404, 404, 404, manage=True),
    f"GET {ROOM}/recommendations": _call(200, 200, 200),
    f"POST {ROOM}/attach": _call(404, 403, 403, manage=True),
    f"GET {ROOM}/rule": _call(200, 200, 200),
    f"PUT {ROOM}/rule": _ruled(200),
    f"POST {ROOM}/rule/learn": _ruled(409),
}


def _world(cast: Any) -> tuple[Any, Any, Any]:
    mine = make_list(cast.vendor_admin, NAMES, level="all")
    theirs = make_list(cast.partner_admin, NAMES, level="all")
    connect(cast.vendor_admin, cast.partner_admin)
    run_match(cast.partner_id)
    return mine, theirs, cast.partner_id


def _match(cast: Any) -> dict[str, Any]:
    from openprm.mapping.models import Match

    _world(cast)
    return {"match_id": Match.objects.first().pk}


def _grant(cast: Any) -> dict[str, Any]:
    from openprm.mapping.models import Grant

    mine, _theirs, _partner = _world(cast)
    return {"grant_id": Grant.objects.get(population=mine).pk}


def _nothing(name: str) -> Any:
    return lambda cast: {name: cast.partner_id}


def _pair_of(cast: Any) -> dict[str, Any]:
    """A vendor's and a partner's row that are a match already and confirmed: a second word is a conflict."""
    from openprm.kernel.scope import scope
    from openprm.mapping import services
    from openprm.mapping.models import Match

    _world(cast)
    match = Match.objects.first()
    with scope(cast.vendor_admin):
        services.decide(actor=cast.vendor_admin, match_id=match.pk, is_same=True, at=SOME_DAY)
    return {"partner_id": cast.partner_id, "body": {"own_id": str(match.left_id), "other_id": str(match.right_id)}}


OF_LIST = (
    ("DELETE", "", {}),
    ("GET", "/companies", {}),
    ("POST", "/companies", {"items": [{"id": "new", "name": "Dovrekraft AS"}]}),
    ("POST", "/companies/remove", {"ids": ["vendor-abloom"]}),
    ("PUT", "/terms", {"level": "counts"}),
    ("PUT", "", {"name": "Nordics"}),
    ("PUT", "/companies", {"items": [{"id": "new", "name": "Dovrekraft AS"}]}),
    ("POST", "/file", {}),
)
OF_PARTNER = (("GET", ""), ("GET", "/overlaps"), ("GET", "/whitespace"), ("POST", "/agreement"), ("DELETE", "/agreement"))


def _of_list(body: dict[str, Any]) -> Any:
    return lambda cast: {"list_id": _world(cast)[0], "body": body}


ARGS = {
    **{f"mapping:{name}": lambda cast: {"population_id": _world(cast)[0]} for name in ("list", "upload_list", "list_terms", "archive_list")},
    **{f"mapping:portal_{name}": lambda cast: {"population_id": _world(cast)[1]} for name in ("list", "upload_list", "list_terms", "archive_list")},
    **{f"mapping:{name}": lambda cast: {"partner_id": _world(cast)[2]} for name in ("overview", "agree", "end", "ask")},
    **{f"mapping:portal_{name}": lambda cast: _world(cast) and {} for name in ("overview", "agree", "end", "ask")},
    "mapping:cell": lambda cast: dict(zip(("mine_id", "theirs_id", "partner_id"), _world(cast), strict=True)),
    "mapping:portal_cell": lambda cast: dict(zip(("theirs_id", "mine_id"), _world(cast)[:2], strict=True)),
    "mapping:whitespace": lambda cast: dict(zip(("theirs_id", "partner_id"), _world(cast)[1:], strict=True)),
    "mapping:portal_whitespace": lambda cast: {"theirs_id": _world(cast)[0]},
    "mapping:decide": _match,
    "mapping:portal_decide": _match,
    **{f"mapping:{side}{name}_ask": _nothing("ask_id") for side in ("", "portal_") for name in ("answer", "withdraw")},
    **{f"mapping:{side}undo": _nothing("verdict_id") for side in ("", "portal_")},
    "mapping:change_list": lambda cast: {"population_id": _world(cast)[0]},
    "mapping:portal_change_list": lambda cast: {"population_id": _world(cast)[1]},
    "mapping:forget_terms": lambda cast: dict(zip(("population_id", "viewer_id"), _world(cast)[::2], strict=True)),
    "mapping:portal_forget_terms": lambda cast: dict(zip(("population_id", "viewer_id"), _world(cast)[1:], strict=True)),
    **{f"mapping:{name}": lambda cast: {"partner_id": _world(cast)[2]} for name in ("review", "join", "choose_companies")},
    **{f"mapping:portal_{name}": lambda cast: _world(cast) and {} for name in ("review", "join", "choose_companies")},
    **{f"mapping:{side}{name}": _match for side in ("", "portal_") for name in ("match", "choose_target")},
    **{f"mapping:{side}end_target": _nothing("target_id") for side in ("", "portal_")},
    **{f"mapping:{side}grant": _grant for side in ("", "portal_")},
    "mapping:attach": lambda cast: {"target": "registration", "object_id": cast.partner_id},
    **{f"GET {ACROSS}/{name}": lambda cast: {"partner_id": _world(cast)[2]} for name in ("worth", "review", "requests", "targets")},
    f"POST {ACROSS}/join": lambda cast: _pair_of(cast),
    f"POST {ACROSS}/requests": lambda cast: {"partner_id": _world(cast)[2], "body": {"kind": "prospects", "level": "all"}},
    f"POST {ACROSS}/targets": lambda cast: {"partner_id": cast.partner_id, "body": {"match_id": str(_match(cast)["match_id"])}},
    f"GET {ROOM}/matches/{{uuid:match_id}}": _match,
    f"POST {ROOM}/matches/{{uuid:match_id}}/word": lambda cast: _match(cast) | {"body": {"is_same": True}},
    f"DELETE {ROOM}/words/{{uuid:word_id}}": _nothing("word_id"),
    f"POST {ROOM}/requests/{{uuid:request_id}}/answer": lambda cast: {"request_id": cast.partner_id, "body": {"grant": False}},
    f"DELETE {ROOM}/requests/{{uuid:request_id}}": _nothing("request_id"),
    f"GET {ROOM}/grants/{{uuid:grant_id}}": _grant,
    f"DELETE {ROOM}/targets/{{uuid:target_id}}": _nothing("target_id"),
    f"POST {ROOM}/attach": lambda cast: {"body": {"target": "registration", "object_id": str(cast.partner_id), "partner_id": str(cast.partner_id)}},
    f"PUT {ROOM}/rule": lambda cast: {"body": {"percent": 60}},
    f"DELETE {LISTS}/{{uuid:list_id}}/terms/{{uuid:partner_id}}": lambda cast: dict(zip(("list_id", "partner_id"), _world(cast)[::2], strict=True)),
    f"POST {LISTS}": lambda cast: {"body": {"name": "Nordics", "kind": "customers"}},
    **{f"{verb} {LISTS}/{{uuid:list_id}}{rest}": _of_list(body) for verb, rest, body in OF_LIST},
    **{f"{verb} {ACROSS}{rest}": lambda cast: {"partner_id": _world(cast)[2]} for verb, rest in OF_PARTNER},
}

from openprm.mapping.tests import private_access  # noqa: E402  one room, two lists

ACCESS |= private_access.ACCESS
ARGS |= private_access.ARGS
