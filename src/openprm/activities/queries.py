"""Reads of activities: `from openprm.activities import queries as activities`."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from openprm.activities import policies
from openprm.activities.models import Activity
from openprm.activities.rules.kinds import is_verified
from openprm.activities.wording import DIRECTION, ICON, KIND, PURPOSE, SIDE
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.ui.paging import PageRequest, Slice, slice_of

SORTS = {"occurred": "occurred_at", "recorded": "created_at", "account": "account__name", "kind": "kind"}
RELATED = ("account", "partner", "confirmed_by", "struck_by")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerActivity:
    """What a partner reads of its own entry."""

    id: UUID
    account_id: UUID
    account: str
    about: UUID | None
    kind: str
    kind_label: str
    icon: str
    direction: str
    direction_label: str
    purpose: str
    purpose_label: str
    occurred_at: datetime
    person: str
    person_email: str
    summary: str
    outcome: str
    author: str
    is_verified: bool
    self_reported: bool
    is_struck: bool
    struck_at: datetime | None
    struck_reason: str
    struck_by: str
    confirmed_at: datetime | None
    proof: str
    proof_size: int
    why_not_strike: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityView(PartnerActivity):
    """What the vendor reads: also who told it, by which system, and whose side it was."""

    side: str
    side_label: str
    partner_id: UUID | None
    partner: str
    source: str
    external_id: str
    confirmed_by: str
    why_not_confirm: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    name: str
    content_type: str
    size: int
    file: BinaryIO


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list of activities is narrowed to; everything optional."""

    text: str = ""
    kinds: tuple[str, ...] = ()
    purpose: str = ""
    side: str = ""
    partner_id: UUID | None = None
    account_id: UUID | None = None
    about: UUID | None = None
    since: date | None = None
    until: date | None = None
    verified: bool | None = None
    struck: bool | None = None
    source: str = ""


def activity(actor: Actor, activity_id: UUID) -> ActivityView | PartnerActivity:
    """One entry, struck or not. Raises NotFound."""
    return view_of(actor, policies.reach(actor).select_related(*RELATED).one(activity_id))


def activities(actor: Actor, filters: Filters, page: PageRequest) -> Slice:
    """One page of the list. Two queries."""
    return slice_of(newest(actor, filters), page, order_by=SORTS).map(lambda row: view_of(actor, row))


def newest(actor: Actor, filters: Filters) -> QuerySet:
    """The rows of a list, for the API's own paging; `view_of` reads them."""
    return _narrowed(policies.reach(actor).select_related(*RELATED), filters, actor)


def export(actor: Actor, filters: Filters) -> Iterator[ActivityView | PartnerActivity]:
    for row in newest(actor, filters).order_by("-occurred_at", "-id").iterator(chunk_size=1000):
        yield view_of(actor, row)


def of_account(actor: Actor, account_id: UUID, since: datetime | None = None, until: datetime | None = None) -> tuple[ActivityView | PartnerActivity, ...]:
    """What counts at an account within a time, newest first: struck entries are left out. At most 500."""
    rows = policies.reach(actor).filter(account=account_id, struck_at=None)
    rows = rows.filter(occurred_at__gte=since) if since else rows
    rows = rows.filter(occurred_at__lt=until) if until else rows
    return tuple(view_of(actor, row) for row in rows.select_related(*RELATED).order_by("-occurred_at", "-id")[:500])


def of(actor: Actor, about: UUID, *, limit: int = 200) -> tuple[ActivityView | PartnerActivity, ...]:
    """What was logged on a registration or another subject, newest first, struck entries too."""
    rows = policies.reach(actor).filter(about=about).select_related(*RELATED)
    return tuple(view_of(actor, row) for row in rows.order_by("-occurred_at", "-id")[:limit])


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One dated piece of a partner's work, as rules count it."""

    id: UUID
    kind: str
    occurred_at: datetime
    recorded_at: datetime
    is_verified: bool


_WORK = ("pk", "kind", "occurred_at", "created_at", "self_reported", "confirmed_at")


def work_on(about: UUID, *, partner_id: UUID, account_id: UUID) -> tuple[Work, ...]:
    """The entries of one partner that count for one subject at its customer: struck ones do not. In the system's scope."""
    return work_on_many({about: (partner_id, account_id)}).get(about, ())


def work_on_many(subjects: Mapping[UUID, tuple[UUID, UUID | None]]) -> dict[UUID, tuple[Work, ...]]:
    """The entries that count for each of many subjects, given as subject -> (partner, customer), in one query. In the system's scope."""
    rows = Activity.objects.filter(about__in=list(subjects), side="partner", struck_at=None).order_by("occurred_at", "id")
    found: dict[UUID, list[Work]] = defaultdict(list)
    for about, partner_id, account_id, *said in rows.values_list("about", "partner_id", "account_id", *_WORK):
        if subjects[about] == (partner_id, account_id):
            found[about].append(_work(*said))
    return {about: tuple(work) for about, work in found.items()}


