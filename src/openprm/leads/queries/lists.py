"""Lists of leads for both sides, and what waits for whom."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from openprm.kernel.actor import Actor
from openprm.leads import policies
from openprm.leads.models import Lead, LeadPerson, Offer
from openprm.leads.queries.pieces import amount_of, due_of, line_names, shown
from openprm.leads.queries.results import LeadFilters, PartnerLeadRow, Summary, VendorLeadRow, Waiting
from openprm.leads.rules.lifecycle import ASKED, LIVE, READABLE, WAITS_FOR_VENDOR, OfferState, Status
from openprm.leads.wording import closed_label, method_label, offer_label, offer_tone, source_label, status_label, status_tone
from openprm.ui.paging import PageRequest, Slice, slice_of

SORTS = {
    "received": "received_at",
    "number": "number",
    "company": "person__company_name",
    "amount": "base_amount_minor",
    "status": "status",
    "created": "created_at",
}
PARTNER_SORTS = {"offered": "offered_at", "created": "offered_at"}
MOST, CHUNK, WEEKS = 500, 500, 8
SHOWN_STATES = sorted(ASKED | READABLE)


def list_leads(actor: Actor, filters: LeadFilters, page: PageRequest, at: datetime) -> Slice[VendorLeadRow]:
    """One page of the vendor's list. Four queries."""
    found = slice_of(listed(actor, filters), page, order_by=SORTS)
    rows = iter(vendor_rows(actor, found.rows))
    return found.map(lambda _row: next(rows))


def export_leads(actor: Actor, filters: LeadFilters, at: datetime) -> Iterator[VendorLeadRow]:
    """Every matching lead, newest first, read in chunks by key."""
    after: tuple[datetime, UUID] | None = None
    while True:
        rows = listed(actor, filters).order_by("-received_at", "-id")
        if after:
            rows = rows.filter(Q(received_at__lte=after[0]) & (Q(received_at__lt=after[0]) | Q(pk__lt=after[1])))
        chunk = list(rows[:CHUNK])
        yield from vendor_rows(actor, chunk)
        if len(chunk) < CHUNK:
            return
        after = (chunk[-1].received_at, chunk[-1].pk)


def listed(actor: Actor, filters: LeadFilters) -> QuerySet:
    rows = policies.reach(actor).select_related("person", "partner").annotate(due=_due())
    if text := filters.text.strip()[:100]:
        rows = rows.filter(Q(person__search_text__contains=text.upper()) | Q(number__iexact=text))
    wanted = {
        "status__in": filters.status,
        "source__in": filters.source,
        "grade__in": filters.grade,
        "country": filters.country.strip().upper()[:2],
        "account_id": filters.account_id,
        "received_at__gte": _start_of(filters.received_from),
        "received_at__lt": _start_of(filters.received_to + timedelta(days=1)) if filters.received_to else None,
    }
    rows = rows.filter(**{name: value for name, value in wanted.items() if value not in (None, "", ())})
    if filters.partner_id:
        return rows.filter(pk__in=Offer.objects.filter(partner_id=filters.partner_id).values("lead_id"))
    if filters.partner.strip():
        return rows.filter(partner__name__icontains=filters.partner.strip()[:100])
    return rows


def _start_of(day: date | None) -> datetime | None:
    return datetime.combine(day, time.min, tzinfo=UTC) if day else None


def _due() -> Subquery:
    """The next moment by which a partner must act."""
    live = Offer.objects.filter(lead=OuterRef("pk"), state__in=sorted(LIVE)).order_by("-state")
    return Subquery(live.values(when=Coalesce("convert_by", "accept_by", "open_by"))[:1])


def vendor_rows(actor: Actor, rows: Iterable[Lead]) -> list[VendorLeadRow]:
    rows = list(rows)
    lines = line_names(actor, rows)
    return [_vendor_row(row, lines) for row in rows]


def _vendor_row(row: Lead, lines: dict[UUID, str]) -> VendorLeadRow:
    return VendorLeadRow(
        **shown(row, lines),
        company_name=row.person.company_name,
        contact_name=row.person.contact_name,
        contact_email=row.person.contact_email,
        source=row.source,
        source_label=source_label(row.source),
        campaign=row.campaign,
        status=row.status,
        status_label=str(status_label(row.status)),
        status_tone=status_tone(row.status),
        partner_id=row.partner_id,
        partner=row.partner.name if row.partner else "",
        method=row.method,
        method_label=method_label(row.method),
        rounds=row.rounds,
        due_at=row.due if row.status in (Status.OFFERED, Status.ACCEPTED) else None,
        closed_at=row.closed_at,
        closed_label=closed_label(row.closed_reason),
        external_id=row.external_id,
    )


def newest_leads(actor: Actor, filters: LeadFilters) -> QuerySet:
    """For the API's own paging: the rows of `vendor_rows`."""
    return listed(actor, filters).order_by("-created_at", "-id")


# -- the partner's side --------------------------------------------------------------------------


def partner_offers(actor: Actor, *, states: tuple[str, ...] = ()) -> QuerySet:
    """The offers that stand for this partner; what ran out or was refused is history and shows no lead."""
    rows = policies.reach_offers(actor).filter(state__in=states or SHOWN_STATES, lead__in=policies.reach(actor).values("pk"))
    return rows.select_related("lead")


def list_offers(actor: Actor, page: PageRequest, at: datetime, *, states: tuple[str, ...] = ()) -> Slice[PartnerLeadRow]:
    found = slice_of(partner_offers(actor, states=states), page, order_by=PARTNER_SORTS)
    rows = iter(partner_rows(actor, found.rows))
    return found.map(lambda _row: next(rows))


