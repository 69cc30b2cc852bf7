"""Fills the ports of the page frame: whose brand, whose menu, how many notifications, which saved views."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.utils.translation import gettext as _

from openprm.identity import queries as identity
from openprm.inbox import queries as inbox
from openprm.kernel.actor import PUBLIC, Actor
from openprm.kernel.memory import Remembered
from openprm.portal.queries import address
from openprm.ui.listspec import SavedView
from openprm.ui.shell import Facts, MenuLink

# Names and logos in the frame may be two seconds old; a page full of rows should not pay for them each time.
OWN = Remembered("portal.own_organization")
SEVERAL = Remembered("portal.several_organizations")


def facts(request: HttpRequest) -> Facts:
    """What stands around this page: the brand for everybody, the rest for signed-in people."""
    actor, brand = getattr(request, "actor", PUBLIC), identity.branding()
    painted = {"vendor_name": brand.name, "brand_css": brand.css_url, "logo_light": brand.logo_light_url, "logo_dark": brand.logo_dark_url}
    if actor.is_public:
        return Facts(**painted)
    return Facts(**painted, **_of_person(actor), **_of_view(actor))


def _of_person(actor: Actor) -> dict:
    side = "" if actor.is_vendor else "portal_"
    organization = None if actor.is_vendor else _own_organization(actor)
    return {
        "organization_name": organization.name if organization else "",
        "partner_logo": organization.logo_light_url if organization else "",
        "unread": inbox.unread_count(actor),
        "inbox_url": address(f"inbox:{side}notifications"),
        "search_url": address(f"portal:{side}search"),
        "profile_url": address(f"identity:{side}profile"),
        "settings_url": address(f"portal:{side}settings"),
        "sign_out_url": address("account_logout"),
        "menu": tuple(_menu(actor)),
    }


def _own_organization(actor: Actor) -> identity.OrganizationView:
    return OWN.get(key=actor.organization_id, find=lambda: identity.organization(actor, actor.organization_id))


def _has_several_organizations(actor: Actor) -> bool:
    return SEVERAL.get(key=actor.user_id, find=lambda: len(identity.organizations_of(actor.user_id)) > 1)


def _menu(actor: Actor) -> Iterable[MenuLink]:
    switch = address("identity:switch_organization" if actor.is_vendor else "identity:portal_switch_organization")
    if switch and not actor.read_only and _has_several_organizations(actor):
        yield MenuLink(label=_("Switch workspace"), url=switch, icon="arrow-left-right")
    if actor.can("portal.view_gallery"):
        yield MenuLink(label=_("Component gallery"), url=address("portal:gallery"), icon="swatch-book")


def _of_view(actor: Actor) -> dict:
    if not actor.viewing_as:
        return {}
    return {"viewing_as": identity.organization(actor, actor.viewing_as).name, "leave_view_url": address("identity:stop_view_as")}


class PersonalViews:
    """The port "ui.saved_views": identity keeps the views, these addresses change them."""

    def views(self, actor: Actor, key: str) -> Iterable[SavedView]:
        return [SavedView(id=row.id, name=row.name, query=row.query, is_default=row.is_default) for row in identity.saved_views(actor, key)]

    def save_url(self, actor: Actor) -> str:
        return "" if actor.read_only else address(f"portal:{_prefix(actor)}save_view")

    def delete_url(self, actor: Actor) -> str:
        return "" if actor.read_only else address(f"portal:{_prefix(actor)}delete_view")


def _prefix(actor: Actor) -> str:
    return "" if actor.is_vendor else "portal_"
