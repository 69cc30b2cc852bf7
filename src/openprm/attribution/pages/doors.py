"""The pages and navigation that attribution contributes."""

from django.utils.translation import gettext_lazy as _

from openprm.attribution import queries
from openprm.attribution.pages import panels, portal, vendor, work
from openprm.kernel.registry import NavItem, ObjectPanel, Page

GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")


def _vendor(path: str, view, name: str, permission: str = "attribution.view", methods: tuple[str, ...] = GET) -> Page:
    return Page(path=f"attribution/{path}", view=view, name=name, workspace="vendor", permission=permission, methods=methods)


def _portal(path: str, view, name: str, permission: str = "attribution.view", methods: tuple[str, ...] = GET) -> Page:
    return Page(path=f"credit/{path}", view=view, name=f"portal_{name}", workspace="partner", permission=permission, methods=methods)


PAGES = (
    _vendor("", vendor.overview, "overview"),
    _vendor("deals/", vendor.deals, "deals"),
    _vendor("deals/<uuid:deal_id>/", vendor.deal, "deal"),
    _vendor("deals/<uuid:deal_id>/review/", work.review, "review", "attribution.decide", POST),
    _vendor("review/", vendor.reviews, "reviews"),
    _vendor("models/", vendor.models, "models"),
    _vendor("with-and-without/", vendor.uplift, "uplift"),
    _vendor("touches/", vendor.touches, "touches"),
    _vendor("claims/", work.claims, "claims"),
    _vendor("claims/new/", work.new_claim, "new_claim", "attribution.claim", BOTH),
    _vendor("claims/<uuid:claim_id>/", work.claim, "claim"),
    _vendor("claims/<uuid:claim_id>/confirm/", work.confirm, "confirm", "attribution.decide", POST),
    _vendor("claims/<uuid:claim_id>/decline/", work.decline, "decline", "attribution.decide", POST),
    _vendor("claims/<uuid:claim_id>/withdraw/", work.withdraw, "withdraw", "attribution.claim", POST),
    _vendor("disputes/", work.disputes, "disputes"),
    _vendor("disputes/<uuid:dispute_id>/", work.dispute, "dispute"),
    _vendor("disputes/<uuid:dispute_id>/answer/", work.settle, "settle", "attribution.decide", POST),
    _vendor("runs/", vendor.runs, "runs"),
    _vendor("runs/compute/", work.compute, "compute", "attribution.run", POST),
    _vendor("runs/<uuid:run_id>/", vendor.run, "run"),
    _vendor("runs/<uuid:run_id>/replay/", vendor.replay, "replay"),
    _vendor("runs/<uuid:run_id>/lock/", work.lock, "lock", "attribution.lock", POST),
    _vendor("configuration/", vendor.configurations, "configurations"),
    _vendor("configuration/what-if/", work.what_if, "what_if", "attribution.configure", BOTH),
    _vendor("configuration/new/", work.configure, "configure", "attribution.configure", BOTH),
    _portal("", portal.credits, "credits"),
    _portal("deals/<uuid:deal_id>/", portal.deal, "deal"),
    _portal("deals/<uuid:deal_id>/dispute/", portal.open_dispute, "open_dispute", "attribution.dispute", POST),
    _portal("touches/", portal.touches, "touches"),
    _portal("claims/", portal.claims, "claims"),
    _portal("claims/new/", portal.new_claim, "new_claim", "attribution.claim", BOTH),
    _portal("claims/<uuid:claim_id>/", portal.claim, "claim"),
    _portal("claims/<uuid:claim_id>/confirm/", portal.confirm, "confirm", "attribution.claim", POST),
    _portal("claims/<uuid:claim_id>/decline/", portal.decline, "decline", "attribution.claim", POST),
    _portal("claims/<uuid:claim_id>/withdraw/", portal.withdraw, "withdraw", "attribution.claim", POST),
    _portal("disputes/", portal.disputes, "disputes"),
    _portal("disputes/<uuid:dispute_id>/", portal.dispute, "dispute"),
    _portal("disputes/<uuid:dispute_id>/withdraw/", portal.withdraw_dispute, "withdraw_dispute", "attribution.dispute", POST),
)
NAV = (
    NavItem(
        label=_("Attribution"), url_name="attribution:overview", icon="git-merge", group=_("Measure"), workspace="vendor", order=82,
        permission="attribution.view", count=queries.waiting_count,
    ),
    NavItem(
        label=_("Credit"), url_name="attribution:portal_credits", icon="git-merge", group=_("Measure"), workspace="partner", order=96,
        permission="attribution.view", count=queries.waiting_count,
    ),
)  # fmt: skip


def _panel(key: str, target: str, workspace, template: str, context, permission: str) -> ObjectPanel:
    return ObjectPanel(
        key=f"attribution.{key}", target=target, workspace=workspace, slot="side", template=f"attribution/panels/{template}.html", context=context,
        order=60, permission=permission,
    )  # fmt: skip


OBJECT_PANELS = (
    _panel("registration", "registration", "vendor", "credit", panels.on_registration, "attribution.view"),
    _panel("portal_registration", "registration", "partner", "credit", panels.on_registration, "attribution.view"),
    _panel("account", "account", "vendor", "claim", panels.on_account, "attribution.claim"),
    _panel("portal_account", "account", "partner", "claim", panels.on_account, "attribution.claim"),
    _panel("lead", "lead", "vendor", "claim", panels.on_lead, "attribution.claim"),
    _panel("portal_lead", "lead", "partner", "claim", panels.on_lead, "attribution.claim"),
)
