"""Booking usage once per id, crediting it by shares, and closing months for good."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max, Min, Sum
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.deals import queries as deals
from openprm.incentives import policies
from openprm.incentives.events import UsageBooked, UsageMonthClosed
from openprm.incentives.models import MONTH_IS_OPEN, ONE_CLOSED_MONTH, SHARES_IN_CAP, UsageCredit, UsageLine, UsageMonth, UsageShare
from openprm.incentives.rules.usage import Share, credited, first_of, open_month, over_cap, overlaps, shares_in, why_not_close, without
from openprm.incentives.services.unit import text
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if, refused_by
from openprm.kernel.events import publish
from openprm.kernel.money import LARGEST_MINOR, currencies
from openprm.partners import queries as partners

MOST_QUANTITY = Decimal(10) ** 13
MOST_AT_ONCE = 1000


class MonthClosed(Conflict):
    """The month is closed: what is said about it cannot change any more."""


class MonthNotOver(Conflict):
    """The month cannot be closed yet."""


class SharesExceedCap(Invalid):
    """The shares of all partners come to more than 100 per cent in some month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageReport:
    """What a source says of one id: the amount that was used in a month, as it knows it today."""

    source: str
    external_id: str
    customer_key: str
    customer_name: str
    service_month: date
    amount_minor: int
    currency: str
    quantity: Decimal = Decimal(0)
    product_line_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Booked:
    """What became of a report: a new line, a correction, or nothing when the same was told before."""

    line_id: UUID
    outcome: str
    booked_month: date
    corrects: date | None


def report_usage(*, actor: Actor, reports: Sequence[UsageReport], at: datetime) -> tuple[Booked, ...]:
    """Book what sources tell, all or nothing. The same report again books nothing; another amount for the same id books the difference, in
    the first open month when its own is closed.

    Raises NotAllowed, Invalid naming the report (`reports[2].currency`), MonthClosed when a month closes at this moment.
    """
    refuse_if(policies.why_not_book(actor))
    if len(reports) > MOST_AT_ONCE:
        raise Invalid(_("At most %(most)d reports at once; send the rest in a further request.") % {"most": MOST_AT_ONCE}, field="reports")
    lines = {one.id for one in deals.product_lines(SYSTEM)}
    clean = [_clean(place, one, lines, at) for place, one in enumerate(reports)]
    _lock(sorted({f"usage:{one.source}:{one.external_id}" for one in clean}))
    closed = set(UsageMonth.objects.values_list("month", flat=True))
    booked: list[Booked] = []
    with refused_by(MONTH_IS_OPEN, MonthClosed(_("The month was closed just now. Send the report again: it is booked in the next open month."))):
        for place, one in enumerate(clean):
            booked.append(_book(actor, place, one, closed, at))
    return tuple(booked)


def set_share(
    *, actor: Actor, customer_key: str, partner_id: UUID, percent: Decimal, from_month: date, until_month: date | None = None, at: datetime
) -> UUID | None:
    """Credit a partner with a part of a customer's usage for a span of months; zero takes it away. What stood for these months is superseded.

    Raises NotAllowed, NotFound (the partner), Invalid, SharesExceedCap naming the month, MonthClosed (a closed month's shares stay).
    """
    refuse_if(policies.why_not_book(actor))
    key = text("customer_key", customer_key, longest=120)
    partner = partners.partner(actor, partner_id)
    span = _span(percent, from_month, until_month)
    _lock([f"incentives.share:{key}"])
    standing = list(UsageShare.objects.filter(customer_key=key, superseded_at=None))
    touched = [row for row in standing if row.partner_id == partner.id and overlaps(_share(row), *span)]
    kept = [_share(row) for row in standing if row not in touched]
    wanted = [rest for row in touched for rest in without(_share(row), *span)]
    wanted += [Share(partner.id, percent, *span)] if percent else []
    _check_cap([*kept, *wanted])
    with refused_by(SHARES_IN_CAP, SharesExceedCap(_("The shares of this customer come to more than 100 %."), field="percent", code="shares_exceed_cap")):
        row_id = _record_shares(actor, key, touched, wanted, span[0], at)
    audit.record(
        actor, "incentives.share_set", UsageShare.objects.one(row_id) if row_id else touched[0], before={}, refs=(partner.id,), visible_to=(partner.id,), at=at
    ) if row_id or touched else None
    _credit(UsageLine.objects.filter(customer_key=key, service_month__gte=span[0]).exclude(booked_month__in=UsageMonth.objects.values("month")), at)
    return row_id


