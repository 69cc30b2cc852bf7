"""Lists of engagements: pages, exports, the pipeline. Amounts and members are read with what the reader may know."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from openprm.cosell import policies
from openprm.cosell.models import Engagement
from openprm.cosell.queries.pieces import names_of, stage_label, state_words, type_words
from openprm.cosell.queries.results import EngagementRow, Filters, PipelineRow
from openprm.cosell.rules.lifecycle import GROUP, OPEN
from openprm.cosell.rules.words import Group
from openprm.cosell.wording import INVOLVEMENT, ROLE
from openprm.deals import queries as deals
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money
from openprm.ui.paging import PageRequest, Slice, slice_of

SORTS = {"created": "created_at", "opened": "opened_at", "number": "number", "customer": "customer_name", "close": "expected_close_date", "state": "state"}
CHUNK = 300
MOST_ON_PIPELINE = 1000


def engagements(actor: Actor, filters: Filters, page: PageRequest, at: datetime) -> Slice[EngagementRow]:
    """One page; a known number of queries, however many rows."""
    found = slice_of(listed(actor, filters), page, order_by=SORTS)
    rows = iter(rows_of(actor, found.rows))
    return found.map(lambda _row: next(rows))


def export_engagements(actor: Actor, filters: Filters, at: datetime) -> Iterator[EngagementRow]:
    """Every matching row, the newest first, read in chunks."""
    ids = list(listed(actor, filters).order_by("-created_at", "-id").values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        chunk = {row.pk: row for row in policies.reach(actor).filter(pk__in=ids[start : start + CHUNK])}
        yield from rows_of(actor, [chunk[one] for one in ids[start : start + CHUNK] if one in chunk])


def listed(actor: Actor, filters: Filters) -> QuerySet:
    rows = policies.reach(actor)
    if filters.group:
        rows = rows.filter(state__in=[str(state) for state, group in GROUP.items() if group == filters.group])
    wanted = {
        "state__in": filters.states,
        "deal_type__in": filters.deal_types,
        "stage__in": filters.stages,
        "expected_close_date__gte": filters.closes_from,
        "expected_close_date__lte": filters.closes_to,
        "search_text__contains": filters.text.strip()[:100].upper(),
    }
    rows = rows.filter(**{name: value for name, value in wanted.items() if value not in (None, "", ())})
    return rows.filter(pk__in=policies.reach_members(actor).filter(contact_id=actor.user_id).values("engagement_id")) if filters.mine else rows


def rows_of(actor: Actor, rows: Iterable[Engagement]) -> list[EngagementRow]:
    rows = list(rows)
    known = _Known(actor, [row.pk for row in rows])
    return [_row(actor, row, known) for row in rows]


class _Known:
    """What the reader may know of several engagements: members, amounts, the last next step. Five queries."""

    def __init__(self, actor: Actor, ids: list[UUID]):
        self.members: dict[UUID, list[Any]] = {}
        for member in policies.reach_members(actor).filter(engagement_id__in=ids, left_at=None).order_by("-is_host", "joined_at", "pk"):
            self.members.setdefault(member.engagement_id, []).append(member)
        self.names = names_of({member.party_id for found in self.members.values() for member in found})
        self.details = {detail.engagement_id: detail for detail in policies.reach_details(actor).filter(engagement_id__in=ids)}
        steps = policies.reach_next_steps(actor).filter(engagement_id__in=ids).order_by("engagement_id", "-at").distinct("engagement_id")
        self.steps = {step.engagement_id: step.text for step in steps}
        self.parties = set(policies.parties_of(actor))

    def amount(self, engagement_id: UUID) -> Money | None:
        detail = self.details.get(engagement_id)
        return Money(detail.amount_minor, detail.currency) if detail else None

    def own(self, engagement_id: UUID) -> Any:
        return next((one for one in self.members.get(engagement_id, ()) if one.party_id in self.parties), None)

    def member_names(self, engagement_id: UUID) -> tuple[str, ...]:
        return tuple(self.names.get(one.party_id, "") for one in self.members.get(engagement_id, ()))


def _row(actor: Actor, row: Engagement, known: _Known) -> EngagementRow:
    own = known.own(row.pk)
    return EngagementRow(
        id=row.pk,
        number=row.number,
        title=row.title,
        customer_name=row.customer_name,
        customer_country=row.customer_country,
        **type_words(row),
        **state_words(row),
        stage=row.stage,
        stage_label=stage_label(row.stage),
        expected_close_date=row.expected_close_date,
        amount=known.amount(row.pk),
        host=known.names.get(row.host_id, ""),
        members=known.member_names(row.pk),
        role_label=str(ROLE.get(own.role, "")) if own else "",
        involvement_label=str(INVOLVEMENT.get(own.involvement, "")) if own else "",
        level="full" if row.pk in known.details else "limited",
        next_step=known.steps.get(row.pk, ""),
        registration_id=row.registration_id if row.pk in known.details else None,
        opened_at=row.opened_at,
        created_at=row.created_at,
        version=row.version,
    )


def of_registration(actor: Actor, registration_id: UUID) -> list[EngagementRow]:
    """The engagements on one registration that the reader takes part in."""
    return rows_of(actor, policies.reach(actor).filter(registration_id=registration_id).order_by("-created_at")[:10])


def of_partner(actor: Actor, partner_id: UUID, most: int) -> list[EngagementRow]:
    """The newest engagements that the reader shares with a partner and may know it to be in."""
    inside = policies.reach_members(actor).filter(party_id=partner_id, left_at=None).values("engagement_id")
    return rows_of(actor, policies.reach(actor).filter(pk__in=inside).order_by("-created_at")[:most])


def pipeline_rows(actor: Actor, *, state: str = "open", at: datetime) -> tuple[PipelineRow, ...]:
    """The engagements for the shared pipeline page: "open", "closed" or "all" of those the reader takes part in, by expected close.
    The amount is None where its view is limited; members are those that it may know of."""
    rows = policies.reach(actor)
    if state != "all":
        rows = rows.filter(state__in=[str(one) for one in OPEN]) if state == "open" else rows.exclude(state__in=[str(one) for one in OPEN])
    found = list(rows.order_by("expected_close_date", "pk")[:MOST_ON_PIPELINE])
    known = _Known(actor, [row.pk for row in found])
    mine = _own_registrations(actor, {row.registration_id for row in found if row.registration_id})
    page = "cosell:engagement" if actor.is_vendor else "cosell:portal_engagement"
    return tuple(
        PipelineRow(
            id=row.pk,
            number=row.number,
            title=row.title,
            customer_name=row.customer_name,
            customer_country=row.customer_country,
            deal_type=row.deal_type,
            state=row.state,
            group=str(state_words(row)["group"]),
            stage=row.stage,
            expected_close_date=row.expected_close_date,
            amount=known.amount(row.pk),
            host=known.names.get(row.host_id, ""),
            members=known.member_names(row.pk),
            registration_id=row.registration_id if row.registration_id in mine else None,
            url=reverse(page, args=[row.pk]),
            version=row.version,
        )
        for row in found
    )


def _own_registrations(actor: Actor, ids: set[UUID]) -> set[UUID]:
    """Those of the registrations that the reader can open itself."""
    if not ids or not actor.can("deals.view"):
        return set()
    return set(deals.listed(actor, deals.Filters(ids=tuple(ids))).values_list("pk", flat=True))


def open_count(actor: Actor) -> int:
    return policies.reach(actor).filter(state__in=[str(one) for one in OPEN]).count()


def group_counts(actor: Actor) -> dict[str, int]:
    """How many engagements are new, active and closed for this reader."""
    counts = dict.fromkeys((str(group) for group in Group), 0)
    for state in policies.reach(actor).values_list("state", flat=True):
        counts[str(state_words(Engagement(state=state))["group"])] += 1
    return counts
