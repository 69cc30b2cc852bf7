"""Who can see which engagements and what of them, and why somebody cannot do a thing: a sentence, or None."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from openprm.cosell.models import Detail, Engagement, Invitation, Member, Mirror, MirrorRead, Need, NextStep, Record, Share, Sight
from openprm.cosell.rules.lifecycle import OPEN
from openprm.cosell.rules.words import Audience, Invited, Involvement
from openprm.cosell.wording import STATE, tone_of
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet


def parties_of(actor: Actor) -> tuple[UUID, ...]:
    """The companies for which this actor looks: the vendor's own, or the partners of its scope."""
    if actor.is_vendor:
        return (actor.organization_id,) if actor.organization_id else ()
    return actor.partner_ids if actor.is_partner and not actor.is_collaborator_only else ()


def party_of(actor: Actor) -> UUID | None:
    """The company for which this actor speaks."""
    return next(iter(parties_of(actor)), None)


def reach(actor: Actor) -> ScopedQuerySet:
    """The engagements in which this actor's company takes part. Whoever looks at a portal as its partner sees only those that
    the vendor is in: what partners have among themselves is not the vendor's to read."""
    rows = Engagement.objects.all()
    if actor.is_system:
        return rows
    rows = rows.filter(pk__in=Sight.objects.filter(viewer_id__in=parties_of(actor)).values("engagement_id"))
    return rows.filter(vendor_in=True) if actor.viewing_as else rows


def _sight(actor: Actor, column: str, **more: Any) -> Exists:
    return Exists(Sight.objects.filter(engagement_id=OuterRef("engagement_id"), viewer_id__in=parties_of(actor), seen_id=OuterRef(column), **more))


def _within(actor: Actor, rows: ScopedQuerySet) -> ScopedQuerySet:
    return rows.filter(engagement__vendor_in=True) if actor.viewing_as else rows


def reach_details(actor: Actor) -> ScopedQuerySet:
    """Money, contacts and the story: for members with full view."""
    rows = Detail.objects.all()
    if actor.is_system:
        return rows
    return _within(actor, rows.filter(engagement_id__in=Sight.objects.filter(viewer_id__in=parties_of(actor), is_full=True).values("engagement_id")))


def reach_members(actor: Actor) -> ScopedQuerySet:
    rows = Member.objects.all()
    return rows if actor.is_system else _within(actor, rows.filter(_sight(actor, "party_id")))


def reach_shares(actor: Actor) -> ScopedQuerySet:
    rows = Share.objects.all()
    if actor.is_system:
        return rows
    return _within(actor, rows.filter(_sight(actor, "party_id", is_full=True) | Q(party_id__in=parties_of(actor))))


def reach_work(actor: Actor, model: Any) -> ScopedQuerySet:
    """Notes, tasks or files as far as their author is known to this actor and their audience goes."""
    rows = model.objects.all()
    if actor.is_system:
        return rows
    own = Q(party_id__in=parties_of(actor))
    rows = rows.filter(_sight(actor, "party_id"))
    rows = rows.filter(own | Q(audience=Audience.SHARED) | (Q(audience=Audience.FULL) & _sight(actor, "party_id", is_full=True)))
    if hasattr(model, "owner"):
        rows = rows.filter(_sight(actor, "owner_id"))
    return _within(actor, rows.exclude(audience=Audience.PRIVATE)) if actor.viewing_as else rows


def reach_next_steps(actor: Actor) -> ScopedQuerySet:
    rows = NextStep.objects.all()
    return rows if actor.is_system else _within(actor, rows.filter(_sight(actor, "party_id")))


def reach_needs(actor: Actor) -> ScopedQuerySet:
    """What this side asked or was asked, and with full view what others ask each other whom one may know of."""
    rows = Need.objects.all()
    if actor.is_system:
        return rows
    parties = parties_of(actor)
    own = (Q(party_id__in=parties) | Q(asked_id__in=parties)) & Q(engagement_id__in=Sight.objects.filter(viewer_id__in=parties).values("engagement_id"))
    return _within(actor, rows.filter(own | (_sight(actor, "party_id", is_full=True) & _sight(actor, "asked_id"))))


def reach_invitations(actor: Actor) -> ScopedQuerySet:
    """Sent, received, and for the host and the vendor every one to an engagement that it is in."""
    rows = Invitation.objects.all()
    if actor.is_system:
        return rows
    parties = parties_of(actor)
    keeps = Sight.objects.filter(viewer_id__in=parties) if actor.is_vendor else Sight.objects.filter(viewer_id__in=parties, is_host=True)
    rows = rows.filter(Q(sender_id__in=parties) | Q(receiver_id__in=parties) | Q(engagement_id__in=keeps.values("engagement_id")))
    return _with_vendor(actor, rows)


