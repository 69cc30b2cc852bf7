"""What finance books by hand: on accounts that no room keeps lines behind, and the reversal of such an entry."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if
from openprm.ledger import policies
from openprm.ledger.models import Entry
from openprm.ledger.queries.kinds import kinds, title_of
from openprm.ledger.rules.entries import LONGEST_MEMO, Leg
from openprm.ledger.services.posting import Posted, post, reverse

BY_HAND = "books.by_hand"


@transaction.atomic
def post_by_hand(*, actor: Actor, key: str, legs: Sequence[Leg], value_date: date, memo: str, at: datetime) -> Posted:
    """Book an entry by hand. Raises NotAllowed, Invalid (also for an account that a room keeps), PeriodClosed, KeyUsed."""
    refuse_if(policies.why_not_correct(actor))
    for number, leg in enumerate(legs):
        _check_account(leg, f"legs[{number}].account")
    posted = post(actor=actor, kind=BY_HAND, key=f"by-hand:{key}", legs=legs, value_date=value_date, memo=_why(memo, "memo"), at=at)
    if posted.is_new:
        audit.record(actor, "ledger.booked_by_hand", Entry.objects.one(posted.entry_id), before={}, at=at)
    return posted


@transaction.atomic
def reverse_by_hand(*, actor: Actor, entry_id: UUID, reason: str, at: datetime) -> Posted:
    """Undo an entry that was booked by hand, in the first open month. Raises NotFound, NotAllowed, Conflict (a room's entry), AlreadyReversed."""
    row = policies.reach_entries(actor).one(entry_id)
    refuse_if(policies.why_not_correct(actor))
    if row.kind != BY_HAND:
        raise Conflict(_("This entry belongs to what it is about. Correct it there, and the books follow."))
    posted = reverse(actor=actor, entry_id=row.pk, reason=_why(reason, "reason"), key=f"reverse:{row.pk}", at=at)
    audit.record(actor, "ledger.reversed", row, refs=(posted.entry_id,), note=reason[:300], at=at)
    return posted


def _check_account(leg: Leg, place: str) -> None:
    kind = kinds().get(leg.account)
    if kind is not None and not kind.by_hand:
        raise Invalid(_("“%(account)s” is moved by the part of the system that keeps it. Correct it there.") % {"account": title_of(leg.account)}, field=place)
    if leg.owner_id or leg.subject_id:
        raise Invalid(_("A booking by hand moves no partner's account."), field=place)


def _why(text: str, field: str) -> str:
    kept = " ".join(text.split())
    if not kept:
        raise Invalid(_("Say why: an auditor reads this sentence."), field=field, code="required")
    if len(kept) > LONGEST_MEMO:
        raise Invalid(_("A memo has at most %(most)d characters.") % {"most": LONGEST_MEMO}, field=field)
    return kept
