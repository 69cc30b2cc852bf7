"""What letters need to know, in the system's scope."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openprm.identity import queries as identity
from openprm.mapping import policies
from openprm.mapping.models import Ask, Grant, Population, Target
from openprm.mapping.rules.sharing import Level, told


@dataclass(frozen=True, slots=True, kw_only=True)
class ToTell:
    """What one side may be told of new overlaps: the number, or 0 when it may not know it."""

    organization_id: UUID
    is_partner: bool
    partner_id: UUID
    other: str
    population: str
    count: int


def to_tell(partner_id: UUID, left_id: UUID, right_id: UUID, count: int, at: datetime) -> tuple[ToTell, ...]:
    """Each side that the other shows its list, with the number as that level tells it."""
    lists = Population.objects.in_bulk([left_id, right_id])
    if len(lists) < 2 or not policies.connected(partner_id):
        return ()
    names = identity.organization_names({one.owner_id for one in lists.values()})
    found = []
    for mine, theirs in ((lists[left_id], lists[right_id]), (lists[right_id], lists[left_id])):
        grant = Grant.objects.filter(population=theirs, viewer=mine.owner_id, revoked_at=None, expires_at__gt=at).first()
        if grant:
            number = max(0, told(count, Level(grant.level), mine.row_count))
            is_partner = mine.owner_id == partner_id
            found.append(
                ToTell(
                    organization_id=mine.owner_id,
                    is_partner=is_partner,
                    partner_id=partner_id,
                    other=names.get(theirs.owner_id, ""),
                    population=mine.name,
                    count=number,
                )
            )
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskTold:
    partner_id: UUID
    asker_id: UUID
    owner_id: UUID
    asker: str
    owner: str
    state: str
    text: str


def ask_told(ask_id: UUID) -> AskTold:
    row = Ask.objects.one(ask_id)
    names = identity.organization_names([row.asker_id, row.owner_id])
    return AskTold(
        partner_id=row.partner_id,
        asker_id=row.asker_id,
        owner_id=row.owner_id,
        asker=names.get(row.asker_id, ""),
        owner=names.get(row.owner_id, ""),
        state=row.state,
        text=row.message if row.state == "open" else row.answer,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetTold:
    partner_id: UUID
    receiver_id: UUID
    chooser: str
    name: str
    note: str


def target_told(target_id: UUID, at: datetime) -> TargetTold | None:
    """What the other side is told of a new target; None when it was ended meanwhile or the sides compare no more."""
    row = Target.objects.one(target_id)
    if row.ended_at or not policies.connected(row.partner_id):
        return None
    receiver = row.right_owner_id if row.chooser_id == row.left_owner_id else row.left_owner_id
    names = identity.organization_names([row.chooser_id])
    return TargetTold(partner_id=row.partner_id, receiver_id=receiver, chooser=names.get(row.chooser_id, ""), name=row.name, note=row.note)
