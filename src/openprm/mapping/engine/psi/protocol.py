"""The three steps of a run: offer, answer, close. Values in, values out; every message is checked before a secret touches it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from openprm.audit.rules.seals import fingerprint_of
from openprm.mapping.engine.psi import limits as guards
from openprm.mapping.engine.psi.cipher import TAG, Cipher, Tell, no_points, tags, values, xs
from openprm.mapping.engine.psi.errors import Refused
from openprm.mapping.engine.psi.items import Items, padded
from openprm.mapping.engine.psi.limits import COUNT, REVEAL, Limits, Past
from openprm.mapping.engine.psi.messages import ANSWER, CLOSE, LONGEST_PURPOSE, NOTHING_BEFORE, OFFER, Head, Message, SignedHead, digest_of, signed

OFFERED, ANSWERED, FINISHED, DROPPED = "offered", "answered", "finished", "dropped"
OPEN = (OFFERED, ANSWERED)
LONGEST_LIFE = timedelta(days=31)
_CLOCKS_DIFFER = timedelta(hours=1)


@dataclass(frozen=True)
class Me:
    key: Ed25519PrivateKey

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self.key.public_key().public_bytes_raw())


@dataclass(frozen=True)
class Peer:
    """The other side: the key that was pinned, and what was agreed to."""

    public: bytes
    limits: Limits = field(default_factory=Limits)

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self.public)


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run as one side remembers it. `secret` is b"" as soon as it is not needed; `heads` are the signed transcript."""

    id: str
    stage: str
    mode: str
    peer: str
    started: datetime
    secret: bytes
    size: int
    heads: tuple[SignedHead, ...]
    common: int = -1

    @property
    def began_it(self) -> bool:
        return self.heads[0].head.receiver == self.peer

    @property
    def leaked(self) -> bool:
        """Whether the other side may have learnt something of our list beyond its padded size."""
        return len(self.heads) > 1


@dataclass(frozen=True, eq=False)
class Begun:
    """A run of ours, the message to send, and which domain (its place in the items) is behind each point; -1 is filling."""

    run: Run
    message: Message
    places: np.ndarray


@dataclass(frozen=True, eq=False)
class Ended:
    """`common` says how many domains both have; `found` which of our points they are, in a run that reveals."""

    run: Run
    message: Message | None
    common: int
    found: np.ndarray | None


def _quiet(_done: int, _all: int) -> None:
    pass


def offer(
    me: Me, peer: Peer, items: Items, past: Sequence[Past], prints: np.ndarray, *, mode: str, purpose: str, at: datetime, life: timedelta, tell: Tell = _quiet
) -> Begun:
    """Ask a peer for a run. Raises Refused when the list, the limits or what was asked before forbid it."""
    _check_asked(peer, me, purpose, life)
    _check_own(items, past, prints, mode, peer.limits, at)
    run, secret = secrets.token_hex(16), Cipher.new_secret()
    points, places = _hidden(Cipher(secret), items, run, tell)
    message = _message(me, peer, OFFER, run, mode, at, NOTHING_BEFORE, points, _no_tags(), purpose=purpose, expires=at + life)
    return Begun(_run(message, OFFERED, peer, at, secret, len(items), (message.signed,)), message, places)


def answer(
    me: Me, peer: Peer, asked: Message, items: Items, past: Sequence[Past], prints: np.ndarray, *, consent: str, at: datetime, tell: Tell = _quiet
) -> Begun:
    """Answer an offer in the mode one consents to. Raises Refused; then nothing was made that could be sent."""
    check_offer(me, peer, asked, past, consent=consent, at=at)
    _check_own(items, past, prints, consent, peer.limits, at)
    head, secret = asked.head, Cipher.new_secret()
    cipher = Cipher(secret)
    theirs = tags(cipher.again(asked.points, tell))
    points, places = _hidden(cipher, items, head.run, tell)
    back = _in_order_of_values(theirs) if consent == COUNT else theirs
    message = _message(me, peer, ANSWER, head.run, consent, at, asked.signed.hash, points, back, purpose=head.purpose, expires=head.expires)
    return Begun(_run(message, ANSWERED, peer, at, secret, len(items), (asked.signed, message.signed)), message, places)


