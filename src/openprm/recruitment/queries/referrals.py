"""Referrals: what a partner sees of its own, and what the vendor sees of all."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet
from openprm.partners import queries as partners
from openprm.promises import queries as promises
from openprm.recruitment import policies
from openprm.recruitment.models import Referral, ReferralCode, ReferralTerms
from openprm.recruitment.wording import REFERRAL
from openprm.ui.paging import PageRequest, Slice, slice_of

PROMISE = "recruitment.introduction"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnReferral:
    """A company that this partner brought, as the partner sees it."""

    id: UUID
    company: str
    domain: str
    state: str
    state_label: str
    tone: str
    reward_percent: int | None
    joined_at: datetime | None
    window_starts_at: datetime | None
    window_ends_at: datetime | None
    declined_reason: str
    answer_due_at: datetime | None
    is_taken_up: bool
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralRow:
    """A referral as the vendor sees it."""

    id: UUID
    partner_id: UUID
    partner: str
    company_id: UUID | None
    company: str
    domain: str
    contact: str
    note: str
    state: str
    referred_id: UUID | None
    program: str
    reward_percent: int | None
    joined_at: datetime | None
    window_starts_at: datetime | None
    window_ends_at: datetime | None
    declined_reason: str
    answer_due_at: datetime | None
    is_late: bool
    is_taken_up: bool
    created_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    program_id: UUID
    program: str
    reward_percent: int
    window_days: int
    is_open: bool
    version: int


SORTS = {"created_at": "created_at", "partner": "partner__organization__name", "company": "company_name", "window": "window_ends_at"}


def own_referrals(actor: Actor, at: datetime) -> tuple[OwnReferral, ...]:
    """The partner's own referrals, the newest first."""
    rows = list(policies.reach_referrals(actor).order_by("-created_at", "-pk")[:200])
    clocks = promises.clocks([row.pk for row in rows], PROMISE, at)
    return tuple(own_referral(row, clocks.get(row.pk)) for row in rows)


def own_referral(row: Referral, clock: Any = None) -> OwnReferral:
    label, tone = REFERRAL["taken_up" if _is_taken_up(row, clock) else row.state]
    return OwnReferral(
        id=row.pk,
        company=row.company_name,
        domain=row.domain,
        state=row.state,
        state_label=str(label),
        tone=tone,
        reward_percent=row.reward_percent,
        joined_at=row.joined_at,
        window_starts_at=row.first_commission_at,
        window_ends_at=row.window_ends_at,
        declined_reason=row.declined_reason,
        answer_due_at=_due(row, clock),
        is_taken_up=_is_taken_up(row, clock),
        created_at=row.created_at,
    )


def newest_referrals(actor: Actor) -> ScopedQuerySet:
    """For the API: rows that `own_referral` and `referral_rows` read."""
    return policies.reach_referrals(actor).select_related("partner__organization", "program")


def list_referrals(actor: Actor, *, search: str = "", filters: Mapping[str, Any], page: PageRequest, at: datetime) -> Slice:
    found = slice_of(_filtered(actor, search, filters), page, order_by=SORTS)
    views = {row.id: row for row in referral_rows(found.rows, at)}
    return found.map(lambda row: views[row.pk])


def export_referrals(actor: Actor, *, search: str = "", filters: Mapping[str, Any], at: datetime) -> Iterator[ReferralRow]:
    yield from referral_rows(list(_filtered(actor, search, filters).order_by("-created_at", "-pk")[:10_000]), at)


def _filtered(actor: Actor, search: str, filters: Mapping[str, Any]) -> ScopedQuerySet:
    rows = newest_referrals(actor)
    for name in ("state", "partner"):
        if value := filters.get(name):
            rows = rows.filter(**{f"{name}__in": value})
    if search:
        rows = rows.filter(Q(company_name__icontains=search) | Q(domain__icontains=search) | Q(partner__organization__name__icontains=search))
    return rows


def referral_rows(rows: Any, at: datetime) -> tuple[ReferralRow, ...]:
    found = list(rows)
    clocks = promises.clocks([row.pk for row in found], PROMISE, at)
    return tuple(_row(row, clocks.get(row.pk), at) for row in found)


def _row(row: Referral, clock: Any, at: datetime) -> ReferralRow:
    due = _due(row, clock)
    return ReferralRow(
        id=row.pk,
        partner_id=row.partner_id,
        partner=row.partner.organization.name,
        company_id=row.company_id,
        company=row.company_name,
        domain=row.domain,
        contact=", ".join(part for part in (row.contact_name, row.contact_email) if part),
        note=row.note,
        state=row.state,
        referred_id=row.referred_id,
        program=row.program.name if row.program else "",
        reward_percent=row.reward_percent,
        joined_at=row.joined_at,
        window_starts_at=row.first_commission_at,
        window_ends_at=row.window_ends_at,
        declined_reason=row.declined_reason,
        answer_due_at=due,
        is_late=due is not None and due < at,
        is_taken_up=_is_taken_up(row, clock),
        created_at=row.created_at,
        version=row.version,
    )


def _is_taken_up(row: Referral, clock: Any) -> bool:
    """The vendor said that it is in touch with the introduced company."""
    return row.state == "introduced" and clock is not None and clock.answered_at is not None


def _due(row: Referral, clock: Any) -> datetime | None:
    return clock.due_at if clock and clock.answered_at is None and row.state == "introduced" else None


def unanswered(actor: Actor, at: datetime, *, limit: int = 50) -> tuple[ReferralRow, ...]:
    """Introductions whose answer is owed."""
    rows = referral_rows(newest_referrals(actor).filter(state="introduced").order_by("created_at", "pk")[:limit], at)
    return tuple(row for row in rows if row.answer_due_at)


def terms(actor: Actor) -> tuple[Terms, ...]:
    """What each program gives for a referral; a program without terms of its own shows the usual ones."""
    held = {row.program_id: row for row in ReferralTerms.objects.all()}
    return tuple(_terms(program, held.get(program.id)) for program in partners.programs(actor) if program.is_active)


def _terms(program: Any, row: ReferralTerms | None) -> Terms:
    values = (row.reward_percent, row.window_days, row.is_open, row.version) if row else (10, 365, True, 0)
    return Terms(program_id=program.id, program=program.name, reward_percent=values[0], window_days=values[1], is_open=values[2], version=values[3])


def own_code(actor: Actor) -> str:
    """The partner's referral code, or nothing while it has none."""
    held = ReferralCode.objects.filter(partner=actor.partner_id).values_list("code", flat=True).first() if actor.partner_id else None
    return held or ""


def may_refer(actor: Actor) -> bool:
    return policies.why_not_refer(actor) is None


def referral_in_window(*, partner_id: UUID, at: datetime) -> UUID | None:
    """The referral that pays for a commission of this partner at this moment. Runs in the caller's scope."""
    found = Referral.objects.filter(referred=partner_id, first_commission_at__lte=at, window_ends_at__gt=at).first()
    return found.pk if found else None


def told_of(referral_id: UUID) -> tuple[UUID, str, str] | None:
    """(referrer, referrer's name, company) for the news. Runs in the caller's scope."""
    row = Referral.objects.filter(pk=referral_id).select_related("partner__organization").first()
    return (row.partner_id, row.partner.organization.name, row.company_name) if row else None
