"""Both sides speak and show; nobody reads the other before both have spoken or the time is over."""

import hashlib
from datetime import datetime
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from openprm.conflicts import policies
from openprm.conflicts.events import StatementGiven, StatementsRevealed
from openprm.conflicts.models import ConflictCase, Evidence, Party, Statement
from openprm.conflicts.rules.lifecycle import is_revealed
from openprm.conflicts.services import clocks
from openprm.conflicts.services.results import Saved
from openprm.conflicts.services.unit import announce, as_system, locked, record, save, sides, visible, words
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if, refused_by
from openprm.kernel.files import MAX_BYTES, safe_name, sniff
from openprm.kernel.ids import new_id

MOST_FILES = 20
AT_ONCE = 200


def give_statement(*, actor: Actor, case_id: UUID, text: str, version: int | None = None, at: datetime) -> Saved:
    """Speak for one's side. Raises NotFound, NotAllowed, Stale, Invalid."""
    visible(actor, case_id)
    said = words("text", text, most=8000)
    with as_system(actor):
        case, party = _my_side(actor, case_id, version)
        say(actor, case, party, said, at)
        _reveal_if_due(case, at)
        save(case)
        announce(StatementGiven, case, actor, at, side=party.side)
        return Saved(case_id=case.pk, number=case.number, version=case.version, state=str(case.state))


def add_evidence(*, actor: Actor, case_id: UUID, name: str, content: bytes, at: datetime) -> UUID:
    """Show a file; its content decides what it is, and the same file twice is one. Raises NotFound, NotAllowed, Invalid, Conflict."""
    visible(actor, case_id)
    with as_system(actor):
        case, party = _my_side(actor, case_id, None)
        return keep_file(actor, case, party, name, content, at)


def _my_side(actor: Actor, case_id: UUID, version: int | None) -> tuple[ConflictCase, Party]:
    """The case under lock with this actor's side. Raises NotAllowed, Stale."""
    case = locked(case_id, version)
    parties, side = sides(case), policies.side_of(actor, case)
    party = parties.get(side) if side else None
    said = Statement.objects.filter(party=party).count() if party else 0
    refuse_if(policies.why_not_speak(actor, case, said))
    assert party is not None
    return case, party


def say(actor: Actor, case: ConflictCase, party: Party, text: str, at: datetime) -> None:
    """Write a statement down; the first one keeps the promise to speak. After the reveal both sides read it at once."""
    Statement.objects.create(text=text, **_by(actor, case, party, at))
    if party.spoke_at is None:
        party.spoke_at = at
        party.save(update_fields=["spoke_at", "updated_at"])
        clocks.heard(party, at)
    record(actor, "conflict.statement", case, after={}, at=at)


def keep_file(actor: Actor, case: ConflictCase, party: Party, name: str, content: bytes, at: datetime) -> UUID:
    content_type, extension = _kind_of(content)
    sha256 = hashlib.sha256(content).hexdigest()
    mine = Evidence.objects.filter(party=party)
    if same := mine.filter(sha256=sha256).values_list("pk", flat=True).first():
        return same
    if mine.count() >= MOST_FILES:
        raise Conflict(_("One side shows at most %(most)d files.") % {"most": MOST_FILES})
    row = Evidence(
        id=new_id(), name=safe_name(name, extension), content_type=content_type, size=len(content), sha256=sha256, **_by(actor, case, party, at)
    )  # fmt: skip
    row.storage_key = f"conflicts/{row.pk}"
    with refused_by("evidence_once_per_side", Conflict(_("This file is on the case already."))):
        row.save(force_insert=True)
    default_storage.save(row.storage_key, ContentFile(content))
    record(actor, "conflict.evidence", case, after={}, data={"sha256": sha256}, at=at)
    return row.pk


def _kind_of(content: bytes) -> tuple[str, str]:
    if len(content) > MAX_BYTES:
        raise Invalid(_("The file is larger than %(most)d MB.") % {"most": MAX_BYTES // 2**20}, field="file")
    kind = sniff(content)
    if kind is None:
        raise Invalid(_("Only PDF, PNG, JPEG, Word, Excel, PowerPoint and plain text files can be shown."), field="file")
    return kind


def _by(actor: Actor, case: ConflictCase, party: Party, at: datetime) -> dict:
    return {
        "case": case, "party": party, "partner_id": party.partner_id, "author_id": actor.user_id, "author_name": actor.name[:120], "said_at": at,
        "revealed_at": at if case.revealed_at else None,
    }  # fmt: skip


def _reveal_if_due(case: ConflictCase, at: datetime) -> bool:
    """Open both sides to each other when it is time; once."""
    both = not Party.objects.filter(case=case, spoke_at=None).exists()
    if case.revealed_at or not is_revealed(both_spoke=both, time_is_over=case.statements_due_at <= at):
        return False
    case.revealed_at = at
    case.save(update_fields=["revealed_at", "updated_at"])
    for model in (Statement, Evidence):
        model.objects.filter(case=case, revealed_at=None).update(revealed_at=at)
    record(SYSTEM, "conflict.revealed", case, after={}, at=at)
    announce(StatementsRevealed, case, SYSTEM, at)
    return True


def reveal_due(*, at: datetime) -> int:
    """Open what both sides said in cases whose time to speak is over. Safe to run twice; gives how many were looked at."""
    rows = ConflictCase.objects.filter(revealed_at=None, statements_due_at__lte=at).order_by("statements_due_at", "pk")
    due = list(rows.values_list("pk", flat=True)[:AT_ONCE])
    for case in ConflictCase.objects.filter(pk__in=due).locked():
        if _reveal_if_due(case, at):
            save(case)
    return len(due)
