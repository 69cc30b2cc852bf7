"""Ask the rules in force, and keep the answer."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext as _

from openprm.kernel.errors import Invalid, NotFound
from openprm.kernel.money import Money
from openprm.kernel.scope import system_scope

from ..models import Decision, RuleVersion
from ..ports import RuleKind
from ..queries.compiled import compiled
from ..queries.kinds import get_kind
from ..queries.reading import find_in_force
from ..rules.alike import Alike
from ..rules.evaluation import Verdict, bare
from ..rules.evaluation import evaluate as ask
from ..rules.facts import BadFact, plain_value


class NoRulesInForce(NotFound):
    """No version of the kind was in force at that moment."""


def evaluate(*, kind: str, program_id: UUID | None, inputs: Mapping[str, object], at: datetime, record_for: tuple[Model, UUID | None] | None = None) -> Verdict:
    """What the rules in force at `at` answer, with the clause and what would have changed it.

    A program's own rules go before the general ones. Pass the moment whose rules count: `submitted_at` of something that was
    already under way. With `record_for=(subject, partner_id)` the answer is kept as a Decision.
    Raises NotFound (unknown kind), NoRulesInForce, Invalid (a fact the kind does not ask for, or of the wrong type).
    """
    found = get_kind(kind)
    if not found.for_partners:
        with system_scope():
            return _evaluate(found, program_id, inputs, at, record_for)
    return _evaluate(found, program_id, inputs, at, record_for)


def evaluate_many(*, kind: str, program_id: UUID | None, inputs: Sequence[Mapping[str, object]], at: datetime) -> tuple[Verdict, ...]:
    """The same for many at once: the rules are found once. Raises as `evaluate` does."""
    found = get_kind(kind)
    with nullcontext() if found.for_partners else system_scope():
        version = _in_force(found, program_id, at)
        table = compiled(version, found)
        return tuple(replace(verdict_of(table, one), version_id=version.pk, version=version.number) for one in inputs)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a table says, without explaining it."""

    outcome: dict | None
    clause: str
    version_id: UUID
    version: int | None


class Asker:
    """Bare answers for very many questions to one table: those that no clause tells apart are asked once.

    With `version_id` that version answers, a draft too, whatever is in force. In the system's scope. Raises as `evaluate` does.
    """

    def __init__(self, *, kind: str, program_id: UUID | None, at: datetime, version_id: UUID | None = None) -> None:
        self._kind = get_kind(kind)
        self._version = RuleVersion.objects.select_related("rule_set").one(version_id) if version_id else _in_force(self._kind, program_id, at)
        self._table = compiled(self._version, self._kind)
        self._alike = Alike(self._table.read)
        self._known: dict[tuple, Answer] = {}

    def answer(self, inputs: Mapping[str, object]) -> Answer:
        key = self._alike.key(_in_major_units(self._kind, inputs))
        if key not in self._known:
            self._known[key] = self._asked(inputs)
        return self._known[key]

    def _asked(self, inputs: Mapping[str, object]) -> Answer:
        outcomes, clauses = bare(self._table, _in_major_units(self._kind, inputs))
        return Answer(outcomes[0] if outcomes else None, ", ".join(clauses), self._version.pk, self._version.number)


def _in_force(kind: RuleKind, program_id: UUID | None, at: datetime) -> RuleVersion:
    version = find_in_force(kind=kind.code, program_id=program_id, at=at)
    if version is None:
        raise NoRulesInForce(_("No rules “%(kind)s” were in force on %(day)s. Publish a version first.") % {"kind": kind.title, "day": at.date()})
    return version


def _evaluate(kind: RuleKind, program_id: UUID | None, inputs: Mapping[str, object], at: datetime, record_for) -> Verdict:
    version = _in_force(kind, program_id, at)
    verdict = replace(verdict_of(compiled(version, kind), inputs), version_id=version.pk, version=version.number)
    return replace(verdict, decision_id=_record(verdict, kind, version, program_id, at, *record_for)) if record_for else verdict


def verdict_of(table, inputs: Mapping[str, object]) -> Verdict:
    """Ask one compiled table. Raises Invalid with the name of the odd fact."""
    try:
        return ask(table, _in_major_units(table.kind, inputs))
    except BadFact as odd:
        raise Invalid(str(odd), field=f"inputs.{odd.fact}") from None


def _in_major_units(kind: RuleKind, inputs: Mapping[str, object]) -> dict[str, object]:
    return {name: _major(kind, name, value) if isinstance(value, Money) else value for name, value in inputs.items()}


def _major(kind: RuleKind, name: str, money: Money):
    fact = kind.fact(name)
    if fact and fact.unit and money.currency != fact.unit:
        raise BadFact(
            _("%(label)s is asked in %(wanted)s, not in %(given)s. Convert it first.") % {"label": fact.label, "wanted": fact.unit, "given": money.currency},
            name,
        )
    return money.major


def _record(verdict: Verdict, kind: RuleKind, version: RuleVersion, program_id: UUID | None, at: datetime, subject: Model, partner_id: UUID | None) -> UUID:
    """Append the decision as the system: partners read theirs and write none."""
    with system_scope():
        return Decision.objects.create(
            version=version, kind=kind.code, program_id=program_id, subject_type=subject._meta.label_lower, subject_id=subject.pk,
            subject_label=str(subject)[:200], partner_id=partner_id, for_partners=kind.for_partners and partner_id is not None, inputs=verdict.inputs,
            outcome=_plain(verdict), clause=verdict.clause, clause_text=verdict.clause_text, would_change=list(verdict.would_change), at=at,
        ).pk  # fmt: skip


def _plain(verdict: Verdict) -> dict | None:
    """The answer as JSON; a collecting table keeps all of its answers under 'all'."""
    answers = [{name: plain_value(value) for name, value in match.outcome.items()} for match in verdict.matches]
    if not answers:
        return None
    return answers[0] if len(answers) == 1 else {"all": answers}
