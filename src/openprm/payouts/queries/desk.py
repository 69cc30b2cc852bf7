"""The desk: what is due over all sources, what can be paid, and that the books say the same."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Avg, DurationField, ExpressionWrapper, F, Sum

from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.kernel.money import Money
from openprm.kernel.scope import system_scope
from openprm.ledger import queries as books
from openprm.payouts import policies
from openprm.payouts.models import Item, Payout
from openprm.payouts.queries.due import due_lines, sources
from openprm.payouts.queries.results import Balance, Desk, Difference, DueRow, Liability, Missing
from openprm.payouts.queries.standing import Facts, Hold, carried, facts_of, standing
from openprm.payouts.rules.netting import Bundle, Due, bundles, differences, totals, why_carried
from openprm.payouts.rules.states import ON_THE_WAY, Pay

FAR = date(9999, 12, 31)
YEAR = 365


def desk(actor: Actor, at: datetime) -> Desk:
    """Everything on the desk. Raises NotFound for anybody but the vendor's people."""
    if not actor.sees_all_partners or not actor.can("payouts.view"):
        raise NotFound()
    with system_scope():
        lines = due_lines(at=at)
        labels = {source.code: str(source.label) for source in sources()}
        rows = _rows(lines, labels, at)
        owed, booked = _owed(lines), _booked()
        pending = totals((currency, minor) for (_partner, currency), minor in owed.items())
        due = totals((line.currency, line.amount_minor) for line in lines)
        wrong = differences(owed, booked)
        names = identity.organization_names(partner_id for partner_id, *_rest in wrong)
    return Desk(
        rows=rows,
        liabilities=_liabilities(owed, booked),
        differences=tuple(
            Difference(partner_id=key, partner=names.get(key, ""), desk=Money(ours, currency), books=Money(theirs, currency))
            for key, currency, ours, theirs in wrong
        ),
        by_source=tuple(
            (labels[code], Money(minor, currency))
            for code in labels
            for currency, minor in totals((line.currency, line.amount_minor) for line in lines if line.source == code).items()
        ),
        paid_this_year=paid_since(actor, year_start(at)),
        in_runs=_moneys({currency: pending.get(currency, 0) - due.get(currency, 0) for currency in due | pending}),
        pending=_moneys(pending),
        in_flight=_moneys(_sums(policies.reach_payouts(actor).filter(state__in=ON_THE_WAY))),
        average_days=average_days(actor, at),
        year_starts=year_start(at),
        why_not_prepare=policies.why_not_prepare(actor),
    )


def year_start(at: datetime) -> date:
    """The first day of the fiscal year, which is the calendar year."""
    return date(at.year, 1, 1)


def _rows(lines: Iterable[Due], labels: dict[str, str], at: datetime) -> tuple[DueRow, ...]:
    found = bundles(lines, at.date())
    facts = facts_of((one.partner_id for one in found), at)
    return tuple(sorted((_row(facts, one, labels) for one in found), key=lambda row: (row.can_pay, row.partner, row.money.currency)))


def _row(facts: Facts, bundle: Bundle, labels: dict[str, str]) -> DueRow:
    why = _why(facts, bundle)
    return DueRow(
        partner_id=bundle.partner_id, partner=facts.names.get(bundle.partner_id, ""), money=Money(bundle.total, bundle.currency), lines=len(bundle.lines),
        since=bundle.since, sources=tuple(dict.fromkeys(labels.get(line.source, line.source) for line in bundle.lines)),
        source_codes=tuple(dict.fromkeys(line.source for line in bundle.lines)), forfeits_on=bundle.forfeits_on, code=why.code if why else "",
        reason=why.reason if why else "", cure=why.cure if why else "", is_carried=bool(why and why.code in ("minimum", "negative")),
    )  # fmt: skip


def _why(facts: Facts, bundle: Bundle) -> Hold | None:
    money, minimum = Money(bundle.total, bundle.currency), facts.minimum(bundle.currency)
    if code := why_carried(bundle, minimum):
        return carried(code, money, minimum)
    found = standing(facts, bundle.partner_id, money)
    return found if isinstance(found, Hold) else None


