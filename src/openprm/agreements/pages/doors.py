"""The pages, navigation and panels that this domain contributes."""

from django.utils.translation import gettext_lazy as _

from openprm.agreements.pages import panels, partner, public, signed, vendor
from openprm.kernel.registry import HomePanel, NavItem, ObjectPanel, Page

GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")
ONE, DRAFT, VERSION = "agreements/<uuid:document_id>/", "agreements/drafts/<uuid:version_id>/", "agreements/versions/<uuid:version_id>/"
SIGNED = "agreements/signatures/<uuid:acceptance_id>/"
MINE = "agreements/<uuid:acceptance_id>/"


def _vendor(path: str, view, name: str, permission: str = "agreements.view", methods: tuple[str, ...] = GET) -> Page:
    return Page(path=path, view=view, name=name, workspace="vendor", permission=permission, methods=methods)


def _portal(path: str, view, name: str, permission: str = "agreements.view", methods: tuple[str, ...] = GET) -> Page:
    return Page(path=path, view=view, name=f"portal_{name}", workspace="partner", permission=permission, methods=methods)


def _public(path: str, view, name: str) -> Page:
    return Page(path=path, view=view, name=name, workspace="public", methods=GET)


PAGES = (
    _vendor("agreements/", vendor.list_documents, "documents"),
    _vendor("agreements/new/", vendor.new_document, "new_document", "agreements.draft", BOTH),
    _vendor("agreements/signatures/", signed.list_acceptances, "acceptances", methods=BOTH),
    _vendor(SIGNED, signed.acceptance, "acceptance"),
    _vendor(f"{SIGNED}countersign/", signed.countersign, "countersign", "agreements.countersign", POST),
    _vendor(f"{SIGNED}remind/", signed.remind, "remind", "agreements.remind", POST),
    _vendor(f"{SIGNED}certificate/", signed.certificate, "certificate"),
    _vendor(f"{SIGNED}signature/", signed.signature, "signature"),
    _vendor(DRAFT, vendor.draft, "draft", "agreements.draft", BOTH),
    _vendor(f"{DRAFT}preview/", vendor.preview, "preview", "agreements.draft", POST),
    _vendor(f"{DRAFT}discard/", vendor.discard_draft, "discard_draft", "agreements.draft", POST),
    _vendor(f"{DRAFT}publish/", vendor.publish, "publish", "agreements.publish", BOTH),
    _vendor(VERSION, vendor.show_version, "version"),
    _vendor(f"{VERSION}text/", vendor.text, "text"),
    _vendor(f"{VERSION}withdraw/", vendor.withdraw, "withdraw", "agreements.publish", POST),
    _vendor(ONE, vendor.show_document, "document"),
    _vendor(f"{ONE}edit/", vendor.edit_document, "edit_document", "agreements.draft", BOTH),
    _vendor(f"{ONE}draft/", vendor.begin_draft, "begin_draft", "agreements.draft", POST),
    _vendor(f"{ONE}retire/", vendor.retire, "retire", "agreements.publish", POST),
    _portal("agreements/", partner.agreements, "agreements"),
    _portal("agreements/signatories/", partner.name_signatory, "name_signatory", "agreements.name_signatories", POST),
    _portal("agreements/signatories/<uuid:signatory_id>/remove/", partner.remove_signatory, "remove_signatory", "agreements.name_signatories", POST),
    _portal(VERSION, partner.version, "version"),
    _portal(f"{VERSION}text/", partner.text, "text"),
    _portal(MINE, partner.acceptance, "acceptance"),
    _portal(f"{MINE}sign/", partner.sign, "sign", "agreements.sign", POST),
    _portal(f"{MINE}decline/", partner.decline, "decline", "agreements.sign", POST),
    _portal(f"{MINE}certificate/", partner.certificate, "certificate"),
    _portal(f"{MINE}signature/", partner.signature, "signature"),
    _public("charter/", public.charter, "charter"),
    _public("charter/<slug:code>/", public.document, "public_document"),
    _public("charter/<slug:code>/<int:number>/", public.document, "public_version"),
    _public("charter/<slug:code>/<int:number>/text/", public.text, "public_text"),
)
NAV = (
    NavItem(
        label=_("Agreements"), url_name="agreements:documents", icon="signature", workspace="vendor", group=_("Govern"), order=20,
        permission="agreements.view",
    ),
    NavItem(
        label=_("Agreements"), url_name="agreements:portal_agreements", icon="signature", group=_("Your partnership"), workspace="partner", order=20,
        permission="agreements.view", count=panels.to_sign, hot=True,
    ),
)  # fmt: skip
HOME_PANELS = (
    HomePanel(
        key="agreements.waiting", workspace="partner", slot="side", template="agreements/panels/portal_waiting.html", context=panels.portal_waiting,
        order=15, permission="agreements.view",
    ),
)  # fmt: skip
OBJECT_PANELS = (
    ObjectPanel(
        key="agreements.partner", target="partner", workspace="vendor", template="agreements/panels/partner.html", context=panels.vendor_partner,
        slot="side", order=30, permission="agreements.view",
    ),
)  # fmt: skip
