"""Inviting a company, and its answer (L1). The time for the answer is a promise; when it is over the invitation expires."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.cosell import policies
from openprm.cosell.events import EngagementMoved, InvitationSent, InvitationSettled
from openprm.cosell.models import Engagement, Invitation, Member
from openprm.cosell.rules.words import DealType, Invited, Involvement, Payload, Role, State, View
from openprm.cosell.services import checks
from openprm.cosell.services.unit import acting_party, as_system, clean, load, locked, one_of, record, save
from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal, Stale, refuse_if, refused_by
from openprm.kernel.events import publish
from openprm.promises import queries as promised
from openprm.promises import services as promises

FALLBACK = timedelta(days=14)
AT_ONCE = 200
_log = logging.getLogger("openprm.cosell")


def invite(
    *,
    actor: Actor,
    engagement_id: UUID,
    receiver_id: UUID | None = None,
    domain: str = "",
    role: str,
    responsibilities: Sequence[str] = (),
    involvement: str = Involvement.CO_SELL,
    visibility: str = View.FULL,
    hidden: bool = False,
    message: str = "",
    at: datetime,
) -> UUID:
    """Invite the vendor or a partner. In a partner-led deal the vendor is in at once, for visibility only.
    Raises NotFound, NotAllowed, Invalid, CannotTakePart, DoesNotConnect, RoleNotHeld, Conflict."""
    try:
        return _invite(actor, engagement_id, receiver_id, domain, _terms(role, responsibilities, involvement, visibility, hidden), message, at)
    except Refusal as refusal:
        said = {"engagement": str(engagement_id), "receiver": str(receiver_id or domain), "code": refusal.code, "actor": str(actor.user_id)}
        _log.warning("invitation refused: %s", refusal.message, extra=said)
        if not isinstance(refusal, NotFound | NotAllowed):
            refusal.record = partial(_record_refusal, actor, engagement_id, refusal, receiver_id, domain, at)
        raise


def _invite(actor: Actor, engagement_id: UUID, receiver_id: UUID | None, domain: str, terms: dict[str, Any], message: str, at: datetime) -> UUID:
    engagement = load(actor, engagement_id)
    refuse_if(policies.why_not_invite(actor, engagement))
    sender = acting_party(actor)
    message = clean(message, "message", 1000, required=False)
    with as_system(actor):
        engagement = locked(engagement)
        receiver = checks.find_company(party_id=receiver_id, domain=domain)
        terms = _fit(actor, engagement, receiver, terms, at)
        invitation = Invitation(
            engagement=engagement,
            number=engagement.number,
            host_id=engagement.host_id,
            sender_id=sender,
            receiver_id=receiver.id,
            message=message,
            invited_by_id=actor.user_id,
            sent_at=at,
            expires_at=at + FALLBACK,
            payload=_payload(engagement),
            title=engagement.title,
            customer_name=engagement.customer_name,
            customer_country=engagement.customer_country,
            expected_close_date=engagement.expected_close_date,
            **terms,
        )
        with refused_by(
            "one_pending_invitation", Conflict(_("%(name)s has an invitation that waits for its answer.") % {"name": receiver.name}, field="receiver")
        ):
            invitation.save(force_insert=True)
        _promise(engagement, invitation, receiver, at)
        record(
            actor,
            "cosell.invited",
            engagement,
            party=sender,
            subject=invitation,
            after={},
            note=message,
            at=at,
            data={"receiver": receiver.name},
            only=_keepers(engagement, sender, receiver.id),
        )
        _announce_sent(engagement, invitation, actor, at)
        if receiver.is_vendor and engagement.deal_type == DealType.PARTNER_LED:
            _join(SYSTEM, engagement, invitation, None, at)
    return invitation.pk


def _terms(role: str, responsibilities: Sequence[str], involvement: str, visibility: str, hidden: bool) -> dict[str, Any]:
    role = one_of(role, Role, "role")
    held = tuple(dict.fromkeys((role, *(one_of(one, Role, "responsibilities") for one in responsibilities))))
    return {
        "role": role,
        "responsibilities": list(held),
        "involvement": one_of(involvement, Involvement, "involvement"),
        "visibility": one_of(visibility, View, "visibility"),
        "hidden": bool(hidden),
    }


def _fit(actor: Actor, engagement: Engagement, receiver: checks.Company, terms: dict[str, Any], at: datetime) -> dict[str, Any]:
    """The terms as they can stand, or a refusal that says why this company cannot be invited so."""
    if Member.objects.filter(engagement=engagement, party_id=receiver.id, left_at=None).exists():
        raise Conflict(_("%(name)s takes part already.") % {"name": receiver.name}, field="receiver")
    if receiver.is_vendor and engagement.deal_type == DealType.PRIVATE:
        raise Conflict(
            _("%(number)s is private: the vendor is not in it. Change the type of the deal first.") % {"number": engagement.number}, field="receiver"
        )
    checks.refuse_unfit(receiver, reader_is_vendor=actor.sees_all_partners, at=at)
    sender = checks.company(acting_party(actor))
    checks.refuse_unfit(sender, reader_is_vendor=True, at=at)
    checks.refuse_unwanted(receiver, sender)
    checks.refuse_role(receiver, terms["responsibilities"], at)
    if receiver.is_vendor and engagement.deal_type == DealType.PARTNER_LED:
        terms = {**terms, "involvement": Involvement.VISIBILITY}
    if receiver.is_vendor and terms["hidden"]:
        raise Invalid(_("The vendor cannot be hidden from the others."), field="hidden")
    return terms


def _keepers(engagement: Engagement, sender: UUID, receiver: UUID) -> frozenset[UUID]:
    """Whom an invitation concerns: both ends, the host, and the vendor when it is in."""
    return frozenset({engagement.host_id, sender, receiver})


def _payload(engagement: Engagement) -> str:
    if engagement.registration_id:
        return Payload.REGISTRATION
    if engagement.opportunity_id:
        return Payload.OPPORTUNITY
    return Payload.LEAD if engagement.lead_id else Payload.CUSTOMER


def _promise(engagement: Engagement, invitation: Invitation, receiver: checks.Company, at: datetime) -> None:
    """The clock on the answer. What partners have among themselves runs by the same time, without a clock that the vendor reads."""
    code = code_of(receiver.is_vendor)
    due = promised.would_be_due(code=code, at=at)
    if _is_between_partners(engagement, invitation):
        invitation.expires_at = due or invitation.expires_at
    elif due:
        partner_id = _partner_of(invitation, receiver)
        clock = promises.start(actor=SYSTEM, code=code, subject=invitation, partner_id=partner_id, refs=(engagement.pk, partner_id), at=at)
        invitation.expires_at = clock.due_at or invitation.expires_at
    invitation.save(update_fields=["expires_at"])


def code_of(asks_vendor: bool) -> str:
    return "cosell.vendor_invitation" if asks_vendor else "cosell.invitation"


def _is_between_partners(engagement: Engagement, invitation: Invitation) -> bool:
    vendor = identity.vendor_organization().id
    return not engagement.vendor_in and vendor not in (invitation.sender_id, invitation.receiver_id)


def _partner_of(invitation: Invitation, receiver: checks.Company) -> UUID:
    return invitation.sender_id if receiver.is_vendor else receiver.id


def _record_refusal(actor: Actor, engagement_id: UUID, refusal: Refusal, receiver_id: UUID | None, domain: str, at: datetime) -> None:
    """Who was meant and why it could not be, for the one who asked and the host. In the system's scope."""
    engagement = Engagement.objects.one(engagement_id)
    party = acting_party(actor)
    meant = identity.organizations(SYSTEM).filter(pk=receiver_id).values_list("name", flat=True).first() if receiver_id else domain
    record(
        actor,
        "cosell.invitation_refused",
        engagement,
        party=party,
        after={},
        note=refusal.message,
        data={"code": refusal.code, "receiver": (meant or "")[:120]},
        only=frozenset({party, engagement.host_id}),
        at=at,
    )


