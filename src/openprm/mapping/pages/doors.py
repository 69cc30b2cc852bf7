"""The pages, navigation and panels of this room."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from openprm.kernel.registry import NavItem, ObjectPanel, Page
from openprm.mapping.pages import across, companies, home, panels, privatedoors, ruling, sharing, targets

GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")
MANAGE, SHARE = "mapping.manage", "mapping.share"


def _both(path: str, view: Any, name: str, permission: str = "mapping.view", methods: tuple[str, ...] = GET) -> tuple[Page, Page]:
    """The same page for both sides."""
    return (
        Page(path=f"account-mapping/{path}", view=view, name=name, workspace="vendor", permission=permission, methods=methods),
        Page(path=f"account-mapping/{path}", view=view, name=f"portal_{name}", workspace="partner", permission=permission, methods=methods),
    )


def _across(path: str, view: Any, name: str, permission: str = "mapping.view", methods: tuple[str, ...] = GET) -> tuple[Page, Page]:
    """A page between the two sides: the vendor names the partner."""
    return (
        Page(path=f"account-mapping/partners/<uuid:partner_id>/{path}", view=view, name=name, workspace="vendor", permission=permission, methods=methods),
        Page(path=f"account-mapping/vendor/{path}", view=view, name=f"portal_{name}", workspace="partner", permission=permission, methods=methods),
    )


def _vendor(path: str, view: Any, name: str, permission: str) -> Page:
    return Page(path=f"account-mapping/{path}", view=view, name=name, workspace="vendor", permission=permission, methods=POST)


ONE = "lists/<uuid:population_id>/"
PAGES = (
    *_both("", home.home, "home"),
    *_both("lists/new/", home.new_list, "new_list", MANAGE, BOTH),
    *_both(ONE, home.show_list, "list"),
    *_both(f"{ONE}change/", home.change_list, "change_list", MANAGE, BOTH),
    *_both(f"{ONE}file/", home.upload_list, "upload_list", MANAGE, POST),
    *_both(f"{ONE}terms/", home.list_terms, "list_terms", SHARE, POST),
    *_both(f"{ONE}terms/<uuid:viewer_id>/forget/", home.forget_terms, "forget_terms", SHARE, POST),
    *_both(f"{ONE}put-away/", home.archive_list, "archive_list", MANAGE, POST),
    *_across("", across.overview, "overview"),
    *_across("agree/", across.agree, "agree", SHARE, POST),
    *_across("end/", across.end, "end", SHARE, POST),
    *_across("ask/", across.ask, "ask", SHARE, POST),
    *_across("cells/<uuid:mine_id>/<uuid:theirs_id>/", companies.cell, "cell"),
    *_across("whitespace/<uuid:theirs_id>/", companies.whitespace, "whitespace"),
    *_across("review/", companies.review, "review"),
    *_across("join/", companies.join, "join", MANAGE, BOTH),
    *_across("targets/", targets.choose_companies, "choose_companies", MANAGE, POST),
    *_both("requests/<uuid:ask_id>/answer/", across.answer_ask, "answer_ask", SHARE, POST),
    *_both("requests/<uuid:ask_id>/withdraw/", across.withdraw_ask, "withdraw_ask", SHARE, POST),
    *_both("matches/<uuid:match_id>/", companies.match, "match"),
    *_both("matches/<uuid:match_id>/say/", companies.decide, "decide", MANAGE, POST),
    *_both("matches/<uuid:match_id>/target/", targets.choose_target, "choose_target", MANAGE, POST),
    *_both("matches/say/", companies.say, "say", MANAGE, POST),
    *_both("words/<uuid:verdict_id>/undo/", companies.undo, "undo", MANAGE, POST),
    *_both("targets/", targets.targets, "targets"),
    *_both("targets/end/", targets.end_targets, "end_targets", MANAGE, POST),
    *_both("targets/<uuid:target_id>/end/", targets.end_target, "end_target", MANAGE, POST),
    *_both("sharing/", sharing.sharing, "sharing"),
    *_both("sharing/<uuid:grant_id>/", sharing.grant, "grant"),
    *_both("looks/", sharing.looks, "looks"),
    *_both("rule/", ruling.rule, "rule"),
    _vendor("rule/set/", ruling.set_rule, "set_rule", "mapping.rule"),
    _vendor("rule/learn/", ruling.learn_rule, "learn_rule", "mapping.rule"),
    _vendor("attach/<str:target>/<uuid:object_id>/", panels.attach, "attach", MANAGE),
    *privatedoors.PAGES,
)
NAV = (
    NavItem(
        label=_("Account mapping"),
        url_name="mapping:home",
        icon="blend",
        group=_("Sell together"),
        workspace="vendor",
        order=35,
        permission="mapping.view",
    ),
    NavItem(
        label=_("Account mapping"),
        url_name="mapping:portal_home",
        icon="blend",
        group=_("Sell together"),
        workspace="partner",
        order=94,
        permission="mapping.view",
    ),
)


def _panel(target: str, workspace: Any, context: Any, template: str) -> ObjectPanel:
    return ObjectPanel(
        key=f"mapping.{workspace}_{target}",
        target=target,
        workspace=workspace,
        slot="side",
        template=f"mapping/panels/{template}.html",
        context=context,
        order=80,
        permission="mapping.view",
    )


PANELS = (
    _panel("partner", "vendor", panels.on_partner, "partner"),
    _panel("account", "vendor", panels.on_account, "account"),
    _panel("registration", "vendor", panels.on_registration, "account"),
    _panel("registration", "partner", panels.on_registration, "known"),
    _panel("lead", "vendor", panels.on_lead, "account"),
    _panel("lead", "partner", panels.on_lead, "known"),
)
