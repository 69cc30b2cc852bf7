"""Who gets which answer at each door of co-selling. The other partner stands in none of the engagements: 404 wherever a thing is named."""

from typing import Any

from openprm.cosell import services
from openprm.cosell.models import Invitation
from openprm.cosell.tests.builders import SOME_DAY, invited, make_engagement
from openprm.kernel.ids import new_id
from openprm.kernel.scope import scope

MANAGERS = ("vendor_admin", "partner_manager")
SELLERS = ("partner_admin", "partner_rep", "partner_technical")
OTHERS = ("partner_marketer", "partner_reader")
ALONE = {"partner_collaborator": 403}


def _row(vendor: Any, partner: Any, other: Any, stranger: int, **named: Any) -> dict[str, Any]:
    return {"vendor": vendor, "partner": partner, "other_partner": other, "stranger": stranger, **named}


def _only(people: tuple[str, ...], status: Any) -> dict[str, Any]:
    return dict.fromkeys(people, status)


def _vendor_page() -> dict[str, Any]:
    return _row(200, 404, 404, 302)


def _vendor_act(status: Any) -> dict[str, Any]:
    return _row(403, 404, 404, 302, **_only(MANAGERS, status))


def _portal_page(other: Any, partner: Any = 200) -> dict[str, Any]:
    return _row(404, partner, other, 302, **ALONE)


def _portal_act(status: Any, other: Any = 404) -> dict[str, Any]:
    return _row(404, 403, other, 302, **_only(SELLERS, status))


# On the vendor's pages the vendor is the host; on the portal's pages Kallio is.
ACTS: dict[str, Any] = {
    "edit": 200, "invite": 422, "close": 422, "stage": 422, "member_act": 200, "note": 422, "next_step": 422, "task": 422, "task_act": 404, "file": 422,
    "file_remove": 303, "ask": 422, "need_act": 422, "record": 303,
}  # fmt: skip
PAGES = {
    **{f"cosell:{name}": _vendor_page() for name in ("engagements", "closed", "invitations", "engagement", "invitation", "document")},
    **{f"cosell:portal_{name}": _portal_page(200) for name in ("engagements", "closed", "invitations")},
    **{f"cosell:portal_{name}": _portal_page(404) for name in ("engagement", "invitation", "document")},
    "cosell:need": _row(404, 404, 404, 302),
    "cosell:portal_need": _row(404, 404, 404, 302, **ALONE),
    "cosell:open": _vendor_act(200),
    "cosell:portal_open": _portal_act(200, 200),
    **{f"cosell:{name}": _vendor_act(status) for name, status in ACTS.items()},
    **{f"cosell:portal_{name}": _portal_act(status) for name, status in ACTS.items()},
    "cosell:leave": _vendor_act(422),
    "cosell:portal_leave": _portal_act(422),
    # The invitation goes from the vendor to Kallio, on both sides.
    "cosell:invitation_accept": _vendor_act(404),
    "cosell:portal_invitation_accept": _portal_act(303),
    "cosell:invitation_reject": _vendor_act(422),
    "cosell:portal_invitation_reject": _portal_act(422),
    "cosell:invitation_cancel": _vendor_act(303),
    "cosell:portal_invitation_cancel": _portal_act(403),
    "cosell:portal_connections": _row(404, 403, 403, 302, partner_admin=200, other_partner_admin=200),
}
ONE = "/api/v1/engagements/{uuid:engagement_id}"
INVITATION = "/api/v1/engagement-invitations/{uuid:invitation_id}"


def _read(other: Any) -> dict[str, Any]:
    return _row(200, 200, other, 401, **ALONE)


def _act(vendor: Any, partner: Any, other: Any = 404) -> dict[str, Any]:
    return _row(403, 403, other, 401, **_only(MANAGERS, vendor), **_only(SELLERS, partner))