def open_invitation(*, actor: Actor, invitation_id: UUID, at: datetime) -> None:
    """Its receiver looks at it: a new engagement becomes received. Looking twice changes nothing. Raises NotFound."""
    invitation = policies.reach_received(actor).one(invitation_id)
    if actor.viewing_as or invitation.opened_at or invitation.state != Invited.PENDING or policies.party_of(actor) != invitation.receiver_id:
        return
    with as_system(actor):
        Invitation.objects.filter(pk=invitation.pk, opened_at=None).update(opened_at=at)
        engagement = Engagement.objects.locked().one(invitation.engagement_id)
        if engagement.state == State.PENDING:
            _move(actor, engagement, State.RECEIVED, invitation.receiver_id, at)


def _move(actor: Actor, engagement: Engagement, state: str, party: UUID, at: datetime) -> None:
    before = engagement.snapshot()
    engagement.state = state
    if state == State.ACCEPTED:
        engagement.activated_at = at
    save(engagement, "state", "activated_at")
    record(actor, "cosell.moved", engagement, party=engagement.host_id, before=before, at=at)
    publish(EngagementMoved(engagement_id=engagement.pk, before=str(before["state"]), after=str(state), actor_id=actor.user_id, at=at))


def accept_invitation(*, actor: Actor, invitation_id: UUID, version: int | None = None, at: datetime) -> UUID:
    """Join. The first acceptance makes the engagement active. Gives the engagement. Raises NotFound, NotAllowed, Stale, Conflict."""
    invitation = _asked(actor, invitation_id, version)
    with as_system(actor):
        engagement, invitation = _both(invitation)
        refuse_if(policies.why_not_decide(actor, invitation))
        _refuse_over(engagement, invitation, at)
        receiver = checks.company(invitation.receiver_id)
        checks.refuse_unfit(receiver, reader_is_vendor=True, at=at)
        checks.refuse_role(receiver, invitation.responsibilities, at)
        _join(actor, engagement, invitation, actor.user_id, at)
    return engagement.pk


