"""Questions that no clause of a table tells apart: asked once for all of them."""

from bisect import bisect_left
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from .reading import ReadTable
from .regions import ORDERED


class Alike:
    """Equal keys get equal answers: an ordered value counts by its place between the values that the table names, all others by themselves."""

    def __init__(self, read: ReadTable) -> None:
        self._read = read

    @cached_property
    def _edges(self) -> dict[str, list[Any]]:
        """The named values of each ordered fact; none where cells compare facts with each other."""
        if any(condition.refs for row in self._read.conditions for condition in row.values()):
            return {}
        facts = (self._read.kind.fact(name) for name in self._read.table.inputs)
        return {fact.name: sorted(set(self._read.boundaries(fact, {}))) for fact in facts if fact and fact.type in ORDERED}

    def key(self, inputs: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(self._place(name, inputs.get(name)) for name in self._read.asked)

    def _place(self, name: str, value: Any) -> Any:
        edges = self._edges.get(name)
        if edges is None or value is None:
            return value
        place = bisect_left(edges, value)
        return place, place < len(edges) and edges[place] == value
