"""Reading an address: every value is checked, capped and typed; what cannot be used is told and left out."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from openprm.kernel.errors import Invalid
from openprm.kernel.money import parse_amount
from openprm.ui.listspec import Column, Filter, ListSpec, ListState, Range, SavedView, saved_views
from openprm.ui.paging import BrokenCursor, PageRequest, decode

TEXT_CAP = 100
VALUES_CAP = 50
FORMATS = ("csv", "xlsx")


class Asked:
    """One address, read once against one spec."""

    def __init__(self, spec: ListSpec, params: QueryDict, actor: Any):
        self.spec, self.actor = spec, actor
        self.problems: list[str] = []
        self.pairs: list[tuple[str, str]] = []
        self.views = self._saved_views()
        self.params = params if params else self._default_view() or params

    def state(self) -> ListState:
        search = self._search()
        filters = {one.name: value for one in self.spec.filters if (value := self._filter(one)) not in (None, ())}
        columns = self._columns()
        page = self._page()
        return ListState(
            spec=self.spec, search=search, filters=filters, columns=columns, page=page, pairs=tuple(self.pairs),
            export=self._export(), problems=tuple(self.problems), views=self.views, actor=self.actor,
        )  # fmt: skip

    def _saved_views(self) -> tuple[SavedView, ...]:
        source = saved_views()
        return tuple(source.views(self.actor, self.spec.key)) if source and self.actor else ()

    def _default_view(self) -> QueryDict | None:
        return next((QueryDict(view.query) for view in self.views if view.is_default), None)

    def _text(self, name: str) -> str:
        raw = self.params.get(name, "").replace("\x00", "").strip()
        if len(raw) > TEXT_CAP:
            self.problems.append(_("The search was cut after %(count)d characters.") % {"count": TEXT_CAP})
        return raw[:TEXT_CAP]

    def _keep(self, name: str, value: str) -> None:
        self.pairs.append((name, value))

    def _search(self) -> str:
        text = self._text("q") if self.spec.search else ""
        if text:
            self._keep("q", text)
        return text

    def _filter(self, one: Filter) -> Any:
        readers: dict[str, Callable[[Filter], Any]] = {
            "choice": self._choice, "text": self._text_filter, "date": self._dates, "money": self._amounts, "bool": self._bool,
        }  # fmt: skip
        return readers[one.kind](one)

    def _choice(self, one: Filter) -> tuple[str, ...]:
        asked = [value for value in self.params.getlist(one.name)[:VALUES_CAP] if value]
        if not asked:
            return ()
        known = {value for value, _label in one.choices_for(self.actor)}
        kept = tuple(dict.fromkeys(value for value in asked if value in known))[: 1 if one.single else None]
        if len(kept) < len(set(asked)):
            self.problems.append(_("The filter “%(label)s” does not know one of the asked values; it was left out.") % {"label": one.label})
        for value in kept:
            self._keep(one.name, value)
        return kept

    def _text_filter(self, one: Filter) -> str | None:
        text = self._text(one.name)
        if text:
            self._keep(one.name, text)
        return text or None

    def _bool(self, one: Filter) -> bool | None:
        value = {"yes": True, "no": False}.get(self.params.get(one.name, ""))
        if value is not None:
            self._keep(one.name, "yes" if value else "no")
        return value

    def _dates(self, one: Filter) -> Range[date] | None:
        return self._range(one, "from", "to", self._date)

    def _amounts(self, one: Filter) -> Range[int] | None:
        return self._range(one, "min", "max", self._amount)

    def _range(self, one: Filter, low: str, high: str, read: Callable[[Filter, str], Any]) -> Range | None:
        ends = {end: read(one, self.params.get(f"{one.name}_{end}", "").strip()[:40]) for end in (low, high)}
        if ends[low] is not None and ends[high] is not None and ends[low] > ends[high]:
            self.problems.append(_("“%(label)s” begins after it ends; the filter was left out.") % {"label": one.label})
            return None
        for end, value in ends.items():
            if value is not None:
                self._keep(f"{one.name}_{end}", self.params[f"{one.name}_{end}"].strip())
        return Range(ends[low], ends[high]) if any(value is not None for value in ends.values()) else None

    def _date(self, one: Filter, text: str) -> date | None:
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.problems.append(_("“%(label)s” needs a date such as 2026-11-30; “%(text)s” was left out.") % {"label": one.label, "text": text})
            return None

    def _amount(self, one: Filter, text: str) -> int | None:
        if not text:
            return None
        try:
            return parse_amount(text, one.currency, getattr(self.actor, "locale", "en")).minor
        except Invalid as refusal:
            self.problems.append(f"{one.label}: {refusal.message}")
            return None

    def _columns(self) -> tuple[Column, ...]:
        asked = {name for name in self.params.getlist("cols")[:VALUES_CAP] if self.spec.column(name)}
        if not asked:
            return tuple(column for column in self.spec.columns if column.default or column.always)
        for name in sorted(asked):
            self._keep("cols", name)
        return tuple(column for column in self.spec.columns if column.always or column.name in asked)

    def _page(self) -> PageRequest:
        sort, descending = self._sort()
        page = PageRequest(key=self.spec.key, sort=sort, descending=descending, limit=self._limit())
        cursor = self.params.get("after", "")
        if not cursor:
            return page
        try:
            return PageRequest(key=page.key, sort=sort, descending=descending, limit=page.limit, position=decode(page, cursor[:1000]))
        except BrokenCursor:
            self.problems.append(_("That page link belongs to another order of this list. You see the first page."))
            return page

    def _sort(self) -> tuple[str, bool]:
        asked = self.params.get("sort", "")
        name = asked.removeprefix("-")
        column = self.spec.column(name)
        if asked and column and column.sortable:
            if asked != self.spec.default_sort:
                self._keep("sort", asked)
            return name, asked.startswith("-")
        if asked:
            self.problems.append(_("This list cannot be sorted by “%(name)s”. It is in its usual order.") % {"name": asked[:40]})
        return self.spec.default_sort.removeprefix("-"), self.spec.default_sort.startswith("-")

    def _limit(self) -> int:
        asked = self.params.get("rows", "")
        if asked in {str(size) for size in self.spec.sizes} and int(asked) != self.spec.page_size:
            self._keep("rows", asked)
            return int(asked)
        return self.spec.page_size

    def _export(self) -> str:
        asked = self.params.get("export", "")
        return asked if self.spec.exports and asked in FORMATS else ""
