"""When what happened turns out otherwise: the same plan versions are asked again, and further lines hold the difference."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.earnings.models import Alert, CreditShare, Earning, SourceEvent
from openprm.earnings.queries.calculation import event_for, latest_event
from openprm.earnings.rules.states import CALCULATED, OPEN, AlertState, Kind, State
from openprm.earnings.services.accrual import Accrued, Calculated, Happening, accrue, accrue_by_others, book_new, line_row, source_row
from openprm.earnings.services.review import approve_by_rule, strike
from openprm.earnings.services.unit import as_system, lock
from openprm.incentives.rules.calculate import UNKNOWN, lines_for
from openprm.incentives.rules.model import EarnEvent, PlanLine, PlanTerms, Spent
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.money import Money

GONE = {State.DECLINED, State.CLAWED_BACK, State.FORFEITED}


@dataclass(frozen=True, slots=True)
class Stands:
    """One line as it stands now: the accrual, what its corrections made of it, and their number."""

    first: Earning
    minor: int
    revision: int


@dataclass
class PlanStands:
    """What one plan has paid for one happening: its lines by key. Keys that were declined or taken back stay closed."""

    lines: dict[str, Stands] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)

    @property
    def first(self) -> Earning:
        return next(iter(self.lines.values())).first


@dataclass(frozen=True, slots=True)
class Changed:
    """A happening as it turned out to be, with the row that says so."""

    happening: Happening
    row: SourceEvent
    why: str
    at: datetime


def correct(
    *, actor: Actor, partner_id: UUID, source_key: str, changes: Mapping[str, Any], why: str, doubts: Mapping[str, Any] | None = None, at: datetime
) -> tuple[UUID, ...]:
    """Calculate a partner's lines of one happening again with other values of the event (fields of EarnEvent; `facts` are added), by the plan
    versions that they were earned by. The difference stands in further lines; nothing is edited. A plan that paid nothing until now is asked
    too, and so is a band that is reached now. Gives the ids of the new lines. Raises NoRate.
    """
    with as_system(actor):
        lock(f"earnings.source {source_key}")
        last = latest_event(partner_id, source_key)
        if last is None:
            return ()
        known = EarnEvent.from_json(last.payload)
        event = replace(known, **{**changes, "facts": {**known.facts, **changes.get("facts", {})}})
        if event.as_json() == last.payload:
            return ()
        return _correct(actor, last, event, doubts or {}, why, at)


def _correct(actor: Actor, last: SourceEvent, event: EarnEvent, doubts: Mapping[str, Any], why: str, at: datetime) -> tuple[UUID, ...]:
    happening = Happening(event=event, about=last.about, customer_id=last.customer_id, doubts=doubts)
    row = source_row(happening, revision=last.revision + 1, why=why)
    row.save(force_insert=True)
    changed = Changed(happening, row, why, at)
    standing = _standing(last.partner_id, last.source_key)
    lines = [made for stands in standing.values() if stands.lines for made in _differences(stands, changed)]
    Earning.objects.bulk_create(lines)
    numbers = dict(Earning.objects.filter(pk__in=[line.pk for line in lines]).values_list("pk", "number"))
    for line in lines:
        line.number = numbers[line.pk]
    book_new(actor, lines, at)
    _settle_unknown(actor, standing.values(), lines, at)
    approve_by_rule([line for line in lines if line.state == State.NEW], at)
    further = accrue_by_others(actor, happening, row, asked=frozenset(standing), at=at)
    return (*(line.pk for line in lines), *further)


def _standing(partner_id: UUID, source_key: str) -> dict[UUID, PlanStands]:
    rows = Earning.objects.filter(partner=partner_id, source_key=source_key, kind__in=[str(kind) for kind in CALCULATED]).select_related("terms")
    found: dict[UUID, PlanStands] = {}
    for row in rows.order_by("revision", "pk"):
        plan = found.setdefault(row.plan_id, PlanStands())
        if row.kind == Kind.ACCRUAL and row.state in GONE:
            plan.closed.add(row.line_key)
        elif row.kind == Kind.ACCRUAL:
            plan.lines[row.line_key] = Stands(row, row.amount_minor, 0)
        elif row.line_key in plan.lines:
            known = plan.lines[row.line_key]
            minor = known.minor + (0 if row.state in GONE else row.amount_minor)
            plan.lines[row.line_key] = Stands(known.first, minor, max(known.revision, row.revision))
    return found


def _differences(stands: PlanStands, changed: Changed) -> list[Earning]:
    """The lines that make up for what changed, band by band and for company and rep; none when the plan pays the same."""
    first = stands.first
    plan, spent = PlanTerms.from_json(first.terms.content), Spent.from_json(first.inputs["spent"])
    happened = changed.happening
    event = event_for(plan, replace(happened.event, facts={**happened.event.facts, **_answers(first)}), happened.customer_id)
    made = {line.line_key: line for line in lines_for(plan, event, spent)} if event else {}
    base = Calculated(happened, changed.row, plan, event or happened.event, spent, _nothing(first))
    found = [_difference(one, replace(base, line=made.get(key) or _nothing(one.first)), changed) for key, one in stands.lines.items()]
    fresh = [line for key, line in made.items() if key not in stands.lines and key not in stands.closed and key != UNKNOWN]
    return [*(one for one in found if one), *(_further(first, replace(base, line=line), changed) for line in fresh)]


def _difference(stands: Stands, item: Calculated, changed: Changed) -> Earning | None:
    """The line that makes up for what changed; None when it is the same."""
    first, difference = stands.first, item.line.amount.minor - stands.minor
    if not difference:
        return None
    line = line_row(
        item, first.terms_id, changed.at, kind=Kind.CORRECTION, revision=stands.revision + 1, before_minor=stands.minor, amount_minor=difference,
        corrects=first, reason=changed.why[:1000], user_id=first.user_id, occurred_on=changed.at.date(),
    )  # fmt: skip
    return _wait_with(first, line)


def _further(first: Earning, item: Calculated, changed: Changed) -> Earning:
    """A line that was not there before: a band that is reached now, or an amount that is known now."""
    line = line_row(item, first.terms_id, changed.at, reason=changed.why[:1000])
    if first.line_key != UNKNOWN:
        return _wait_with(first, line)
    if Alert.objects.filter(earning=first).exclude(state=AlertState.DISMISSED).exists():
        return _wait_with(first, line)
    return line


def _settle_unknown(actor: Actor, standing: Iterable[PlanStands], lines: Sequence[Earning], at: datetime) -> None:
    """Lines that waited for an amount end where others carry it."""
    for plan in standing:
        waited = plan.lines.get(UNKNOWN)
        told = [line.number for line in lines if waited and line.plan_id == waited.first.plan_id]
        if waited and told:
            strike(actor, [waited.first], State.DECLINED, _("What was not known was told: see %(numbers)s.") % {"numbers": ", ".join(told)}, at)


def _answers(first: Earning) -> dict[str, Any]:
    """What was answered about the conditions when the line was earned; it counts again."""
    return {name: value for name, value in first.inputs["event"].get("facts", {}).items() if name.startswith("condition:")}


def _wait_with(first: Earning, line: Earning) -> Earning:
    """A correction waits as its line waits, and is reviewed with it."""
    waits = first.state in OPEN
    line.state, line.hold_until = (State(first.state), first.hold_until) if waits else (State.NEW, None)
    line.hold_reason, line.hold_is_manual = (first.hold_reason, first.hold_is_manual) if waits else ("", False)
    return line


def _nothing(first: Earning) -> PlanLine:
    currency = first.currency
    return PlanLine(
        line_key=first.line_key, label=first.label, recipient="user" if first.user_id else "partner", user_id=first.user_id, amount=Money(0, currency),
        basis=Money(0, first.basis_currency or currency), rate=None,
    )  # fmt: skip


def set_share(*, source_key: str, holder_id: UUID, to_partner_id: UUID, percent: int, reason: str, other: Happening | None, at: datetime) -> Accrued:
    """Give `percent` of a deal's credit to another partner: the holder's lines shrink by correction lines, the other earns its part.

    `other` is the deal as a happening of the other partner, when it is won already. Safe to repeat.
    """
    lock(f"earnings.source {source_key}")
    points = max(0, min(100, percent)) * 100
    _share(source_key, to_partner_id, points, reason, at)
    _share(source_key, holder_id, 10000 - points, reason, at)
    share = Decimal(10000 - points) / 10000
    correct(actor=SYSTEM, partner_id=holder_id, source_key=source_key, changes={"credited_share": share}, why=reason, at=at)
    if other is None:
        return Accrued()
    event = replace(other.event, credited_share=Decimal(points) / 10000, facts={**other.event.facts, "credit_only": True})
    if latest_event(to_partner_id, source_key) is not None:
        changed = correct(actor=SYSTEM, partner_id=to_partner_id, source_key=source_key, changes={"credited_share": event.credited_share}, why=reason, at=at)
        return Accrued(earning_ids=changed)
    return accrue(actor=SYSTEM, happening=replace(other, event=event), at=at)


def _share(source_key: str, partner_id: UUID, points: int, reason: str, at: datetime) -> None:
    values = {"basis_points": points, "reason": reason[:200], "decided_at": at}
    CreditShare.objects.update_or_create(source_key=source_key[:160], partner_id=partner_id, defaults=values)
