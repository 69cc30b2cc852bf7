"""What a decision can be based on: clauses of the rules in force when the case was opened, and sections of the rules of engagement."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.agreements import queries as agreements
from openprm.kernel.actor import SYSTEM
from openprm.kernel.errors import NotFound
from openprm.rulebook import queries as rulebook

RULES = ("deals.decision", "deals.protection", "deals.capacity", "deals.remedy", "conflicts.sentinel", "conflicts.remedy", "leads.routing")
ENGAGEMENT = "rules_of_engagement"
LONGEST = 1200
_HEADING = re.compile(r"^#{1,4}\s+(.+?)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One clause that can be cited. `key` names it in a form; `kind` is a rule kind or "rules_of_engagement"."""

    key: str
    kind: str
    source: str
    clause: str
    text: str
    version_id: UUID | None
    version: int | None


def citable(program_id: UUID | None, at: datetime) -> tuple[Clause, ...]:
    """Everything that was in force at `at`, sections of the rules of engagement first."""
    return (*_sections(at), *(clause for kind in RULES for clause in _of_rules(kind, program_id, at)))


def cited(key: str, program_id: UUID | None, at: datetime) -> Clause | None:
    return next((clause for clause in citable(program_id, at) if clause.key == key), None)


def _of_rules(kind: str, program_id: UUID | None, at: datetime) -> tuple[Clause, ...]:
    found = _in_words(kind, program_id, at) or _in_words(kind, None, at)
    if found is None:
        return ()
    return tuple(
        Clause(
            key=f"{kind}|{one.clause}", kind=kind, source=found.title, clause=one.clause, text=one.text, version_id=found.version.id,
            version=found.version.number,
        )
        for one in found.clauses
    )  # fmt: skip


def _in_words(kind: str, program_id: UUID | None, at: datetime) -> rulebook.RulesInWords | None:
    try:
        return rulebook.rules_in_words(actor=SYSTEM, kind=kind, program_id=program_id, at=at)
    except NotFound:
        return None


def _sections(at: datetime) -> tuple[Clause, ...]:
    lines = [line for line in agreements.published(SYSTEM, at) if line.kind == ENGAGEMENT]
    return tuple(clause for line in lines for clause in _of_document(line, at))


def _of_document(line: agreements.PublishedLine, at: datetime) -> tuple[Clause, ...]:
    text = agreements.version(SYSTEM, line.version_id, at).text
    heads = list(_HEADING.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    return tuple(
        Clause(
            key=f"{line.code}|{number}", kind=ENGAGEMENT, source=_("%(title)s, version %(number)d") % {"title": line.title, "number": line.number},
            clause=head.group(1)[:60], text=text[head.end() : end].strip()[:LONGEST], version_id=line.version_id, version=line.number,
        )
        for number, (head, end) in enumerate(zip(heads, ends, strict=True), start=1)
    )  # fmt: skip
