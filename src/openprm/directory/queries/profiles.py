"""Profiles, references and messages as the two sides see them at their work."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from openprm.directory import policies
from openprm.directory.models import Listing, Message, Profile, Reference, Settings
from openprm.directory.queries.partnerfacts import partner_facts
from openprm.directory.rules.profile import FIELDS, REVIEWED_AT_FIRST, Completeness, changed, completeness, waiting
from openprm.identity.queries.organizations import logo_url
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.ui.paging import PageRequest, Slice, slice_of

OFFICE_FIELDS = ("label", "street", "postal_code", "city", "country", "latitude", "longitude", "is_main")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeView:
    label: str
    street: str
    postal_code: str
    city: str
    country: str
    latitude: float
    longitude: float
    is_main: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnProfile:
    """A profile as its own people edit it. `waiting` names the fields that the public does not see yet."""

    id: UUID | None
    partner_id: UUID
    partner_name: str
    slug: str
    state: str
    visibility: str
    summary: str
    description: str
    logo: str
    website: str
    services: tuple[str, ...]
    products: tuple[str, ...]
    industries: tuple[str, ...]
    languages: tuple[str, ...]
    regions: tuple[str, ...]
    certifications: tuple[str, ...]
    contact_email: str
    takes_messages: bool
    offices: tuple[OfficeView, ...]
    completeness: Completeness
    waiting: tuple[str, ...]
    reviewed: tuple[str, ...]
    is_listed: bool
    was_approved: bool
    reason: str
    submitted_at: datetime | None
    version: int

    @property
    def logo_url(self) -> str:
        return logo_url(self.logo)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field of a profile as the public sees it and as the partner wants it."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedProfile:
    """A profile as the vendor decides on it: the partner's own view, what would change, and what may be done."""

    profile: OwnProfile
    differences: tuple[Difference, ...]
    messages: int
    may_review: bool
    decided_by: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileRow:
    """One line of the vendor's list."""

    id: UUID
    partner_id: UUID
    name: str
    state: str
    visibility: str
    is_listed: bool
    percent: int
    references: int
    waiting_references: int
    messages: int
    submitted_at: datetime | None
    updated_at: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceRow:
    """A reference at work, with who agreed; the public gets another type."""

    id: UUID
    partner_id: UUID
    partner_name: str
    state: str
    customer: str
    country: str
    industry: str
    title: str
    story: str
    quote: str
    quoted: str
    consent_by: str
    consent_email: str
    consent_date: date | None
    reason: str
    submitted_at: datetime | None
    decided_at: datetime | None
    created_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    id: UUID
    name: str
    email: str
    company: str
    text: str
    is_new: bool
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsView:
    reviewed: tuple[str, ...]
    heading: str
    lead: str
    is_open: bool
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Something of this room that waits for the vendor."""

    id: UUID
    kind: str
    partner_name: str
    title: str
    since: datetime


PROFILE_SORTS = {"name": "partner__organization__name", "submitted": "submitted_at", "updated": "updated_at", "state": "state"}
REFERENCE_SORTS = {"customer": "customer", "partner": "partner__organization__name", "submitted": "submitted_at", "created": "created_at"}


def settings() -> SettingsView:
    row = Settings.objects.first() or Settings(reviewed=list(REVIEWED_AT_FIRST))
    return SettingsView(reviewed=tuple(row.reviewed), heading=row.heading, lead=row.lead, is_open=row.is_open, version=row.version)


def own_profile(actor: Actor, partner_id: UUID) -> OwnProfile:
    """The profile of a partner; an empty one before the first touch. Raises NotFound."""
    partner = partner_facts(actor, partner_id)
    row = policies.reach_profiles(actor).filter(partner=partner_id).prefetch_related("offices").first()
    return _own(row or Profile(partner_id=partner_id, slug=""), partner.name, is_new=row is None)


def profile_for_review(actor: Actor, profile_id: UUID) -> ReviewedProfile:
    """A profile and what would change in public. Raises NotFound."""
    row = policies.reach_profiles(actor).select_related("partner__organization", "decided_by").prefetch_related("offices").one(profile_id)
    if not actor.sees_all_partners:
        raise NotFound()
    own, approved = _own(row, row.partner.organization.name), row.approved or {}
    content = _content(row)
    return ReviewedProfile(
        profile=own,
        differences=tuple(Difference(field=name, before=approved.get(name), after=content[name]) for name in changed(content, approved)),
        messages=Message.objects.filter(partner=row.partner_id).count(),
        may_review=policies.why_not_review(actor) is None,
        decided_by=row.decided_by.name if row.decided_by else "",
        decided_at=row.decided_at,
    )


def profiles(actor: Actor, *, search: str, filters: Mapping[str, Any], page: PageRequest) -> Slice[ProfileRow]:
    return slice_of(_profiles(actor, search, filters), page, order_by=PROFILE_SORTS).map(profile_row)


def export_profiles(actor: Actor, *, search: str, filters: Mapping[str, Any]):
    for row in _profiles(actor, search, filters).order_by("partner__organization__name", "pk"):
        yield profile_row(row)


def newest_profiles(actor: Actor, *, filters: Mapping[str, Any]) -> QuerySet:
    return _profiles(actor, "", filters)


def references(actor: Actor, partner_id: UUID) -> tuple[ReferenceRow, ...]:
    rows = policies.reach_references(actor).filter(partner=partner_id).select_related("partner__organization")
    return tuple(reference_row(row) for row in rows)


def reference(actor: Actor, reference_id: UUID) -> ReferenceRow:
    """Raises NotFound."""
    return reference_row(policies.reach_references(actor).select_related("partner__organization").one(reference_id))


def reference_list(actor: Actor, *, search: str, filters: Mapping[str, Any], page: PageRequest) -> Slice[ReferenceRow]:
    return slice_of(_references(actor, search, filters), page, order_by=REFERENCE_SORTS).map(reference_row)


def export_references(actor: Actor, *, search: str, filters: Mapping[str, Any]):
    for row in _references(actor, search, filters).order_by("-created_at", "pk"):
        yield reference_row(row)


def newest_references(actor: Actor, *, filters: Mapping[str, Any]) -> QuerySet:
    return _references(actor, "", filters)


def messages(actor: Actor, *, page: PageRequest) -> Slice[MessageRow]:
    """What visitors wrote, the newest first."""
    return slice_of(policies.reach_messages(actor), page, order_by={"created": "created_at"}).map(message_row)


def newest_messages(actor: Actor) -> QuerySet:
    return policies.reach_messages(actor)


def new_messages(actor: Actor) -> int | None:
    """For the navigation of the portal; none is shown as nothing."""
    return policies.reach_messages(actor).filter(read_at=None).count() or None


def waiting_count(actor: Actor) -> int | None:
    """Profiles and references that wait for the vendor, in one query."""
    profiles_waiting = policies.reach_profiles(actor).filter(state=Profile.State.SUBMITTED).order_by().values("pk")
    references_waiting = policies.reach_references(actor).filter(state=Reference.State.SUBMITTED).order_by().values("pk")
    return profiles_waiting.union(references_waiting, all=True).count() or None


def waiting_for_vendor(actor: Actor, limit: int = 50) -> list[Waiting]:
    """What waits for a decision, the oldest first. Two queries."""
    if policies.why_not_review(actor):
        return []
    rows = policies.reach_profiles(actor).filter(state=Profile.State.SUBMITTED).order_by("submitted_at")[:limit]
    found = [Waiting(id=pk, kind="profile", partner_name=name, title="", since=since) for pk, name, since in rows.values_list("pk", _NAME, "submitted_at")]
    rows = policies.reach_references(actor).filter(state=Reference.State.SUBMITTED).order_by("submitted_at")[:limit]
    for pk, name, since, customer in rows.values_list("pk", _NAME, "submitted_at", "customer"):
        found.append(Waiting(id=pk, kind="reference", partner_name=name, title=customer, since=since))
    return sorted(found, key=lambda one: one.since)[:limit]


def may_edit(actor: Actor) -> bool:
    return policies.why_not_edit(actor) is None


def may_review(actor: Actor) -> bool:
    return policies.why_not_review(actor) is None


def may_award(actor: Actor) -> bool:
    return policies.why_not_award(actor) is None


_NAME = "partner__organization__name"


def _profiles(actor: Actor, search: str, filters: Mapping[str, Any]) -> QuerySet:
    def counted(rows: QuerySet) -> Any:
        return Coalesce(Subquery(rows.filter(partner=OuterRef("partner")).order_by().values("partner").annotate(n=Count("*")).values("n")), 0)

    rows = policies.reach_profiles(actor).select_related("partner__organization").prefetch_related("offices")
    rows = rows.annotate(
        listed=Subquery(Listing.objects.filter(partner=OuterRef("partner")).values("pk")[:1]),
        published=counted(Reference.objects.filter(state=Reference.State.PUBLISHED)),
        sent=counted(Reference.objects.filter(state=Reference.State.SUBMITTED)),
        written=counted(Message.objects.all()),
    )
    for name in ("state", "visibility"):
        if value := filters.get(name):
            rows = rows.filter(**{f"{name}__in": value if isinstance(value, tuple) else (value,)})
    if filters.get("waiting") is True:
        rows = rows.filter(Q(state=Profile.State.SUBMITTED) | Q(sent__gt=0))
    return rows.filter(Q(partner__organization__name__icontains=search) | Q(summary__icontains=search)) if search else rows


def _references(actor: Actor, search: str, filters: Mapping[str, Any]) -> QuerySet:
    rows = policies.reach_references(actor).select_related("partner__organization")
    if value := filters.get("state"):
        rows = rows.filter(state__in=value if isinstance(value, tuple) else (value,))
    return rows.filter(Q(customer__icontains=search) | Q(title__icontains=search) | Q(partner__organization__name__icontains=search)) if search else rows


def profile_row(row: Any) -> ProfileRow:
    return ProfileRow(
        id=row.pk,
        partner_id=row.partner_id,
        name=row.partner.organization.name,
        state=row.state,
        visibility=row.visibility,
        is_listed=row.listed is not None,
        percent=completeness(_content(row)).percent,
        references=row.published,
        waiting_references=row.sent,
        messages=row.written,
        submitted_at=row.submitted_at,
        updated_at=row.updated_at,
        created_at=row.created_at,
    )


def reference_row(row: Reference) -> ReferenceRow:
    names = [name for name in ReferenceRow.__dataclass_fields__ if name not in ("id", "partner_name")]
    return ReferenceRow(id=row.pk, partner_name=row.partner.organization.name, **{name: getattr(row, name) for name in names})


def message_row(row: Message) -> MessageRow:
    return MessageRow(id=row.pk, name=row.name, email=row.email, company=row.company, text=row.text, is_new=row.read_at is None, created_at=row.created_at)


def _content(row: Profile) -> dict[str, Any]:
    content = {name: getattr(row, name) for name in FIELDS if name != "offices"}
    content["offices"] = [] if row._state.adding else [{name: getattr(office, name) for name in OFFICE_FIELDS} for office in row.offices.all()]
    return content


def _own(row: Profile, partner_name: str, *, is_new: bool = False) -> OwnProfile:
    content, reviewed = _content(row), settings().reviewed
    lists = {name: tuple(content[name]) for name in ("services", "products", "industries", "languages", "regions", "certifications")}
    return OwnProfile(
        id=None if is_new else row.pk,
        partner_id=row.partner_id,
        partner_name=partner_name,
        slug=row.slug,
        state=row.state,
        visibility=row.visibility,
        summary=row.summary,
        description=row.description,
        logo=row.logo,
        website=row.website,
        **lists,
        contact_email=row.contact_email,
        takes_messages=row.takes_messages,
        offices=tuple(OfficeView(**office) for office in content["offices"]),
        completeness=completeness(content),
        waiting=waiting(content, row.approved, reviewed) if row.approved is not None else (),
        reviewed=reviewed,
        is_listed=not is_new and Listing.objects.filter(partner=row.partner_id).exists(),
        was_approved=row.approved is not None,
        reason=row.reason,
        submitted_at=row.submitted_at,
        version=row.version,
    )
