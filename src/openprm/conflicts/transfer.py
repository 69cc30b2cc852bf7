"""How cases and precedents are written to files. A partner's file holds its own cases without the other side's name."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy

from openprm.conflicts import queries
from openprm.kernel.actor import Actor
from openprm.kernel.transfer import ExportColumn

CASES = ("number", "type", "state", "origin", "about", "partner", "other_partner", "finding", "ending", "opened_at", "decided_at", "closed_at")
PRECEDENTS = ("number", "title", "type", "finding", "clause", "clause_source", "region", "amount_band", "appeal_result", "days", "published_at")


def _wanted(filters: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in filters.items() if name != "q"}


class CaseExporter:
    entity = "conflict_cases"
    label = gettext_lazy("Conflict cases")
    permission = "conflicts.view"
    columns = (ExportColumn("openprm_id", "openprm_id"), *(ExportColumn(name, name) for name in CASES))

    def rows(self, *, actor: Actor, filters: Mapping[str, Any], at: datetime) -> Iterator[Sequence[Any]]:
        for row in queries.export_cases(actor, search=str(filters.get("q", "")), filters=_wanted(filters), at=at):
            yield row.id, *(getattr(row, name) for name in CASES)


class PrecedentExporter:
    entity = "precedents"
    label = gettext_lazy("Precedents")
    permission = "conflicts.view"
    columns = (ExportColumn("openprm_id", "openprm_id"), *(ExportColumn(name, name) for name in PRECEDENTS))

    def rows(self, *, actor: Actor, filters: Mapping[str, Any], at: datetime) -> Iterator[Sequence[Any]]:
        for row in queries.export_precedents(actor, search=str(filters.get("q", "")), filters=_wanted(filters)):
            yield row.id, *(getattr(row, name) for name in PRECEDENTS)


EXPORTERS = (CaseExporter(), PrecedentExporter())
