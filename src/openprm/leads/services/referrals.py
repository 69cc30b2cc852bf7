"""A lead that one side passes to another. The referrer follows it without learning what the customer told somebody else."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.directory import queries as directory
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.domains import normal_domain
from openprm.kernel.errors import Conflict, Invalid, NotFound, Stale, TooMany, refuse_if, refused_by
from openprm.kernel.events import publish
from openprm.kernel.scope import system_scope
from openprm.leads import intake_policies as policies
from openprm.leads.events import LeadReferralAnswered, LeadReferred
from openprm.leads.models import Referral
from openprm.leads.rules.consent import ConsentGiven
from openprm.leads.rules.intake_draft import LeadDraft
from openprm.leads.rules.lifecycle import ClosedReason
from openprm.leads.services import checks
from openprm.leads.services.outcome import close_lost
from openprm.leads.services.routing import assign_lead, route_leads
from openprm.leads.services.taking_in import take_in, written_down
from openprm.partners import queries as partners
from openprm.promises import services as promises

PROMISE = "leads.referral"
A_DAY = 30
Direction, State = Referral.Direction, Referral.State


class AnsweredAlready(Conflict):
    """Somebody answered the referral before."""


class CannotReceive(Conflict):
    """The partner takes no leads now."""


@dataclass(frozen=True, slots=True)
class Referred:
    """`is_known` says that we had the lead before, so nothing new was opened and nobody is credited."""

    referral_id: UUID
    lead_id: UUID
    number: str
    state: str

    @property
    def is_known(self) -> bool:
        return self.state == State.KNOWN


@transaction.atomic
def refer_lead(
    *, actor: Actor, draft: LeadDraft, consent: ConsentGiven | None, target_id: UUID | None = None, note: str = "", at: datetime
) -> Referred:  # fmt: skip
    """Pass a lead on. From a partner it waits for the vendor, who answers in the promised time; from the vendor it is offered at once.

    Raises NotAllowed, NotFound, Invalid, ConsentMissing, CannotReceive, TooMany.
    """
    refuse_if(policies.why_not_refer(actor))
    direction = _direction(actor, target_id)
    referrer = actor.partner_id if actor.is_partner else None
    note = checks.text("note", note, longest=2000)
    _refuse_own(actor, draft)
    _refuse_flood(actor, at)
    if target_id:
        _refuse_hidden(actor, target_id)
        _refuse_target(target_id, at)
    asked = replace(draft, source="referral", referrer_partner_id=referrer, exclude_partner_ids=(referrer,) if referrer else ())
    with written_down(actor, asked, at), system_scope() as system:
        taken = take_in(actor=system, draft=asked, consent=consent, route=False, at=at)
        known = taken.received.was_known
        row = Referral(
            lead_id=taken.received.lead_id,
            direction=direction,
            state=State.KNOWN if known else State.WAITING,
            referrer_id=referrer,
            target_id=target_id,
            company_name=draft.company_name.strip()[:200],
            country=draft.country.strip().upper()[:2],
            note=note,
            referred_at=at,
            referred_by_id=actor.user_id,
            answered_at=at if known else None,
        )
        row.save()
    audit.record(actor, "lead.referred", row, refs=(row.lead_id,), visible_to=(referrer,) if referrer else (), at=at)
    publish(LeadReferred(referral_id=row.pk, lead_id=row.lead_id, direction=direction, referrer_id=referrer, target_id=target_id, at=at))
    if row.state == State.WAITING:
        _begin(actor, row, at)
    return Referred(row.pk, row.lead_id, taken.received.number, row.state)


def _begin(actor: Actor, row: Referral, at: datetime) -> None:
    """The vendor's own referral goes straight to the partner; a partner's waits for the vendor's answer."""
    if row.direction == Direction.FROM_VENDOR:
        _offer(actor, row, at)
        _close(actor, row, State.TAKEN_UP, "", at)
        return
    promises.start(actor=actor, code=PROMISE, subject=row, partner_id=row.referrer_id, refs=(row.lead_id,), at=at)


@transaction.atomic
def take_up_referral(*, actor: Actor, referral_id: UUID, to_target: bool = False, version: int | None = None, at: datetime) -> None:
    """Take a referral up: send it to the partner that was named, or let the published rules route it.

    Raises NotFound, NotAllowed, Stale, AnsweredAlready, CannotReceive.
    """
    row = _load(actor, referral_id, version)
    if to_target:
        if row.target_id is None:
            raise Invalid(_("This referral names no partner. Let the rules route it."), field="to_target")
        _refuse_target(row.target_id, at)
        _offer(actor, row, at)
    else:
        _route(actor, row, at)
    _close(actor, row, State.TAKEN_UP, "", at)