ADMIN = _row(403, 403, 403, 401, partner_admin=200, other_partner_admin=200)
OPERATIONS = {
    "GET /api/v1/engagements": _read(200),
    "POST /api/v1/engagements": _act(201, 201, 201),
    f"GET {ONE}": _read(404),
    f"PATCH {ONE}": _act(200, 403),
    f"POST {ONE}/stage": _act(200, 200),
    f"POST {ONE}/close": _act(200, 403),
    f"POST {ONE}/invitations": _act(201, 403),
    f"PATCH {ONE}/members/{{uuid:party_id}}": _act(200, 200),
    f"POST {ONE}/members/{{uuid:party_id}}/remove": _act(200, 403),
    f"PUT {ONE}/shares": _act(200, 403),
    f"POST {ONE}/leave": _act(403, 204),
    f"GET {ONE}/notes": _read(404),
    f"POST {ONE}/notes": _act(201, 201),
    f"GET {ONE}/next-steps": _read(404),
    f"POST {ONE}/next-steps": _act(201, 201),
    f"GET {ONE}/tasks": _read(404),
    f"POST {ONE}/tasks": _act(201, 201),
    f"POST {ONE}/tasks/{{uuid:task_id}}/decide": _act(404, 404),
    f"POST {ONE}/tasks/{{uuid:task_id}}/done": _act(404, 404),
    f"GET {ONE}/documents": _read(404),
    f"POST {ONE}/documents": _act(415, 415, 415),
    f"GET {ONE}/documents/{{uuid:document_id}}": _read(404),
    f"DELETE {ONE}/documents/{{uuid:document_id}}": _act(204, 403),
    f"GET {ONE}/asks": _read(404),
    f"POST {ONE}/asks": _act(422, 201),
    f"POST {ONE}/asks/{{uuid:need_id}}/answer": _act(404, 404),
    f"POST {ONE}/asks/{{uuid:need_id}}/withdraw": _act(404, 404),
    f"GET {ONE}/record": _read(404),
    f"PUT {ONE}/record": _act(200, 200),
    f"GET {ONE}/mirrors": _read(404),
    "GET /api/v1/engagement-invitations": _read(200),
    f"GET {INVITATION}": _read(404),
    f"POST {INVITATION}/accept": _act(404, 200),
    f"POST {INVITATION}/reject": _act(404, 204),
    f"POST {INVITATION}/cancel": _act(204, 403),
    "GET /api/v1/engagement-connections": ADMIN,
    "PUT /api/v1/engagement-connections": ADMIN,
}
ACCESS = {**PAGES, **OPERATIONS}
ANY_VERSION = {"If-Match": "*"}


def _hosted(actor: Any) -> Any:
    def make(cast: Any) -> dict[str, Any]:
        return {"engagement_id": make_engagement(getattr(cast, actor)).engagement_id}

    return make


def _invitation(cast: Any) -> dict[str, Any]:
    made = make_engagement(cast.partner_manager).engagement_id
    return {"invitation_id": invited(cast.partner_manager, made, cast.partner.pk, "reseller")}


def _joined(cast: Any) -> dict[str, Any]:
    found = _invitation(cast)
    with scope(cast.partner_rep):
        services.accept_invitation(actor=cast.partner_rep, invitation_id=found["invitation_id"], at=SOME_DAY)
    return {"engagement_id": Invitation.objects.get(pk=found["invitation_id"]).engagement_id}


def _document(make: Any, actor: str) -> Any:
    def args(cast: Any) -> dict[str, Any]:
        found, person = make(cast), getattr(cast, actor)
        with scope(person):
            added = services.attach_document(actor=person, engagement_id=found["engagement_id"], name="a.txt", content=b"plan", at=SOME_DAY)
        return {**found, "document_id": added}

    return args


def _alone(make: Any) -> Any:
    return lambda cast: {"document_id": make(cast)["document_id"]}


def _party(make: Any, attribute: str) -> Any:
    return lambda cast: {**make(cast), "party_id": getattr(cast, attribute).pk}


def _api(body: Any = None, make: Any = _joined, **more: Any) -> Any:
    def args(cast: Any) -> dict[str, Any]:
        return {**make(cast), "body": body(cast) if callable(body) else body or {}, "headers": ANY_VERSION, **more}

    return args