def close_month(*, actor: Actor, month: date, at: datetime) -> None:
    """Close a month for good: nothing is booked in it any more. Raises NotAllowed, MonthNotOver, MonthClosed."""
    refuse_if(policies.why_not_book(actor))
    month = first_of(month)
    closed = list(UsageMonth.objects.values_list("month", flat=True))
    first_used = UsageLine.objects.aggregate(first=Min("booked_month"))["first"]
    if reason := why_not_close(month, closed=closed, first_used=first_used, today=at.date()):
        raise MonthNotOver(reason, field="month")
    row = UsageMonth(month=month, closed_at=at, closed_by_name=actor.name)
    with refused_by(ONE_CLOSED_MONTH, MonthClosed(_("%(month)s was closed just now.") % {"month": f"{month:%Y-%m}"})):
        row.save(force_insert=True)
    audit.record(actor, "incentives.month_closed", row, before={}, at=at)
    publish(UsageMonthClosed(month=month, at=at))


def _book(actor: Actor, place: int, one: UsageReport, closed: set[date], at: datetime) -> Booked:
    earlier = UsageLine.objects.filter(source=one.source, external_id=one.external_id)
    last = earlier.order_by("-revision").first()
    if last is not None:
        _refuse_other(place, one, last)
    told = earlier.aggregate(amount=Sum("amount_minor"), quantity=Sum("quantity"))
    amount, quantity = one.amount_minor - (told["amount"] or 0), one.quantity - (told["quantity"] or 0)
    if last is not None and not amount and not quantity:
        return Booked(last.pk, "same", last.booked_month, last.corrects)
    line = UsageLine(
        source=one.source, external_id=one.external_id, revision=last.revision + 1 if last else 1, customer_key=one.customer_key,
        customer_name=one.customer_name, product_line_id=one.product_line_id, service_month=one.service_month,
        booked_month=open_month(one.service_month, closed), quantity=quantity, amount_minor=amount, currency=one.currency, booked_at=at,
    )  # fmt: skip
    line.save(force_insert=True)
    audit.record(actor, "incentives.usage_booked", line, before={}, refs=(line.pk,), at=at)
    _credit([line], at)
    return Booked(line.pk, "corrected" if last else "booked", line.booked_month, line.corrects)


def _credit(lines: Iterable[UsageLine], at: datetime) -> None:
    """Give each partner what the shares of today say, less what it was given before: new rows only, each told once."""
    for line in lines:
        shares = shares_in([_share(row) for row in UsageShare.objects.filter(customer_key=line.customer_key, superseded_at=None)], line.service_month)
        given = {row["partner_id"]: row for row in line.credits.values("partner_id").annotate(minor=Sum("amount_minor"), last=Max("revision"))}
        wanted = credited(line.amount_minor, shares)
        for partner_id in sorted({*wanted, *given}):
            difference = wanted.get(partner_id, 0) - given.get(partner_id, {}).get("minor", 0)
            if difference:
                _save_credit(line, partner_id, difference, shares.get(partner_id, Decimal(0)), given.get(partner_id, {}).get("last", 0) + 1, at)


def _save_credit(line: UsageLine, partner_id: UUID, minor: int, percent: Decimal, revision: int, at: datetime) -> None:
    row = UsageCredit(
        line=line, partner_id=partner_id, revision=revision, percent=percent, amount_minor=minor, currency=line.currency, service_month=line.service_month,
        booked_month=line.booked_month, customer_name=line.customer_name, booked_at=at,
    )  # fmt: skip
    row.save(force_insert=True)
    publish(
        UsageBooked(
            credit_id=row.pk,
            line_id=line.pk,
            partner_id=partner_id,
            customer_key=line.customer_key,
            customer_name=line.customer_name,
            product_line_id=line.product_line_id,
            service_month=line.service_month,
            booked_month=line.booked_month,
            percent=str(percent),
            amount_minor=minor,
            currency=line.currency,
            at=at,
        )
    )


