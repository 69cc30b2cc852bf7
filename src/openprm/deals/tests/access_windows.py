"""Who gets which answer where windows reflect work and customers choose."""

from typing import Any
from uuid import UUID

from openprm.deals.queries.customer_choice import token_of
from openprm.deals.services import customer_choice
from openprm.deals.testing import SOME_DAY, make_approved, make_catalogue
from openprm.kernel.actor import SYSTEM

MANAGERS = ("vendor_admin", "partner_manager")
SELLERS = ("partner_admin", "partner_rep")
ONE = "/api/v1/registrations/{uuid:registration_id}"
CHOICES = "/api/v1/customer-choices"
REASON = {"reason": "We want somebody nearer."}


def _row(vendor: Any, partner: Any, other: Any, stranger: int, people: tuple[str, ...] = (), status: Any = None, **named: Any) -> dict[str, Any]:
    return {"vendor": vendor, "partner": partner, "other_partner": other, "stranger": stranger, **dict.fromkeys(people, status), **named}


ACCESS = {
    "deals:choice_ask": _row(403, 404, 404, 302, MANAGERS, 303),
    "deals:choice_tell": _row(403, 404, 404, 302, MANAGERS, 422),
    "deals:choice_settle": _row(403, 404, 404, 302, MANAGERS, 422),
    "deals:choice_letter": _row(200, 404, 404, 302),
    "deals:portal_choice_object": _row(404, 403, 404, 302, SELLERS, 422),
    "deals:choice": _row(200, 200, 200, 200),
    f"GET {ONE}/work-window": _row(404, 404, 404, 401),
    f"POST {ONE}/choice/ask": _row(403, 403, 403, 401, MANAGERS, 204),
    f"POST {ONE}/choice": _row(403, 403, 403, 401, MANAGERS, {415, 422}),
    f"GET {CHOICES}": _row(200, 200, 200, 401),
    f"GET {CHOICES}/{{uuid:choice_id}}": _row(200, 200, 404, 401, partner_collaborator=404),
    f"POST {CHOICES}/{{uuid:choice_id}}/object": _row(403, 403, 404, 401, SELLERS, 200, **dict.fromkeys(MANAGERS, 403)),
    f"POST {CHOICES}/{{uuid:choice_id}}/settle": _row(403, 403, 403, 401, MANAGERS, 428),
}


def _deal(cast: Any) -> UUID:
    return make_approved(cast.partner_rep, cast.vendor_admin, make_catalogue(), at=SOME_DAY)


def _registration(cast: Any) -> dict[str, Any]:
    return {"registration_id": _deal(cast)}


def _choice(cast: Any) -> dict[str, Any]:
    letter = ("letter.pdf", b"%PDF-1.7 letter")
    told = {"contact_name": "Petra Malá", "letter": letter, **REASON}
    return {"choice_id": customer_choice.record_choice(actor=SYSTEM, registration_id=_deal(cast), at=SOME_DAY, **told)}


def _link(cast: Any) -> dict[str, Any]:
    return {"token": token_of(customer_choice.ask_customer(actor=SYSTEM, registration_id=_deal(cast), at=SOME_DAY))}


ARGS = {
    **dict.fromkeys(("deals:choice_ask", "deals:choice_tell"), _registration),
    **dict.fromkeys(("deals:choice_settle", "deals:choice_letter", "deals:portal_choice_object", f"GET {CHOICES}/{{uuid:choice_id}}"), _choice),
    "deals:choice": _link,
    **dict.fromkeys((f"GET {ONE}/work-window", f"POST {ONE}/choice/ask", f"POST {ONE}/choice"), _registration),
    f"POST {CHOICES}/{{uuid:choice_id}}/object": lambda cast: _choice(cast) | {"body": REASON},
    f"POST {CHOICES}/{{uuid:choice_id}}/settle": lambda cast: _choice(cast) | {"body": {"stands": True, **REASON}},
}
