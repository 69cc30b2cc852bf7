"""Who gets which answer at each door of the books: the partner's administrators, and nobody else."""

from typing import Any

from openprm.profitability.testing import make_book, make_entry

NOBODY = {"vendor": 403, "partner": 403, "other_partner": 403, "stranger": 401}
ENTRY = {"kind": "membership", "month": "2025-03-01", "amount_minor": 50000}


def _page(status: int, other: int | None = None) -> dict[str, int]:
    mine = status if other is None else other
    return {"vendor": 404, "partner": 403, "other_partner": 403, "partner_admin": status, "other_partner_admin": mine, "stranger": 302}


def _call(status: int, other: int) -> dict[str, int]:
    return {**NOBODY, "partner_admin": status, "other_partner_admin": other}


ACCESS = {
    "profitability:about": {"vendor": 200, "partner": 404, "other_partner": 404, "stranger": 302},
    "profitability:profit": _page(200),
    "profitability:what_if": _page(200, 404),
    "profitability:entries": _page(200),
    "profitability:new_entry": _page(200, 409),
    "profitability:entry": _page(200, 409),
    "profitability:remove_entry": _page(303, 409),
    "profitability:file": _page(200, 409),
    "profitability:book": _page(200),
    "profitability:groups": _page(422, 409),
    "profitability:take": _page(200),
    "profitability:forget": _page(422),
    "GET /api/v1/own-profit": _call(200, 409),
    "POST /api/v1/own-profit/what-if": _call(200, 409),
    "GET /api/v1/own-profit/book": _call(200, 404),
    "PUT /api/v1/own-profit/book": _call(200, 200),
    "POST /api/v1/own-profit/groups": _call(201, 409),
    "POST /api/v1/own-profit/groups/{uuid:group_id}/rates": _call(204, 409),
    "GET /api/v1/own-profit/entries": _call(200, 200),
    "GET /api/v1/own-profit/entries/{uuid:entry_id}": _call(200, 404),
    "POST /api/v1/own-profit/entries": _call(201, 409),
    "POST /api/v1/own-profit/entries/bulk": _call(201, 409),
    "PUT /api/v1/own-profit/entries/{uuid:entry_id}": _call(200, 404),
    "DELETE /api/v1/own-profit/entries/{uuid:entry_id}": _call(204, 409),
    "POST /api/v1/own-profit/file": {**NOBODY, "partner_admin": 415, "other_partner_admin": 415},
    "GET /api/v1/own-profit/everything": _call(200, 200),
    "DELETE /api/v1/own-profit": _call(422, 422),
}


def _opened(cast: Any) -> dict[str, Any]:
    make_book(cast.partner_admin)
    return {}


def _entry(cast: Any) -> dict[str, Any]:
    make_book(cast.partner_admin)
    return {"entry_id": make_entry(cast.partner_admin)}


def _with(body: dict[str, Any], make: Any = _opened, **more: Any) -> Any:
    return lambda cast: {**make(cast), "body": body, **more}


PAGES_OF_ENTRIES = ("profitability:entry", "profitability:remove_entry")
OPENED = ("profit", "what_if", "entries", "new_entry", "file", "book", "groups", "take", "forget")
ARGS = {
    **{f"profitability:{name}": _opened for name in OPENED},
    **dict.fromkeys(PAGES_OF_ENTRIES, _entry),
    "GET /api/v1/own-profit": _opened,
    "GET /api/v1/own-profit/book": _opened,
    "GET /api/v1/own-profit/entries": _opened,
    "GET /api/v1/own-profit/everything": _opened,
    "DELETE /api/v1/own-profit": _opened,
    "POST /api/v1/own-profit/what-if": _with({"hourly_minor": {}}),
    "PUT /api/v1/own-profit/book": lambda cast: {"body": {"currency": "EUR", "margin_bp": 1500}},
    "POST /api/v1/own-profit/groups": _with({"name": "Engineers", "hourly_minor": 9000, "since": "2025-01-01"}),
    "POST /api/v1/own-profit/groups/{uuid:group_id}/rates": lambda cast: {
        "group_id": make_book(cast.partner_admin),
        "body": {"hourly_minor": 9000, "since": "2025-06-01"},
    },
    "GET /api/v1/own-profit/entries/{uuid:entry_id}": _entry,
    "POST /api/v1/own-profit/entries": _with(ENTRY),
    "POST /api/v1/own-profit/entries/bulk": _with({"items": [ENTRY]}),
    "PUT /api/v1/own-profit/entries/{uuid:entry_id}": _with(ENTRY, _entry, headers={"If-Match": '"1"'}),
    "DELETE /api/v1/own-profit/entries/{uuid:entry_id}": _entry,
    "POST /api/v1/own-profit/file": _opened,
}
