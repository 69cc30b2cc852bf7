"""The pages, navigation and panels that tiering contributes."""

from django.utils.translation import gettext_lazy as _

from openprm.kernel.registry import HomePanel, NavItem, ObjectPanel, Page, SettingsPage
from openprm.tiering import queries
from openprm.tiering.pages import panels, partner, settings, vendor

GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")
ONE = "tiers/partners/<uuid:partner_id>/"


def _vendor(path: str, view, name: str, permission: str = "tiering.view", methods: tuple[str, ...] = GET) -> Page:
    return Page(path=path, view=view, name=name, workspace="vendor", permission=permission, methods=methods)


PAGES = (
    _vendor("tiers/", vendor.standings, "standings"),
    _vendor("tiers/risk/", vendor.risk, "risk"),
    _vendor("tiers/moves/", vendor.moves, "moves"),
    _vendor("tiers/moves/<uuid:move_id>/", vendor.move, "move"),
    _vendor("tiers/moves/<uuid:move_id>/approve/", vendor.approve, "approve_move", "tiering.decide", POST),
    _vendor("tiers/moves/<uuid:move_id>/decline/", vendor.decline, "decline_move", "tiering.decide", POST),
    _vendor(ONE, vendor.partner, "partner"),
    _vendor(f"{ONE}refresh/", vendor.refresh, "refresh", "tiering.decide", POST),
    _vendor(f"{ONE}values/", vendor.enter, "enter_value", "tiering.enter", POST),
    _vendor(f"{ONE}<uuid:program_id>/keep/", vendor.keep, "keep_tier", "tiering.decide", POST),
    _vendor(f"{ONE}<uuid:program_id>/size/", vendor.track, "set_track", "tiering.decide", POST),
    _vendor(f"{ONE}<uuid:program_id>/benefits/", vendor.speak, "say_of_benefit", "tiering.report", POST),
    _vendor("tiers/values/<uuid:value_id>/remove/", vendor.remove_value, "remove_value", "tiering.enter", POST),
    _vendor("tiers/benefits/", settings.benefits, "benefits"),
    _vendor("settings/tiers/", settings.overview, "settings"),
    _vendor("settings/tiers/programs/<uuid:program_id>/", settings.policy, "policy", "tiering.configure", BOTH),
    _vendor("settings/tiers/metrics/new/", settings.new_metric, "new_metric", "tiering.configure", BOTH),
    _vendor("settings/tiers/metrics/<uuid:metric_id>/", settings.edit_metric, "edit_metric", "tiering.configure", BOTH),
    Page(path="tier/", view=partner.tier, name="portal_tier", workspace="partner", permission="tiering.view", methods=GET),
    Page(path="tier/<uuid:program_id>/report/", view=partner.report, name="portal_report", workspace="partner", permission="tiering.report", methods=POST),
)
NAV = (
    NavItem(
        label=_("Tier standings"), url_name="tiering:standings", icon="medal", group=_("Partners"), workspace="vendor", order=52, permission="tiering.view"
    ),
    NavItem(
        label=_("Tiers at risk"), url_name="tiering:risk", icon="arrow-down-right", group=_("Partners"), workspace="vendor", order=54,
        permission="tiering.view", count=queries.danger_count,
    ),
    NavItem(label=_("Your tier"), url_name="tiering:portal_tier", icon="medal", workspace="partner", order=60, permission="tiering.view"),
)  # fmt: skip
HOME_PANELS = (
    HomePanel(
        key="tiering.tier", workspace="partner", slot="top", template="tiering/panels/hero.html", context=panels.portal_home, order=10,
        permission="tiering.view",
    ),
    HomePanel(
        key="tiering.risk", workspace="vendor", slot="main", template="tiering/panels/risk.html", context=panels.vendor_home, order=40,
        permission="tiering.view",
    ),
)  # fmt: skip
OBJECT_PANELS = (
    ObjectPanel(
        key="tiering.partner", target="partner", workspace="vendor", template="tiering/panels/partner.html", context=panels.vendor_partner, order=10,
        permission="tiering.view",
    ),
)  # fmt: skip
SETTINGS_PAGES = (
    SettingsPage(
        label=_("Tier policies"), about=_("How programs promote and demote, and the metrics their rules may ask"), url_name="tiering:settings", icon="medal",
        workspace="vendor", permission="tiering.view", order=52,
    ),
)  # fmt: skip