def finish(me: Me, peer: Peer, run: Run, mine: Message, got: Message, *, at: datetime, tell: Tell = _quiet) -> Ended:
    """Read the answer to an offer of ours: what is common, and the message that tells the other side. Raises Refused."""
    _check_next(me, peer, run, got.signed, ANSWER, OFFERED, at)
    guards.check_their_size(got.head.points, peer.limits)
    _check_points(got)
    _check_tags(got, len(mine.points))
    if len(np.intersect1d(xs(got.points), xs(mine.points), assume_unique=True)):
        raise Refused("The answer gives back points of our own offer as if they were the other list. It was refused.")
    theirs = tags(Cipher(run.secret).again(got.points, tell))
    found = _common(got.tags, theirs, run)
    back = _in_order_of_values(theirs) if run.mode == COUNT else theirs
    first = run.heads[0].head
    message = _message(
        me, peer, CLOSE, run.id, run.mode, at, got.signed.hash, no_points(), back, purpose=first.purpose, expires=first.expires, common=len(found)
    )
    return Ended(_finished(run, len(found), got.signed, message.signed), message, len(found), found if run.mode == REVEAL else None)


def close(me: Me, peer: Peer, run: Run, mine: Message, got: Message, *, at: datetime) -> Ended:
    """Read the close of a run that we answered: what is common. Raises Refused."""
    _check_next(me, peer, run, got.signed, CLOSE, ANSWERED, at)
    if got.head.points:
        raise Refused("The close carries points, and it must not. It was made by other software.")
    _check_tags(got, len(mine.points))
    found = _common(got.tags, mine.tags, run)
    if len(found) != got.head.common:
        raise Refused(f"The other side says that {got.head.common:,} domains are common, and what it sent says {len(found):,}. Speak with them; keep the file.")
    return Ended(_finished(run, len(found), got.signed), None, len(found), found if run.mode == REVEAL else None)


def drop(run: Run) -> Run:
    """Give a run up: its secret is forgotten, and no message of it is read any more."""
    if run.stage not in OPEN:
        raise Refused(f"Run {run.id[:8]} is {run.stage} already.")
    return replace(run, stage=DROPPED, secret=b"")


def check_offer(me: Me, peer: Peer, asked: Message, past: Sequence[Past], *, consent: str, at: datetime) -> None:
    """Whether an offer may be answered at all, before a list is looked at. Raises Refused."""
    _check_offer_head(me, peer, asked.signed, past, at)
    mode = asked.head.mode
    if mode != consent:
        wanted, given = ("the common names", "a count") if mode == REVEAL else ("a count", "the common names")
        raise Refused(f"The offer is for {wanted}, and you consent to {given}. Both sides must want the same: consent to it, or ask for another offer.")
    _check_points(asked)


def check_arrival(me: Me, peer: Peer, got: SignedHead, past: Sequence[Past], run: Run | None, at: datetime) -> None:
    """Whether the head of a message that is being sent to us is one we wait for; the rest is looked at when it is read. Raises Refused."""
    if got.head.step == OFFER:
        _check_offer_head(me, peer, got, past, at)
    elif run is None or run.peer != peer.fingerprint:
        raise Refused("Nobody here waits for this message.")
    else:
        step, stage = (ANSWER, OFFERED) if run.stage == OFFERED else (CLOSE, ANSWERED)
        _check_next(me, peer, run, got, step, stage, at)
        if step == ANSWER:
            guards.check_their_size(got.head.points, peer.limits)
        if got.head.tags != run.heads[-1].head.points or (step == CLOSE and got.head.points):
            raise Refused(f"The message gives {got.head.tags:,} points back; {run.heads[-1].head.points:,} were sent.")


def _check_offer_head(me: Me, peer: Peer, asked: SignedHead, past: Sequence[Past], at: datetime) -> None:
    head = asked.head
    _check_sender(me, peer, asked, OFFER)
    if any(run.run == head.run for run in past):
        raise Refused(f"The offer of run {head.run[:8]} was taken already, and an offer is answered once.")
    if head.previous != NOTHING_BEFORE or head.tags or head.common != -1:
        raise Refused("This is no first message of a run. It was made by other software.")
    if head.at > at + _CLOCKS_DIFFER or head.expires - head.at > LONGEST_LIFE:
        raise Refused("The offer is dated in the future or stands for more than 31 days. Compare the clocks and ask for another one.")
    if head.expires <= at:
        raise Refused(f"The offer stood until {head.expires:%d %B %Y, %H:%M} UTC. Ask for another one.")
    guards.check_their_size(head.points, peer.limits)


def _check_asked(peer: Peer, me: Me, purpose: str, life: timedelta) -> None:
    if peer.fingerprint == me.fingerprint:
        raise Refused("This peer has our own key. Pin the key of the other side.")
    if not purpose.strip() or len(purpose) > LONGEST_PURPOSE or not purpose.isprintable():
        raise Refused(f"Say in one line of at most {LONGEST_PURPOSE} signs what the result is for: both sides sign it.")
    if not timedelta(0) < life <= LONGEST_LIFE:
        raise Refused("An offer stands for 1 to 31 days.")


