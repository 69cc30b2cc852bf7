"""The rows under a number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kpis.definitions import registry
from openprm.kpis.definitions.measuring import rows_of
from openprm.kpis.queries.figures import Asked, check, visible
from openprm.kpis.queries.reading import reading
from openprm.kpis.rules.windows import window

AT_MOST = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsView:
    """`columns` in their order; ids of partners come with their names. `more` when there are more rows than were asked for."""

    kind: str
    columns: tuple[str, ...]
    rows: Sequence[Mapping[str, Any]]
    more: bool


def rows(actor: Actor, name: str, asked: Asked, *, most: int = 200) -> RowsView:
    """The newest rows that a number stands on. Raises NotFound, Invalid."""
    check(asked)
    kpi = visible(actor, name)
    most = max(1, min(most, AT_MOST))
    with reading(actor, (kpi,)) as read:
        if registry.missing(kpi, read.known):
            return RowsView(kind="none", columns=(), rows=(), more=False)
        found = rows_of(kpi, read.facts(kpi, window(asked.period, asked.as_of), asked.segment), most + 1)
    kept = _named(actor, found[:most])
    return RowsView(kind=kpi.row_kind, columns=tuple(kept[0]) if kept else (), rows=kept, more=len(found) > most)


def _named(actor: Actor, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = {str(key): one for key, one in identity.organization_names({UUID(row["partner_id"]) for row in found if row.get("partner_id")}).items()}
    return [{**row, "partner": names.get(row["partner_id"], "")} if "partner_id" in row else row for row in found]
