"""Who takes part, as what, with which part of the deal; and leaving."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.cosell import policies
from openprm.cosell.events import MemberChanged
from openprm.cosell.models import Engagement, Member, Share, Task
from openprm.cosell.rules.connections import WHOLE, fits
from openprm.cosell.rules.words import Audience, DealType, Involvement, Role, TaskState, View
from openprm.cosell.services import checks
from openprm.cosell.services.unit import acting_party, as_system, clean, known_member, load, locked, member_of, one_of, record
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, refuse_if, refused_by
from openprm.kernel.events import publish


class SharesTooHigh(Invalid):
    """The shares of all members together would be more than the whole."""


def change_involvement(*, actor: Actor, engagement_id: UUID, party_id: UUID, involvement: str, reason: str, at: datetime) -> None:
    """Co-sell, or only look on, with the reason (L2): each side for itself, the host for everybody. Raises NotFound, NotAllowed, Invalid, Conflict."""
    engagement = load(actor, engagement_id)
    refuse_if(policies.why_not_write(actor, engagement))
    known_member(actor, engagement, party_id)
    if acting_party(actor) not in (party_id, engagement.host_id):
        raise NotAllowed(_("Each company decides for itself, and the host for everybody."))
    involvement, reason = one_of(involvement, Involvement, "involvement"), clean(reason, "reason", 500)
    with as_system(actor):
        engagement = locked(engagement)
        member = member_of(engagement, party_id)
        if member.is_vendor and engagement.deal_type == DealType.PARTNER_LED and involvement == Involvement.CO_SELL:
            raise Conflict(_("In a partner-led deal the vendor looks on. Change the type of the deal first."), field="involvement")
        before = member.snapshot()
        member.involvement, member.involvement_reason = involvement, reason
        member.save(update_fields=["involvement", "involvement_reason", "updated_at"])
        if involvement == Involvement.VISIBILITY:
            Share.objects.filter(member=member).delete()
        record(actor, "cosell.involvement_changed", engagement, party=party_id, subject=member, before=before, note=reason, at=at)
        _announce(engagement, party_id, "involvement", actor, at)


def change_role(*, actor: Actor, engagement_id: UUID, party_id: UUID, role: str, responsibilities: tuple[str, ...] = (), at: datetime) -> None:
    """Give a member another role; the host alone. Raises NotFound, NotAllowed, Invalid, RoleNotHeld."""
    engagement = load(actor, engagement_id)
    refuse_if(policies.why_not_host(actor, engagement))
    held = list(dict.fromkeys((one_of(role, Role, "role"), *(one_of(one, Role, "responsibilities") for one in responsibilities))))
    with as_system(actor):
        engagement = locked(engagement)
        member = member_of(engagement, party_id)
        checks.refuse_role(checks.company(party_id), held, at)
        before = member.snapshot()
        member.role, member.responsibilities = role, held
        member.save(update_fields=["role", "responsibilities", "updated_at"])
        record(actor, "cosell.role_changed", engagement, party=party_id, subject=member, before=before, at=at)


def change_view(*, actor: Actor, engagement_id: UUID, party_id: UUID, visibility: str, hidden: bool, at: datetime) -> None:
    """How much a member gets to know, and whether it and the others are hidden from each other; the host alone."""
    engagement = load(actor, engagement_id)
    refuse_if(policies.why_not_host(actor, engagement))
    visibility = one_of(visibility, View, "visibility")
    with as_system(actor):
        engagement = locked(engagement)
        member = member_of(engagement, party_id)
        if member.is_host or (member.is_vendor and hidden):
            raise Invalid(_("The host and the vendor are never hidden, and the host has full view."), field="hidden")
        before = member.snapshot()
        member.visibility, member.hidden = visibility, hidden
        member.save(update_fields=["visibility", "hidden", "updated_at"])
        only = frozenset({engagement.host_id, party_id})
        record(actor, "cosell.view_changed", engagement, party=party_id, subject=member, before=before, only=only, at=at)


def set_shares(*, actor: Actor, engagement_id: UUID, shares: Mapping[UUID, int], version: int | None = None, at: datetime) -> None:
    """Say which part of the deal is whose, in basis points; the host alone. Members that are not named keep theirs.
    Raises NotFound, NotAllowed, Stale, Invalid, SharesTooHigh."""
    engagement = load(actor, engagement_id, version=version)
    refuse_if(policies.why_not_host(actor, engagement))
    with as_system(actor):
        engagement = locked(engagement, version=version)
        members = {party: member_of(engagement, party) for party in shares}
        stand = {row.party_id: row.basis_points for row in Share.objects.filter(engagement=engagement)}
        wanted = {**stand, **shares}
        _refuse_shares(members, shares, wanted)
        too_high = SharesTooHigh(_too_high(sum(wanted.values())), field="shares")
        with refused_by("shares_within_the_whole", too_high):
            for party in sorted(shares, key=lambda one: shares[one] - stand.get(one, 0)):
                _set_share(actor, engagement, members[party], shares[party], stand.get(party, 0), at)


def _refuse_shares(members: Mapping[UUID, Member], shares: Mapping[UUID, int], wanted: Mapping[UUID, int]) -> None:
    if any(not 0 <= share <= WHOLE for share in shares.values()):
        raise Invalid(_("A share lies between 0 and 10,000 basis points (100 %)."), field="shares")
    if not fits(wanted.values()):
        raise SharesTooHigh(_too_high(sum(wanted.values())), field="shares")
    if any(shares[party] and member.involvement == Involvement.VISIBILITY for party, member in members.items()):
        raise Invalid(_("A member that only looks on holds no share. Change its involvement first."), field="shares")


def _too_high(total: int) -> str:
    return _("The shares sum to %(total)s %%. All members together hold at most 100 %%.") % {"total": f"{total / 100:g}"}


def _set_share(actor: Actor, engagement: Engagement, member: Member, share: int, stood: int, at: datetime) -> None:
    if share == stood:
        return
    Share.objects.update_or_create(member=member, defaults={"engagement": engagement, "party_id": member.party_id, "basis_points": share})
    record(
        actor,
        "cosell.share_set",
        engagement,
        party=member.party_id,
        audience=Audience.FULL,
        subject=member,
        after={},
        data={"share": f"{share / 100:g} %"},
        at=at,
    )


def leave(*, actor: Actor, engagement_id: UUID, reason: str, at: datetime) -> None:
    """Step out, for good unless one is invited again. The host closes instead. Raises NotFound, NotAllowed, Invalid."""
    engagement = load(actor, engagement_id)
    refuse_if(policies.why_not_write(actor, engagement))
    party = acting_party(actor)
    if party == engagement.host_id:
        raise NotAllowed(_("Your company opened %(number)s. Close it instead.") % {"number": engagement.number})
    reason = clean(reason, "reason", 500)
    with as_system(actor):
        engagement = locked(engagement)
        take_out(actor, engagement, member_of(engagement, party), "left", reason, at)


def remove_member(*, actor: Actor, engagement_id: UUID, party_id: UUID, reason: str, at: datetime) -> None:
    """Take a member out; the host alone. What it wrote stays. Raises NotFound, NotAllowed, Invalid."""
    engagement = load(actor, engagement_id)
    refuse_if(policies.why_not_host(actor, engagement))
    if party_id == engagement.host_id:
        raise Invalid(_("The host cannot be taken out. Close the engagement instead."), field="party_id")
    reason = clean(reason, "reason", 500)
    with as_system(actor):
        engagement = locked(engagement)
        take_out(actor, engagement, member_of(engagement, party_id), "removed", reason, at)


def take_out(actor: Actor, engagement: Engagement, member: Member, what: str, reason: str, at: datetime) -> None:
    """In the system's scope: the member sees nothing any more, its share is free, its open tasks end."""
    before = member.snapshot()
    record_first = {"party": member.party_id, "subject": member, "note": reason}
    member.left_at, member.left_reason = at, reason
    Share.objects.filter(member=member).delete()
    Task.objects.filter(engagement=engagement, owner_id=member.party_id, state__in=(TaskState.PROPOSED, TaskState.ACCEPTED)).update(
        state=TaskState.REJECTED, reason=_("The company left the engagement."), decided_at=at
    )
    _announce(engagement, member.party_id, what, actor, at)
    record(actor, f"cosell.member_{what}", engagement, before=before, after=member.snapshot(), at=at, **record_first)
    member.save(update_fields=["left_at", "left_reason", "updated_at"])
    engagement.refresh_from_db()


def _announce(engagement: Engagement, party: UUID, what: str, actor: Actor, at: datetime) -> None:
    publish(MemberChanged(engagement_id=engagement.pk, party_id=party, what=what, actor_id=actor.user_id, at=at))
