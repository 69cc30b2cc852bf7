"""Who gets which answer at each door of the deals room.

A stranger to a registration (`other_partner`) gets the 404 of a missing one, also where the role would allow the verb.
"""

from typing import Any

from openprm.deals import services
from openprm.deals.testing import SOME_DAY, make_approved, make_catalogue, make_draft, make_opportunity, make_registration
from openprm.deals.tests import access_life, access_windows
from openprm.kernel.scope import scope

SELLERS = ("partner_admin", "partner_rep")
OTHERS = ("partner_marketer", "partner_technical", "partner_reader", "partner_collaborator")
MANAGERS = ("vendor_admin", "partner_manager")


def _row(vendor: Any, partner: Any, other: Any, stranger: int, **named: Any) -> dict[str, Any]:
    return {"vendor": vendor, "partner": partner, "other_partner": other, "stranger": stranger, **named}


def _only(people: tuple[str, ...], status: Any) -> dict[str, Any]:
    return dict.fromkeys(people, status)


# -- pages of the vendor ---------------------------------------------------------------------------
def _vendor_page(**named: Any) -> dict[str, Any]:
    return _row(200, 404, 404, 302, **named)


def _vendor_act(people: tuple[str, ...], status: Any = 303) -> dict[str, Any]:
    return _row(403, 404, 404, 302, **_only(people, status))


COMMENTING = ("vendor_admin", "partner_manager", "marketing_manager", "finance_manager")
PAGES_OF_VENDOR = {
    "deals:registrations": _vendor_page(),
    "deals:pipeline": _row(303, 404, 404, 302),
    "deals:opportunities": _vendor_page(),
    "deals:document": _vendor_page(),
    "deals:registration": _vendor_page(),
    "deals:catalogue_home": _vendor_page(),
    "deals:catalogue": _vendor_page(),
    "deals:registration_approve": _vendor_act((*MANAGERS, "finance_manager", "marketing_manager"), {303, 403, 409}),
    "deals:registration_return": _vendor_act(MANAGERS, 422),
    "deals:registration_reject": _vendor_act(MANAGERS, 422),
    "deals:registration_start": _vendor_act(MANAGERS, {303, 403}),
    "deals:registration_recheck": _vendor_act(MANAGERS),
    "deals:registration_resolve": _vendor_act(MANAGERS, 422),
    "deals:registration_extend": _vendor_act(MANAGERS, 422),
    "deals:registration_release": _vendor_act(MANAGERS, 422),
    "deals:registration_cancel": _vendor_act(MANAGERS, 422),
    "deals:registration_stage": _vendor_act(MANAGERS, 422),
    "deals:registration_won": _vendor_act(MANAGERS),
    "deals:registration_lost": _vendor_act(MANAGERS, 422),
    "deals:registration_note": _vendor_act(COMMENTING, 422),
    "deals:registration_task": _vendor_act(COMMENTING, 422),
    "deals:registration_task_done": _vendor_act(COMMENTING),
    "deals:registration_document": _vendor_act(COMMENTING, 422),
    "deals:registration_document_remove": _vendor_act(COMMENTING, {303, 403}),
    "deals:catalogue_add": _vendor_act(("vendor_admin",), 422),
    "deals:catalogue_save": _vendor_act(("vendor_admin",), 422),
    "deals:catalogue_remove_reviewer": _vendor_act(("vendor_admin",), 404),
}


# -- pages of the partner --------------------------------------------------------------------------
def _portal_page(other: Any, **named: Any) -> dict[str, Any]:
    return _row(404, 200, other, 302, **named)


def _portal_sell(status: Any, other: Any, **named: Any) -> dict[str, Any]:
    """Open to the sales roles of any partner; `other` is what the other partner's sellers get."""
    return _row(404, 403, other, 302, **_only(SELLERS, status), **named)


