"""What happens to the engagements of a partner that leaves the program."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.cosell.models import Document, Engagement, Invitation, Member, Need, Note, Task
from openprm.cosell.rules.lifecycle import OPEN
from openprm.cosell.rules.words import Invited, State, View
from openprm.cosell.services import invitations, life
from openprm.cosell.services.membership import take_out
from openprm.cosell.services.unit import record
from openprm.kernel.actor import SYSTEM, Actor


def open_of(partner_id: UUID) -> int:
    """In how many open engagements the partner is, or is asked to be."""
    rows = Engagement.objects.filter(state__in=OPEN)
    inside = rows.filter(members__party_id=partner_id, members__left_at=None).count()
    return inside + Invitation.objects.filter(receiver_id=partner_id, state=Invited.PENDING).count()


@transaction.atomic
def step_out_everywhere(*, actor: Actor = SYSTEM, partner_id: UUID, at: datetime) -> int:
    """Take a partner out of every open engagement: what it opened goes on with the vendor or the member that joined first, or ends.
    Gives how many it was in or asked to join. Safe to repeat. System scope."""
    done = 0
    for waiting in list(Invitation.objects.filter(receiver_id=partner_id, state=Invited.PENDING).order_by("pk").values_list("pk", flat=True)):
        invitation = Invitation.objects.get(pk=waiting)
        engagement = Engagement.objects.locked().one(invitation.engagement_id)
        invitations.withdraw(actor, engagement, Invitation.objects.locked().one(waiting), at)
        done += 1
    ids = Member.objects.filter(party_id=partner_id, left_at=None, engagement__state__in=OPEN).order_by("engagement_id").values_list("engagement_id", flat=True)
    for engagement_id in list(ids):
        _step_out(actor, Engagement.objects.locked().one(engagement_id), partner_id, at)
        done += 1
    return done


def _step_out(actor: Actor, engagement: Engagement, partner_id: UUID, at: datetime) -> None:
    reason = _("The company left the partner program.")
    member = Member.objects.get(engagement=engagement, party_id=partner_id)
    if member.is_host:
        heir = _heir(engagement, partner_id)
        if engagement.state != State.ACCEPTED or heir is None:
            life.end(actor, engagement, State.LOST if engagement.state == State.ACCEPTED else State.DECLINED, reason, at)
            return
        _hand_over(actor, engagement, member, heir, at)
    take_out(actor, engagement, member, "left", reason, at)


def _heir(engagement: Engagement, partner_id: UUID) -> Member | None:
    """The vendor when it is in, else the member with full view that joined first."""
    rows = Member.objects.filter(engagement=engagement, left_at=None, visibility=View.FULL).exclude(party_id=partner_id)
    return rows.order_by("-is_vendor", "joined_at", "pk").first()


def _hand_over(actor: Actor, engagement: Engagement, member: Member, heir: Member, at: datetime) -> None:
    before = engagement.snapshot()
    member.is_host = False
    member.save(update_fields=["is_host", "updated_at"])
    heir.is_host, heir.hidden = True, False
    heir.save(update_fields=["is_host", "hidden", "updated_at"])
    engagement.refresh_from_db()
    engagement.host_id = heir.party_id
    Invitation.objects.filter(engagement=engagement).update(host_id=heir.party_id)
    engagement.version += 1
    engagement.save(update_fields=["host", "version", "updated_at"])
    record(actor, "cosell.handed_over", engagement, party=heir.party_id, before=before, at=at)


def forget_people(*, partner_id: UUID, people: tuple[UUID, ...], at: datetime) -> int:
    """Take the names of a partner's former people off what they wrote; what they wrote stays. Safe to repeat."""
    changed = 0
    for model in (Note, Task, Document, Need):
        changed += model.objects.filter(party_id=partner_id, author_id__in=people).exclude(author_name="").update(author_name="")
    changed += Need.objects.filter(asked_id=partner_id, answered_by_id__in=people).exclude(answered_by_name="").update(answered_by_name="")
    return changed + Member.objects.filter(party_id=partner_id, contact_id__in=people).update(contact=None)
