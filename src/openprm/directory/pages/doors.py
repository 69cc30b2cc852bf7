"""The pages of directory and where they are found."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from openprm.directory import queries
from openprm.directory.pages import badges, partner, public, vendor
from openprm.kernel.registry import HomePanel, NavItem, ObjectPanel, Page, SettingsPage

GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")


def _public(path: str, view: Any, name: str, methods: tuple[str, ...] = GET) -> Page:
    return Page(path=path, view=view, name=name, workspace="public", methods=methods)


def _portal(path: str, view: Any, name: str, permission: str = "directory.view", methods: tuple[str, ...] = GET) -> Page:
    return Page(path=path, view=view, name=f"portal_{name}", workspace="partner", permission=permission, methods=methods)


def _vendor(path: str, view: Any, name: str, permission: str = "directory.view", methods: tuple[str, ...] = GET) -> Page:
    return Page(path=path, view=view, name=name, workspace="vendor", permission=permission, methods=methods)


PAGES = (
    _public("directory/", public.listings, "listings"),
    _public("directory/sitemap.xml", public.sitemap, "sitemap"),
    _public("directory/<slug:program>/<slug:tier>/", public.grade, "grade"),
    _public("directory/<slug:slug>/contact", public.contact, "contact", BOTH),
    _public("directory/<slug:slug>/", public.listing, "listing"),
    _public("badges/check/", badges.check, "check_badge", BOTH),
    _public("badges/achievements/<uuid:achievement_id>/", badges.achievement, "achievement"),
    _public("badges/achievements/<uuid:achievement_id>/picture.svg", badges.achievement_picture, "achievement_picture"),
    _public("badges/status/<int:number>", badges.status_list, "status_list"),
    _public("badges/keys/<slug:thumbprint>", badges.issuer_key, "issuer_key"),
    _public("badges/<uuid:badge_id>/", badges.badge, "badge"),
    _public("badges/<uuid:badge_id>/badge.svg", badges.badge_picture, "badge_picture"),
    _public("badges/<uuid:badge_id>/badge.jwt", badges.badge_token, "badge_token"),
    _public("badges/<uuid:badge_id>/badge.json", badges.badge_json, "badge_json"),
    _public(".well-known/did.json", badges.did, "did"),
    _public(".well-known/jwks.json", badges.jwks, "jwks"),
    _portal("profile/", partner.profile, "profile", methods=BOTH),
    _portal("profile/submit/", partner.submit, "submit_profile", "directory.edit", POST),
    _portal("profile/private/", partner.make_private, "make_private", "directory.edit", POST),
    _portal("profile/preview/", partner.preview, "preview"),
    _portal("profile/messages/", partner.messages, "messages"),
    _portal("profile/references/", partner.references, "references"),
    _portal("profile/references/new/", partner.new_reference, "new_reference", "directory.edit", BOTH),
    _portal("profile/references/<uuid:reference_id>/", partner.reference, "reference", methods=BOTH),
    _portal("profile/references/<uuid:reference_id>/submit/", partner.submit_reference, "submit_reference", "directory.edit", POST),
    _portal("profile/references/<uuid:reference_id>/withdraw/", partner.withdraw_reference, "withdraw_reference", "directory.edit", POST),
    _portal("badges/", partner.badges, "badges"),
    _portal("badges/<uuid:badge_id>/", partner.badge, "badge"),
    _vendor("directory/", vendor.profiles, "profiles"),
    _vendor("directory/settings/", vendor.settings, "settings", "directory.configure", BOTH),
    _vendor("directory/references/", vendor.references, "references"),
    _vendor("directory/references/<uuid:reference_id>/", vendor.reference, "reference"),
    _vendor("directory/references/<uuid:reference_id>/decide/", vendor.decide_reference, "decide_reference", "directory.review", POST),
    _vendor("directory/profiles/<uuid:profile_id>/", vendor.profile, "profile"),
    _vendor("directory/profiles/<uuid:profile_id>/approve/", vendor.approve, "approve", "directory.review", POST),
    _vendor("directory/profiles/<uuid:profile_id>/return/", vendor.turn_down, "return", "directory.review", POST),
    _vendor("directory/profiles/<uuid:profile_id>/hide/", vendor.hide, "hide", "directory.review", POST),
    _vendor("badges/", vendor.badges, "badges"),
    _vendor("badges/new/<uuid:partner_id>/", vendor.issue_badge, "issue_badge", "directory.award", BOTH),
    _vendor("badges/<uuid:badge_id>/", vendor.badge, "badge_of"),
    _vendor("badges/<uuid:badge_id>/revoke/", vendor.revoke_badge, "revoke_badge", "directory.award", POST),
)
NAV = (
    NavItem(
        label=_("Public profiles"),
        url_name="directory:profiles",
        icon="id-card",
        group=_("Recruit"),
        workspace="vendor",
        order=30,
        permission="directory.view",
        count=queries.waiting_count,
    ),
    NavItem(label=_("Badges"), url_name="directory:badges", icon="award", group=_("Govern"), workspace="vendor", order=30, permission="directory.view"),
    NavItem(
        label=_("Profile and badges"),
        url_name="directory:portal_profile",
        icon="id-card",
        group=_("Your partnership"),
        workspace="partner",
        order=40,
        permission="directory.view",
    ),
)
HOME_PANELS = (
    HomePanel(
        key="directory.profile",
        workspace="partner",
        slot="side",
        order=80,
        template="directory/panels/home.html",
        context=vendor.portal_panel,
        permission="directory.edit",
    ),
)
OBJECT_PANELS = (
    ObjectPanel(
        key="directory.profile",
        target="partner",
        workspace="vendor",
        slot="side",
        order=60,
        template="directory/panels/partner.html",
        context=vendor.partner_panel,
        permission="directory.view",
    ),
)
SETTINGS_PAGES = (
    SettingsPage(
        label=_("Partner directory"),
        about=_("What visitors read above the search, and which changes you look at first"),
        url_name="directory:settings",
        icon="globe",
        workspace="vendor",
        permission="directory.configure",
        order=55,
    ),
)