def _asked(actor: Actor, invitation_id: UUID, version: int | None) -> Invitation:
    invitation: Invitation = policies.reach_received(actor).one(invitation_id)
    if version is not None and version != invitation.version:
        raise Stale()
    refuse_if(policies.why_not_decide(actor, invitation))
    return invitation


def _both(invitation: Invitation) -> tuple[Engagement, Invitation]:
    """The engagement first, then the invitation: two answers never wait for each other in a circle."""
    engagement = Engagement.objects.locked().one(invitation.engagement_id)
    return engagement, Invitation.objects.locked().one(invitation.pk)


def _refuse_over(engagement: Engagement, invitation: Invitation, at: datetime) -> None:
    if at > invitation.expires_at:
        raise Conflict(_("The time for this answer is over. Ask for a new invitation."))
    if engagement.state not in (State.PENDING, State.RECEIVED, State.ACCEPTED):
        raise Conflict(_("%(number)s is closed. There is nothing to join any more.") % {"number": engagement.number})


def _join(actor: Actor, engagement: Engagement, invitation: Invitation, contact: UUID | None, at: datetime) -> None:
    vendor = identity.vendor_organization().id
    terms = {name: getattr(invitation, name) for name in ("role", "responsibilities", "involvement", "visibility", "hidden")}
    Member.objects.update_or_create(
        engagement=engagement,
        party_id=invitation.receiver_id,
        defaults={**terms, "is_vendor": invitation.receiver_id == vendor, "contact_id": contact, "joined_at": at, "left_at": None, "left_reason": ""},
    )
    engagement.refresh_from_db()
    _settle(actor, engagement, invitation, Invited.ACCEPTED, "", at)
    if engagement.state != State.ACCEPTED:
        _move(actor, engagement, State.ACCEPTED, invitation.receiver_id, at)


def reject_invitation(*, actor: Actor, invitation_id: UUID, reason: str, version: int | None = None, at: datetime) -> None:
    """Say no, with the reason. When nobody else is asked, the new engagement is declined. Raises NotFound, NotAllowed, Stale, Invalid."""
    invitation = _asked(actor, invitation_id, version)
    reason = clean(reason, "reason", 500)
    with as_system(actor):
        engagement, invitation = _both(invitation)
        refuse_if(policies.why_not_decide(actor, invitation))
        _settle(actor, engagement, invitation, Invited.REJECTED, reason, at)
        _end_if_alone(actor, engagement, State.DECLINED, at)