def _check_own(items: Items, past: Sequence[Past], prints: np.ndarray, mode: str, limits: Limits, at: datetime) -> None:
    guards.check_own_size(len(items), limits)
    guards.check_runs(past, limits, at)
    guards.check_difference(prints, mode, past, limits)


def _check_sender(me: Me, peer: Peer, got: SignedHead, step: str) -> None:
    head = got.head
    if head.sender == me.fingerprint:
        raise Refused("This message is our own. The other side's is needed.")
    if head.receiver != me.fingerprint:
        raise Refused("This message is for somebody else.")
    if not got.is_by(peer.public):
        raise Refused("The message is not signed by the pinned key of this peer. Ask them by another way whether their key is new.")
    if head.step != step:
        raise Refused(f"The step of this message is {head.step!r}, and {step!r} is due.")


def _check_next(me: Me, peer: Peer, run: Run, got: SignedHead, step: str, stage: str, at: datetime) -> None:
    """A message fits only into the run it was made for, after the message it was made after, once."""
    if run.stage != stage:
        raise Refused(f"Run {run.id[:8]} is {run.stage}: no {got.head.step} is read in it now.")
    _check_sender(me, peer, got, step)
    head, first = got.head, run.heads[0].head
    if head.run != run.id or head.previous != run.heads[-1].hash:
        raise Refused(f"This {head.step} does not follow what was last sent in run {run.id[:8]}.")
    if (head.mode, head.purpose, head.expires) != (run.mode, first.purpose, first.expires):
        raise Refused("The message speaks of another mode, purpose or end than the offer. It was refused.")
    if head.at > at + _CLOCKS_DIFFER:
        raise Refused("The message is dated in the future. Compare the clocks.")
    if step == ANSWER and head.common != -1:
        raise Refused("The answer tells a count, and it must not. It was made by other software.")


def _check_points(got: Message) -> None:
    """Ascending by x: so their order says nothing, and none is there twice, not even as its opposite."""
    found = xs(got.points)
    if len(found) != got.head.points or not np.all(found[1:] > found[:-1]):
        raise Refused("The points of the message are not in their order, or one is there twice. It was made by other software.")
    if not np.all((got.points[:, 0] == 2) | (got.points[:, 0] == 3)):
        raise Refused("The message holds something that is no point of the curve. It was made by other software or was changed.")


def _check_tags(got: Message, due: int) -> None:
    found = values(got.tags)
    if len(found) != due:
        raise Refused(f"The message gives {len(found):,} points back; {due:,} were sent.")
    if got.head.mode == COUNT and not np.all(found[1:] > found[:-1]):
        raise Refused("The points given back are not in their order, or one is there twice. It was made by other software.")
    if got.head.mode == REVEAL and len(np.unique(found)) != due:
        raise Refused("A point was given back twice. The message was made by other software.")


def _common(sent: np.ndarray, own: np.ndarray, run: Run) -> np.ndarray:
    """Places in `sent` (the other side's word about our points, or ours about theirs) of what both have."""
    found = np.flatnonzero(np.isin(values(sent), values(own)))
    if len(found) > run.size:
        raise Refused("More is common than our list has domains. The message was made by other software; nothing of it is kept.")
    return found


def _hidden(cipher: Cipher, items: Items, run: str, tell: Tell) -> tuple[np.ndarray, np.ndarray]:
    points = cipher.hide(padded(items.domains, run), tell)
    order = np.argsort(xs(points))
    return points[order], np.where(order < len(items), order, -1)


def _in_order_of_values(rows: np.ndarray) -> np.ndarray:
    return rows[np.argsort(values(rows))]


def _no_tags() -> np.ndarray:
    return np.empty((0, TAG), np.uint8)


def _message(
    me: Me,
    peer: Peer,
    step: str,
    run: str,
    mode: str,
    at: datetime,
    previous: str,
    points: np.ndarray,
    back: np.ndarray,
    *,
    purpose: str,
    expires: datetime,
    common: int = -1,
) -> Message:
    head = Head(
        run=run,
        step=step,
        mode=mode,
        sender=me.fingerprint,
        receiver=peer.fingerprint,
        at=at,
        previous=previous,
        points=len(points),
        tags=len(back),
        digest=digest_of(points, back),
        purpose=purpose,
        expires=expires,
        common=common,
    )
    return Message(signed(head, me.key), points, back)


def _run(message: Message, stage: str, peer: Peer, at: datetime, secret: bytes, size: int, heads: tuple[SignedHead, ...]) -> Run:
    head = message.head
    return Run(id=head.run, stage=stage, mode=head.mode, peer=peer.fingerprint, started=at, secret=secret, size=size, heads=heads)


def _finished(run: Run, common: int, *heads: SignedHead) -> Run:
    return replace(run, stage=FINISHED, secret=b"", common=common, heads=(*run.heads, *heads))
