"""A person's word on a pair: it is one company, or it is not. It outlives every refresh, and can be taken back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, NotFound, refuse_if
from openprm.kernel.scope import system_scope
from openprm.mapping import policies
from openprm.mapping.models import Entry, Match, Verdict
from openprm.mapping.services import unit

BY_A_PERSON = "reviewer"
"""What a pair is matched on that only a person found."""


@transaction.atomic
def decide(*, actor: Actor, match_id: UUID, is_same: bool, note: str = "", at: datetime) -> UUID:
    """Confirm a match that the actor sees, or split it; gives the id with which it is undone. Raises NotAllowed, NotFound, Conflict, Invalid."""
    refuse_if(policies.why_not_manage(actor))
    match = policies.reach_matches(actor, at).select_related("left", "right").one(match_id)
    said = unit.line("note", note, 300)
    with system_scope():
        row = Match.objects.select_related("left", "right").locked().one(match.pk)
        return _say(actor, row, is_same, said, at)


@transaction.atomic
def merge(*, actor: Actor, own_id: UUID, other_id: UUID, note: str = "", at: datetime) -> UUID:
    """Say that a row of an own list and one of the other side's, both seen by the actor, are one company that the engine did not find.

    Raises NotAllowed, NotFound, Conflict, Invalid.
    """
    refuse_if(policies.why_not_manage(actor))
    own = Entry.objects.filter(population__in=policies.reach(actor).values("pk")).select_related("population").one(own_id)
    other = Entry.objects.exclude(owner=own.owner_id).select_related("population").one(other_id)
    if not policies.reach_entries(actor, at, other.population_id).filter(pk=other.pk).exists():
        raise NotFound(_("There is no such company that you can see."))
    left, right = (own, other) if actor.is_vendor else (other, own)
    said = unit.line("note", note, 300)
    with system_scope():
        row = Match.objects.filter(left=left, right=right).first() or _new(left, right, at)
        return _say(actor, row, True, said, at)


def _new(left: Entry, right: Entry, at: datetime) -> Match:
    row = Match(
        partner_id=right.owner_id,
        left_owner_id=left.owner_id,
        right_owner_id=right.owner_id,
        left_population_id=left.population_id,
        right_population_id=right.population_id,
        left=left,
        right=right,
        permille=1000,
        matched_on=BY_A_PERSON,
        found_at=at,
    )
    row.save(force_insert=True)
    return row


def _say(actor: Actor, match: Match, is_same: bool, note: str, at: datetime) -> UUID:
    keys = {
        "left_population_id": match.left_population_id,
        "right_population_id": match.right_population_id,
        "left_key": match.left.key,
        "right_key": match.right.key,
    }
    before = Verdict.objects.filter(**keys, undone_at=None).locked().first()
    if before and before.is_same == is_same:
        raise Conflict(_("This was said already."), code="already_decided")
    if before:
        _close(before, at)
    home = policies.refuse_outsider(actor)
    score = None if match.matched_on == BY_A_PERSON else match.permille
    word = Verdict(partner_id=match.partner_id, decider_id=home, by_id=actor.user_id, is_same=is_same, permille=score, note=note, decided_at=at, **keys)
    word.save(force_insert=True)
    match.state = "confirmed" if is_same else "split"
    match.save(update_fields=["state", "updated_at"])
    verb = "mapping.confirmed" if is_same else "mapping.split"
    audit.record(actor, verb, word, after={}, refs=[match.partner_id], visible_to=[match.partner_id], note=note, at=at)
    return word.pk


@transaction.atomic
def undo(*, actor: Actor, verdict_id: UUID, at: datetime) -> None:
    """Take the own side's word back: what the engine finds holds again. Raises NotAllowed, NotFound, Conflict."""
    refuse_if(policies.why_not_manage(actor))
    policies.reach_verdicts(actor).one(verdict_id)
    with system_scope():
        word = Verdict.objects.locked().one(verdict_id)
        if word.undone_at:
            raise Conflict(_("This was taken back already."), code="already_undone")
        _close(word, at)
        _restore(word)
    audit.record(actor, "mapping.undone", word, after={}, refs=[word.partner_id], visible_to=[word.partner_id], at=at)


def _close(word: Verdict, at: datetime) -> None:
    word.undone_at = at
    word.save(update_fields=["undone_at", "updated_at"])


def _restore(word: Verdict) -> None:
    """A match of the engine stands as found; one that only a person made is gone."""
    rows = Match.objects.filter(
        left_population=word.left_population_id, right_population=word.right_population_id, left__key=word.left_key, right__key=word.right_key
    )
    rows.filter(matched_on=BY_A_PERSON).delete()
    rows.update(state="found")