def cancel_invitation(*, actor: Actor, invitation_id: UUID, reason: str = "", at: datetime) -> None:
    """Take an invitation back. Raises NotFound, NotAllowed."""
    invitation = policies.reach_invitations(actor).one(invitation_id)
    with as_system(actor):
        reason = clean(reason, "reason", 500, required=False)
        refuse_if(policies.why_not_cancel_invitation(actor, invitation))
        engagement, invitation = _both(invitation)
        refuse_if(policies.why_not_cancel_invitation(actor, invitation))
        _settle(actor, engagement, invitation, Invited.CANCELED, reason, at)


def _settle(actor: Actor, engagement: Engagement, invitation: Invitation, state: str, reason: str, at: datetime) -> None:
    before = invitation.snapshot()
    invitation.state, invitation.reason = state, reason
    invitation.decided_at, invitation.decided_by_id = at, actor.user_id
    invitation.version += 1
    invitation.save(update_fields=["state", "reason", "decided_at", "decided_by", "version", "updated_at"])
    vendor = identity.vendor_organization().id
    if state in (Invited.ACCEPTED, Invited.REJECTED):
        promises.keep(subject_id=invitation.pk, code=code_of(invitation.receiver_id == vendor), at=at)
    else:
        promises.cancel(subject_id=invitation.pk, code=code_of(invitation.receiver_id == vendor), at=at)
    only = _keepers(engagement, invitation.sender_id, invitation.receiver_id)
    record(actor, f"cosell.invitation_{state}", engagement, party=invitation.receiver_id, subject=invitation, before=before, note=reason, only=only, at=at)
    publish(
        InvitationSettled(
            invitation_id=invitation.pk,
            engagement_id=engagement.pk,
            sender_id=invitation.sender_id,
            receiver_id=invitation.receiver_id,
            state=str(state),
            actor_id=actor.user_id,
            at=at,
        )
    )


def _end_if_alone(actor: Actor, engagement: Engagement, state: str, at: datetime) -> None:
    """A new engagement that nobody joined and nobody is asked to join ends by itself."""
    if engagement.state not in (State.PENDING, State.RECEIVED) or Invitation.objects.filter(engagement=engagement, state=Invited.PENDING).exists():
        return
    engagement.closed_at = at
    engagement.closed_reason = _("Nobody joined.")
    engagement.save(update_fields=["closed_at", "closed_reason"])
    _move(actor, engagement, state, engagement.host_id, at)


@transaction.atomic
def expire_due(*, at: datetime) -> int:
    """End the invitations whose time is over; gives how many. In the system's scope."""
    due = list(Invitation.objects.filter(state=Invited.PENDING, expires_at__lte=at).order_by("expires_at").values_list("pk", flat=True)[:AT_ONCE])
    for invitation_id in due:
        _expire(invitation_id, at)
    return len(due)


def _expire(invitation_id: UUID, at: datetime) -> None:
    first = Invitation.objects.filter(pk=invitation_id).first()
    if first is None:
        return
    engagement, invitation = _both(first)
    if invitation.state != Invited.PENDING or invitation.expires_at > at:
        return
    _settle(SYSTEM, engagement, invitation, Invited.EXPIRED, "", at)
    _end_if_alone(SYSTEM, engagement, State.EXPIRED, at)


def _announce_sent(engagement: Engagement, invitation: Invitation, actor: Actor, at: datetime) -> None:
    publish(
        InvitationSent(
            invitation_id=invitation.pk,
            engagement_id=engagement.pk,
            sender_id=invitation.sender_id,
            receiver_id=invitation.receiver_id,
            actor_id=actor.user_id,
            at=at,
        )
    )


def withdraw(actor: Actor, engagement: Engagement, invitation: Invitation, at: datetime) -> None:
    """In the system's scope: the engagement ends, or a company leaves the program, before the answer came."""
    _settle(actor, engagement, invitation, Invited.CANCELED, "", at)
