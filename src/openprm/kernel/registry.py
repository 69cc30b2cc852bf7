"""What the domains contribute. Each `<domain>/wiring.py` holds one `wiring = Wiring(...)`; nothing central is edited."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from openprm.kernel.actor import Actor

Workspace = Literal["vendor", "partner", "public"]
PREFIX: Mapping[str, str] = {"vendor": "app/", "partner": "portal/", "public": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One address of one workspace. `permission` None is open to everybody who may enter the workspace."""

    path: str
    view: Callable[..., Any]
    name: str
    workspace: Workspace
    permission: str | None = None
    methods: tuple[str, ...] = ("GET", "POST")


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    """A line of the navigation. `count` is asked once per page; `hot` paints it as work that waits."""

    label: Any
    url_name: str
    icon: str
    workspace: Workspace
    group: Any = ""
    order: int = 100
    permission: str | None = None
    count: "Callable[[Actor], int | None] | None" = None
    hot: bool = False
    on_phone: bool = False


@dataclass(frozen=True, slots=True)
class Subscription:
    event: type
    handler: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    group: Any
    title: str
    url: str
    subtitle: str = ""
    icon: str = "search"
    logo: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePanel:
    """A piece of a home page: `context(actor, at)` gives the template's values, or None to leave it out."""

    key: str
    workspace: Workspace
    slot: Literal["kpi", "top", "main", "side"]
    template: str
    context: "Callable[[Actor, Any], dict[str, Any] | None]"
    order: int = 100
    permission: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectPanel:
    """A piece of another domain's page: `target` is "partner" or "account", `context(actor, object_id, at)` its values."""

    key: str
    target: str
    workspace: Workspace
    template: str
    context: "Callable[[Actor, Any, Any], dict[str, Any] | None]"
    slot: Literal["main", "side"] = "main"
    order: int = 100
    permission: str | None = None


PartnerPanel = ObjectPanel


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsPage:
    label: Any
    about: Any
    url_name: str
    icon: str
    workspace: Workspace
    permission: str | None = None
    order: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditVerb:
    label: Any
    icon: str = "circle-dot"
    tone: str = ""


@dataclass(frozen=True, kw_only=True)
class Wiring:
    """Everything one domain gives to the whole."""

    domain: str
    permissions: Mapping[str, frozenset[str] | set[str]] = field(default_factory=dict)
    pages: tuple[Page, ...] = ()
    nav: tuple[NavItem, ...] = ()
    routers: Mapping[str, Any] = field(default_factory=dict)
    subscriptions: tuple[Subscription, ...] = ()
    jobs: tuple[Any, ...] = ()
    audit_verbs: Mapping[str, AuditVerb] = field(default_factory=dict)
    rule_kinds: tuple[Any, ...] = ()
    promises: tuple[Any, ...] = ()
    notification_kinds: tuple[Any, ...] = ()
    decision_sources: tuple[Any, ...] = ()
    search: tuple[Any, ...] = ()
    home_panels: tuple[HomePanel, ...] = ()
    object_panels: tuple[ObjectPanel, ...] = ()
    partner_panels: tuple[ObjectPanel, ...] = ()
    settings_pages: tuple[SettingsPage, ...] = ()
    importers: tuple[Any, ...] = ()
    exporters: tuple[Any, ...] = ()
    datasets: tuple[Any, ...] = ()
    commands: tuple[Any, ...] = ()
    ports: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)


class Registry:
    """The sum of all wirings, read once, in the order of `settings.OPENPRM_DOMAINS` (lowest floor first)."""

    @cached_property
    def wirings(self) -> tuple[Wiring, ...]:
        from django.conf import settings

        return tuple(self._load(settings.OPENPRM_DOMAINS))

    def _load(self, domains: Iterable[str]) -> Iterator[Wiring]:
        for domain in domains:
            if find_spec(f"openprm.{domain}.wiring"):
                yield import_module(f"openprm.{domain}.wiring").wiring

    def all(self, kind: str) -> tuple[Any, ...]:
        """Every contribution of one kind, for example `registry.all("settings_pages")`."""
        return tuple(item for wiring in self.wirings for item in getattr(wiring, kind))

    def filling(self, port: str) -> tuple[Any, ...]:
        """The implementations that higher domains give to a lower domain's port."""
        return tuple(item for wiring in self.wirings for item in wiring.ports.get(port, ()))

    @cached_property
    def _roles_by_permission(self) -> dict[str, frozenset[str]]:
        return {name: frozenset(roles) for wiring in self.wirings for name, roles in wiring.permissions.items()}

    def roles_with(self, permission: str) -> frozenset[str]:
        """The roles that hold a permission. Raises KeyError for one that no domain declares."""
        return self._roles_by_permission[permission]

    def permissions_of(self, roles: Iterable[str]) -> frozenset[str]:
        held = frozenset(roles)
        return frozenset(name for name, granted in self._roles_by_permission.items() if granted & held)

    def permissions(self) -> frozenset[str]:
        return frozenset(self._roles_by_permission)

    @cached_property
    def _subscribers(self) -> dict[type, tuple[Any, ...]]:
        found: dict[type, list[Any]] = {}
        for subscription in self.all("subscriptions"):
            found.setdefault(subscription.event, []).append(subscription.handler)
        return {event: tuple(handlers) for event, handlers in found.items()}

    def subscribers_of(self, event: type) -> tuple[Any, ...]:
        return self._subscribers.get(event, ())

    def jobs(self) -> tuple[Any, ...]:
        """Every job: the contributed ones and the handlers of subscriptions, each once."""
        handlers = [subscription.handler for subscription in self.all("subscriptions")]
        return tuple({made.name: made for made in [*self.all("jobs"), *handlers]}.values())

    def pages(self) -> Iterator[tuple[str, Page]]:
        for wiring in self.wirings:
            for page in wiring.pages:
                yield wiring.domain, page

    @cached_property
    def audit_verbs(self) -> dict[str, AuditVerb]:
        return {name: verb for wiring in self.wirings for name, verb in wiring.audit_verbs.items()}

    def nav(self, actor: "Actor", workspace: Workspace) -> list[NavItem]:
        items = [item for item in self.all("nav") if item.workspace == workspace and (not item.permission or actor.can(item.permission))]
        return sorted(items, key=lambda item: item.order)

    def settings_pages(self, actor: "Actor", workspace: Workspace) -> list[SettingsPage]:
        found = [page for page in self.all("settings_pages") if page.workspace == workspace and (not page.permission or actor.can(page.permission))]
        return sorted(found, key=lambda page: page.order)

    def home_panels(self, actor: "Actor", workspace: Workspace) -> list[HomePanel]:
        found = [panel for panel in self.all("home_panels") if panel.workspace == workspace and (not panel.permission or actor.can(panel.permission))]
        return sorted(found, key=lambda panel: panel.order)

    def object_panels(self, actor: "Actor", target: str, workspace: Workspace) -> list[ObjectPanel]:
        found = [
            panel
            for panel in (*self.all("object_panels"), *self.all("partner_panels"))
            if panel.target == target and panel.workspace == workspace and (not panel.permission or actor.can(panel.permission))
        ]
        return sorted(found, key=lambda panel: panel.order)


registry = Registry()
