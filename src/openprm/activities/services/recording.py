"""Writing down what happened: one entry, or many at once."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from openprm.accounts import queries as accounts
from openprm.activities import policies
from openprm.activities.events import ActivityRecorded
from openprm.activities.models import Activity
from openprm.activities.rules.kinds import Direction, Kind, Purpose, Side, Struck
from openprm.activities.services import checks
from openprm.activities.services.results import Told
from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, NotFound, Refusal, refuse_if, refused_by
from openprm.kernel.events import publish
from openprm.kernel.files import MAX_BYTES, safe_name, sniff
from openprm.kernel.ids import new_id

MOST_AT_ONCE = 500


class ActivityIsKnown(Conflict):
    """Another request told the same entry of the source a moment ago."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that somebody did at a customer. `side` empty means the actor's own."""

    account_id: UUID
    kind: str
    occurred_at: datetime
    summary: str
    side: str = ""
    direction: str = "out"
    purpose: str = ""
    person: str = ""
    person_email: str = ""
    outcome: str = ""
    partner_id: UUID | None = None
    about: UUID | None = None
    source: str = ""
    external_id: str = ""
    proof: tuple[str, bytes] | None = None


@transaction.atomic
def record(*, actor: Actor, at: datetime, **values: Any) -> UUID:
    """Write one activity down; takes the fields of `Entry`. What a source told before is answered with its id.

    Raises NotFound (the account), NotAllowed, Invalid.
    """
    return _record(actor, Entry(**values), at)[0]


def record_many(*, actor: Actor, entries: Sequence[Entry], at: datetime) -> tuple[Told, ...]:
    """Write many down, each for itself: a refused one says why and does not hold the others. Raises NotAllowed, Invalid when there are too many."""
    if len(entries) > MOST_AT_ONCE:
        raise Invalid(_("Send at most %(most)d activities at once.") % {"most": MOST_AT_ONCE}, field="items")
    return tuple(_tell(actor, position, entry, at) for position, entry in enumerate(entries))


def _tell(actor: Actor, position: int, entry: Entry, at: datetime) -> Told:
    try:
        with transaction.atomic():
            activity_id, is_new = _record(actor, entry, at)
    except Refusal as refusal:
        problem = next(iter(refusal.problems), None)
        return Told(position=position, state="refused", reason=str(refusal.message), field=problem.field if problem else "")
    return Told(position=position, state="recorded" if is_new else "known", activity_id=activity_id)


def _record(actor: Actor, entry: Entry, at: datetime) -> tuple[UUID, bool]:
    row = _row(actor, entry, at)
    refuse_if(policies.why_not_record(actor, side=row.side, partner_id=row.partner_id))
    _refuse_stranger(actor, row.account_id)
    if row.external_id and (known := _known(row)):
        return known, False
    _keep_proof(row, entry.proof)
    _insert(row)
    audit.record(actor, "activity.recorded", row, refs=_refs(row), visible_to=_readers(row), at=at)
    publish(ActivityRecorded(**facts_of(row, actor, at), purpose=row.purpose))
    return row.pk, True


def _row(actor: Actor, entry: Entry, at: datetime) -> Activity:
    side = checks.choice("side", entry.side or (Side.PARTNER if actor.is_partner else Side.VENDOR), Side)
    partner_id = entry.partner_id or (actor.partner_id if actor.is_partner else None)
    if side == Side.PARTNER and partner_id is None:
        raise Invalid(_("Say which partner did it."), field="partner_id", code="required")
    return Activity(
        account_id=entry.account_id,
        partner_id=partner_id,
        about=entry.about,
        kind=checks.choice("kind", entry.kind, Kind),
        side=side,
        direction=checks.choice("direction", entry.direction or Direction.OUT, Direction),
        purpose=checks.choice("purpose", entry.purpose, Purpose) if entry.purpose else "",
        occurred_at=checks.moment("occurred_at", entry.occurred_at, at),
        person=checks.line("person", entry.person, 120),
        person_email=checks.email("person_email", entry.person_email),
        summary=checks.text("summary", entry.summary, 2000, required=True),
        outcome=checks.text("outcome", entry.outcome, 1000),
        author_id=actor.user_id,
        author_name=actor.name[:120],
        self_reported=actor.is_partner,
        source=checks.line("source", entry.source, 60) or ("api" if entry.external_id else ""),
        external_id=checks.line("external_id", entry.external_id, 120),
    )


def _refuse_stranger(actor: Actor, account_id: UUID) -> None:
    """An account that this actor does not see is answered like one that is not there."""
    if not (actor.is_system or accounts.newest_accounts(actor, filters={}).filter(pk=account_id).exists()):
        raise NotFound(_("There is no such account that you can see."), code="account_not_found")


def _known(row: Activity) -> UUID | None:
    same = Activity.objects.filter(source=row.source, external_id=row.external_id, self_reported=row.self_reported).exclude(struck_as=Struck.UNDONE)
    return (same.filter(partner=row.partner_id) if row.self_reported else same).values_list("pk", flat=True).first()


def _insert(row: Activity) -> None:
    refusal = ActivityIsKnown(_("This activity is being told a second time. Nothing was changed."), field="external_id")
    with refused_by("activity_once_per_source", refusal), refused_by("activity_once_per_partners_source", refusal):
        row.save(force_insert=True)


def _keep_proof(row: Activity, proof: tuple[str, bytes] | None) -> None:
    if proof is None:
        return
    name, content = proof
    if len(content) > MAX_BYTES:
        raise Invalid(_("The file is larger than %(most)d MB.") % {"most": MAX_BYTES // 2**20}, field="proof")
    kind = sniff(content)
    if kind is None:
        raise Invalid(_("Only PDF, PNG, JPEG, Word, Excel, PowerPoint and plain text files can be attached."), field="proof")
    row.proof_type, extension = kind
    row.proof_name, row.proof_size = safe_name(name, extension), len(content)
    row.proof_sha256, row.proof_key = hashlib.sha256(content).hexdigest(), f"activities/{new_id()}"
    default_storage.save(row.proof_key, ContentFile(content))


def _refs(row: Activity) -> tuple[UUID, ...]:
    return tuple(filter(None, (row.pk, row.account_id, row.about, row.partner_id if row.side == Side.PARTNER else None)))


def _readers(row: Activity) -> tuple[UUID, ...]:
    """The vendor's own work is the vendor's to read."""
    return (row.partner_id,) if row.side == Side.PARTNER else ()


def facts_of(row: Activity, actor: Actor, at: datetime) -> dict[str, Any]:
    names = ("account_id", "kind", "side", "direction", "partner_id", "about", "occurred_at")
    return {"activity_id": row.pk, "actor_id": actor.user_id, "at": at} | {name: getattr(row, name) for name in names}


@transaction.atomic
def record_rows(*, actor: Actor, entries: Sequence[Entry], at: datetime) -> list[UUID]:
    """Write the rows of an import down with one insert; each has its audit event and its news. All or nothing. Raises NotAllowed, Invalid."""
    refuse_if(policies.why_not_import(actor))
    rows = [_row(actor, entry, at) for entry in entries]
    refusal = ActivityIsKnown(_("An activity with this id of that source is already there."), field="external_id")
    with refused_by("activity_once_per_source", refusal):
        Activity.objects.bulk_create(rows)
    audit.record_many(actor, "activity.recorded", [audit.Entry(row, refs=_refs(row), visible_to=_readers(row)) for row in rows], at=at)
    for row in rows:
        publish(ActivityRecorded(**facts_of(row, actor, at), purpose=row.purpose))
    return [row.pk for row in rows]
