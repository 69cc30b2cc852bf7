"""Return on funds: what requests brought, by partner, program and kind of activity, with the shares behind it (KPIS.md, "MDF return")."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from openprm.deals import queries as deals
from openprm.funds import proof_policies as policies
from openprm.funds.models import FundRequest, RequestLink
from openprm.funds.queries.assumptions import Assumed, assumptions
from openprm.funds.rules.returns import Credit, Deal, Link, Returned, credits, returned
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money
from openprm.kernel.scope import system_scope
from openprm.ledger import services as ledger
from openprm.ledger.rules.allocate import allocate

SENT = ("approved", "claimed", "partial", "reimbursed")
MOST = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """`revenue`, `pipeline`, `margin` and `cost` in the reporting currency; ratios are None where nothing was reimbursed."""

    requests: int
    deals: int
    revenue: Money
    pipeline: Money
    margin: Money
    cost: Money
    multiple: Decimal | None
    roi: Decimal | None
    pipeline_per_unit: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRow:
    key: str
    label: str
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareLine:
    """One request's part of one deal: how the revenue of the deal is shared out."""

    deal_id: UUID
    deal: str
    is_won: bool
    revenue: Money
    request_id: UUID
    request: str
    partner: str
    through: str
    weight: Decimal
    share: Decimal
    credited: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnReport:
    """The cohort of requests approved in [since, until), followed to `as_of`."""

    since: date
    until: date
    as_of: datetime
    currency: str
    total: Figures
    by_partner: tuple[ReturnRow, ...]
    by_program: tuple[ReturnRow, ...]
    by_kind: tuple[ReturnRow, ...]
    shares: tuple[ShareLine, ...]
    assumed: Assumed
    unrated: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkView:
    """A share as the page of a request shows it; `left` is what of the deal no request has."""

    id: UUID
    request_id: UUID
    kind: str
    kind_label: str
    subject_id: UUID
    label: str
    deal_id: UUID | None
    weight: Decimal
    left: Decimal
    note: str
    linked_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnReturn:
    """What a partner reads about its own requests: revenue, and revenue for each unit that we paid. Our margin is ours."""

    deals: int
    revenue: Money
    pipeline: Money
    cost: Money
    multiple: Decimal | None


def links(actor: Actor, request_id: UUID) -> tuple[LinkView, ...]:
    """The links of one request. Raises NotFound for a stranger's request."""
    policies.reach_requests(actor).one(request_id)
    return _link_views(actor, list(policies.reach_links(actor).filter(request=request_id)))


def link(actor: Actor, link_id: UUID) -> LinkView:
    return _link_views(actor, [policies.reach_links(actor).one(link_id)])[0]


def _link_views(actor: Actor, rows: list[RequestLink]) -> tuple[LinkView, ...]:
    given = _given(actor, rows)
    return tuple(
        LinkView(
            id=row.pk, request_id=row.request_id, kind=row.kind, kind_label=str(row.get_kind_display()), subject_id=row.subject_id, label=row.subject_label,
            deal_id=row.deal_id, weight=row.weight, left=max(Decimal(0), 100 - given[row.deal_id or row.subject_id]), note=row.note,
            linked_at=row.linked_at, version=row.version,
        )
        for row in rows
    )  # fmt: skip


def _given(actor: Actor, rows: Iterable[RequestLink]) -> dict[UUID, Decimal]:
    found: dict[UUID, Decimal] = defaultdict(Decimal)
    keys = {row.deal_id or row.subject_id for row in rows}
    for one in policies.reach_links(actor).filter(deal_id__in=keys) | policies.reach_links(actor).filter(deal_id=None, subject_id__in=keys):
        found[one.deal_id or one.subject_id] += one.weight
    return found


def return_report(actor: Actor, *, since: date, until: date, at: datetime) -> ReturnReport:
    """The vendor's report. Queries do not grow with the number of requests."""
    cohort = _Cohort(actor, since, until, at, assumptions())
    rows = cohort.rows
    names = identity.organization_names({one.partner_id for one in rows})
    return ReturnReport(
        since=since,
        until=until,
        as_of=at,
        currency=cohort.currency,
        total=cohort.figures(rows),
        by_partner=cohort.grouped(lambda one: (str(one.partner_id), names.get(one.partner_id, ""))),
        by_program=cohort.grouped(_program),
        by_kind=cohort.by_kind(),
        shares=cohort.shares(names),
        assumed=cohort.terms[None],
        unrated=cohort.unrated,
    )


