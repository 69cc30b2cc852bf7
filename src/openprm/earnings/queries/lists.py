"""Lists of lines: pages, exports, sums."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse

from openprm.earnings import policies
from openprm.earnings.models import Alert, Earning
from openprm.earnings.queries.results import EarnedMonth, Figures, Filters, NextForfeiture, PartnerLineRow, PayableEarning, VendorLineRow
from openprm.earnings.rules.states import OPEN, State
from openprm.earnings.wording import EVENT, KIND, STATE
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money
from openprm.ui.paging import PageRequest, Slice, slice_of

SORTS = {
    "created": "created_at",
    "number": "number",
    "amount": "amount_minor",
    "occurred": "occurred_on",
    "earned": "earned_on",
    "state": "state",
    "label": "label",
}
CHUNK = 500


def earnings(actor: Actor, filters: Filters, page: PageRequest) -> Slice:
    """One page; a known number of queries, however many rows."""
    found = slice_of(listed(actor, filters), page, order_by=SORTS)
    rows = iter(rows_of(actor, found.rows))
    return found.map(lambda _row: next(rows))


def export_earnings(actor: Actor, filters: Filters) -> Iterator[Any]:
    """Every matching line, the newest first, read in chunks."""
    ids = list(listed(actor, filters).order_by("-created_at", "-id").values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        chunk = {row.pk: row for row in _with(policies.reach(actor).filter(pk__in=ids[start : start + CHUNK]))}
        yield from rows_of(actor, [chunk[one] for one in ids[start : start + CHUNK] if one in chunk])


def listed(actor: Actor, filters: Filters) -> QuerySet:
    wanted = {
        "state__in": filters.states, "kind__in": filters.kinds, "event__code__in": filters.events, "partner": filters.partner_id, "plan_id": filters.plan_id,
        "program_id": filters.program_id, "earned_on__gte": filters.earned_from, "earned_on__lte": filters.earned_to, "pk__in": filters.ids,
    }  # fmt: skip
    rows = _with(policies.reach(actor)).filter(**{name: value for name, value in wanted.items() if value not in (None, "", ())})
    if filters.alerted:
        rows = rows.filter(pk__in=policies.reach_alerts(actor).filter(state="open").values("earning_id"))
    text = filters.text.strip()[:100]
    return rows.filter(Q(number__iexact=text) | Q(label__icontains=text) | Q(about__icontains=text)) if text else rows


def _with(rows: QuerySet) -> QuerySet:
    return rows.select_related("partner", "user", "event", "terms")


def rows_of(actor: Actor, rows: Iterable[Earning]) -> list[Any]:
    rows = list(rows)
    if not actor.sees_all_partners:
        return [PartnerLineRow(**_common(row)) for row in rows]
    alerts = dict(Alert.objects.filter(earning__in=[row.pk for row in rows], state="open").values_list("earning_id").annotate(n=Count("pk")))
    return [
        VendorLineRow(
            **_common(row), partner_id=row.partner_id, partner=row.partner.name, event_label=str(EVENT[row.event.code if row.event else "manual"]),
            open_alerts=alerts.get(row.pk, 0),
        )
        for row in rows
    ]  # fmt: skip


def _common(row: Earning) -> dict[str, Any]:
    label, tone = STATE[State(row.state)]
    return {
        "id": row.pk, "number": row.number, "kind": str(row.kind), "kind_label": str(KIND[row.kind]), "state": str(row.state), "state_label": str(label),
        "state_tone": tone, "label": row.label, "about": row.about, "amount": Money(row.amount_minor, row.currency),
        "points": format(row.points.normalize(), "f") if row.points is not None else "", "occurred_on": row.occurred_on, "earned_on": row.earned_on,
        "person": row.user.name if row.user else "", "user_id": row.user_id, "plan_id": row.plan_id, "hold_until": row.hold_until,
        "hold_reason": row.hold_reason, "reason": row.reason, "payable_from": row.payable_from, "paid_at": row.paid_at, "created_at": row.created_at,
        "version": row.version,
    }  # fmt: skip


def figures(actor: Actor, at: datetime, *, partner_id: UUID | None = None) -> list[Figures]:
    """Sums by currency of what this actor can see, the largest currency first. Two queries."""
    rows = policies.reach(actor)
    rows = rows.filter(partner=partner_id) if partner_id else rows
    year = Q(state=State.PAID, paid_at__year=at.year)
    owed = Q(state__in=[State.APPROVED.value, State.IN_PAYOUT.value])
    sums = rows.values("currency").annotate(
        to_review=Sum("amount_minor", filter=Q(state=State.NEW)), held=Sum("amount_minor", filter=Q(state=State.HELD)), owed=Sum("amount_minor", filter=owed),
        paid=Sum("amount_minor", filter=year), waiting=Count("pk", filter=Q(state=State.NEW)), n=Count("pk"),
    )  # fmt: skip
    alerts = policies.reach_alerts(actor).filter(state="open")
    open_alerts = (alerts.filter(partner=partner_id) if partner_id else alerts).count() if actor.sees_all_partners else 0
    return [
        Figures(
            currency=row["currency"], to_review=row["to_review"] or 0, held=row["held"] or 0, owed=row["owed"] or 0, paid_this_year=row["paid"] or 0,
            lines_to_review=row["waiting"], open_alerts=open_alerts,
        )
        for row in sums.order_by("-n", "currency")
    ]  # fmt: skip


def waiting_count(actor: Actor) -> int:
    """Lines that wait for a person of finance: new ones, and those with an open alert."""
    if not actor.can("earnings.review"):
        return 0
    alerted = Alert.objects.filter(state="open").values("earning_id")
    return policies.reach(actor).filter(Q(state=State.NEW) | Q(state__in=[one.value for one in OPEN], pk__in=alerted)).count()


def payable(*, partner_ids: Iterable[UUID] | None = None) -> list[PayableEarning]:
    """Every approved line that is in no live payout. In the system's scope."""
    rows = Earning.objects.filter(state=State.APPROVED).exclude(amount_minor=0)
    rows = rows.filter(partner__in=list(partner_ids)) if partner_ids is not None else rows
    return [
        PayableEarning(
            id=row.pk, source="earnings", number=row.number, partner_id=row.partner_id, user_id=row.user_id, money=Money(row.amount_minor, row.currency),
            approved_at=row.approved_at, payable_from=row.payable_from, about=row.about or row.label, url=reverse("earnings:earning", args=[row.pk]),
            forfeits_on=row.forfeits_on,
        )
        for row in rows.order_by("approved_at", "pk")
    ]  # fmt: skip