def _with_vendor(actor: Actor, rows: ScopedQuerySet) -> ScopedQuerySet:
    """For whoever looks at a portal as its partner: the invitations that the vendor may know of."""
    if not actor.viewing_as:
        return rows
    vendor = identity.vendor_organization().id
    return rows.filter(Q(sender_id=vendor) | Q(receiver_id=vendor) | Q(engagement_id__in=Engagement.objects.filter(vendor_in=True).values("pk")))


def reach_received(actor: Actor) -> ScopedQuerySet:
    rows = Invitation.objects.all()
    return rows if actor.is_system else _with_vendor(actor, rows.filter(receiver_id__in=parties_of(actor)))


def reach_records(actor: Actor) -> ScopedQuerySet:
    """One's own CRM records; nobody else's, and not through a portal that one only looks at."""
    return Record.objects.none() if actor.viewing_as else Record.objects.filter(party_id__in=parties_of(actor))


def reach_mirrors(actor: Actor) -> ScopedQuerySet:
    """What other members share of their records."""
    if actor.viewing_as:
        return Mirror.objects.none()
    return Mirror.objects.filter(_sight(actor, "party_id", is_full=True)).exclude(party_id__in=parties_of(actor))


def reach_mirror_reads(actor: Actor) -> ScopedQuerySet:
    """Who read what one's own side shares."""
    return MirrorRead.objects.none() if actor.viewing_as else MirrorRead.objects.filter(party_id__in=parties_of(actor))


def own_member(actor: Actor, engagement: Engagement) -> Member | None:
    """The membership for which this actor speaks."""
    return Member.objects.filter(engagement=engagement, party_id=party_of(actor), left_at=None).first()


def _is_host(actor: Actor, engagement: Engagement) -> bool:
    return engagement.host_id == party_of(actor)


def why_not_open(actor: Actor) -> str | None:
    if not actor.can("cosell.act"):
        return _("Your role cannot begin engagements. Ask an administrator of your team for the sales role.")
    return None


def why_not_write(actor: Actor, engagement: Engagement) -> str | None:
    """Notes, tasks, files, asks, next steps, records."""
    if not actor.can("cosell.act"):
        return _("Your role can read this engagement but not write in it.")
    return _why_closed(engagement)


def why_not_host(actor: Actor, engagement: Engagement) -> str | None:
    """What belongs to the side that opened the engagement: the deal itself, the others' roles and shares, the end."""
    if reason := why_not_write(actor, engagement):
        return reason
    if not _is_host(actor, engagement):
        return _("Only the company that opened %(number)s can do this. Ask its contact.") % {"number": engagement.number}
    return None


def why_not_move(actor: Actor, engagement: Engagement) -> str | None:
    """The stage is for the host and for members that co-sell with full view."""
    if reason := why_not_write(actor, engagement):
        return reason
    member = own_member(actor, engagement)
    if _is_host(actor, engagement) or (member and member.visibility == "full" and member.involvement == Involvement.CO_SELL):
        return None
    return _("Members that only look on, or with limited view, do not move %(number)s.") % {"number": engagement.number}


def why_not_invite(actor: Actor, engagement: Engagement) -> str | None:
    """The host invites, and so does the vendor when it is in with full view."""
    if reason := why_not_write(actor, engagement):
        return reason
    if _is_host(actor, engagement):
        return None
    member = own_member(actor, engagement)
    if actor.is_vendor and member and member.visibility == "full" and member.involvement == Involvement.CO_SELL:
        return None
    return _("Only the company that opened %(number)s, or the vendor when it co-sells, can invite others.") % {"number": engagement.number}


def why_not_decide(actor: Actor, invitation: Invitation) -> str | None:
    if not actor.can("cosell.act"):
        return _("Your role cannot answer invitations. Ask an administrator of your team for the sales role.")
    return _why_answered(invitation)


def why_not_cancel_invitation(actor: Actor, invitation: Invitation) -> str | None:
    if not actor.can("cosell.act"):
        return _("Your role cannot cancel invitations.")
    parties = parties_of(actor)
    if invitation.sender_id not in parties and invitation.host_id not in parties:
        return _("Only the company that sent the invitation can cancel it.")
    return _why_answered(invitation)


def _why_answered(invitation: Invitation) -> str | None:
    if invitation.state != Invited.PENDING:
        return _("This invitation does not wait any more. Ask for a new one.")
    return None


def _why_closed(engagement: Engagement) -> str | None:
    if engagement.state not in OPEN:
        label, _tone = tone_of(STATE, engagement.state)
        return _("%(number)s is closed (%(state)s) and can only be read.") % {"number": engagement.number, "state": label.lower()}
    return None