VENDORS, KALLIOS = _hosted("partner_manager"), _hosted("partner_rep")
NOTHING = new_id()
ARGS = {
    "cosell:engagement": VENDORS,
    "cosell:portal_engagement": KALLIOS,
    **{f"cosell:{name}": VENDORS for name in ACTS},
    **{f"cosell:portal_{name}": KALLIOS for name in ACTS},
    "cosell:leave": VENDORS,
    "cosell:portal_leave": KALLIOS,
    **{
        f"cosell:{side}{name}": _invitation
        for side in ("", "portal_")
        for name in ("invitation", "invitation_accept", "invitation_reject", "invitation_cancel")
    },
    "cosell:document": _alone(_document(VENDORS, "partner_manager")),
    "cosell:portal_document": _alone(_document(KALLIOS, "partner_rep")),
    "cosell:file_remove": _document(VENDORS, "partner_manager"),
    "cosell:portal_file_remove": _document(KALLIOS, "partner_rep"),
    **{f"cosell:{side}need": lambda cast: {"need_id": NOTHING} for side in ("", "portal_")},
    **{f"cosell:{name}": lambda cast: {**VENDORS(cast), "need_id": NOTHING} for name in ("need_act",)},
    **{f"cosell:{name}": lambda cast: {**KALLIOS(cast), "need_id": NOTHING} for name in ("portal_need_act",)},
    "cosell:task_act": lambda cast: {**VENDORS(cast), "task_id": NOTHING},
    "cosell:portal_task_act": lambda cast: {**KALLIOS(cast), "task_id": NOTHING},
    "cosell:member_act": _party(VENDORS, "vendor"),
    "cosell:portal_member_act": _party(KALLIOS, "partner"),
    "POST /api/v1/engagements": lambda cast: {"body": {"title": "Plant", "customer_name": "Ostrava"}},
    **{operation: _api() for operation in OPERATIONS if ONE in operation},
    f"PATCH {ONE}": _api({"title": "Two plants"}),
    f"POST {ONE}/stage": _api({"stage": "qualified"}),
    f"POST {ONE}/close": _api({"outcome": "won"}),
    f"POST {ONE}/invitations": _api(lambda cast: {"receiver_id": str(cast.other_partner.pk), "role": "reseller"}),
    f"PATCH {ONE}/members/{{uuid:party_id}}": _api({"involvement": "visibility", "reason": "No people"}, _party(_joined, "partner")),
    f"POST {ONE}/members/{{uuid:party_id}}/remove": _api({"reason": "Done"}, _party(_joined, "partner")),
    f"PUT {ONE}/shares": _api(lambda cast: {"shares": {str(cast.partner.pk): 4000}}),
    f"POST {ONE}/leave": _api({"reason": "Done"}),
    f"POST {ONE}/notes": _api({"body": "Hello"}),
    f"POST {ONE}/next-steps": _api({"text": "Workshop"}),
    f"POST {ONE}/tasks": _api({"title": "Size it"}),
    f"POST {ONE}/tasks/{{uuid:task_id}}/decide": _api({"accept": True}),
    f"GET {ONE}/documents/{{uuid:document_id}}": _document(_joined, "partner_manager"),
    f"DELETE {ONE}/documents/{{uuid:document_id}}": _document(_joined, "partner_manager"),
    f"POST {ONE}/asks": _api(lambda cast: {"asked_id": str(cast.vendor.pk), "need": "pricing_help"}),
    f"POST {ONE}/asks/{{uuid:need_id}}/answer": _api({"answer": "Yes"}),
    f"PUT {ONE}/record": _api({"system": "CRM", "values": {"stage": "Best"}, "fields_out": ["stage"]}),
    **{operation: _api(None, _invitation) for operation in OPERATIONS if INVITATION in operation},
    f"POST {INVITATION}/reject": _api({"reason": "No"}, _invitation),
    "PUT /api/v1/engagement-connections": lambda cast: {"body": {"mode": "allow_all"}, "headers": ANY_VERSION},
}
