"""The pages, navigation and panels of this room."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from openprm.kernel.actor import Actor
from openprm.kernel.registry import NavItem, ObjectPanel, Page
from openprm.mapping import queries
from openprm.mapping.pages import privatedoors, views

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


ONE = "lists/<uuid:population_id>/"
PAGES = (
    *_both("", views.home, "home"),
    *_both("lists/new/", views.new_list, "new_list", MANAGE, BOTH),
    *_both(ONE, views.show_list, "list"),
    *_both(f"{ONE}file/", views.upload_list, "upload_list", MANAGE, POST),
    *_both(f"{ONE}terms/", views.list_terms, "list_terms", SHARE, POST),
    *_both(f"{ONE}put-away/", views.archive_list, "archive_list", MANAGE, POST),
    *_across("", views.overview, "overview"),
    *_across("agree/", views.agree, "agree", SHARE, POST),
    *_across("end/", views.end, "end", SHARE, POST),
    *_across("ask/", views.ask, "ask", SHARE, POST),
    *_across("cells/<uuid:mine_id>/<uuid:theirs_id>/", views.cell, "cell"),
    *_across("whitespace/<uuid:theirs_id>/", views.whitespace, "whitespace"),
    *_both("requests/<uuid:ask_id>/answer/", views.answer_ask, "answer_ask", SHARE, POST),
    *_both("requests/<uuid:ask_id>/withdraw/", views.withdraw_ask, "withdraw_ask", SHARE, POST),
    *_both("matches/<uuid:match_id>/", views.decide, "decide", MANAGE, POST),
    *_both("words/<uuid:verdict_id>/undo/", views.undo, "undo", MANAGE, POST),
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


def _on_partner(actor: Actor, partner_id: UUID, at: Any) -> dict[str, Any]:
    return {"connection": queries.connection(actor, partner_id), "url": reverse("mapping:overview", args=[partner_id])}


def _on_account(actor: Actor, account_id: UUID, at: Any) -> dict[str, Any] | None:
    """The partners that know this company; nothing when there are none."""
    found = queries.partners_at(actor, account_id, at)
    return {"partners": [(one, reverse("mapping:overview", args=[one.partner_id])) for one in found]} if found else None


PANELS = (
    ObjectPanel(
        key="mapping.partner",
        target="partner",
        workspace="vendor",
        slot="side",
        template="mapping/panels/partner.html",
        context=_on_partner,
        order=80,
        permission="mapping.view",
    ),
    ObjectPanel(
        key="mapping.account",
        target="account",
        workspace="vendor",
        slot="side",
        template="mapping/panels/account.html",
        context=_on_account,
        order=80,
        permission="mapping.view",
    ),
)
