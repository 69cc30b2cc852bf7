"""The pages, navigation and panels that earnings contribute."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from openprm.earnings import queries
from openprm.earnings.pages import asked, lines, lists, panels, telling
from openprm.kernel.registry import HomePanel, NavItem, ObjectPanel, Page

ONE, BOUNTY, ADJUSTMENT = "earnings/<uuid:earning_id>/", "earnings/bounties/<uuid:bounty_id>/", "earnings/by-hand/<uuid:adjustment_id>/"
GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")
VIEW, REVIEW, ADJUST, SUBMIT = "earnings.view", "earnings.review", "earnings.adjust", "earnings.submit"


def _vendor(path: str, view: Any, name: str, permission: str = VIEW, methods: tuple[str, ...] = GET) -> Page:
    return Page(path=path, view=view, name=name, workspace="vendor", permission=permission, methods=methods)


def _portal(path: str, view: Any, name: str, permission: str = VIEW, methods: tuple[str, ...] = GET) -> Page:
    return Page(path=path, view=view, name=f"portal_{name}", workspace="partner", permission=permission, methods=methods)


PAGES = (
    _vendor("earnings/", lists.list_earnings, "earnings"),
    _vendor("earnings/decide/", lists.bulk, "bulk", REVIEW, POST),
    _vendor("earnings/alerts/", lists.list_alerts, "alerts", REVIEW),
    _vendor("earnings/alerts/<uuid:alert_id>/", lines.resolve, "alert_resolve", REVIEW, POST),
    _vendor("earnings/statements/", lists.list_statements, "statements"),
    _vendor("earnings/statements/<uuid:statement_id>.pdf", asked.statement, "statement"),
    _vendor("earnings/by-hand/", lists.list_adjustments, "adjustments", ADJUST),
    _vendor("earnings/by-hand/new/", asked.new_adjustment, "adjustment_new", ADJUST, BOTH),
    _vendor(ADJUSTMENT, asked.adjustment, "adjustment", ADJUST),
    _vendor(f"{ADJUSTMENT}decide/", asked.decide_adjustment, "adjustment_decide", ADJUST, POST),
    _vendor(f"{ADJUSTMENT}withdraw/", asked.withdraw_adjustment, "adjustment_withdraw", ADJUST, POST),
    _vendor("earnings/bounties/", lists.list_bounties, "bounties"),
    _vendor(BOUNTY, asked.bounty, "bounty"),
    _vendor(f"{BOUNTY}proof/", asked.bounty_proof, "bounty_proof"),
    _vendor(f"{BOUNTY}accept/", asked.accept_bounty, "bounty_accept", REVIEW, POST),
    _vendor(f"{BOUNTY}reject/", asked.reject_bounty, "bounty_reject", REVIEW, POST),
    _vendor("earnings/deals/<uuid:registration_id>/", telling.about_deal, "deal_tell", REVIEW, BOTH),
    _vendor(f"{ONE}tell/", telling.about_line, "earning_tell", REVIEW, BOTH),
    _vendor(ONE, lines.earning, "earning"),
    _vendor(f"{ONE}proof.json", lines.proof, "proof"),
    _vendor(f"{ONE}approve/", lines.approve, "earning_approve", REVIEW, POST),
    _vendor(f"{ONE}decline/", lines.decline, "earning_decline", REVIEW, POST),
    _vendor(f"{ONE}hold/", lines.hold, "earning_hold", REVIEW, POST),
    _vendor(f"{ONE}release/", lines.release, "earning_release", REVIEW, POST),
    _vendor(f"{ONE}claw-back/", lines.claw_back, "earning_clawback", REVIEW, POST),
    _portal("earnings/", lists.portal_earnings, "earnings"),
    _portal("earnings/statements/", lists.list_statements, "statements", "earnings.view_company"),
    _portal("earnings/statements/<uuid:statement_id>.pdf", asked.statement, "statement", "earnings.view_company"),
    _portal("earnings/bounties/", lists.list_bounties, "bounties"),
    _portal("earnings/bounties/new/", asked.new_bounty, "bounty_new", SUBMIT, BOTH),
    _portal(BOUNTY, asked.bounty, "bounty"),
    _portal(f"{BOUNTY}proof/", asked.bounty_proof, "bounty_proof"),
    _portal(f"{BOUNTY}withdraw/", asked.withdraw_bounty, "bounty_withdraw", SUBMIT, POST),
    _portal(ONE, lines.portal_earning, "earning"),
    _portal(f"{ONE}proof.json", lines.proof, "proof"),
)
NAV = (
    NavItem(
        label=_("Earnings"), url_name="earnings:earnings", icon="coins", workspace="vendor", group=_("Pay"), order=400, permission=VIEW,
        count=queries.waiting_count, hot=True,
    ),
    NavItem(label=_("Earnings"), url_name="earnings:portal_earnings", icon="coins", workspace="partner", group=_("Pay"), order=80, permission=VIEW),
)  # fmt: skip
HOME_PANELS = (
    HomePanel(key="earnings.kpi", workspace="partner", slot="kpi", template="ui/kpis.html", context=panels.portal_kpis, order=60, permission=VIEW),
    HomePanel(
        key="earnings.forfeits", workspace="partner", slot="top", template="earnings/parts/forfeits.html", context=panels.forfeits, order=20, permission=VIEW
    ),
)
OBJECT_PANELS = (
    ObjectPanel(
        key="earnings.partner", target="partner", workspace="vendor", template="earnings/parts/panel.html", context=panels.partner, slot="main", order=60,
        permission=VIEW,
    ),
    ObjectPanel(
        key="earnings.registration", target="registration", workspace="vendor", template="earnings/parts/panel.html", context=panels.registration, slot="side",
        order=60, permission=VIEW,
    ),
    ObjectPanel(
        key="earnings.portal_registration", target="registration", workspace="partner", template="earnings/parts/panel.html", context=panels.registration,
        slot="side", order=60, permission=VIEW,
    ),
)  # fmt: skip
