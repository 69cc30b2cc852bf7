"""Earning: what happened is written down once for its partner, every plan in force is asked, and each line is earned exactly once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from openprm.earnings.events import EarningsAccrued
from openprm.earnings.models import Earning, SourceEvent, Terms
from openprm.earnings.queries.calculation import Batch, event_for, looks_back, spent_of
from openprm.earnings.rules.states import Kind, State
from openprm.earnings.services import suspicion
from openprm.earnings.services.review import approve_by_rule
from openprm.earnings.services.unit import as_system, book, lock, record_lines
from openprm.incentives import queries as incentives
from openprm.incentives.rules.calculate import lines_for
from openprm.incentives.rules.model import EarnEvent, PlanLine, PlanTerms, Spent
from openprm.incentives.rules.stacking import chosen
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Refusal
from openprm.kernel.events import publish
from openprm.kernel.ids import new_id

AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that happened for one partner. `doubts` are the facts that fraud rules ask about; `customer_id` links repeated sales."""

    event: EarnEvent
    about: str = ""
    customer_id: UUID | None = None
    doubts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accrued:
    """What became of happenings: how many were new, the lines that they earned, and (what, why) of those that cannot be calculated yet."""

    events: int = 0
    earning_ids: tuple[UUID, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()

    def __add__(self, other: "Accrued") -> "Accrued":
        return Accrued(events=self.events + other.events, earning_ids=self.earning_ids + other.earning_ids, refused=self.refused + other.refused)


@dataclass(frozen=True, slots=True)
class Calculated:
    """One line with everything it was calculated from."""

    happening: Happening
    row: SourceEvent
    plan: PlanTerms
    event: EarnEvent
    spent: Spent
    line: PlanLine


class Plans:
    """Plans in force, asked once for each program, partner, event and day; their versions kept once."""

    def __init__(self) -> None:
        self._found: dict[tuple[Any, ...], tuple[PlanTerms, ...]] = {}

    def of(self, event: EarnEvent) -> tuple[PlanTerms, ...]:
        key = (event.program_id, event.partner_id, event.code, event.occurred_on)
        if key not in self._found:
            self._found[key] = incentives.plans_in_force(program_id=event.program_id, partner_id=event.partner_id, event_code=event.code, on=event.occurred_on)
        return self._found[key]

    @cached_property
    def kept(self) -> dict[UUID, UUID]:
        return {}

    def keep(self, plans: Iterable[PlanTerms]) -> dict[UUID, UUID]:
        """Version -> the row in which its terms stand whole."""
        missing = {plan.version_id: plan for plan in plans if plan.version_id not in self.kept}
        if missing:
            rows = [
                Terms(
                    version_id=one.version_id,
                    plan_id=one.plan_id,
                    number=one.number,
                    code=one.code[:60],
                    name=one.name[:200],
                    kind=one.kind[:40],
                    content=one.as_json(),
                )
                for one in missing.values()
            ]
            Terms.objects.bulk_create(sorted(rows, key=lambda row: row.version_id), ignore_conflicts=True)
            self.kept.update(Terms.objects.filter(version_id__in=list(missing)).values_list("version_id", "pk"))
        return self.kept


def accrue(*, actor: Actor, happening: Happening, at: datetime) -> Accrued:
    """Earn what one happening pays; nothing when it was earned before. Raises NoRate when a currency cannot be converted."""
    return accrue_many(actor=actor, happenings=(happening,), at=at)


def accrue_many(*, actor: Actor, happenings: Sequence[Happening], at: datetime) -> Accrued:
    """Earn what many happenings pay, in batches of one transaction each. A happening that was earned before earns nothing more."""
    ordered = sorted(happenings, key=lambda one: (one.event.source_key, str(one.event.partner_id)))
    plans, done = Plans(), Accrued()
    for start in range(0, len(ordered), AT_ONCE):
        with as_system(actor):
            done += _accrue(actor, ordered[start : start + AT_ONCE], plans, at)
    return done


def accrue_what_can(*, actor: Actor, happenings: Sequence[Happening], at: datetime) -> Accrued:
    """As `accrue_many`, but one that is refused (a currency without a rate on its day) keeps nobody else waiting: it is named in `refused`."""
    try:
        with as_system(actor):
            return accrue_many(actor=actor, happenings=happenings, at=at)
    except Refusal:
        done = Accrued()
        for one in happenings:
            done += _one_or_why(actor, one, at)
        return done


def _one_or_why(actor: Actor, happening: Happening, at: datetime) -> Accrued:
    try:
        with as_system(actor):
            return accrue(actor=actor, happening=happening, at=at)
    except Refusal as refusal:
        return Accrued(refused=((happening.about or happening.event.source_key, refusal.message),))


def _accrue(actor: Actor, happenings: Sequence[Happening], plans: Plans, at: datetime) -> Accrued:
    fresh = _write_down(happenings)
    if not fresh:
        return Accrued()
    calculated = _calculate(fresh, plans, at)
    rows = _store(calculated, plans, at)
    book_new(actor, rows, at)
    _announce(rows, at)
    approve_by_rule([row for row in rows if row.state == State.NEW], at)
    return Accrued(events=len(fresh), earning_ids=tuple(row.pk for row in rows))


def _write_down(happenings: Sequence[Happening]) -> list[tuple[Happening, SourceEvent]]:
    """The events that nobody has written down before. A second transaction waits here for the first, and then finds nothing new."""
    drafts = {(one.event.partner_id, one.event.source_key): (one, source_row(one)) for one in happenings}
    ordered = [row for _one, row in drafts.values()]
    SourceEvent.objects.bulk_create(ordered, ignore_conflicts=True)
    ours = set(SourceEvent.objects.filter(pk__in=[row.pk for row in ordered]).values_list("pk", flat=True))
    return [(one, row) for one, row in drafts.values() if row.pk in ours]


def accrue_by_others(actor: Actor, happening: Happening, row: SourceEvent, *, asked: frozenset[UUID], at: datetime) -> tuple[UUID, ...]:
    """What plans pay that had no line for this happening until now; `asked` are those that have. Gives the ids of the lines."""
    plans = Plans()
    others = [plan for plan in plans.of(happening.event) if plan.plan_id not in asked]
    if not others:
        return ()
    lock(*(f"earnings.plan {plan.plan_id}" for plan in others if looks_back(plan)))
    rows = _store(_of_one(happening, row, others, Batch(), at), plans, at)
    book_new(actor, rows, at)
    _announce(rows, at)
    approve_by_rule([line for line in rows if line.state == State.NEW], at)
    return tuple(line.pk for line in rows)


def source_row(happening: Happening, *, revision: int = 0, why: str = "") -> SourceEvent:
    event = happening.event
    return SourceEvent(
        id=new_id(), partner_id=event.partner_id, code=event.code[:40], source_key=event.source_key[:160], source_id=event.source_id,
        customer_id=happening.customer_id, revision=revision, about=happening.about[:200], occurred_on=event.occurred_on,
        payload=event.as_json(), why=why[:500],
    )  # fmt: skip


def _calculate(fresh: Sequence[tuple[Happening, SourceEvent]], plans: Plans, at: datetime) -> list[Calculated]:
    wanted = {plan.plan_id for one, _row in fresh for plan in plans.of(one.event) if looks_back(plan)}
    lock(*(f"earnings.plan {plan_id}" for plan_id in wanted))
    batch, found = Batch(), []
    for one, row in sorted(fresh, key=lambda pair: (pair[0].event.occurred_on, pair[0].event.source_key)):
        found += _of_one(one, row, plans.of(one.event), batch, at)
    return found


def _of_one(one: Happening, row: SourceEvent, plans: Sequence[PlanTerms], batch: Batch, at: datetime) -> list[Calculated]:
    """Every plan's lines for one happening; of plans that exclude each other the best one."""
    if not plans:
        return []
    answered = incentives.with_conditions(plans, one.event, at)
    made: dict[str, list[Calculated]] = {}
    for plan in plans:
        event = event_for(plan, answered, one.customer_id)
        if event is not None:
            spent = spent_of(plan, event, batch)
            made[str(plan.plan_id)] = [Calculated(one, row, plan, event, spent, line) for line in lines_for(plan, event, spent)]
    stand = chosen({key: (items[0].plan, [item.line for item in items]) for key, items in made.items() if items})
    kept = [item for key in stand for item in made[key]]
    for item in kept:
        company = not item.line.line_key.endswith(":rep")
        batch.add(item.plan, item.event, item.line.amount.minor, item.line.basis.minor if company else 0)
    return kept


def _store(calculated: Sequence[Calculated], plans: Plans, at: datetime) -> list[Earning]:
    terms = plans.keep({item.plan.version_id: item.plan for item in calculated}.values())
    rows = [(line_row(item, terms[item.plan.version_id], at), item) for item in calculated]
    alerts = suspicion.alerts_for([(row, item.happening.doubts) for row, item in rows], at)
    for row, _item in rows:
        suspicion.hold_for(row, [alert for alert in alerts if alert.earning_id == row.pk])
    Earning.objects.bulk_create([row for row, _item in rows], ignore_conflicts=True)
    numbers = dict(Earning.objects.filter(pk__in=[row.pk for row, _item in rows]).values_list("pk", "number"))
    stored = [row for row, _item in rows if row.pk in numbers]
    for row in stored:
        row.number = numbers[row.pk]
    suspicion.keep([alert for alert in alerts if alert.earning_id in numbers], at)
    return stored


def line_row(item: Calculated, terms_id: UUID, at: datetime, **more: Any) -> Earning:
    """The line as it is stored; held until the plan's waiting time is over, or because something is not known yet."""
    line, event = item.line, item.event
    until = event.occurred_on + timedelta(days=line.hold_days)
    waits = bool(line.held_for) or until > at.date()
    row = Earning(
        id=new_id(), partner_id=event.partner_id, user_id=line.user_id, program_id=event.program_id, kind=Kind.ACCRUAL,
        state=State.HELD if waits else State.NEW, event=item.row, terms_id=terms_id, plan_id=item.plan.plan_id, line_key=line.line_key[:80],
        source_key=event.source_key[:160], label=line.label[:200], about=item.happening.about[:200], occurred_on=event.occurred_on, earned_on=at.date(),
        amount_minor=line.amount.minor, currency=line.amount.currency, basis_minor=line.basis.minor, basis_currency=line.basis.currency,
        rate=line.rate, capped_by=line.capped_by[:120], points=line.points, steps=[[step.label, step.value] for step in line.steps],
        inputs={"event": event.as_json(), "spent": item.spent.as_json(), "clause": line.clause},
        hold_until=until if until > at.date() else None, hold_reason=line.held_for[:1000], hold_is_manual=bool(line.held_for),
    )  # fmt: skip
    for name, value in more.items():
        setattr(row, name, value)
    return row


def book_new(actor: Actor, rows: Sequence[Earning], at: datetime) -> None:
    """New lines go into the books and the log, by the month in which they happened as long as it is open."""
    by_day: dict[date, list[Earning]] = {}
    for row in rows:
        by_day.setdefault(row.occurred_on, []).append(row)
    for day, found in sorted(by_day.items()):
        book(actor, "earnings.accrued", found, min(day, at.date()), at)
    record_lines(actor, "earning.accrued", [(row, None) for row in rows], at)


def _announce(rows: Sequence[Earning], at: datetime) -> None:
    groups: dict[tuple[UUID, str], list[Earning]] = {}
    for row in rows:
        groups.setdefault((row.partner_id, row.source_key), []).append(row)
    for (partner_id, source_key), found in groups.items():
        held = sum(row.state == State.HELD for row in found)
        publish(EarningsAccrued(partner_id=partner_id, source_key=source_key, earning_ids=tuple(row.pk for row in found), held=held, at=at))


def plain_rate(rate: Decimal | None) -> str | None:
    """A rate as a proof spells it."""
    return None if rate is None else format(rate.normalize(), "f")
