"""The pages and panels of a deal's life after its approval: changes, splits, renewals, losses, and the settings of stages."""

from django.utils.translation import gettext_lazy as _

from openprm.deals.pages import amend, losses, panels_life, partner, renewals, stages, vendor
from openprm.kernel.registry import ObjectPanel, Page, SettingsPage

ONE = "deals/<uuid:registration_id>/"
AMENDMENT = "deals/amendments/<uuid:amendment_id>/"
RENEWAL = "deals/renewals/<uuid:renewal_id>/"
PROGRAM = "settings/stages/<uuid:program_id>/"
POST = ("POST",)
BOTH = ("GET", "POST")


def _vendor(path: str, view, name: str, permission: str = "deals.view", methods: tuple[str, ...] = ("GET",)) -> Page:
    return Page(path=path, view=view, name=name, workspace="vendor", permission=permission, methods=methods)


def _portal(path: str, view, name: str, permission: str = "deals.view", methods: tuple[str, ...] = ("GET",)) -> Page:
    return Page(path=path, view=view, name=f"portal_{name}", workspace="partner", permission=permission, methods=methods)


PAGES = (
    _vendor("deals/renewals/", renewals.list_renewals, "renewals"),
    _vendor(RENEWAL, renewals.renewal, "renewal"),
    _vendor(f"{RENEWAL}decline/", renewals.decline, "renewal_decline", "deals.register", POST),
    _vendor("deals/lost/", losses.lost_reasons, "lost_reasons"),
    _vendor(AMENDMENT, amend.amendment, "amendment"),
    _vendor(f"{AMENDMENT}approve/", amend.approve, "amendment_approve", "deals.review", POST),
    _vendor(f"{AMENDMENT}reject/", amend.reject, "amendment_reject", "deals.review", POST),
    _vendor(f"{ONE}change/", amend.change, "change", "deals.register", BOTH),
    _vendor(f"{ONE}split/", amend.split, "split", "deals.register", BOTH),
    _vendor(f"{ONE}snooze/", vendor.snooze, "registration_snooze", "deals.advance", POST),
    _vendor(f"{ONE}reopen/", vendor.reopen, "registration_reopen", "deals.advance", POST),
    _vendor("settings/stages/", stages.settings, "stages"),
    _vendor("settings/stages/edit/", stages.edit, "stages_edit", "deals.manage_catalogue", POST),
    _vendor("settings/stages/publish/", stages.publish, "stages_publish", "deals.manage_catalogue", POST),
    _vendor(PROGRAM, stages.settings, "stages_of"),
    _vendor(f"{PROGRAM}edit/", stages.edit, "stages_edit_of", "deals.manage_catalogue", POST),
    _vendor(f"{PROGRAM}publish/", stages.publish, "stages_publish_of", "deals.manage_catalogue", POST),
    _portal("deals/renewals/", renewals.list_renewals, "renewals"),
    _portal(RENEWAL, renewals.renewal, "renewal"),
    _portal(f"{RENEWAL}decline/", renewals.decline, "renewal_decline", "deals.register", POST),
    _portal("deals/lost/", losses.lost_reasons, "lost_reasons"),
    _portal(AMENDMENT, amend.amendment, "amendment"),
    _portal(f"{AMENDMENT}withdraw/", amend.withdraw, "amendment_withdraw", "deals.register", POST),
    _portal(f"{ONE}change/", amend.change, "change", "deals.register", BOTH),
    _portal(f"{ONE}split/", amend.split, "split", "deals.register", BOTH),
    _portal(f"{ONE}snooze/", partner.snooze, "snooze", "deals.advance", POST),
    _portal(f"{ONE}reopen/", partner.reopen, "reopen", "deals.advance", POST),
    _portal(f"{ONE}next/<slug:kind>/", renewals.follow_up, "follow_up", "deals.register", POST),
)


def _panel(key: str, workspace: str) -> ObjectPanel:
    return ObjectPanel(
        key=f"deals.{key}", target="registration", workspace=workspace, template="deals/panels/life.html", context=panels_life.life, order=10,
        permission="deals.view", slot="main",
    )  # fmt: skip


PANELS = (_panel("life", "vendor"), _panel("portal_life", "partner"))
SETTINGS_PAGES = (
    SettingsPage(
        label=_("Stages and lost reasons"), about=_("What each program’s deals go through, what a stage asks for, and why deals are lost."),
        url_name="deals:stages", icon="columns-3", workspace="vendor", permission="deals.view", order=61,
    ),
)  # fmt: skip
