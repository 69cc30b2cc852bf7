"""When what happened turns out otherwise: the same plan versions are asked again, and further lines hold the difference."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from openprm.earnings.models import CreditShare, Earning, SourceEvent
from openprm.earnings.queries.calculation import event_for, latest_event
from openprm.earnings.rules.states import CALCULATED, OPEN, Kind, State
from openprm.earnings.services.accrual import Accrued, Calculated, Happening, accrue, book_new, line_row, source_row
from openprm.earnings.services.review import approve_by_rule
from openprm.earnings.services.unit import as_system, lock
from openprm.incentives.rules.calculate import lines_for
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


def correct(*, actor: Actor, partner_id: UUID, source_key: str, changes: Mapping[str, Any], why: str, at: datetime) -> tuple[UUID, ...]:
    """Calculate a partner's lines of one happening again with other values of the event (fields of EarnEvent), by the plan versions that they
    were earned by. The difference stands in further lines; nothing is edited. Gives their ids. Raises NoRate.
    """
    with as_system(actor):
        lock(f"earnings.source {source_key}")
        last = latest_event(partner_id, source_key)
        if last is None:
            return ()
        event = replace(EarnEvent.from_json(last.payload), **changes)
        if event.as_json() == last.payload:
            return ()
        return _correct(actor, last, event, why, at)


def _correct(actor: Actor, last: SourceEvent, event: EarnEvent, why: str, at: datetime) -> tuple[UUID, ...]:
    happening = Happening(event=event, about=last.about, customer_id=last.customer_id)
    row = source_row(happening, revision=last.revision + 1, why=why)
    row.save(force_insert=True)
    lines = [made for stands in _standing(last.partner_id, last.source_key) if (made := _difference(stands, row, happening, why, at))]
    Earning.objects.bulk_create(lines)
    numbers = dict(Earning.objects.filter(pk__in=[line.pk for line in lines]).values_list("pk", "number"))
    for line in lines:
        line.number = numbers[line.pk]
    book_new(actor, lines, at)
    approve_by_rule([line for line in lines if line.state == State.NEW], at)
    return tuple(line.pk for line in lines)


def _standing(partner_id: UUID, source_key: str) -> list[Stands]:
    rows = Earning.objects.filter(partner=partner_id, source_key=source_key, kind__in=[str(kind) for kind in CALCULATED]).select_related("terms")
    found: dict[tuple[Any, str], Stands] = {}
    for row in rows.order_by("revision", "pk"):
        key = (row.plan_id, row.line_key)
        if row.kind == Kind.ACCRUAL:
            found[key] = Stands(row, row.amount_minor, 0)
        elif key in found:
            known = found[key]
            minor = known.minor + (0 if row.state in GONE else row.amount_minor)
            found[key] = Stands(known.first, minor, max(known.revision, row.revision))
    return [one for one in found.values() if one.first.state not in GONE]


def _difference(stands: Stands, row: SourceEvent, happening: Happening, why: str, at: datetime) -> Earning | None:
    """The line that makes up for what changed; None when the plan pays the same."""
    first = stands.first
    plan, spent = PlanTerms.from_json(first.terms.content), Spent.from_json(first.inputs["spent"])
    event = event_for(plan, replace(happening.event, facts={**happening.event.facts, **_answers(first)}), happening.customer_id)
    made = next((line for line in lines_for(plan, event, spent) if line.line_key == first.line_key), None) if event else None
    event = event or happening.event
    difference = (made.amount.minor if made else 0) - stands.minor
    if not difference:
        return None
    shown = made or _nothing(first)
    item = Calculated(happening, row, plan, event, spent, shown)
    line = line_row(
        item, first.terms_id, at, kind=Kind.CORRECTION, revision=stands.revision + 1, before_minor=stands.minor, amount_minor=difference, corrects=first,
        reason=why[:1000], user_id=first.user_id, occurred_on=at.date(),
    )  # fmt: skip
    line.state, line.hold_until, line.hold_reason, line.hold_is_manual = _waits_with(first)
    return line


def _answers(first: Earning) -> dict[str, Any]:
    """What was answered about the conditions when the line was earned; it counts again."""
    return {name: value for name, value in first.inputs["event"].get("facts", {}).items() if name.startswith("condition:")}


def _waits_with(first: Earning) -> tuple[State, Any, str, bool]:
    """A correction waits as its line waits, and is reviewed with it."""
    if first.state in OPEN:
        return State(first.state), first.hold_until, first.hold_reason, first.hold_is_manual
    return State.NEW, None, "", False


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
