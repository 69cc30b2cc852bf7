"""The chain of a customer's deals: the first one, what renewed it, grew from it or was split from it; and the renewals ahead."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from openprm.deals import policies
from openprm.deals.models import Line, ProductLine, Registration, Renewal
from openprm.deals.queries.boards import base_currency
from openprm.deals.queries.pieces import amount_of, line_names, status_words
from openprm.deals.rules.draft import LineDraft, RegistrationDraft
from openprm.deals.rules.lifecycle import DealType, Status
from openprm.deals.rules.renewals import Right, State
from openprm.deals.wording import DEAL_TYPE, RELATION, RENEWAL_STATE
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money
from openprm.ui.paging import PageRequest, Slice, slice_of

CHAIN_AT_MOST = 50
RENEWAL_SORTS = {"ends": "term_ends_on", "customer": "registration__customer_name", "amount": "registration__base_amount_minor"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainLink:
    """One deal of a chain. `relation` first, new, expansion, renewal, cross_sell or split."""

    id: UUID
    number: str
    title: str
    relation: str
    relation_label: str
    follows_id: UUID | None
    status: str
    status_label: str
    status_tone: str
    amount: Money
    base_amount_minor: int
    product_lines: str
    submitted_at: datetime | None
    closed_at: datetime | None
    term_ends_on: date | None
    is_this: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalView:
    id: UUID
    registration_id: UUID
    number: str
    title: str
    customer: str
    partner_id: UUID
    partner: str
    amount: Money
    product_lines: str
    term_ends_on: date
    days_left: int
    right: str
    first_right_until: datetime | None
    state: str
    state_label: str
    state_tone: str
    clause: str
    clause_text: str
    registered_id: UUID | None
    registered_number: str
    can_register: bool
    why_not_decline: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """What was won in a time, by kind. Sourced revenue is new business and its growth: a renewal renews what was sourced before."""

    new: Money
    expansion: Money
    cross_sell: Money
    renewal: Money
    sourced: Money
    deals: int
    renewals: int


def chain(actor: Actor, registration_id: UUID, *, root_id: UUID | None = None) -> tuple[ChainLink, ...]:
    """The deals of one chain that this person can see, the oldest first; empty for a deal that stands alone. Raises NotFound."""
    root = root_id or life_of(actor, registration_id).root_id
    rows = list(policies.reach(actor).filter(Q(pk=root) | Q(first_deal_id=root)).exclude(status=Status.DRAFT).order_by("created_at", "id")[:CHAIN_AT_MOST])
    if len(rows) < 2:
        return ()
    about = line_names(one.pk for one in rows)
    ends = _term_ends(rows)
    return tuple(_link(one, registration_id, about.get(one.pk, ""), ends.get(one.pk)) for one in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What can follow a deal, and the deal its chain began with."""

    root_id: UUID
    status: str
    why_not_amend: str | None
    can_be_followed: bool
    product_lines: int


def life_of(actor: Actor, registration_id: UUID) -> Life:
    """One query. Raises NotFound."""
    row = policies.reach(actor).annotate(product_lines=Count("lines__product_line_id", distinct=True)).one(registration_id)
    return Life(
        root_id=row.first_deal_id or row.pk,
        status=row.status,
        why_not_amend=policies.why_not_amend(actor, row),
        can_be_followed=row.status in (Status.APPROVED, Status.CLOSED_WON),
        product_lines=row.product_lines,
    )


def _term_ends(rows: list[Registration]) -> dict[UUID, date]:
    found: dict[UUID, date] = {}
    lines = Line.objects.filter(registration__in=[row.pk for row in rows], term_ends_on__isnull=False).order_by("-term_ends_on")
    for registration_id, ends in lines.values_list("registration_id", "term_ends_on"):
        found[registration_id] = ends
    return found


def _link(row: Registration, this: UUID, about: str, ends: date | None) -> ChainLink:
    words = status_words(row)
    relation = "split" if row.split_from_id else str(row.deal_type) if row.first_deal_id else "first"
    return ChainLink(
        id=row.pk,
        number=row.number,
        title=row.title,
        relation=relation,
        relation_label=str(RELATION.get(relation) or DEAL_TYPE[DealType(row.deal_type)]),
        follows_id=row.split_from_id or row.follows_id,
        status=row.status,
        status_label=words["status_label"],
        status_tone=words["status_tone"],
        amount=amount_of(row),
        base_amount_minor=row.base_amount_minor,
        product_lines=about,
        submitted_at=row.submitted_at,
        closed_at=row.closed_at,
        term_ends_on=ends,
        is_this=row.pk == this,
    )


def follow_up_draft(actor: Actor, registration_id: UUID, kind: str, at: datetime) -> RegistrationDraft:
    """What a form for the next deal with the same customer begins with: the customer, the contact, and for a renewal the lines. Raises NotFound."""
    row = policies.reach(actor).filter(status__in=(Status.APPROVED, Status.CLOSED_WON)).one(registration_id)
    lines = tuple(
        LineDraft(product_id=line.product_id, quantity=line.quantity, amount_minor=line.amount_minor, term_months=line.term_months)
        for line in row.lines.select_related("product")
        if line.product.is_active and kind == DealType.RENEWAL
    )
    ends = min((line.term_ends_on for line in row.lines.all() if line.term_ends_on), default=None)
    names = ("customer_name", "customer_domain", "customer_country", "customer_city", "contact_name", "contact_email", "contact_phone", "contact_title")
    return RegistrationDraft(
        **{name: getattr(row, name) for name in names},
        title=f"{row.customer_name}, {DEAL_TYPE[DealType(kind)]}"[:160],
        lines=lines,
        currency=row.currency,
        deal_type=DealType(kind).value,
        expected_close_date=ends if ends and ends >= at.date() and kind == DealType.RENEWAL else None,
        territory_id=row.territory_id,
        program_id=row.program_id,
        follows_id=row.pk,
    )


