"""What the two homes, the search and the settings area show: collected from the wirings, as this actor may see it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from openprm.inbox import queries as inbox
from openprm.kernel.actor import Actor
from openprm.kernel.registry import HomePanel, SearchHit, Workspace, registry
from openprm.ui.home import HomeAction, Kpi

SHORTEST_SEARCH = 2
LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A panel with the values it will be drawn with."""

    key: str
    template: str
    order: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    kpis: tuple[Kpi, ...]
    top: tuple[Panel, ...]
    main: tuple[Panel, ...]
    side: tuple[Panel, ...]
    summary: str

    @property
    def is_empty(self) -> bool:
        return not (self.kpis or self.top or self.main or self.side)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    label: Any
    url: str
    icon: str
    primary: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HitGroup:
    label: Any
    hits: tuple[SearchHit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsCard:
    label: Any
    about: Any
    url: str
    icon: str


def home(actor: Actor, workspace: Workspace, at: datetime) -> Home:
    """The panels that have something to say to this actor, by slot, and their one-sentence summaries joined."""
    asked = [(panel, panel.context(actor, at)) for panel in registry.home_panels(actor, workspace)]
    drawn = [(panel, values) for panel, values in asked if values is not None]
    main, side = _balanced(_in_slot("main", drawn), _in_slot("side", drawn))
    return Home(
        kpis=tuple(kpi for panel, values in drawn if panel.slot == "kpi" for kpi in values["kpis"]),
        top=_in_slot("top", drawn),
        main=main,
        side=side,
        summary=" ".join(str(values["summary"]) for _panel, values in drawn if values.get("summary")),
    )


def _in_slot(slot: str, drawn: Iterable[tuple[HomePanel, dict[str, Any]]]) -> tuple[Panel, ...]:
    return tuple(Panel(key=panel.key, template=panel.template, order=panel.order, values=values) for panel, values in drawn if panel.slot == slot)


def _balanced(main: tuple[Panel, ...], side: tuple[Panel, ...]) -> tuple[tuple[Panel, ...], tuple[Panel, ...]]:
    """With nothing for the wide column, the first of the narrow one takes it."""
    return (main, side) if main or len(side) < 2 else (side[:1], side[1:])


def actions(actor: Actor, workspace: Workspace) -> tuple[Action, ...]:
    """What this actor can begin here, the main one first."""
    found = [one for one in registry.filling("ui.home_actions") if one.workspace == workspace and (not one.permission or actor.can(one.permission))]
    ranked = sorted(found, key=lambda one: (not one.primary, one.order))
    return tuple(_action(one, url) for one in ranked if (url := address(one.url_name)))


def _action(one: HomeAction, url: str) -> Action:
    return Action(label=one.label, url=url, icon=one.icon, primary=one.primary)


def search(actor: Actor, text: str, *, limit: int = 6) -> tuple[HitGroup, ...]:
    """What every domain finds for this actor, grouped; at most `limit` hits a domain. Too short a text finds nothing."""
    text = text.replace("\x00", "").strip()[:LONGEST_SEARCH]
    if len(text) < SHORTEST_SEARCH:
        return ()
    hits = [hit for provider in registry.all("search") for hit in provider(actor, text, limit)]
    order = list(dict.fromkeys(str(hit.group) for hit in hits))
    hits.sort(key=lambda hit: order.index(str(hit.group)))
    return tuple(HitGroup(label=label, hits=tuple(members)) for label, members in groupby(hits, key=lambda hit: str(hit.group)))


def suggestions(actor: Actor, at: datetime, *, limit: int = 3) -> tuple[HitGroup, ...]:
    """What the palette shows before anything is typed: the decisions that are due first."""
    waiting = inbox.decisions(actor, at, limit)
    hits = tuple(SearchHit(group="", title=one.title, subtitle=str(one.detail), url=one.url, icon=one.icon) for one in waiting)
    return (HitGroup(label=_("Needs you"), hits=hits),) if hits else ()


def settings_cards(actor: Actor, workspace: Workspace) -> tuple[SettingsCard, ...]:
    pages = registry.settings_pages(actor, workspace)
    return tuple(SettingsCard(label=page.label, about=page.about, url=url, icon=page.icon) for page in pages if (url := address(page.url_name)))


def address(url_name: str) -> str:
    """The address of a page that some domain contributes; empty when this house runs without it."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""