def _work(pk: UUID, kind: str, then: datetime, told: datetime, self_told: bool, confirmed: datetime | None) -> Work:
    return Work(id=pk, kind=kind, occurred_at=then, recorded_at=told, is_verified=is_verified(self_reported=self_told, confirmed=bool(confirmed)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An entry in which a partner's people took part, as rooms that ask who brought a deal count it."""

    id: UUID
    partner_id: UUID
    account_id: UUID
    about: UUID | None
    kind: str
    occurred_at: datetime
    summary: str
    verified_at: datetime | None
    struck_at: datetime | None


def told_of_partners(ids: Sequence[UUID]) -> tuple[Told, ...]:
    """The entries among `ids` that name a partner; struck ones with their moment. In the system's scope."""
    rows = Activity.objects.filter(pk__in=list(ids), partner__isnull=False).order_by("occurred_at", "id")
    return tuple(
        Told(
            id=row.pk, partner_id=row.partner_id, account_id=row.account_id, about=row.about, kind=row.kind, occurred_at=row.occurred_at, summary=row.summary,
            verified_at=row.confirmed_at if row.self_reported else row.created_at, struck_at=row.struck_at,
        )
        for row in rows
    )  # fmt: skip


def may_record(actor: Actor) -> bool:
    return actor.can("activities.record")


def held_by_account(account_id: UUID) -> list[UUID]:
    return list(Activity.objects.filter(account=account_id).values_list("pk", flat=True))


def open_proof(actor: Actor, activity_id: UUID) -> Proof:
    """The file that proves an entry. Raises NotFound."""
    row = policies.reach(actor).one(activity_id)
    if not row.proof_key:
        raise NotFound(_("This entry has no file."))
    return Proof(name=row.proof_name, content_type=row.proof_type, size=row.proof_size, file=default_storage.open(row.proof_key))


def by_external_ids(actor: Actor, source: str, ids: Sequence[str]) -> dict[str, UUID]:
    """Entries of one source of the vendor's by their ids there."""
    rows = policies.reach(actor).filter(source=source, external_id__in=list(ids), self_reported=False).exclude(struck_as="undone").exclude(external_id="")
    return dict(rows.values_list("external_id", "pk"))


def plain_values(actor: Actor, ids: Sequence[UUID], names: Sequence[str]) -> Mapping[UUID, dict[str, Any]]:
    """Stored columns by row id, for an importer's comparison."""
    return {row.pop("pk"): row for row in policies.reach(actor).filter(pk__in=list(ids)).values("pk", *names)}


def _narrowed(rows: QuerySet, filters: Filters, actor: Actor) -> QuerySet:
    zone = ZoneInfo(actor.time_zone)
    equal = {
        "side": filters.side,
        "purpose": filters.purpose,
        "partner_id": filters.partner_id,
        "account_id": filters.account_id,
        "about": filters.about,
        "source": filters.source,
    }
    rows = rows.filter(**{name: value for name, value in equal.items() if value})
    rows = rows.filter(kind__in=filters.kinds) if filters.kinds else rows
    rows = rows.filter(occurred_at__gte=_start(filters.since, zone)) if filters.since else rows
    rows = rows.filter(occurred_at__lt=_start(filters.until + timedelta(days=1), zone)) if filters.until else rows
    rows = rows.filter(struck_at__isnull=not filters.struck) if filters.struck is not None else rows
    if filters.verified is not None:
        verified = Q(self_reported=False) | Q(confirmed_at__isnull=False)
        rows = rows.filter(verified if filters.verified else ~verified)
    if filters.text:
        words = filters.text
        rows = rows.filter(Q(summary__icontains=words) | Q(person__icontains=words) | Q(account__name__icontains=words) | Q(outcome__icontains=words))
    return rows


def _start(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def view_of(actor: Actor, row: Activity) -> ActivityView | PartnerActivity:
    shared = _shared(actor, row)
    if not actor.sees_all_partners:
        return PartnerActivity(**shared)
    return ActivityView(
        **shared,
        side=row.side,
        side_label=str(SIDE[row.side]),
        partner_id=row.partner_id,
        partner=row.partner.name if row.partner else "",
        source=row.source,
        external_id=row.external_id,
        confirmed_by=row.confirmed_by.name if row.confirmed_by else "",
        why_not_confirm=policies.why_not_confirm(actor, row),
    )


def _shared(actor: Actor, row: Activity) -> dict[str, Any]:
    same = ("id", "account_id", "about", "kind", "direction", "purpose", "occurred_at", "person", "person_email", "summary", "outcome")
    same += ("self_reported", "struck_at", "struck_reason", "confirmed_at", "proof_size", "created_at")
    return {name: getattr(row, name) for name in same} | {
        "account": row.account.name,
        "kind_label": str(KIND[row.kind]),
        "icon": ICON[row.kind],
        "direction_label": str(DIRECTION[row.direction]),
        "purpose_label": str(PURPOSE.get(row.purpose, "")),
        "author": row.author_name,
        "is_verified": is_verified(self_reported=row.self_reported, confirmed=row.confirmed_at is not None),
        "is_struck": row.struck_at is not None,
        "struck_by": _striker(actor, row),
        "proof": row.proof_name,
        "why_not_strike": policies.why_not_strike(actor, row),
    }


def _striker(actor: Actor, row: Activity) -> str:
    """A partner reads its own people's names; the vendor's hand is the vendor."""
    if row.struck_by is None:
        return ""
    return row.struck_by.name if actor.sees_all_partners or row.struck_by_id == row.author_id else _("the vendor or an administrator of your team")
