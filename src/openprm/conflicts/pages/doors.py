"""The pages, navigation and panels that conflicts contribute."""

from django.utils.translation import gettext_lazy as _

from openprm.conflicts import queries
from openprm.conflicts.pages import decisions, lists, panels, partner, precedents, vendor
from openprm.kernel.registry import HomePanel, NavItem, ObjectPanel, Page, Workspace

WORKSPACES: tuple[Workspace, ...] = ("vendor", "partner")
GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")
ONE, PRECEDENT = "conflicts/<uuid:case_id>/", "conflicts/precedents/<uuid:precedent_id>/"


def _vendor(path: str, view, name: str, permission: str = "conflicts.view", methods: tuple[str, ...] = GET) -> Page:
    return Page(path=path, view=view, name=name, workspace="vendor", permission=permission, methods=methods)


def _portal(path: str, view, name: str, permission: str = "conflicts.view", methods: tuple[str, ...] = GET) -> Page:
    return Page(path=path, view=view, name=f"portal_{name}", workspace="partner", permission=permission, methods=methods)


PAGES = (
    _vendor("conflicts/", lists.list_cases, "cases"),
    _vendor("conflicts/open/<uuid:registration_id>/", vendor.open_case, "open", "conflicts.open", BOTH),
    _vendor("conflicts/open/lead/<uuid:lead_id>/", vendor.open_lead, "open_lead", "conflicts.open", BOTH),
    _vendor("conflicts/open/engagement/<uuid:engagement_id>/", vendor.open_engagement, "open_engagement", "conflicts.open", BOTH),
    _vendor(ONE, vendor.case, "case"),
    _vendor(f"{ONE}take-up/", vendor.take_up, "take_up", "conflicts.review", POST),
    _vendor(f"{ONE}assign/", vendor.assign, "assign", "conflicts.assign", POST),
    _vendor(f"{ONE}statement/", vendor.speak, "speak", "conflicts.speak", POST),
    _vendor(f"{ONE}note/", vendor.note, "note", "conflicts.write_note", POST),
    _vendor(f"{ONE}dismiss/", vendor.dismiss, "dismiss", "conflicts.review", POST),
    _vendor(f"{ONE}decide/", decisions.decide, "decide", "conflicts.review", BOTH),
    _vendor(f"{ONE}appeal/", decisions.answer_appeal, "answer_appeal", "conflicts.review", BOTH),
    _vendor(f"{ONE}precedent/", vendor.prepare, "prepare", "conflicts.review", POST),
    _vendor("conflicts/files/<uuid:evidence_id>/", vendor.file, "file"),
    _vendor("conflicts/precedents/", lists.list_precedents, "precedents"),
    _vendor(PRECEDENT, precedents.precedent, "precedent"),
    _vendor(f"{PRECEDENT}save/", precedents.save, "precedent_save", "conflicts.review", POST),
    _vendor(f"{PRECEDENT}withdraw/", precedents.withdraw, "precedent_withdraw", "conflicts.review", POST),
    _portal("conflicts/", lists.portal_cases, "cases"),
    _portal("conflicts/open/<uuid:registration_id>/", partner.open_case, "open", "conflicts.open", BOTH),
    _portal("conflicts/open/lead/<uuid:lead_id>/", partner.open_lead, "open_lead", "conflicts.open", BOTH),
    _portal("conflicts/open/engagement/<uuid:engagement_id>/", partner.open_engagement, "open_engagement", "conflicts.open", BOTH),
    _portal(ONE, partner.case, "case"),
    _portal(f"{ONE}statement/", partner.speak, "speak", "conflicts.speak", POST),
    _portal(f"{ONE}withdraw/", partner.withdraw, "withdraw", "conflicts.open", POST),
    _portal(f"{ONE}appeal/", partner.appeal, "appeal", "conflicts.speak", POST),
    _portal("conflicts/files/<uuid:evidence_id>/", partner.file, "file"),
    _portal("conflicts/precedents/", lists.portal_precedents, "precedents"),
    _portal(PRECEDENT, precedents.portal_precedent, "precedent"),
)
NAV = (
    NavItem(
        label=_("Conflicts"), url_name="conflicts:cases", icon="scale", workspace="vendor", group=_("Sell together"), order=250,
        permission="conflicts.view", count=queries.waiting_count,
    ),
    NavItem(
        label=_("Conflicts"), url_name="conflicts:portal_cases", icon="scale", workspace="partner", group=_("Sell"), order=60,
        permission="conflicts.view", count=queries.waiting_count, hot=True,
    ),
)  # fmt: skip
HOME_PANELS = (
    HomePanel(
        key="conflicts.home", workspace="partner", slot="side", template="conflicts/panels/portal_home.html", context=panels.portal_home, order=35,
        permission="conflicts.view",
    ),
)  # fmt: skip
OBJECT_PANELS = (
    ObjectPanel(
        key="conflicts.registration", target="registration", workspace="vendor", slot="side", template="conflicts/panels/registration.html",
        context=panels.registration, order=80, permission="conflicts.view",
    ),
    ObjectPanel(
        key="conflicts.portal_registration", target="registration", workspace="partner", slot="side", template="conflicts/panels/registration.html",
        context=panels.registration, order=80, permission="conflicts.view",
    ),
    *(
        ObjectPanel(
            key=f"conflicts.{workspace}_{target}", target=target, workspace=workspace, slot="side", template="conflicts/panels/registration.html",
            context=context, order=80, permission="conflicts.view",
        )
        for workspace in WORKSPACES
        for target, context in (("lead", panels.lead), ("engagement", panels.engagement))
    ),
    ObjectPanel(
        key="conflicts.partner", target="partner", workspace="vendor", slot="side", template="conflicts/panels/partner.html", context=panels.partner,
        order=60, permission="conflicts.view",
    ),
)  # fmt: skip