def _record_shares(actor: Actor, key: str, touched: list[UsageShare], wanted: list[Share], month: date, at: datetime) -> UUID | None:
    UsageShare.objects.filter(pk__in=[row.pk for row in touched]).update(superseded_at=at)
    made = None
    for one in wanted:
        row = UsageShare(customer_key=key, recorded_at=at, recorded_by_name=actor.name, **_columns(one))
        row.save(force_insert=True)
        made = row.pk if one.from_month == month else made
    with connection.cursor() as cursor:
        cursor.execute("set constraints shares_in_cap immediate; set constraints shares_in_cap deferred")
    return made


def _columns(one: Share) -> dict[str, Any]:
    return {"partner_id": one.partner_id, "percent": one.percent, "from_month": one.from_month, "until_month": one.until_month}


def _share(row: UsageShare) -> Share:
    return Share(row.partner_id, row.percent, row.from_month, row.until_month)


def _check_cap(shares: list[Share]) -> None:
    if found := over_cap(shares):
        month, total = found
        raise SharesExceedCap(
            _("In %(month)s the shares of this customer would come to %(total)s %%. All partners together have at most 100 %%.")
            % {"month": f"{month:%Y-%m}", "total": f"{total.normalize():f}"},
            field="percent", code="shares_exceed_cap",
        )  # fmt: skip


def _span(percent: Decimal, from_month: date, until_month: date | None) -> tuple[date, date | None]:
    if not percent.is_finite() or not 0 <= percent <= 100 or percent != percent.quantize(Decimal("0.0001")):
        raise Invalid(_("A share is between 0 and 100 per cent, with at most four decimal places."), field="percent")
    if from_month.day != 1 or (until_month and until_month.day != 1):
        raise Invalid(_("Shares go by whole months: name the first day of the month."), field="from_month" if from_month.day != 1 else "until_month")
    if until_month and until_month < from_month:
        raise Invalid(_("The last month lies before the first."), field="until_month")
    last = UsageMonth.objects.aggregate(last=Max("month"))["last"]
    if last and from_month <= last:
        raise MonthClosed(
            _("%(month)s is closed, and its shares stay. Begin in a later month.") % {"month": f"{last:%Y-%m}"}, field="from_month", code="immutable_allocation"
        )
    return from_month, until_month


def _clean(place: int, one: UsageReport, lines: set[UUID], at: datetime) -> UsageReport:
    def where(name: str) -> str:
        return f"reports[{place}].{name}"

    words = {
        name: text(where(name), getattr(one, name), longest=most)
        for name, most in (("source", 60), ("external_id", 120), ("customer_key", 120), ("customer_name", 200))
    }
    if one.currency not in currencies():
        raise Invalid(_("“%(code)s” is not a currency code. Use three letters, for example EUR.") % {"code": str(one.currency)[:10]}, field=where("currency"))
    if abs(one.amount_minor) > LARGEST_MINOR:
        raise Invalid(_("This amount is too large. Check the number of digits."), field=where("amount_minor"))
    if not one.quantity.is_finite() or abs(one.quantity) >= MOST_QUANTITY:
        raise Invalid(_("This quantity is too large. Check the number of digits."), field=where("quantity"))
    if first_of(one.service_month) > first_of(at.date()):
        raise Invalid(_("%(month)s has not begun yet.") % {"month": f"{one.service_month:%Y-%m}"}, field=where("service_month"))
    if one.product_line_id and one.product_line_id not in lines:
        raise Invalid(_("There is no such product line."), field=where("product_line_id"))
    quantity = one.quantity.quantize(Decimal("0.000001"))
    return UsageReport(
        **words, service_month=first_of(one.service_month), amount_minor=one.amount_minor, currency=one.currency, quantity=quantity,
        product_line_id=one.product_line_id,
    )  # fmt: skip


def _refuse_other(place: int, one: UsageReport, last: UsageLine) -> None:
    """An id stays with its customer, month and currency; only its amount can be told anew."""
    said: Mapping[str, Any] = {"customer_key": one.customer_key, "service_month": one.service_month, "currency": one.currency}
    moved = next((name for name, value in said.items() if getattr(last, name) != value), None)
    if moved:
        raise Invalid(
            _("%(id)s was booked with another %(what)s (%(before)s). Use a new id, and report 0 for the old one.")
            % {"id": one.external_id, "what": moved.replace("_", " "), "before": getattr(last, moved)},
            field=f"reports[{place}].{moved}",
        )


def _lock(names: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
