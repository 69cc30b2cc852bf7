"""Who gets which answer at each door of the core of this room. A partner that was not offered the lead gets the 404 of a missing one."""

from typing import Any

from openprm.deals.testing import make_catalogue
from openprm.kernel.clock import now
from openprm.kernel.scope import scope
from openprm.leads import services
from openprm.leads.testing import make_lead, make_receiver
from openprm.leads.tests import access_intake

ROUTING = ("vendor_admin", "partner_manager", "marketing_manager")
SELLERS = ("partner_admin", "partner_rep")


def _row(vendor: Any, partner: Any, other: Any, stranger: int, **named: Any) -> dict[str, Any]:
    return {"vendor": vendor, "partner": partner, "other_partner": other, "stranger": stranger, **named}


def _routes(status: Any) -> dict[str, Any]:
    return _row(403, 404, 404, 302, **dict.fromkeys(ROUTING, status))


def _works(status: Any) -> dict[str, Any]:
    return _row(404, 403, 404, 302, **dict.fromkeys(SELLERS, status))


def _api_routes(status: Any) -> dict[str, Any]:
    return _row(403, 403, 403, 401, **dict.fromkeys(ROUTING, status))


def _api_works(status: Any) -> dict[str, Any]:
    return _row(403, 403, 404, 401, **dict.fromkeys(SELLERS, status))


ONE = "/api/v1/leads/{lead_id}"
READ = _row(200, 200, 200, 401, partner_collaborator=403)
ACCESS = {
    "leads:leads": _row(200, 404, 404, 302),
    "leads:lead": _row(200, 404, 404, 302),
    "leads:route_new": _routes(303),
    "leads:lead_assign": _routes(422),
    "leads:lead_route": _routes(422),
    "leads:lead_nurture": _routes(422),
    "leads:lead_lost": _routes(422),
    "leads:lead_erase": _routes(422),
    "leads:lead_note": _routes(422),
    "leads:receiver": _row(403, 404, 404, 302, vendor_admin=200, partner_manager=200),
    "leads:portal_leads": _row(404, 200, 200, 302, partner_collaborator=403),
    "leads:portal_lead": _row(404, 200, 404, 302, partner_collaborator=403),
    "leads:portal_lead_open": _works(303),
    "leads:portal_lead_accept": _works(303),
    "leads:portal_lead_decline": _works(422),
    "leads:portal_lead_convert": _works(422),
    "leads:portal_lead_lost": _works(422),
    "leads:portal_lead_won": _works(422),
    "leads:portal_lead_note": _works(422),
    "leads:portal_receiver": _row(404, 403, 403, 302, partner_admin=200, other_partner_admin=200),
    "GET /api/v1/leads": READ,
    "POST /api/v1/leads/route": _api_routes(200),
    f"GET {ONE}": _row(200, 200, 404, 401, partner_collaborator=403),
    f"POST {ONE}/open": _api_works(200),
    f"POST {ONE}/accept": _api_works(200),
    f"POST {ONE}/decline": _api_works(204),
    f"POST {ONE}/convert": _api_works(200),
    f"POST {ONE}/lost": _row(403, 403, 404, 401, partner_collaborator=403, **dict.fromkeys((*ROUTING, *SELLERS), 200)),
    f"POST {ONE}/won": _api_works(200),
    f"POST {ONE}/assign": _api_routes(200),
    f"POST {ONE}/route": _api_routes(200),
    f"POST {ONE}/nurture": _api_routes(200),
    f"POST {ONE}/erase": _api_routes(200),
    f"GET {ONE}/notes": _row(200, 200, 404, 401, partner_collaborator=403),
    f"POST {ONE}/notes": _row(403, 403, 404, 401, partner_collaborator=403, **dict.fromkeys((*ROUTING, *SELLERS), 201)),
    "GET /api/v1/lead-receivers/{partner_id}": _row(200, 200, 404, 401, partner_collaborator=403),
    "PATCH /api/v1/lead-receivers/{partner_id}": _row(
        403, 403, 403, 401, vendor_admin=200, partner_manager=200, partner_admin=200, other_partner_admin=404
    ),
    **access_intake.ACCESS,
}  # fmt: skip


def _offered(cast: Any) -> Any:
    """A lead that the first partner is offered and the second is not."""
    make_receiver(cast.partner.pk, countries=["FI"])
    make_receiver(cast.other_partner.pk, countries=["PT"])
    return make_lead(at=now())


def _accepted(cast: Any) -> Any:
    made = _offered(cast)
    with scope(cast.partner_rep):
        return services.accept_lead(actor=cast.partner_rep, lead_id=made.lead_id, at=now())


def _lead(make: Any, body: dict[str, Any] | None = None) -> Any:
    def args(cast: Any) -> dict[str, Any]:
        made = make(cast)
        found: dict[str, Any] = {"lead_id": made.lead_id}
        if body is not None:
            found |= {"body": body, "headers": {"If-Match": f'"{made.version}"'}}
        return found

    return args


def _convertible(cast: Any) -> dict[str, Any]:
    catalogue, made = make_catalogue(), _accepted(cast)
    return {"lead_id": made.lead_id, "body": {"product_id": str(catalogue.mes_core.pk)}, "headers": {"If-Match": f'"{made.version}"'}}


def _receiver(cast: Any) -> dict[str, Any]:
    make_receiver(cast.partner.pk, countries=["FI"])
    return {"partner_id": cast.partner.pk}


REASON = {"reason": "They know the plant"}
ARGS = {
    **{name: _lead(_offered) for name in ACCESS if name.startswith(("leads:lead_", "leads:portal_lead_")) and name not in access_intake.ACCESS},
    "leads:lead": _lead(_offered),
    "leads:portal_lead": _lead(_offered),
    **{f"leads:portal_lead_{name}": _lead(_accepted) for name in ("convert", "lost", "won", "note")},
    "leads:receiver": _receiver,
    "leads:portal_receiver": lambda cast: _receiver(cast) and {},
    f"GET {ONE}": _lead(_offered),
    f"POST {ONE}/open": _lead(_offered),
    f"POST {ONE}/accept": _lead(_offered),
    f"POST {ONE}/decline": _lead(_offered, {"reason": "no_capacity"}),
    f"POST {ONE}/convert": _convertible,
    f"POST {ONE}/lost": _lead(_accepted, {"reason": "no_budget"}),
    f"POST {ONE}/won": _lead(_accepted, {"note": "A small thing"}),
    f"POST {ONE}/assign": lambda cast: _lead(_offered, {"partner_id": str(cast.other_partner.pk), **REASON})(cast),
    f"POST {ONE}/route": _lead(_offered, REASON),
    f"POST {ONE}/nurture": _lead(_offered, REASON),
    f"POST {ONE}/erase": _lead(_offered, REASON),
    f"GET {ONE}/notes": _lead(_accepted),
    f"POST {ONE}/notes": _lead(_accepted, {"body": "Petra asks for a visit."}),
    "GET /api/v1/lead-receivers/{partner_id}": _receiver,
    "PATCH /api/v1/lead-receivers/{partner_id}": lambda cast: _receiver(cast) | {"body": {"is_paused": True}, "headers": {"If-Match": '"1"'}},
    **access_intake.ARGS,
}
