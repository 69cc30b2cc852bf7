"""Messages of a peer over HTTPS: taken when their signed head is one we wait for, in as many pieces as it takes. No secret is used here.

The same questions as the stand-alone server asks (engine/psi/mailbox.py), of the database: the signature of a pinned key is the way in.
"""

from dataclasses import dataclass
from datetime import datetime

from openprm.kernel.actor import SYSTEM
from openprm.kernel.events import publish
from openprm.mapping.engine.psi import protocol, transcripts
from openprm.mapping.engine.psi.errors import Refused
from openprm.mapping.engine.psi.limits import check_runs
from openprm.mapping.engine.psi.mailbox import MOST_WAITING, Taken
from openprm.mapping.engine.psi.messages import LONGEST_START, OFFER, SignedHead, read_signed_head
from openprm.mapping.events import PrivateMessageArrived, PrivateRunTold
from openprm.mapping.privatemodels import (
    ANSWERED,
    ARRIVING,
    ASKED,
    DECLINED,
    DROPPED,
    EXPIRED,
    IN,
    OFFERED,
    PINNED,
    REFUSED,
    WHOLE,
    PsiMessage,
    PsiPeer,
    PsiPiece,
    PsiRun,
)
from openprm.mapping.services.private import keeping, keys
from openprm.mapping.services.private.unit import note, short

GONE = (DECLINED, DROPPED, EXPIRED, REFUSED)
UNKNOWN = "The message is not signed by a key that is pinned here."
DAMAGED = "What arrived is not what was signed. Send the message anew."


@dataclass(eq=False)
class RefusedOf(Refused):
    """What a pinned peer has signed and was refused: it stands in the log. `is_here` says that we have the very message already."""

    peer: PsiPeer
    signed: SignedHead
    why: str
    is_here: bool = False

    def __str__(self) -> str:
        return self.why


def announce(*, start: bytes, at: datetime) -> Taken:
    """Take the head of a message, or say how much of it is here already. Raises Refused; RefusedOf when a pinned peer signed it."""
    if len(start) > LONGEST_START:
        raise Refused("The head of the message is too long.")
    signed = read_signed_head(start)
    if start != signed.spelled:
        raise Refused("A message is announced by its head alone.")
    peer = _sender(signed)
    if (kept := PsiMessage.objects.filter(peer=peer, name=signed.hash, direction=IN, state__in=(ARRIVING, WHOLE)).first()) is not None:
        return _taken(kept)
    row = PsiRun.objects.select_related("peer").filter(peer=peer, run=signed.head.run).first()
    if row is not None and row.state in GONE:
        raise RefusedOf(peer, signed, f"Run {row.run[:8]} was declined by a person." if row.state == DECLINED else f"Run {row.run[:8]} is {row.state} here.")
    if row is not None and any(one.hash == signed.hash for one in transcripts.kept(row.transcript)):
        raise RefusedOf(peer, signed, f"This {signed.head.step} of run {row.run[:8]} was taken already, and a message is read once.", is_here=True)
    try:
        _check(peer, row, signed, at)
    except Refused as why:
        raise RefusedOf(peer, signed, str(why)) from None
    return _begun(peer, row, signed, at)


def append(*, name: str, offset: int, piece: bytes, at: datetime) -> Taken:
    """Take the next piece of an announced message. A piece that does not begin where the last one ended changes nothing. Raises Refused."""
    kept = PsiMessage.objects.select_related("peer").filter(name=name, direction=IN, state__in=(ARRIVING, WHOLE)).locked().first()
    if kept is None or kept.peer.state != PINNED:
        raise Refused("Announce the message by its head first.")
    if offset != kept.received or kept.state == WHOLE:
        return _taken(kept)
    if offset + len(piece) > kept.size:
        raise Refused(f"The message has {kept.size:,} bytes; more were sent.")
    PsiPiece(message=kept, offset=offset, content=piece).save(force_insert=True)
    kept.received += len(piece)
    kept.save()
    return _complete(kept, at) if kept.received == kept.size else _taken(kept)


def note_refused(*, refused: RefusedOf, at: datetime) -> None:
    """What a peer signed and we refused stands in the log; who is not pinned writes nothing there. What was damaged on its way is thrown away."""
    head = refused.signed.head
    if refused.why == DAMAGED:
        PsiMessage.objects.filter(name=refused.signed.hash, direction=IN, state=ARRIVING).delete()
    note(SYSTEM, "message_refused", refused.peer, at, peer=refused.peer.name, step=head.step, run=head.run, why=short(refused.why))


def _sender(signed: SignedHead) -> PsiPeer:
    """A stranger and a false signature hear the same: nobody learns from us who our peers are."""
    peer = PsiPeer.objects.filter(fingerprint=signed.head.sender, state=PINNED).locked().first()
    if peer is None or not signed.is_by(bytes(peer.public)):
        raise Refused(UNKNOWN)
    return peer


def _check(peer: PsiPeer, row: PsiRun | None, signed: SignedHead, at: datetime) -> None:
    me, known, past = keys.own().me, keeping.pinned(peer), keeping.past(peer)
    run = keeping.public_run_of(row) if row is not None and row.state in (OFFERED, ANSWERED) else None
    protocol.check_arrival(me, known, signed, past, run, at)
    if signed.head.step == OFFER:
        check_runs(past, known.limits, at)
    if keeping.waiting(peer) >= MOST_WAITING:
        raise Refused(f"{MOST_WAITING} messages of this sender wait to be read here. No more is taken before one is.")


def _begun(peer: PsiPeer, row: PsiRun | None, signed: SignedHead, at: datetime) -> Taken:
    head = signed.head
    kept = PsiMessage(peer=peer, run=row, direction=IN, name=signed.hash, head=signed.spelled, step=head.step, size=signed.size, state=ARRIVING)
    kept.save(force_insert=True)
    note(SYSTEM, "arriving", row or peer, at, peer=peer.name, step=head.step, run=head.run, mode=head.mode)
    return _taken(kept)


def _complete(kept: PsiMessage, at: datetime) -> Taken:
    if not keeping.is_what_was_signed(kept):
        raise RefusedOf(kept.peer, keeping.signed_head(kept), DAMAGED)
    kept.state = WHOLE
    if kept.step == OFFER:
        kept.run = _asked(kept, at)
    else:
        publish(PrivateMessageArrived(message_id=kept.pk))
    kept.save()
    return _taken(kept)


def _asked(kept: PsiMessage, at: datetime) -> PsiRun:
    """The offer is here: it waits for a person of ours, who alone decides whether a list is touched."""
    signed = keeping.signed_head(kept)
    head = signed.head
    run = PsiRun(
        peer=kept.peer,
        run=head.run,
        began_it=False,
        mode=head.mode,
        purpose=head.purpose,
        state=ASKED,
        expires_at=head.expires,
        their_agreed_at=head.at,
        their_points=head.points,
        transcript=transcripts.plain((signed,)),
        transcript_hash=signed.hash,
    )
    run.save(force_insert=True)
    note(SYSTEM, "asked", run, at, peer=kept.peer.name, mode=head.mode, purpose=head.purpose, points=head.points)
    publish(PrivateRunTold(run_id=run.pk, what=ASKED))
    return run


def _taken(kept: PsiMessage) -> Taken:
    return Taken(kept.name, kept.received, kept.size)