def _owed(lines: Iterable[Due]) -> dict[tuple[UUID, str], int]:
    """What the desk owes: due, and in runs that are not sent yet."""
    found: dict[tuple[UUID, str], int] = {}
    for line in lines:
        key = (line.partner_id, line.currency)
        found[key] = found.get(key, 0) + line.amount_minor
    rows = Item.objects.filter(live=True, payout__state=Pay.PENDING).values_list("partner_id", "currency").annotate(minor=Sum("amount_minor"))
    for partner_id, currency, minor in rows:
        found[partner_id, currency] = found.get((partner_id, currency), 0) + minor
    return {key: minor for key, minor in found.items() if minor}


def _booked() -> dict[tuple[UUID, str], int]:
    rows = books.balances("partner.payable")
    return {(owner, currency): -minor for (owner, _subject, currency), minor in rows.items() if owner and minor}


def _liabilities(owed: dict[tuple[UUID, str], int], booked: dict[tuple[UUID, str], int]) -> tuple[Liability, ...]:
    ours = totals((currency, minor) for (_partner, currency), minor in owed.items())
    theirs = totals((currency, minor) for (_partner, currency), minor in booked.items())
    return tuple(
        Liability(desk=Money(ours.get(code, 0), code), books=Money(theirs.get(code, 0), code)) for code in sorted(ours.keys() | theirs.keys())
    )  # fmt: skip


def paid_since(actor: Actor, day: date) -> tuple[Money, ...]:
    return _moneys(_sums(policies.reach_payouts(actor).filter(state=Pay.COMPLETED, completed_at__date__gte=day)))


def average_days(actor: Actor, at: datetime) -> float | None:
    """From the oldest approval in a payment to its arrival, over the payments of the last twelve months."""
    took = ExpressionWrapper(F("completed_at") - F("approved_since"), output_field=DurationField())
    rows = policies.reach_payouts(actor).filter(state=Pay.COMPLETED, completed_at__gte=at.replace(year=at.year - 1, day=min(at.day, 28)))
    found = rows.aggregate(mean=Avg(took))["mean"]
    return None if found is None else round(found.total_seconds() / 86400, 1)


def balance(actor: Actor, at: datetime) -> Balance:
    """A partner's own money. Raises NotFound for anybody who is no partner."""
    if actor.partner_id is None or not actor.can("payouts.view"):
        raise NotFound()
    with system_scope():
        lines = due_lines([actor.partner_id], at=at)
        today = bundles(lines, at.date())
        facts = facts_of([actor.partner_id], at)
        waiting = tuple(_missing(facts, one) for one in today)
        later = totals((line.currency, line.amount_minor) for line in lines if line.payable_from > at.date() and line.amount_minor > 0)
    return Balance(
        waiting=waiting, coming=_moneys(later), on_the_way=_moneys(_sums(policies.reach_payouts(actor).filter(state__in=ON_THE_WAY))),
        paid_this_year=paid_since(actor, year_start(at)),
    )  # fmt: skip


def _missing(facts: Facts, bundle: Bundle) -> Missing:
    why = _why(facts, bundle)
    return Missing(
        money=Money(bundle.total, bundle.currency), reason=why.reason if why else "", cure=why.cure if why else "", can_pay=why is None,
        forfeits_on=bundle.forfeits_on,
        is_carried=bool(why and why.code in ("minimum", "negative")),
    )  # fmt: skip


def _sums(rows) -> dict[str, int]:
    return dict(rows.values_list("currency").annotate(minor=Sum("amount_minor")).order_by("currency"))


def _moneys(sums: dict[str, int]) -> tuple[Money, ...]:
    return tuple(Money(minor, currency) for currency, minor in sums.items() if minor)


def days_to_cash(payout: Payout) -> float | None:
    if not payout.completed_at:
        return None
    return round((payout.completed_at - payout.approved_since).total_seconds() / 86400, 1)