def own_return(actor: Actor, at: datetime) -> OwnReturn | None:
    """A partner's requests of the last two years, counted as the vendor counts them, without the vendor's margin."""
    if actor.partner_id is None:
        return None
    with system_scope():
        terms = assumptions()
    found = _Cohort(actor, at.date() - timedelta(days=730), at.date() + timedelta(days=1), at, terms).figures()
    return OwnReturn(deals=found.deals, revenue=found.revenue, pipeline=found.pipeline, cost=found.cost, multiple=found.multiple)


def _program(row: FundRequest) -> tuple[str, str]:
    program = row.allocation.program
    return (str(program.pk), program.name) if program else ("", "–")


def _split(minor: int, weights: list[int]) -> tuple[int, ...]:
    return allocate(minor, weights) if any(weights) else (0,) * len(weights)


class _Cohort:
    """The requests of a period with their costs and credits, all in the reporting currency."""

    def __init__(self, actor: Actor, since: date, until: date, at: datetime, terms: Mapping[UUID | None, Assumed]):
        self.actor, self.today, self.currency, self.terms = actor, at.date(), deals.base_currency(), terms
        self.failed: set[str] = set()
        self.rows = self._requests(since, until)
        self.margins = {row.pk: self._terms(row).margin_percent for row in self.rows}
        self.links = self._links()
        self.deals = {one.id: one for one in deals.deals_worth(actor, ids={link.deal_id for link in self.links if link.deal_id})}
        self.credits = self._credits()
        self.cost = {row.pk: self._in_base(row.claimed_minor, row.currency, row.decided_at.date()) for row in self.rows}

    @property
    def unrated(self) -> tuple[str, ...]:
        return tuple(sorted(self.failed))

    def _requests(self, since: date, until: date) -> list[FundRequest]:
        first, end = (datetime.combine(day, time.min, UTC) for day in (since, until))
        rows = policies.reach_requests(self.actor).filter(status__in=SENT, decided_at__gte=first, decided_at__lt=end)
        return list(rows.select_related("allocation__program").prefetch_related("activities__activity_type").order_by("-decided_at")[:MOST])

    def _terms(self, row: FundRequest) -> Assumed:
        return self.terms.get(row.allocation.program_id) or self.terms[None]

    def _links(self) -> list[RequestLink]:
        """Those of the cohort, and all others of the same deals: a deal is shared among all requests, not only those of the period."""
        mine = policies.reach_links(self.actor).filter(request__in=[row.pk for row in self.rows])
        shared = {one.deal_id for one in mine if one.deal_id}
        return list(policies.reach_links(self.actor).filter(deal_id__in=shared).select_related("request"))

    def _credits(self) -> tuple[Credit, ...]:
        known = [Deal(one.id, self._worth(one), one.is_won) for one in self.deals.values() if one.is_won or one.is_open]
        shared = credits((Link(one.request_id, one.deal_id, one.weight) for one in self.links), known)
        spans = {row.pk: self._span(row) for row in self.rows}
        return tuple(one for one in shared if one.request_id in spans and self._counts(one, spans[one.request_id]))

    def _worth(self, deal: Any) -> int:
        if deal.base.currency == self.currency:
            return deal.base.minor
        return self._in_base(deal.amount.minor, deal.amount.currency, deal.closed_on or self.today)

    def _span(self, row: FundRequest) -> tuple[date, date]:
        """From the first day of the request's activities to the end of the window after the last one."""
        days = [(one.starts_on, one.ends_on) for one in row.activities.all()]
        first = min((start for start, _end in days), default=row.decided_at.date())
        last = max((end for _start, end in days), default=row.decided_at.date())
        return first, last + timedelta(days=self._terms(row).window_days)

    def _counts(self, credit: Credit, span: tuple[date, date]) -> bool:
        closed = self.deals[credit.deal_id].closed_on
        return not credit.won or (closed is not None and span[0] <= closed <= span[1])

    def _in_base(self, minor: int, currency: str, on: date) -> int:
        try:
            return ledger.convert(Money(minor, currency), to=self.currency, on=on).money.minor
        except ledger.NoRate:
            self.failed.add(currency)
            return 0

    def figures(self, rows: Iterable[FundRequest] | None = None) -> Figures:
        ids = {row.pk for row in (self.rows if rows is None else rows)}
        found = self._returned((one for one in self.credits if one.request_id in ids), sum(self.cost[one] for one in ids))
        return self._figures(found, len(ids))

    def _returned(self, credits: Iterable[Credit], cost: int) -> Returned:
        return returned(credits, cost=cost, margin_percent=self.margins)

    def _figures(self, found: Returned, requests: int) -> Figures:
        money = {name: Money(getattr(found, name), self.currency) for name in ("revenue", "pipeline", "margin", "cost")}
        return Figures(
            requests=requests, deals=found.deals, multiple=found.multiple, roi=found.roi, pipeline_per_unit=found.pipeline_per_unit, **money
        )  # fmt: skip

    def grouped(self, key: Callable[[FundRequest], tuple[str, str]]) -> tuple[ReturnRow, ...]:
        groups: dict[tuple[str, str], list[FundRequest]] = defaultdict(list)
        for row in self.rows:
            groups[key(row)].append(row)
        found = (ReturnRow(key=one[0], label=one[1], figures=self.figures(rows)) for one, rows in groups.items())
        return tuple(sorted(found, key=lambda one: (-one.figures.revenue.minor, one.label)))

    def by_kind(self) -> tuple[ReturnRow, ...]:
        """A request's credit is shared among its activities by what was approved for each, to the last minor unit."""
        cost: dict[str, int] = defaultdict(int)
        parts: dict[str, list[Credit]] = defaultdict(list)
        asked: dict[str, set[UUID]] = defaultdict(set)
        labels: dict[str, str] = {}
        for row in self.rows:
            activities = [one for one in row.activities.all() if one.approved_minor > 0]
            for one, minor in zip(activities, _split(self.cost[row.pk], [one.claimed_minor for one in activities]), strict=True):
                labels[one.activity_type.code] = one.activity_type.name
                cost[one.activity_type.code] += minor
                asked[one.activity_type.code].add(row.pk)
            weights = [one.approved_minor for one in activities]
            for credit in (one for one in self.credits if one.request_id == row.pk):
                for one, minor in zip(activities, _split(credit.minor, weights), strict=True):
                    parts[one.activity_type.code].append(Credit(credit.request_id, credit.deal_id, credit.share, minor, credit.won))
        found = [
            ReturnRow(key=key, label=label, figures=self._figures(self._returned(parts[key], cost[key]), len(asked[key]))) for key, label in labels.items()
        ]
        return tuple(sorted(found, key=lambda one: (-one.figures.revenue.minor, one.label)))

    def shares(self, names: dict[UUID, str], most: int = 200) -> tuple[ShareLine, ...]:
        """Every credited part, the largest deals first."""
        through: dict[tuple[UUID, UUID], list[RequestLink]] = defaultdict(list)
        for one in self.links:
            through[(one.request_id, one.deal_id)].append(one)
        found = []
        for credit in sorted(self.credits, key=lambda one: -one.minor)[:most]:
            deal, used = self.deals[credit.deal_id], through[(credit.request_id, credit.deal_id)]
            found.append(
                ShareLine(
                    deal_id=deal.id, deal=f"{deal.number} {deal.customer}", is_won=deal.is_won, revenue=Money(self._worth(deal), self.currency),
                    request_id=credit.request_id, request=used[0].request.number, partner=names.get(deal.partner_id, ""),
                    through=", ".join(one.subject_label for one in used), weight=sum((one.weight for one in used), Decimal(0)),
                    share=credit.share / 100, credited=Money(credit.minor, self.currency),
                )
            )  # fmt: skip
        return tuple(found)
