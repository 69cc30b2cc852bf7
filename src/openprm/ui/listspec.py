"""The words of lists: what a list can show, what a person asked of it, and what it says when it is empty. No HTTP."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from openprm.kernel.registry import registry
from openprm.ui import cells
from openprm.ui.addresses import query_string
from openprm.ui.format import Viewer
from openprm.ui.paging import PageRequest

Bound = TypeVar("Bound")
RESERVED = frozenset({"sort", "cols", "rows", "after", "export", "q", "view"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column. The value is `row.<name>` unless `value` says otherwise; `kind` (ui/cells.py) draws it, or `template` does.

    `default` columns are shown until a person chooses others; an `always` column cannot be hidden.
    """

    name: str
    label: Any
    kind: str = "text"
    sortable: bool = False
    default: bool = True
    always: bool = False
    value: Callable[[Any], Any] | None = None
    template: str = ""

    def value_of(self, row: Any) -> Any:
        return self.value(row) if self.value else getattr(row, self.name)

    @property
    def is_right(self) -> bool:
        return self.kind in cells.RIGHT_ALIGNED

    def draw(self, row: Any, viewer: Viewer, context: Any = None) -> SafeString:
        if not self.template:
            return cells.draw(self.kind, self.value_of(row), viewer)
        values = context.flatten() if context is not None else {}
        return SafeString(render_to_string(self.template, {**values, "row": row, "value": self.value_of(row), "viewer": viewer}))


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter. kinds: choice (several values, or one with `single`), text, date (a range), money (a range), bool.

    `choices` are (value, label) pairs or a callable(actor) that gives them; `currency` is that of a money filter.
    A text filter may also take ids from links: `words(actor, value)` then says the name for the chip. Use it where a
    choice would list thousands.
    """

    name: str
    label: Any
    kind: str = "choice"
    choices: Iterable[tuple[str, Any]] | Callable[[Any], Iterable[tuple[str, Any]]] = ()
    single: bool = False
    currency: str = "EUR"
    words: Callable[[Any, str], str] | None = None

    def choices_for(self, actor: Any) -> tuple[tuple[str, Any], ...]:
        found = self.choices(actor) if callable(self.choices) else self.choices
        return tuple((str(value), label) for value, label in found)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSpec:
    """What one list can show, filter and sort. `search` is the placeholder of its search field; empty means none."""

    key: str
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...] = ()
    default_sort: str
    search: Any = ""
    page_size: int = 25
    sizes: tuple[int, ...] = (25, 50, 100)
    exports: bool = True

    def __post_init__(self) -> None:
        clash = {one.name for one in self.filters} & RESERVED
        assert not clash, f"{self.key}: filters may not be named {sorted(clash)}"

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True, slots=True)
class Range(Generic[Bound]):
    """A range with both ends included; a missing end is open. Money bounds are minor units."""

    low: Bound | None = None
    high: Bound | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListState:
    """What a person asked: clean values only. `filters` holds a tuple for choices, Range for dates and money, str, bool."""

    spec: ListSpec
    search: str
    filters: Mapping[str, Any]
    columns: tuple[Column, ...]
    page: PageRequest
    pairs: tuple[tuple[str, str], ...] = ()
    export: str = ""
    problems: tuple[str, ...] = ()
    views: "tuple[SavedView, ...]" = ()
    actor: Any = field(default=None, repr=False)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.search or self.filters)

    @property
    def query(self) -> str:
        """The query string that brings this state back (without the cursor): what a saved view stores."""
        return query_string(self.pairs)


@dataclass(frozen=True, slots=True)
class BulkAction:
    """A button over the ticked rows: posts `ids` and `action=<value>` to the list's own address (or `url`)."""

    value: str
    label: Any
    icon: str = ""
    tone: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Empty:
    """What an empty list says: what it will hold, and the one next step."""

    title: Any
    text: Any = ""
    action: Any = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    id: Any
    name: str
    query: str
    is_default: bool = False


class SavedViews(Protocol):
    """The port "ui.saved_views": who keeps the named views of a person."""

    def views(self, actor: Any, key: str) -> Iterable[SavedView]: ...

    def save_url(self, actor: Any) -> str: ...

    def delete_url(self, actor: Any) -> str: ...


def saved_views() -> SavedViews | None:
    return next(iter(registry.filling("ui.saved_views")), None)