def monthly(actor: Actor, *, since: date, until: date) -> tuple[EarnedMonth, ...]:
    """The actor's own lines by month, program, deal and currency, `until` not included; declined and struck ones do not count."""
    sums: dict[tuple[Any, ...], list[int]] = {}
    rows = policies.reach(actor).exclude(state__in=[State.DECLINED.value, State.CLAWED_BACK.value]).select_related("event")
    for row in rows.filter(Q(earned_on__gte=since, earned_on__lt=until) | Q(paid_at__date__gte=since, paid_at__date__lt=until)):
        deal = row.event.source_id if row.event and row.event.code in ("deal_won", "deal_registered") else None
        if since <= row.earned_on < until:
            _add(sums, (row.earned_on.replace(day=1), row.program_id, deal, row.currency), 0, row.amount_minor)
        if row.paid_at and since <= row.paid_at.date() < until:
            _add(sums, (row.paid_at.date().replace(day=1), row.program_id, deal, row.currency), 1, row.amount_minor)
    ordered = sorted(sums.items(), key=lambda item: tuple(map(str, item[0])))
    return tuple(
        EarnedMonth(month=month, program_id=program, deal_id=deal, currency=currency, earned_minor=earned, paid_minor=paid)
        for (month, program, deal, currency), (earned, paid) in ordered
    )


def _add(sums: dict[tuple[Any, ...], list[int]], key: tuple[Any, ...], place: int, minor: int) -> None:
    sums.setdefault(key, [0, 0])[place] += minor


def plan_choices(actor: Actor) -> tuple[tuple[str, str], ...]:
    """Plans that this actor has lines of."""
    rows = policies.reach(actor).filter(plan_id__isnull=False).order_by("terms__name").values_list("plan_id", "terms__name").distinct()
    return tuple({str(plan): name for plan, name in rows}.items())


def of_source(actor: Actor, source_id: UUID) -> list[Any]:
    """The lines that one deal or lead earned, as far as this actor sees them."""
    return rows_of(actor, _with(policies.reach(actor).filter(event__source_id=source_id)).order_by("-created_at")[:12])


def next_forfeiture(actor: Actor) -> NextForfeiture | None:
    """The day, the money and the cure of what is forfeited first, once it was warned of."""
    warned = policies.reach_warnings(actor).filter(earning__in=policies.reach(actor).filter(state=State.APPROVED)).order_by("forfeits_on", "-sent_at")
    first = warned.first()
    if first is None:
        return None
    rows = policies.reach(actor).filter(state=State.APPROVED, forfeits_on=first.forfeits_on)
    totals = rows.values("currency").annotate(total=Sum("amount_minor")).order_by("-total")
    return NextForfeiture(on=first.forfeits_on, money=tuple(Money(row["total"], row["currency"]) for row in totals), cure=first.cure)
