"""What the published table of remedies says about a case."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from openprm.conflicts.models import ConflictCase
from openprm.conflicts.rulekinds import REMEDY
from openprm.conflicts.rules.lifecycle import Finding
from openprm.conflicts.wording import REMEDY as WORDS
from openprm.conflicts.wording import REMEDY_ICON, label_of
from openprm.deals import queries as deals
from openprm.rulebook import services as rulebook

NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """One line of the published table that applies, as it stood when the case was opened."""

    code: str
    label: str
    icon: str
    days: int
    percent: int
    clause: str
    text: str
    rule_kind: str
    version_id: UUID | None


def proposals(case: ConflictCase, finding: str, at: datetime) -> tuple[Proposed, ...]:
    """The remedies that the table names for this finding; later rules do not touch a case under way (X15)."""
    protection = deals.dossier(case.registration_id, at).protection_at(at) if case.registration_id else "none"
    facts = {"type": case.type, "finding": str(finding), "protection": protection, "repeats": founded_before(case, at)}
    ruling = rulebook.evaluate(kind=REMEDY, program_id=case.program_id, inputs=facts, at=case.opened_at)
    found = [proposed(REMEDY, match.clause, match.text, match.outcome, ruling.version_id) for match in ruling.matches]
    return tuple(one for one in found if one.code != NONE)


def proposed(kind: str, clause: str, text: str, outcome: dict[str, Any], version_id: UUID | None) -> Proposed:
    code = outcome["remedy"]
    return Proposed(
        code=code, label=label_of(WORDS, code), icon=REMEDY_ICON.get(code, "scale"), days=int(outcome.get("days") or 0),
        percent=int(outcome.get("percent") or 0), clause=clause, text=text, rule_kind=kind, version_id=version_id,
    )  # fmt: skip


def founded_before(case: ConflictCase, at: datetime) -> int:
    """How many cases about the same person were founded in the twelve months before."""
    if not case.rep_id:
        return 0
    since = case.opened_at.replace(year=case.opened_at.year - 1, day=min(case.opened_at.day, 28))
    rows = ConflictCase.objects.filter(rep=case.rep_id, finding=Finding.FOUNDED, decided_at__gte=since, decided_at__lt=at)
    return rows.exclude(pk=case.pk).count()
