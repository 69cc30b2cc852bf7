"""The statement of a month: sealed once the month is over, with every line, its rule version, its inputs and the digest of its proof."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from openprm.earnings.events import StatementSealed
from openprm.earnings.models import Earning, Statement
from openprm.earnings.queries.proofs import proof_of
from openprm.earnings.rules.months import first_of, next_month, previous_month
from openprm.earnings.rules.proof import digest
from openprm.earnings.rules.states import State
from openprm.earnings.services.unit import record
from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM
from openprm.kernel.events import publish

STRUCK = ("declined", "clawed_back")


def seal_month(*, month: date, at: datetime) -> int:
    """Seal the statements of a month that is over, one for each partner and currency with lines; gives how many are new. Safe to repeat."""
    month = first_of(month)
    if at.date() < next_month(month):
        return 0
    known = set(Statement.objects.filter(month=month).values_list("partner_id", "currency"))
    wanted = set(_touched(month).values_list("partner_id", "currency")) - known
    return sum(_seal(partner_id, currency, month, at) for partner_id, currency in sorted(wanted, key=str))


def seal_last_month(*, at: datetime) -> int:
    return seal_month(month=previous_month(at.date()), at=at)


def _touched(month: date) -> Any:
    """Lines that were earned, paid, struck or forfeited in the month."""
    span = (month, next_month(month) - timedelta(days=1))
    moved = Q(earned_on__range=span) | Q(paid_at__date__range=span) | Q(state__in=STRUCK, decided_at__date__range=span)
    return Earning.objects.filter(moved | Q(state=State.FORFEITED, forfeits_on__range=span)).distinct()


def _seal(partner_id: UUID, currency: str, month: date, at: datetime) -> bool:
    until = next_month(month)
    rows = list(
        Earning.objects.filter(partner_id=partner_id, currency=currency, earned_on__lt=until)
        .select_related("terms", "event", "user", "corrects")
        .order_by("earned_on", "number")
    )
    earned = [row for row in rows if row.earned_on >= month and not _gone_before(row, until)]
    struck = [row for row in rows if _gone_before(row, until) and (row.earned_on >= month or not _gone_before(row, month))]
    paid = [row for row in rows if row.paid_at and month <= row.paid_at.date() < until]
    before = [row for row in rows if row.earned_on < month and not _gone_before(row, month)]
    opening = _sum(before) - _sum(row for row in before if row.paid_at and row.paid_at.date() < month)
    moved = [*(row.amount_minor for row in earned), *(-row.amount_minor for row in struck if row.earned_on < month)]
    returned, opening = _returned(partner_id, currency, month, opening)
    plus, minus, out = sum(one for one in moved if one > 0), -sum(one for one in moved if one < 0), _sum(paid) - returned
    content = {
        "partner": identity.organization(SYSTEM, partner_id).name, "partner_id": str(partner_id), "vendor": identity.vendor_organization().name,
        "month": month.isoformat(), "currency": currency, "sealed_at": at.isoformat(), "opening_minor": opening, "earned_minor": plus,
        "taken_back_minor": minus, "paid_minor": out, "closing_minor": opening + plus - minus - out,
        "lines": [_line(row) for row in earned], "struck": [_line(row) for row in struck],
        "returned_minor": returned,
        "paid": [{"number": row.number, "label": row.label, "amount_minor": row.amount_minor, "paid_on": row.paid_at.date().isoformat()} for row in paid],
    }  # fmt: skip
    statement = Statement(
        partner_id=partner_id, month=month, currency=currency, opening_minor=opening, earned_minor=plus, taken_back_minor=minus, paid_minor=out,
        closing_minor=content["closing_minor"], lines=len(earned), content=content, sha256=digest(content), sealed_at=at,
    )  # fmt: skip
    statement.save(force_insert=True)
    record(SYSTEM, "earning.statement_sealed", statement, at, after={}, data={"sha256": statement.sha256, "month": month.isoformat(), "currency": currency})
    publish(StatementSealed(statement_id=statement.pk, partner_id=partner_id, month=month.isoformat(), at=at))
    return True


def _gone_before(row: Earning, day: date) -> bool:
    """Whether a line had been declined, taken back or forfeited by then: it counts from the month in which that happened."""
    if row.state == State.FORFEITED:
        return row.forfeits_on is not None and row.forfeits_on < day
    return row.state in STRUCK and row.decided_at is not None and row.decided_at.date() < day


def _returned(partner_id: UUID, currency: str, month: date, opening: int) -> tuple[int, int]:
    """(what was paid by an earlier statement and came back, the balance with which the month opens: that with which the last one closed)."""
    last = Statement.objects.filter(partner_id=partner_id, currency=currency, month__lt=month).order_by("-month").first()
    return (opening - last.closing_minor, last.closing_minor) if last else (0, opening)


def _sum(rows: Iterable[Earning]) -> int:
    return sum(row.amount_minor for row in rows)


def _line(row: Earning) -> dict[str, Any]:
    event = row.inputs.get("event", {}) if row.inputs else {}
    return {
        "number": row.number, "occurred_on": row.occurred_on.isoformat(), "label": row.label, "about": row.about, "kind": row.kind, "state": row.state,
        "plan": row.terms.name if row.terms else "", "plan_code": row.terms.code if row.terms else "", "plan_number": row.terms.number if row.terms else None,
        "clause": row.inputs.get("clause", "") if row.inputs else "", "basis_minor": row.basis_minor, "basis_currency": row.basis_currency,
        "rate": format(row.rate.normalize(), "f") if row.rate is not None else None, "amount_minor": row.amount_minor, "reason": row.reason,
        "steps": row.steps, "credited_share": event.get("credited_share"), "fx_rate": event.get("facts", {}).get("fx_rate"),
        "for": row.user.name if row.user else "", "proof_sha256": proof_of(row)["sha256"],
    }  # fmt: skip