@transaction.atomic
def decline_referral(*, actor: Actor, referral_id: UUID, reason: str, version: int | None = None, at: datetime) -> None:
    """Say no to a referral, with the reason that the referrer reads; the lead is closed. Raises NotFound, NotAllowed, Invalid, Stale."""
    row = _load(actor, referral_id, version)
    said = checks.text("reason", reason, longest=1000, required=True)
    _close_lead(actor, row, said, at)
    _close(actor, row, State.DECLINED, said, at)


def settle_referrals(*, lead_ids: Sequence[UUID], is_closed: bool, at: datetime) -> None:
    """Answer referrals whose lead went its way without an answer: a person routed it, or closed it. Safe to call twice."""
    with system_scope() as system:
        for row in Referral.objects.filter(lead__in=list(lead_ids), state=State.WAITING).locked():
            _close(system, row, State.DECLINED if is_closed else State.TAKEN_UP, _("The lead was closed.") if is_closed else "", at)


def _load(actor: Actor, referral_id: UUID, version: int | None) -> Referral:
    row = policies.reach_referrals(actor).locked().one(referral_id)
    if row.state != State.WAITING:
        raise AnsweredAlready(_("This referral was answered already. Reload the page."))
    refuse_if(policies.why_not_answer_referral(actor, row))
    if version is not None and version != row.version:
        raise Stale()
    return row


def _close(actor: Actor, row: Referral, state: str, answer: str, at: datetime) -> None:
    before = row.snapshot()
    row.state, row.answer, row.answered_at, row.answered_by_id, row.version = state, answer, at, actor.user_id, row.version + 1
    with refused_by("lead_referral_is_answered_once", AnsweredAlready(_("This referral was answered already. Reload the page."))):
        row.save()
    if row.direction != Direction.FROM_VENDOR:
        promises.keep(row.pk, PROMISE, at)
    verb = "lead.referral_declined" if state == State.DECLINED else "lead.referral_taken_up"
    audit.record(actor, verb, row, before=before, refs=(row.lead_id,), visible_to=(row.referrer_id,) if row.referrer_id else (), note=answer, at=at)
    publish(LeadReferralAnswered(referral_id=row.pk, lead_id=row.lead_id, state=state, referrer_id=row.referrer_id, at=at))


def _direction(actor: Actor, target_id: UUID | None) -> str:
    if actor.sees_all_partners:
        if target_id is None:
            raise Invalid(_("Choose the partner that gets the lead."), field="target_id")
        return Direction.FROM_VENDOR
    return Direction.TO_PARTNER if target_id else Direction.TO_VENDOR


def _refuse_target(target_id: UUID, at: datetime) -> None:
    """A partner that is not active, or whose gate for leads is closed, is sent nothing. Raises NotFound, CannotReceive."""
    with system_scope() as system:
        target = partners.partner(system, target_id)
        if target.status != "active":
            raise CannotReceive(_("%(partner)s is not an active partner and cannot be sent a lead.") % {"partner": target.name}, field="target_id")
        if closed := partners.why_closed(target_id, "leads", at):
            raise CannotReceive(_("%(partner)s takes no leads now. %(why)s") % {"partner": target.name, "why": closed}, field="target_id")


def _refuse_hidden(actor: Actor, target_id: UUID) -> None:
    """Partners know each other by the public directory alone. Raises NotFound."""
    if actor.is_partner and directory.slug_of_partner(target_id) is None:
        raise NotFound(_("No partner in the directory has this name. Look it up there, or leave the field empty."), code="partner_not_found")


def _refuse_own(actor: Actor, draft: LeadDraft) -> None:
    """A partner's own company is no lead that it could refer."""
    if not actor.is_partner:
        return
    own = normal_domain(identity.organization(actor, actor.partner_id).domain)
    if own and own in {normal_domain(draft.company_domain), normal_domain(draft.contact_email)} - {""}:
        raise Invalid(_("This is your own company. Refer somebody else's."), field="company_domain")


def _refuse_flood(actor: Actor, at: datetime) -> None:
    if actor.is_partner and Referral.objects.filter(referrer=actor.partner_id, referred_at__gt=at - timedelta(days=1)).count() >= A_DAY:
        raise TooMany(_("You referred %(count)d leads today. Go on tomorrow.") % {"count": A_DAY}, retry_after=3600)


def _offer(actor: Actor, row: Referral, at: datetime) -> None:
    """Offer the lead to the partner that was named, as a person's decision."""
    reason = _("Referred to this partner.") if row.referrer_id is None else _("A partner referred it to this partner.")
    assign_lead(actor=actor, lead_id=row.lead_id, partner_id=row.target_id, reason=reason, at=at)


def _route(actor: Actor, row: Referral, at: datetime) -> None:
    route_leads(actor=actor, lead_ids=[row.lead_id], at=at)


def _close_lead(actor: Actor, row: Referral, said: str, at: datetime) -> None:
    close_lost(actor=actor, lead_id=row.lead_id, reason=ClosedReason.OTHER, note=said, at=at)