HIDDEN_FROM_COLLABORATOR = {"partner_collaborator": 404}
PAGES_OF_PARTNER = {
    "deals:portal_registrations": _portal_page(200),
    "deals:portal_board": _portal_page(200),
    "deals:portal_precheck": _portal_sell(200, 200),
    "deals:portal_register": _portal_sell(200, 200),
    "deals:portal_autosave": _portal_sell(200, 200),
    "deals:portal_preview": _portal_sell(200, 200),
    "deals:portal_candidates": _portal_sell(200, 200),
    "deals:portal_document": _portal_page(404, **HIDDEN_FROM_COLLABORATOR),
    "deals:portal_registration": _portal_page(404, **HIDDEN_FROM_COLLABORATOR),
    "deals:portal_edit": _portal_sell(200, 404),
    "deals:portal_answer": _portal_sell(303, 404),
    "deals:portal_withdraw": _portal_sell(422, 404),
    "deals:portal_cancel": _portal_sell(422, 404),
    "deals:portal_extension": _portal_sell(422, 404),
    "deals:portal_stage": _portal_sell(422, 404, **HIDDEN_FROM_COLLABORATOR),
    "deals:portal_won": _portal_sell(303, 404, **HIDDEN_FROM_COLLABORATOR),
    "deals:portal_lost": _portal_sell(422, 404, **HIDDEN_FROM_COLLABORATOR),
    "deals:portal_person_add": _portal_sell(422, 404),
    "deals:portal_person_remove": _portal_sell(303, 404),
    "deals:portal_note": _row(404, 422, 404, 302, partner_reader=403, **HIDDEN_FROM_COLLABORATOR),
    "deals:portal_document_add": _row(404, 422, 404, 302, partner_reader=403, **HIDDEN_FROM_COLLABORATOR),
    "deals:portal_document_remove": _row(404, {303, 403}, 404, 302, partner_reader=403, **HIDDEN_FROM_COLLABORATOR),
}

# -- the API ---------------------------------------------------------------------------------------
ONE = "/api/v1/registrations/{uuid:registration_id}"


def _read(**named: Any) -> dict[str, Any]:
    """Both sides read; strangers to the thing get 404."""
    return _row(200, 200, 404, 401, **HIDDEN_FROM_COLLABORATOR, **named)


def _list() -> dict[str, Any]:
    return _row(200, 200, 200, 401)


def _manage(status: Any) -> dict[str, Any]:
    return _row(403, 403, 403, 401, **_only(MANAGERS, status))


def _sell(status: Any, vendor: Any) -> dict[str, Any]:
    return _row(403, 403, 404, 401, **_only(SELLERS, status), **_only(MANAGERS, vendor))


def _administer(status: Any) -> dict[str, Any]:
    return _row(403, 403, 403, 401, vendor_admin=status)


def _comment(status: Any) -> dict[str, Any]:
    return _row(status, status, 404, 401, vendor_reader=403, partner_reader=403, **HIDDEN_FROM_COLLABORATOR)


OPERATIONS = {
    "GET /api/v1/registrations": _list(),
    "POST /api/v1/registrations": _row(403, 403, 201, 401, **_only(SELLERS, 201), **_only(MANAGERS, 422)),
    f"GET {ONE}": _read(),
    f"PATCH {ONE}": _sell(200, {404, 200}),
    f"POST {ONE}/submit": _sell(200, {404, 200}),
    f"POST {ONE}/resubmit": _sell(200, {200, 403}),
    f"POST {ONE}/withdraw": _sell(200, {200, 403}),
    f"POST {ONE}/cancel": _row(403, 403, 404, 401, **_only(MANAGERS, 200), partner_collaborator=404),
    f"POST {ONE}/review": _manage({200, 403}),
    f"POST {ONE}/approve": _row(403, 403, 403, 401, **_only((*MANAGERS, "finance_manager", "marketing_manager"), {200, 403, 409})),
    f"POST {ONE}/return": _manage(200),
    f"POST {ONE}/reject": _manage(200),
    f"POST {ONE}/customer": _manage({200, 409}),
    f"POST {ONE}/extend": _manage(200),
    f"POST {ONE}/extension-request": _sell(200, {200, 403}),
    f"POST {ONE}/release": _manage(200),
    f"POST {ONE}/stage": _sell(200, 200) | HIDDEN_FROM_COLLABORATOR,
    f"POST {ONE}/won": _sell(200, 200) | HIDDEN_FROM_COLLABORATOR,
    f"POST {ONE}/lost": _sell(200, 200) | HIDDEN_FROM_COLLABORATOR,
    f"GET {ONE}/collaborators": _read(),
    f"POST {ONE}/collaborators": _sell(201, 201),
    f"DELETE {ONE}/collaborators/{{uuid:user_id}}": _sell(204, 204),
    f"GET {ONE}/notes": _read(),
    f"POST {ONE}/notes": _comment(201),
    f"GET {ONE}/tasks": _read(),
    f"POST {ONE}/tasks": _row(201, 201, 404, 401, vendor_reader=403, partner_reader=403, **HIDDEN_FROM_COLLABORATOR),
    f"POST {ONE}/tasks/{{uuid:task_id}}/done": _comment(204),
    f"GET {ONE}/documents": _read(),
    f"POST {ONE}/documents": _row(415, 415, 415, 401, vendor_reader=403, partner_reader=403),
    f"GET {ONE}/documents/{{uuid:document_id}}": _read(),
    f"DELETE {ONE}/documents/{{uuid:document_id}}": _row({204, 403}, {204, 403}, 404, 401, vendor_reader=403, partner_reader=403, **HIDDEN_FROM_COLLABORATOR),
    "POST /api/v1/pre-checks": _row(403, 403, 200, 401, **_only(SELLERS, 200), **_only(MANAGERS, 422)),  # the vendor names the partner it asks for
    "GET /api/v1/pre-checks": _row(403, 403, 200, 401, **_only(SELLERS, 200), **_only(MANAGERS, 200)),
    "GET /api/v1/protections": _list(),
    "GET /api/v1/opportunities": _list(),
    "GET /api/v1/opportunities/{uuid:opportunity_id}": _row(200, 404, 404, 401),
    "GET /api/v1/product-lines": _list(),
    "GET /api/v1/product-lines/{uuid:product_line_id}": _list(),
    "POST /api/v1/product-lines": _administer(201),
    "PUT /api/v1/product-lines/{uuid:product_line_id}": _administer(200),
    "GET /api/v1/products": _list(),
    "GET /api/v1/products/{uuid:product_id}": _list(),
    "POST /api/v1/products": _administer(201),
    "PUT /api/v1/products/{uuid:product_id}": _administer(200),
    "GET /api/v1/territories": _list(),
    "GET /api/v1/territories/{uuid:territory_id}": _list(),
    "POST /api/v1/territories": _administer(201),
    "PUT /api/v1/territories/{uuid:territory_id}": _administer(200),
}
ACCESS = {**PAGES_OF_VENDOR, **PAGES_OF_PARTNER, **OPERATIONS}


