"""What stands around a page: navigation from the registry, brand, user menu. Higher floors fill the port "ui.shell"."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from openprm.kernel.actor import PUBLIC, Actor, Side
from openprm.kernel.clock import now
from openprm.kernel.memory import COUNTS
from openprm.kernel.registry import NavItem, registry
from openprm.ui import format as fmt
from openprm.ui.format import Viewer

BASES = {Side.VENDOR: "ui/shell.html", Side.PARTNER: "ui/portal_base.html"}
ON_PHONE = 4
GROUPS = (_("Recruit"), _("Partners"), _("Govern"), _("Sell together"), _("Invest"), _("Measure"), _("Set up"))


@dataclass(frozen=True, slots=True)
class NavEntry:
    label: Any
    url: str
    icon: str
    count: int | None = None
    hot: bool = False
    current: bool = False
    on_phone: bool = False


@dataclass(frozen=True, slots=True)
class NavGroup:
    label: Any
    entries: tuple[NavEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuLink:
    """A line of the user menu; `post` lines are sent as a form."""

    label: Any
    url: str
    icon: str
    post: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the port "ui.shell" tells: a callable(request) gives one of these. All of it is optional."""

    vendor_name: str = "OpenPRM"
    organization_name: str = ""
    brand_css: str = ""
    logo_light: str = ""
    logo_dark: str = ""
    partner_logo: str = ""
    unread: int | None = None
    inbox_url: str = ""
    search_url: str = ""
    profile_url: str = ""
    settings_url: str = ""
    sign_out_url: str = ""
    viewing_as: str = ""
    leave_view_url: str = ""
    menu: tuple[MenuLink, ...] = ()
    foot: tuple[MenuLink, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    facts: Facts
    viewer: Viewer
    workspace: str
    home_url: str
    person: str
    groups: tuple[NavGroup, ...]
    theme: str
    zone: str

    @property
    def entries(self) -> tuple[NavEntry, ...]:
        return tuple(entry for group in self.groups for entry in group.entries)

    @property
    def bar(self) -> tuple[NavEntry, ...]:
        """The entries that stand on the portal's bar: those of no group."""
        return tuple(entry for group in self.groups if not group.label for entry in group.entries)

    @property
    def more(self) -> tuple[NavGroup, ...]:
        """The other entries of the portal, behind "More"."""
        return tuple(group for group in self.groups if group.label)

    @property
    def is_in_more(self) -> bool:
        return any(entry.current for group in self.more for entry in group.entries)

    @property
    def waits_in_more(self) -> int:
        return sum(entry.count or 0 for group in self.more for entry in group.entries if entry.hot)

    @property
    def phone(self) -> tuple[NavEntry, ...]:
        """The entries of the tab bar: the marked ones, else the first few."""
        return (tuple(e for e in self.entries if e.on_phone) or self.entries)[:ON_PHONE]

    @property
    def waiting(self) -> int:
        return sum(entry.count or 0 for entry in self.entries if entry.hot)


def shell_of(request: HttpRequest) -> Shell:
    """The shell of this request, made once. Call it inside the scope of the actor."""
    if not hasattr(request, "_openprm_shell"):
        request._openprm_shell = _make(request)  # type: ignore[attr-defined]
    return request._openprm_shell  # type: ignore[attr-defined]


def viewer_of(request: HttpRequest | None) -> Viewer:
    actor = getattr(request, "actor", PUBLIC)
    return Viewer(at=getattr(request, "at", None) or now(), locale=actor.locale, time_zone=actor.time_zone)


def base_of(actor: Actor | None) -> str:
    """The base template of the workspace in which the actor is: for pages that both sides have."""
    return BASES.get(actor.side if actor else Side.PUBLIC, "ui/plain.html")


def _make(request: HttpRequest) -> Shell:
    actor, viewer = getattr(request, "actor", PUBLIC), viewer_of(request)
    workspace = {Side.VENDOR: "vendor", Side.PARTNER: "partner"}.get(actor.side, "public")
    theme = request.COOKIES.get("theme", "")
    return Shell(
        facts=_facts(request),
        viewer=viewer,
        workspace=workspace,
        home_url={"vendor": "/app/", "partner": "/portal/"}.get(workspace, "/"),
        person=actor.name,
        groups=_navigation(actor, workspace, request.path),
        theme=theme if theme in ("light", "dark") else "",
        zone=fmt.zone_sentence(viewer),
    )


def _facts(request: HttpRequest) -> Facts:
    for source in registry.filling("ui.shell"):
        return source(request)
    return Facts()


def _navigation(actor: Actor, workspace: str, path: str) -> tuple[NavGroup, ...]:
    items = [(item, url) for item in registry.nav(actor, workspace) if (url := _address(item))]  # type: ignore[arg-type]
    here = max((url for _item, url in items if path == url or (path.startswith(url) and url not in ("/app/", "/portal/"))), key=len, default="")
    entries = [(item, _entry(item, url, actor, here)) for item, url in items]
    return tuple(_grouped(entries))


def _address(item: NavItem) -> str:
    try:
        return reverse(item.url_name)
    except NoReverseMatch:
        return ""


def _entry(item: NavItem, url: str, actor: Actor, here: str) -> NavEntry:
    count = COUNTS.get(key=(item.url_name, actor.user_id, actor.organization_id), find=partial(item.count, actor)) if item.count else None
    return NavEntry(item.label, url, item.icon, count, item.hot, url == here, item.on_phone)


def _grouped(entries: Iterable[tuple[NavItem, NavEntry]]) -> Iterable[NavGroup]:
    """Ungrouped entries lead, then the known groups in their order, then others as their first entry comes."""
    listed = list(entries)
    order = list(dict.fromkeys(["", *map(str, GROUPS), *(str(item.group) for item, _made in listed)]))
    ranked = sorted(listed, key=lambda pair: order.index(str(pair[0].group)))
    for label, members in groupby(ranked, key=lambda pair: str(pair[0].group)):
        yield NavGroup(label, tuple(entry for _item, entry in members))
