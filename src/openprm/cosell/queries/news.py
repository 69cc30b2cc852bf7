"""Who hears a piece of news about an engagement, and what it may say. Read in the system's scope, by jobs."""

from dataclasses import dataclass
from uuid import UUID

from openprm.cosell.models import Engagement, Invitation, Member, Need, Sight, Task
from openprm.identity import queries as identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """People of one company, on its side of the house."""

    party_id: UUID
    is_vendor: bool
    people: tuple[UUID, ...]


def engagement_named(engagement_id: UUID) -> tuple[str, str, UUID] | None:
    """Number, title and host."""
    return Engagement.objects.filter(pk=engagement_id).values_list("number", "title", "host_id").first()


def company_name(party_id: UUID) -> str:
    return identity.organization_names([party_id]).get(party_id, "")


def people_of(party_id: UUID, engagement_id: UUID) -> Told:
    """The contact of a member, or everybody of the company who may act when none is named."""
    contact = Member.objects.filter(engagement_id=engagement_id, party_id=party_id).values_list("contact_id", flat=True).first()
    is_vendor = identity.vendor_organization().id == party_id
    people = (contact,) if contact else tuple(one.id for one in identity.holders_of("cosell.act", party_id) if one.id)
    return Told(party_id=party_id, is_vendor=is_vendor, people=people)


def listeners(engagement_id: UUID, party_id: UUID, audience: str, also: UUID | None = None) -> tuple[Told, ...]:
    """The other present members that may know of `party_id` (and of `also`), as far as the audience goes."""
    if audience == "private":
        return ()
    rows = list(Sight.objects.filter(engagement_id=engagement_id))
    found = {row.viewer_id for row in rows if row.seen_id == party_id and (audience == "shared" or row.is_full)} - {party_id}
    if also is not None:
        found &= {row.viewer_id for row in rows if row.seen_id == also}
    return tuple(people_of(one, engagement_id) for one in sorted(found))


def inviter(invitation_id: UUID) -> UUID | None:
    return Invitation.objects.filter(pk=invitation_id).values_list("invited_by_id", flat=True).first()


def invitation_said(invitation_id: UUID) -> tuple[str, str, str, str] | None:
    """Title, customer, message, reason of an invitation."""
    return Invitation.objects.filter(pk=invitation_id).values_list("title", "customer_name", "message", "reason").first()


def task_said(task_id: UUID) -> tuple[str, str, str] | None:
    """Title, audience, reason of a task."""
    return Task.objects.filter(pk=task_id).values_list("title", "audience", "reason").first()


def need_said(need_id: UUID) -> tuple[str, str, str] | None:
    """What was asked, in which words, and the answer."""
    return Need.objects.filter(pk=need_id).values_list("need", "detail", "answer").first()