# -- the things behind the doors -------------------------------------------------------------------
ANY_VERSION = {"If-Match": "*"}


def _waiting(cast: Any) -> Any:
    return make_registration(cast.partner_rep, make_catalogue(), at=SOME_DAY).registration_id


def _returned(cast: Any) -> Any:
    registration_id = _waiting(cast)
    with scope(cast.partner_manager):
        services.return_for_information(
            actor=cast.partner_manager, registration_id=registration_id, fields=["contact_phone"], message="Whom can we call?", at=SOME_DAY
        )
    return registration_id


def _approved(cast: Any) -> Any:
    from openprm.kernel.clock import now

    return make_approved(cast.partner_rep, cast.vendor_admin, make_catalogue(), at=now())


def _draft(cast: Any) -> Any:
    with scope(cast.partner_rep):
        return services.save_draft(actor=cast.partner_rep, draft=make_draft(make_catalogue()), at=SOME_DAY).registration_id


def _with(make: Any, **more: Any) -> Any:
    return lambda cast: {"registration_id": make(cast), **more}


def _task(cast: Any, visibility: str = "shared") -> dict[str, Any]:
    registration_id = _waiting(cast)
    with scope(cast.partner_manager):
        task_id = services.add_task(actor=cast.partner_manager, registration_id=registration_id, title="Call Petra", visibility=visibility, at=SOME_DAY)
    return {"registration_id": registration_id, "task_id": task_id}


def _joined(cast: Any) -> dict[str, Any]:
    registration_id, user_id = _waiting(cast), cast.users["partner_technical"].pk
    with scope(cast.partner_rep):
        services.add_collaborator(actor=cast.partner_rep, registration_id=registration_id, user_id=user_id, at=SOME_DAY)
    return {"registration_id": registration_id, "user_id": user_id}


def _joining(cast: Any) -> dict[str, Any]:
    return {"registration_id": _waiting(cast), "body": {"user_id": str(cast.users["partner_technical"].pk)}}


def _document(cast: Any) -> dict[str, Any]:
    registration_id = _waiting(cast)
    with scope(cast.partner_rep):
        document_id = services.attach_document(actor=cast.partner_rep, registration_id=registration_id, name="a.pdf", content=b"%PDF-1.7\nx", at=SOME_DAY)
    return {"registration_id": registration_id, "document_id": document_id}


def _only_document(cast: Any) -> dict[str, Any]:
    return {"document_id": _document(cast)["document_id"]}


def _api(make: Any, body: Any = None) -> Any:
    return lambda cast: {"registration_id": make(cast), "body": body or {}, "headers": ANY_VERSION}


def _catalogue(name: str, attribute: str, body: Any = None) -> Any:
    def args(cast: Any) -> dict[str, Any]:
        found = make_catalogue()
        made = {name: getattr(found, attribute).pk}
        return made if body is None else {**made, "body": body(found), "headers": ANY_VERSION}

    return args


def _precheck(cast: Any) -> dict[str, Any]:
    return {"body": {"customer": "acme.example", "product_line_id": str(make_catalogue().mes.pk)}}


