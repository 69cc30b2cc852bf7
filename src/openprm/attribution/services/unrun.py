"""Decided deals that no run holds yet, judged by the rules in force: lent to analysis beside the runs, never written.

A partner is lent the deals that it has a part in, of runs too, and of each its own part alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from openprm.attribution.models import Configuration, Credit, Month, Result, Touch
from openprm.attribution.queries.reading import deal_of, judged_of
from openprm.attribution.rules import journeys
from openprm.attribution.rules.journeys import Judged, outcome_of
from openprm.attribution.rules.months import first_of, span
from openprm.attribution.rules.words import USUAL_MODEL, Counts, Outcome
from openprm.attribution.services.collecting import BEGINNING
from openprm.attribution.services.computing import Reading, settled
from openprm.attribution.services.judging import Judge
from openprm.attribution.services.unit import as_system
from openprm.deals import queries as deals
from openprm.deals.queries import DecidedDeal
from openprm.kernel.actor import Actor
from openprm.kernel.clock import now

FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
READS = (
    "deals_registration", "deals_opportunity", "accounts_account", "attribution_touch", "attribution_month", "attribution_result", "attribution_configuration",
    "rulebook_ruleversion", "rulebook_ruleset",
)  # fmt: skip
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lent:
    """A decided deal with what counts for it and who is credited with how much; `base_minor` None where no rate was known."""

    deal: journeys.Deal
    number: str
    customer: str
    base_minor: int | None
    currency: str
    judged: tuple[Judged, ...]
    credit: dict[UUID, int]
    in_run: bool
    is_locked: bool = False


def rows(actor: Actor) -> Iterator[Row]:
    """One row for each deal and partner with a part in it, in the order of `datasets.UNRUN`; one without a partner for a deal that nobody has a part in."""
    mine = frozenset(actor.partner_ids) if actor.is_partner else None
    with as_system():
        found = [*_in_runs(mine), *_in_no_run(mine)] if mine is not None else _in_no_run(None)
    for one in (one for one in found if mine is None or _counts_for(mine, one.judged)):
        yield from _rows(one, mine)


def _in_no_run(mine: frozenset[UUID] | None) -> list[Lent]:
    """What was decided in months that are not locked and is not in their standing runs."""
    held = Result.objects.filter(run__in=Month.objects.values("run"))
    facts = [one for since, until in _open_spans() for one in deals.decided_deals(since=since, until=until, but=held)]
    facts = facts if mine is None else _near(facts, mine)
    by_id = {one.id: one for one in facts}
    return [_of_settled(by_id[one.deal.id], one) for one in _settled(facts)]


def _near(facts: list[DecidedDeal], mine: frozenset[UUID]) -> list[DecidedDeal]:
    """Those that a touch of these partners may stand before."""
    touched = Touch.objects.filter(partner__in=mine)
    ids = {*touched.filter(about__isnull=False).values_list("about", flat=True), *_led(touched)}
    customers = set(touched.filter(account__isnull=False).values_list("account", flat=True))
    return [one for one in facts if one.id in ids or one.account_id in customers]


def _led(touched: QuerySet) -> QuerySet:
    """Deals that came from a lead or an engagement of these touches."""
    return Touch.objects.filter(via__in=touched.filter(via__isnull=False).values("via"), about__isnull=False).values_list("about", flat=True)


def _settled(facts: list[DecidedDeal]) -> Iterator[journeys.Settled]:
    """With all touches that are known, by the rules and the configuration in force."""
    if facts:
        configuration = Configuration.objects.order_by("-number").first() or Configuration(model=USUAL_MODEL)
        reading = Reading(month=first_of(now().date()), at=FOREVER, configuration=configuration, facts=tuple(facts))
        yield from (one for batch in settled(reading, Judge(now()), facts) for one in batch)


def _open_spans() -> Iterator[tuple[datetime, datetime]]:
    """The time that no locked month covers."""
    start = BEGINNING
    for month in Month.objects.filter(locked_at__isnull=False).order_by("month").values_list("month", flat=True):
        first, until = span(month)
        if start < first:
            yield start, first
        start = until
    yield start, FOREVER


def _of_settled(fact: DecidedDeal, one: journeys.Settled) -> Lent:
    return Lent(
        deal=one.deal, number=fact.number, customer=fact.customer, base_minor=_booked(fact.base.minor, fact.amount.minor), currency=fact.base.currency,
        judged=one.judged, credit={part.partner_id: part.minor for part in one.parts}, in_run=False,
    )  # fmt: skip


def _booked(base: int, amount: int) -> int | None:
    """The booked amount; None where the deal has an amount that no rate was known for."""
    return None if amount and not base else base


def _in_runs(mine: frozenset[UUID]) -> list[Lent]:
    """The deals of standing runs for which something that these partners did counts."""
    months = {row.run_id: row for row in Month.objects.select_related("run")}
    touched = Touch.objects.filter(partner__in=mine)
    abouts = touched.filter(about__isnull=False).values("about")
    customers = touched.filter(account__isnull=False).values("account")
    near = Q(deal_id__in=abouts) | Q(account__in=customers) | Q(deal_id__in=_led(touched))
    results = Result.objects.filter(near, run__in=list(months))
    own = [(row, judged) for row in results if _counts_for(mine, judged := judged_of(row.judged))]
    credit: dict[UUID, dict[UUID, int]] = {}
    for row in Credit.objects.filter(result__in=[row.pk for row, _judged in own], partner__in=mine):
        credit.setdefault(row.result_id, {})[row.partner_id] = row.credit_minor
    return [_of_result(row, judged, credit.get(row.pk, {}), months[row.run_id]) for row, judged in own]


def _counts_for(mine: frozenset[UUID], judged: Sequence[Judged]) -> bool:
    return any(one.is_qualified and one.touch.partner_id in mine for one in judged)


def _of_result(row: Result, judged: tuple[Judged, ...], credit: dict[UUID, int], month: Month) -> Lent:
    return Lent(
        deal=deal_of(row), number=row.number, customer=row.customer, base_minor=_booked(row.base_minor, row.amount_minor), currency=month.run.currency,
        judged=judged, credit=credit, in_run=True, is_locked=month.locked_at is not None,
    )  # fmt: skip


def _rows(one: Lent, mine: frozenset[UUID] | None) -> Iterator[Row]:
    source, parts = source_of(one.judged), [part for part in _parts(one) if mine is None or part[0] in mine]
    if mine is None:
        outcome, owner = str(outcome_of(one.judged)), source or _owner(one)
    else:
        source = source if source in mine else None
        outcome, owner = str(Outcome.SOURCED if source else Outcome.INFLUENCED), source or next(part[0] for part in parts if part[2])
    deal = one.deal
    head = (
        _month(deal.closed_at), deal.kind, str(deal.id), one.number, one.customer, _text(deal.account_id), _text(deal.program_id), deal.deal_type, _text(owner),
        _text(source), deal.opened_at, deal.closed_at, deal.is_won, outcome, one.base_minor, one.currency, one.in_run, one.is_locked,
    )  # fmt: skip
    for place, part in enumerate(parts or [(None, False, False, False, 0)]):
        yield (*head, place == 0, _text(part[0]), *part[1:])


def source_of(judged: Sequence[Judged]) -> UUID | None:
    """The one partner that sourced a deal: the first whose touch counts as its introduction."""
    return next((one.touch.partner_id for one in judged if one.counts == Counts.INTRODUCTION), None)


def _owner(one: Lent) -> UUID | None:
    """The partner a deal is counted for where it is counted once: the most credited, else the first that counts."""
    if one.credit:
        return min(one.credit, key=lambda partner: (-one.credit[partner], partner))
    return next((judged.touch.partner_id for judged in one.judged if judged.is_qualified), None)


def _parts(one: Lent) -> list[tuple[UUID, bool, bool, bool, int]]:
    """Each partner with whether it introduced the deal, counts for it, or only claimed it too late; and its credit."""
    found = []
    for partner in dict.fromkeys(judged.touch.partner_id for judged in one.judged if judged.counts != Counts.NOTHING):
        counts = {judged.counts for judged in one.judged if judged.touch.partner_id == partner}
        counted = bool(counts & {Counts.INTRODUCTION, Counts.INFLUENCE})
        found.append((partner, Counts.INTRODUCTION in counts, counted, not counted, one.credit.get(partner, 0)))
    return found


def _month(moment: datetime) -> date:
    return moment.astimezone(UTC).date().replace(day=1)


def _text(one: Any) -> str | None:
    return None if one is None else str(one)
