"""What ui/list.html draws: links, chips and form values made ready, so that the template only prints."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from openprm.kernel.money import Money
from openprm.ui import format as fmt
from openprm.ui.addresses import Pairs, link, query_string, with_, without
from openprm.ui.format import Viewer
from openprm.ui.listspec import BulkAction, Column, Empty, Filter, ListState, Range, SavedView, saved_views
from openprm.ui.paging import Slice
from openprm.ui.shell import viewer_of


@dataclass(frozen=True, slots=True)
class Heading:
    column: Column
    url: str = ""
    aria_sort: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, with the address that takes it away."""

    label: Any
    value: Any
    url: str


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: Any
    checked: bool


@dataclass(frozen=True, slots=True)
class FilterInput:
    """A filter as form controls, holding what is in force."""

    filter: Filter
    choices: tuple[Choice, ...] = ()
    text: str = ""
    low: str = ""
    high: str = ""


@dataclass(frozen=True, kw_only=True)
class ListView:
    request: HttpRequest
    state: ListState
    page: Slice
    bulk: tuple[BulkAction, ...] = ()
    empty: Empty | None = None
    pairs: Pairs = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pairs", self.state.pairs)

    @cached_property
    def viewer(self) -> Viewer:
        return viewer_of(self.request)

    @property
    def path(self) -> str:
        return self.request.path

    @property
    def key(self) -> str:
        return self.state.spec.key.replace(".", "-")

    @property
    def rows(self) -> tuple[Any, ...]:
        return self.page.rows

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.state.columns

    @property
    def width(self) -> int:
        return len(self.columns) + bool(self.bulk)

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        return tuple(self._heading(column) for column in self.columns)

    def _heading(self, column: Column) -> Heading:
        if not column.sortable:
            return Heading(column)
        if column.name != self.state.page.sort:
            first = column.name if column.kind in ("text", "title", "company", "person") else f"-{column.name}"
            return Heading(column, self._sorted_by(first))
        if self.state.page.descending:
            return Heading(column, self._sorted_by(column.name), "descending", "arrow-down")
        return Heading(column, self._sorted_by(f"-{column.name}"), "ascending", "arrow-up")

    def _sorted_by(self, sort: str) -> str:
        return link(with_(self.pairs, sort=sort))

    @cached_property
    def chips(self) -> tuple[Chip, ...]:
        return tuple(chip for one in self.state.spec.filters for chip in self._chips(one))

    def _chips(self, one: Filter) -> Iterator[Chip]:
        value = self.state.filters.get(one.name)
        if value is None or value == ():
            return
        if one.kind == "choice":
            labels = dict(self._choices[one.name])
            words = ", ".join(str(labels[item]) for item in value)
        else:
            words = self._words(one, value)
        yield Chip(one.label, words, link(without(self.pairs, *_params(one))))

    @cached_property
    def _choices(self) -> dict[str, tuple[tuple[str, Any], ...]]:
        """The choices of every filter, asked for once: a chip and its form control need the same ones."""
        return {one.name: one.choices_for(self.state.actor) for one in self.state.spec.filters if one.kind == "choice"}

    def _words(self, one: Filter, value: Any) -> str:
        if isinstance(value, Range):
            return _span(self._bound(one, value.low), self._bound(one, value.high))
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        return one.words(self.state.actor, value) if one.words else str(value)

    def _bound(self, one: Filter, value: Any) -> str:
        if value is None:
            return ""
        return fmt.full_day(value, self.viewer) if isinstance(value, date) else fmt.money(Money(value, one.currency), self.viewer)

    @cached_property
    def inputs(self) -> tuple[FilterInput, ...]:
        return tuple(self._input(one) for one in self.state.spec.filters)

    def _input(self, one: Filter) -> FilterInput:
        held = dict(self.pairs)
        if one.kind == "choice":
            chosen = self.state.filters.get(one.name, ())
            return FilterInput(one, tuple(Choice(value, label, value in chosen) for value, label in self._choices[one.name]))
        ends = ("from", "to") if one.kind == "date" else ("min", "max")
        return FilterInput(one, text=held.get(one.name, ""), low=held.get(f"{one.name}_{ends[0]}", ""), high=held.get(f"{one.name}_{ends[1]}", ""))

    @property
    def clear_url(self) -> str:
        return link(without(self.pairs, "q", *(name for one in self.state.spec.filters for name in _params(one))) or (("view", "all"),))

    # What each form must carry along so that it changes only its own part of the state.
    @property
    def beside_filters(self) -> Pairs:
        return without(self.pairs, "q", *(name for one in self.state.spec.filters for name in _params(one)))

    @property
    def beside_search(self) -> Pairs:
        return without(self.pairs, "q")

    @property
    def beside_columns(self) -> Pairs:
        return without(self.pairs, "cols", "rows")

    @property
    def column_choices(self) -> tuple[Choice, ...]:
        return tuple(Choice(one.name, one.label, one in self.columns) for one in self.state.spec.columns if not one.always)

    @property
    def sizes(self) -> tuple[Choice, ...]:
        return tuple(Choice(str(size), size, size == self.state.page.limit) for size in self.state.spec.sizes)

    @property
    def views(self) -> tuple[SavedView, ...]:
        return self.state.views

    @property
    def view(self) -> SavedView | None:
        """The saved view that is on the screen right now."""
        return next((view for view in self.views if view.query == self.state.query), None)

    @property
    def save_url(self) -> str:
        source = saved_views()
        return source.save_url(self.state.actor) if source and self.state.actor else ""

    @property
    def delete_url(self) -> str:
        source = saved_views()
        return source.delete_url(self.state.actor) if source and self.state.actor else ""

    @property
    def all_url(self) -> str:
        return link((("view", "all"),))

    @property
    def next_url(self) -> str:
        return link(with_(self.pairs, after=self.page.next_cursor)) if self.page.next_cursor else ""

    @property
    def previous_url(self) -> str:
        return link(with_(self.pairs, after=self.page.previous_cursor)) if self.page.previous_cursor else ""

    @property
    def csv_url(self) -> str:
        return link(with_(self.pairs, export="csv"))

    @property
    def xlsx_url(self) -> str:
        return link(with_(self.pairs, export="xlsx"))

    @property
    def here(self) -> str:
        """This address with its query, for a form that comes back to it."""
        query = query_string(self.pairs)
        return f"{self.path}?{query}" if query else self.path

    @property
    def count_words(self) -> str:
        """ "26 to 50 of 1,000+", "No rows"."""
        if not self.rows:
            return _("No rows")
        shown = {"first": fmt.number(self.page.first, self.viewer), "last": fmt.number(self.page.last, self.viewer)}
        if self.page.total is None:
            return _("%(first)s to %(last)s") % shown
        total = fmt.number(self.page.total, self.viewer) + ("+" if self.page.more_than_total else "")
        return _("%(first)s to %(last)s of %(total)s") % {**shown, "total": total}


def _params(one: Filter) -> tuple[str, ...]:
    ends = {"date": ("_from", "_to"), "money": ("_min", "_max")}.get(one.kind, ("",))
    return tuple(f"{one.name}{end}" for end in ends)


def _span(low: str, high: str) -> str:
    if low and high:
        return _("%(low)s to %(high)s") % {"low": low, "high": high}
    return _("from %(low)s") % {"low": low} if low else _("up to %(high)s") % {"high": high}