REASON = {"reason": "The customer stopped."}
ARGS = {
    "deals:catalogue": lambda cast: {"tab": "lines"},
    "deals:catalogue_add": lambda cast: {"tab": "lines"},
    "deals:catalogue_save": lambda cast: {"tab": "lines", "row_id": make_catalogue().mes.pk},
    "deals:catalogue_remove_reviewer": lambda cast: {"reviewer_id": make_catalogue().mes.pk},
    "deals:document": _only_document,
    "deals:portal_document": _only_document,
    **{name: _with(_waiting) for name in PAGES_OF_VENDOR if name.startswith("deals:registration") and name != "deals:registrations"},
    **{
        name: _with(_waiting)
        for name in PAGES_OF_PARTNER
        if name.split("_", 1)[-1] in ("registration", "withdraw", "note", "document_add", "cancel", "person_add")
    },
    "deals:portal_edit": _with(_draft),
    "deals:portal_answer": _with(_returned),
    **{
        f"deals:{name}": _with(_approved)
        for name in ("registration_extend", "registration_release", "registration_cancel", "registration_stage", "registration_won", "registration_lost")
    },
    **{f"deals:portal_{name}": _with(_approved) for name in ("extension", "stage", "won", "lost")},
    "deals:portal_person_remove": _joined,
    "deals:registration_task_done": _task,
    "deals:registration_document_remove": _document,
    "deals:portal_document_remove": _document,
    **{operation: _with(_waiting) for operation in OPERATIONS if ONE in operation},
    "POST /api/v1/registrations": lambda cast: {"body": {"customer_name": "Ostrava"}},
    f"PATCH {ONE}": _api(_draft, {"title": "Another"}),
    f"POST {ONE}/submit": _api(_draft),
    f"POST {ONE}/resubmit": _api(_returned, {"contact_phone": "+420 555 0100"}),
    f"POST {ONE}/withdraw": _api(_waiting, REASON),
    f"POST {ONE}/cancel": _api(_approved, REASON),
    f"POST {ONE}/review": _api(_waiting),
    f"POST {ONE}/approve": _api(_waiting),
    f"POST {ONE}/return": _api(_waiting, {"fields": ["contact_phone"], "message": "Whom can we call?"}),
    f"POST {ONE}/reject": _api(_waiting, REASON),
    f"POST {ONE}/customer": _api(_waiting, {"create_new": True}),
    f"POST {ONE}/extend": _api(_approved, REASON),
    f"POST {ONE}/extension-request": _api(_approved, REASON),
    f"POST {ONE}/release": _api(_approved, REASON),
    f"POST {ONE}/stage": _api(_approved, {"stage": "qualified"}),
    f"POST {ONE}/won": _api(_approved),
    f"POST {ONE}/lost": _api(_approved, REASON),
    f"POST {ONE}/collaborators": _joining,
    f"DELETE {ONE}/collaborators/{{uuid:user_id}}": _joined,
    f"POST {ONE}/notes": _with(_waiting, body={"body": "Spoke with Petra."}),
    f"POST {ONE}/tasks": _with(_waiting, body={"title": "Call Petra", "visibility": "shared"}),
    f"POST {ONE}/tasks/{{uuid:task_id}}/done": _task,
    f"GET {ONE}/documents/{{uuid:document_id}}": _document,
    f"DELETE {ONE}/documents/{{uuid:document_id}}": _document,
    "POST /api/v1/pre-checks": _precheck,
    "GET /api/v1/opportunities/{uuid:opportunity_id}": lambda cast: {"opportunity_id": make_opportunity().pk},
    "GET /api/v1/product-lines/{uuid:product_line_id}": _catalogue("product_line_id", "mes"),
    "PUT /api/v1/product-lines/{uuid:product_line_id}": _catalogue("product_line_id", "mes", lambda found: {"name": "MES"}),
    "GET /api/v1/products/{uuid:product_id}": _catalogue("product_id", "mes_core"),
    "PUT /api/v1/products/{uuid:product_id}": _catalogue("product_id", "mes_core", lambda found: {"name": "MES Core", "product_line_id": str(found.mes.pk)}),
    "GET /api/v1/territories/{uuid:territory_id}": _catalogue("territory_id", "nordics"),
    "PUT /api/v1/territories/{uuid:territory_id}": _catalogue("territory_id", "nordics", lambda found: {"name": "Nordics"}),
    "POST /api/v1/product-lines": lambda cast: {"body": {"name": "Cloud"}},
    "POST /api/v1/products": lambda cast: {"body": {"name": "Cloud One", "product_line_id": str(make_catalogue().mes.pk)}},
    "POST /api/v1/territories": lambda cast: {"body": {"name": "DACH"}},
}
ACCESS |= access_windows.ACCESS | access_life.ACCESS
ARGS |= access_windows.ARGS | access_life.ARGS
