"""What a partner that leaves takes along of its conflicts, and what is forgotten of its people."""

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _

from openprm.conflicts import queries, services
from openprm.kernel.actor import Actor
from openprm.kernel.clock import now
from openprm.partners.ports import Erasure, ExportFile, ExportPart

CASES = ("number", "type", "state", "about", "my_side", "finding", "ending", "opened_at", "decided_at", "closed_at")
STATEMENTS = ("case", "side", "said_at", "text")
DECISIONS = ("case", "kind", "finding", "appeal_result", "clause", "clause_text", "reasons", "would_change", "at")


def _cases(actor: Actor) -> Iterator[Mapping[str, Any]]:
    return ({name: getattr(row, name) for name in CASES} for row in queries.export_cases(actor, filters={}, at=now()))


def _each(actor: Actor) -> Iterator[Any]:
    return (queries.case_for_partner(actor, row.id, now()) for row in list(queries.export_cases(actor, filters={}, at=now())))


def _statements(actor: Actor) -> Iterator[Mapping[str, Any]]:
    for case in _each(actor):
        for side in (case.claimant, case.respondent):
            for one in side.statements:
                yield {"case": case.row.number, "side": side.name, "said_at": one.said_at, "text": one.text}


def _decisions(actor: Actor) -> Iterator[Mapping[str, Any]]:
    for case in _each(actor):
        for one in case.rulings:
            yield {"case": case.row.number} | {name: getattr(one, name) for name in DECISIONS[1:]}


def _files(actor: Actor) -> Iterator[ExportFile]:
    """Every file that the partner can read, under its own name and a piece of its id."""
    for case in _each(actor):
        for file in (*case.claimant.evidence, *case.respondent.evidence):
            yield ExportFile(name=f"{case.row.number}-{str(file.id)[-6:]}-{file.name}", open=_opener(actor, file.id))


def _opener(actor: Actor, evidence_id: Any) -> Any:
    def opened() -> BinaryIO:
        return queries.open_evidence(actor, evidence_id).file  # type: ignore[return-value]

    return opened


EXPORT = (
    ExportPart(code="conflict_cases", label=_("Conflict cases"), columns=CASES, rows=_cases),
    ExportPart(code="conflict_statements", label=_("Statements in conflict cases"), columns=STATEMENTS, rows=_statements, files=_files),
    ExportPart(code="conflict_decisions", label=_("Decisions in conflict cases"), columns=DECISIONS, rows=_decisions),
)
ERASURE = (Erasure(code="conflicts.people", label=_("Names in conflict cases"), erase=services.forget_people),)