def export_offers(actor: Actor, at: datetime, *, states: tuple[str, ...] = ()) -> Iterator[PartnerLeadRow]:
    yield from partner_rows(actor, partner_offers(actor, states=states).order_by("-offered_at", "-id")[:10_000])


def partner_rows(actor: Actor, offers: Iterable[Offer]) -> list[PartnerLeadRow]:
    """The names come by a read of their own: the database gives those alone that were opened."""
    offers = list(offers)
    lines = line_names(actor, [offer.lead for offer in offers])
    opened = [offer.lead_id for offer in offers if offer.state in READABLE]
    names = dict(LeadPerson.objects.filter(lead_id__in=opened).values_list("lead_id", "company_name")) if opened else {}
    return [_partner_row(offer, lines, names) for offer in offers]


def _partner_row(offer: Offer, lines: dict[UUID, str], names: dict[UUID, str]) -> PartnerLeadRow:
    return PartnerLeadRow(
        **{**shown(offer.lead, lines), "created_at": offer.created_at},
        company_name=names.get(offer.lead_id, ""),
        offer_state=offer.state,
        offer_label=_state_label(offer),
        offer_tone=offer_tone(offer.state) if offer.lead.status not in ("won", "converted") else "ok",
        is_claim=offer.method == "claim",
        asks_you=offer.state in ASKED,
        offered_at=offer.offered_at,
        due_at=None if offer.lead.status == Status.CONVERTED else due_of(offer),
    )


def _state_label(offer: Offer) -> str:
    follows = offer.lead.status in (Status.CONVERTED, Status.WON, Status.LOST)
    return str(status_label(offer.lead.status) if follows else offer_label(offer.state))


def due_offers(actor: Actor, since: datetime, until: datetime, limit: int) -> list[PartnerLeadRow]:
    """What this partner owes between two moments: to open, to answer, to convert. The row's id is the lead's."""
    rows = partner_offers(actor, states=tuple(sorted(LIVE))).annotate(due=Coalesce("convert_by", "accept_by", "open_by"))
    rows = rows.filter(due__gte=since, due__lt=until).exclude(lead__status=Status.CONVERTED)
    return partner_rows(actor, rows.order_by("due", "pk")[:limit])


# -- what waits ----------------------------------------------------------------------------------


def waiting(actor: Actor, at: datetime, limit: int = 50) -> tuple[Waiting, ...]:
    """For a partner the offers that ask it, for the vendor the leads that nobody has. The next due first."""
    if actor.is_partner:
        if not actor.can("leads.work"):
            return ()
        rows = partner_offers(actor, states=tuple(sorted(ASKED))).order_by(Coalesce("accept_by", "open_by"), "pk")[:limit]
        names = {row.id: row.company_name for row in partner_rows(actor, rows)}
        return tuple(_asked(offer, names.get(offer.lead_id, "")) for offer in rows)
    rows = _nobody_has(actor).select_related("person").order_by("received_at", "pk")[:limit]
    return tuple(_left(row) for row in rows)


def waiting_count(actor: Actor) -> int:
    """How many wait for this person, counted up to 500."""
    rows = (partner_offers(actor, states=tuple(sorted(ASKED))) if actor.can("leads.work") else Offer.objects.none()) if actor.is_partner else _nobody_has(actor)
    return rows.order_by().values("pk")[:MOST].count()


def _nobody_has(actor: Actor) -> QuerySet:
    rows = policies.reach(actor)
    return rows.filter(status__in=sorted(WAITS_FOR_VENDOR)) if actor.can("leads.route") else rows.none()


def _asked(offer: Offer, name: str) -> Waiting:
    lead = offer.lead
    return Waiting(
        id=lead.pk,
        number=lead.number,
        title=name or ", ".join(filter(None, (lead.city, lead.country))) or lead.number,
        detail=method_label(offer.method),
        due_at=due_of(offer),
        since=offer.offered_at,
        amount=amount_of(lead),
        can_accept=offer.state == OfferState.OPENED or offer.method == "claim",
    )


def _left(row: Lead) -> Waiting:
    return Waiting(
        id=row.pk,
        number=row.number,
        title=row.person.company_name or row.number,
        detail=row.status_reason or str(status_label(row.status)),
        due_at=None,
        since=row.received_at,
        amount=amount_of(row),
        can_accept=False,
    )


def summary(actor: Actor, at: datetime) -> Summary:
    """The figures of the vendor's home. Two queries."""
    since = at - timedelta(weeks=WEEKS)
    rows = policies.reach(actor)
    counts = dict(rows.values_list("status").annotate(count=Count("pk")).order_by())
    weeks = [0] * WEEKS
    for moment in rows.filter(received_at__gt=since, received_at__lte=at).values_list("received_at", flat=True):
        weeks[min(WEEKS - 1, (moment - since).days // 7)] += 1
    return Summary(
        waiting=sum(counts.get(status.value, 0) for status in WAITS_FOR_VENDOR),
        offered=counts.get("offered", 0),
        accepted=counts.get("accepted", 0),
        converted=counts.get("converted", 0) + counts.get("won", 0),
        declined=counts.get("declined", 0) + counts.get("expired", 0),
        received_by_week=tuple(weeks),
    )


def search(actor: Actor, text: str, limit: int) -> tuple[VendorLeadRow, ...]:
    """Leads by number, company or person; for the vendor's search."""
    if not actor.sees_all_partners:
        return ()
    return tuple(vendor_rows(actor, listed(actor, LeadFilters(text=text)).order_by("-received_at")[:limit]))