def renewals(
    actor: Actor, page: PageRequest, *, text: str = "", state: tuple[str, ...] = (), partner_id: UUID | None = None, at: datetime
) -> Slice[RenewalView]:
    """One page of the renewals this person can see."""
    found = slice_of(listed_renewals(actor, text=text, state=state, partner_id=partner_id), page, order_by=RENEWAL_SORTS)
    views = iter(renewal_views(actor, list(found.rows), at))
    return found.map(lambda _row: next(views))


def listed_renewals(actor: Actor, *, text: str = "", state: tuple[str, ...] = (), partner_id: UUID | None = None) -> QuerySet:
    rows = policies.reach_renewals(actor).select_related("registration", "partner")
    wanted = {"state__in": state, "partner_id": partner_id, "registration__search_text__contains": text.strip()[:100].upper()}
    return rows.filter(**{name: value for name, value in wanted.items() if value not in (None, "", ())})


def export_renewals(actor: Actor, *, text: str = "", state: tuple[str, ...] = (), at: datetime) -> Iterator[RenewalView]:
    rows = list(listed_renewals(actor, text=text, state=state).order_by("term_ends_on", "id")[:10_000])
    yield from renewal_views(actor, rows, at)


def renewal(actor: Actor, renewal_id: UUID, at: datetime) -> RenewalView:
    """Raises NotFound."""
    return renewal_views(actor, [listed_renewals(actor).one(renewal_id)], at)[0]


def renewals_of(actor: Actor, registration_id: UUID, at: datetime) -> tuple[RenewalView, ...]:
    """The renewals of one deal, the next end first."""
    return tuple(renewal_views(actor, list(listed_renewals(actor).filter(registration_id=registration_id).order_by("-term_ends_on")), at))


def renewal_views(actor: Actor, rows: list[Renewal], at: datetime) -> list[RenewalView]:
    """Three queries, however many rows."""
    names = dict(ProductLine.objects.filter(pk__in={line_id for row in rows for line_id in row.product_line_ids}).values_list("pk", "name"))
    followed = policies.reach(actor).filter(follows_id__in=[row.registration_id for row in rows], deal_type=DealType.RENEWAL)
    next_deals = {one.follows_id: one for one in followed.exclude(status__in=(Status.CANCELED, Status.WITHDRAWN, Status.REJECTED)).order_by("created_at")}
    return [_renewal(actor, row, names, next_deals.get(row.registration_id), at) for row in rows]


def _renewal(actor: Actor, row: Renewal, names: dict[UUID, str], following: Registration | None, at: datetime) -> RenewalView:
    label, tone = RENEWAL_STATE[State(row.state)]
    deal = row.registration
    return RenewalView(
        id=row.pk,
        registration_id=deal.pk,
        number=deal.number,
        title=deal.title,
        customer=deal.customer_name,
        partner_id=row.partner_id,
        partner=row.partner.name,
        amount=amount_of(deal),
        product_lines=", ".join(names[line_id] for line_id in row.product_line_ids if line_id in names),
        term_ends_on=row.term_ends_on,
        days_left=(row.term_ends_on - at.date()).days,
        right=row.right,
        first_right_until=row.first_right_until if row.right == Right.INCUMBENT else None,
        state=row.state,
        state_label=str(label),
        state_tone=tone,
        clause=row.clause,
        clause_text=row.clause_text,
        registered_id=following.pk if following else None,
        registered_number=following.number if following else "",
        can_register=row.state == State.OPEN and following is None and actor.is_partner and actor.can("deals.register"),
        why_not_decline=policies.why_not_decline_renewal(actor, row),
    )


def open_renewal_count(actor: Actor) -> int:
    return policies.reach_renewals(actor).filter(state=State.OPEN).count()


def sourced(actor: Actor, *, since: datetime, until: datetime, partner_id: UUID | None = None) -> Sourced:
    """What was won in [since, until), in the reporting currency, by kind of deal. One query."""
    rows = policies.reach_in(actor, Status.CLOSED_WON).filter(closed_at__gte=since, closed_at__lt=until)
    rows = rows.filter(partner_id=partner_id) if partner_id else rows
    found = {kind: (total or 0, count) for kind, total, count in rows.order_by().values_list("deal_type").annotate(t=Sum("base_amount_minor"), n=Count("pk"))}
    minor = {kind: found.get(kind.value, (0, 0))[0] for kind in DealType}
    counts = {kind: found.get(kind.value, (0, 0))[1] for kind in DealType}
    money = {kind: Money(value, base_currency()) for kind, value in minor.items()}
    return Sourced(
        new=money[DealType.NEW],
        expansion=money[DealType.EXPANSION],
        cross_sell=money[DealType.CROSS_SELL],
        renewal=money[DealType.RENEWAL],
        sourced=Money(sum(value for kind, value in minor.items() if kind != DealType.RENEWAL), base_currency()),
        deals=sum(count for kind, count in counts.items() if kind != DealType.RENEWAL),
        renewals=counts[DealType.RENEWAL],
    )
