"""Recompute a whole log and name the first row that is not what was sealed.

The rows come from a live database, from the line-by-line export or from a database dump: whoever reads them hands in
seals with their members, and the hash that each event has now.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from openprm.audit.rules import merkle
from openprm.audit.rules.seals import NO_SEAL, PublicKey, Seal, SignedSeal, is_signed_by

MOST_BREAKS = 20


@dataclass(frozen=True, slots=True)
class Member:
    """One place of a sealed batch. `computed` is the hash of the event as it reads now; None when the event is gone."""

    position: int
    event_id: str
    stored: bytes
    computed: bytes | None


@dataclass(frozen=True, kw_only=True)
class Batch:
    seal: SignedSeal
    members: Sequence[Member]
    stored_hash: str = ""  # the seal's own hash as it is stored, when the source keeps one


@dataclass(frozen=True, kw_only=True)
class Break:
    """One thing that is not as sealed. `code` is stable; `text` says what differs."""

    code: str
    text: str
    seal: int | None = None
    event_id: str = ""
    position: int | None = None


@dataclass(frozen=True, kw_only=True)
class Report:
    breaks: tuple[Break, ...]
    notices: tuple[Break, ...]
    seals: int
    events: int
    waiting: int
    head: str
    head_number: int
    head_at: datetime | None
    key: str

    @property
    def is_whole(self) -> bool:
        return not self.breaks

    @property
    def first_break(self) -> Break | None:
        return self.breaks[0] if self.breaks else None


@dataclass
class _Walk:
    keys: dict[str, PublicKey]
    breaks: list[Break] = field(default_factory=list)
    notices: list[Break] = field(default_factory=list)
    seals: int = 0
    events: int = 0
    last: SignedSeal | None = None
    hashes: dict[int, str] = field(default_factory=dict)

    def say(self, found: Iterable[Break]) -> None:
        self.breaks.extend(list(found)[: max(0, MOST_BREAKS - len(self.breaks))])


def verify_log(
    *,
    keys: Iterable[PublicKey],
    batches: Iterable[Batch],
    waiting: int = 0,
    strays: Iterable[str] = (),
    checkpoints: Iterable[SignedSeal] = (),
    trusted_key: str = "",
) -> Report:
    """Recompute `batches` in the order of their numbers. `strays` are events that are neither sealed nor waiting;
    `checkpoints` are seals that somebody kept outside; `trusted_key` is the fingerprint that must have signed the head."""
    walk = _Walk(keys={key.fingerprint: key for key in keys})
    for batch in batches:
        walk.say(_seal_breaks(walk, batch))
        walk.say(_member_breaks(batch))
        _step(walk, batch)
    walk.say(_stray(event_id) for event_id in strays)
    walk.say(_checkpoint_breaks(walk, checkpoints))
    walk.say(_head_breaks(walk, trusted_key))
    return _report(walk, waiting)


def _step(walk: _Walk, batch: Batch) -> None:
    walk.notices.extend(_key_notices(walk, batch.seal))
    walk.seals += 1
    walk.events += len(batch.members)
    walk.last = batch.seal
    walk.hashes[batch.seal.seal.number] = batch.seal.seal.hash


def _report(walk: _Walk, waiting: int) -> Report:
    seal = walk.last.seal if walk.last else None
    return Report(
        breaks=tuple(walk.breaks),
        notices=tuple(walk.notices[:MOST_BREAKS]),
        seals=walk.seals,
        events=walk.events,
        waiting=waiting,
        head=seal.hash if seal else NO_SEAL,
        head_number=seal.number if seal else 0,
        head_at=seal.at if seal else None,
        key=seal.key if seal else "",
    )


def _seal_breaks(walk: _Walk, batch: Batch) -> Iterator[Break]:
    seal, last = batch.seal.seal, walk.last.seal if walk.last else None
    number, previous = (last.number + 1, last.hash) if last else (1, NO_SEAL)
    for code, text in (
        *_chain_faults(seal, number=number, previous=previous),
        *_signature_faults(walk.keys, batch.seal),
        *_stored_hash_faults(batch),
    ):
        yield Break(code=code, text=text, seal=number if code == "seal_missing" else seal.number)


def _chain_faults(seal: Seal, *, number: int, previous: str) -> Iterator[tuple[str, str]]:
    if seal.number != number:
        yield "seal_missing", f"seal {number} is missing; the next one found is {seal.number}"
    elif seal.previous != previous:
        yield "chain_broken", f"seal {seal.number} names {_short(seal.previous)} as the seal before it, which hashes to {_short(previous)}"


def _signature_faults(keys: dict[str, PublicKey], signed: SignedSeal) -> Iterator[tuple[str, str]]:
    seal, key = signed.seal, keys.get(signed.seal.key)
    if key is None:
        yield "key_unknown", f"seal {seal.number} names key {_short(seal.key)}, which is not among the published keys"
    elif not is_signed_by(seal.signed_bytes, signed.signature, key.public):
        yield "seal_changed", f"seal {seal.number} was changed: the signature does not fit its number, time, size, root, chain and key"


def _stored_hash_faults(batch: Batch) -> Iterator[tuple[str, str]]:
    seal = batch.seal.seal
    if batch.stored_hash and batch.stored_hash != seal.hash:
        yield "seal_changed", f"seal {seal.number} was changed: it hashes to {_short(seal.hash)}, stored is {_short(batch.stored_hash)}"


def _key_notices(walk: _Walk, signed: SignedSeal) -> Iterator[Break]:
    before = walk.last.seal.key if walk.last else signed.seal.key
    if signed.seal.key == before or signed.seal.key not in walk.keys:
        return
    key, old = walk.keys[signed.seal.key], walk.keys.get(before)
    if not (old and key.endorsed_by == before and is_signed_by(key.public, key.endorsement, old.public)):
        yield Break(
            code="key_not_endorsed",
            seal=signed.seal.number,
            text=f"from seal {signed.seal.number} on key {_short(signed.seal.key)} signs, without a signature by the key before it",
        )


def _member_breaks(batch: Batch) -> list[Break]:
    """What is wrong inside one batch, by position; the whole-batch checks speak only when no single row is at fault."""
    inserted = _inserted_break(batch)
    return [inserted] if inserted else [*_row_breaks(batch)] or [*_whole_breaks(batch)]


def _row_breaks(batch: Batch) -> Iterator[Break]:
    copies = Counter(member.event_id for member in batch.members)
    expected, before = 0, ""
    for member in batch.members:
        if member.position > expected:
            yield _gap(batch.seal.seal.number, expected, member.position)
        fault = _fault(member, seal=batch.seal.seal, copies=copies[member.event_id], before=before)
        if fault:
            code, text = fault
            yield Break(code=code, text=text, seal=batch.seal.seal.number, event_id=member.event_id, position=member.position)
        expected, before = member.position + 1, member.event_id


def _gap(number: int, expected: int, found: int) -> Break:
    text = f"seal {number} has no event at position {expected}; the next one stands at {found}"
    return Break(code="event_missing", text=text, seal=number, position=expected)


def _fault(member: Member, *, seal: Seal, copies: int, before: str) -> tuple[str, str] | None:
    place = f"position {member.position} of seal {seal.number}"
    if member.position >= seal.size:
        return "event_inserted", f"the event stands at {place}, which counted only {seal.size} events"
    if member.computed is None:
        return "event_missing", f"the event at {place} was deleted"
    if copies > 1:
        return "event_repeated", f"the event at {place} stands in that seal more than once"
    if member.computed != member.stored:
        now, then = _short(member.computed.hex()), _short(member.stored.hex())
        return "event_changed", f"the event at {place} was changed after it was sealed: it hashes to {now}, sealed was {then}"
    if member.event_id <= before:
        return "order_changed", f"the event at {place} does not follow the one before it: events were moved"
    return None


def _whole_breaks(batch: Batch) -> Iterator[Break]:
    seal, leaves = batch.seal.seal, [member.stored for member in batch.members]
    if len(leaves) < seal.size:
        yield Break(
            code="event_missing",
            seal=seal.number,
            text=f"seal {seal.number} counted {seal.size} events and {len(leaves)} are there; the missing one left no trace of its id",
        )
        return
    if merkle.root(leaves).hex() == seal.root:
        return
    text = f"the {len(leaves)} events of seal {seal.number} do not add up to its root {_short(seal.root)}: an event and its stored hash were changed together"
    yield Break(code="root_wrong", seal=seal.number, text=text)


def _inserted_break(batch: Batch) -> Break | None:
    """The one event that was slipped into a batch and pushed the others on, when it can be told which."""
    seal = batch.seal.seal
    if len(batch.members) != seal.size + 1:
        return None
    index = merkle.inserted_at([member.stored for member in batch.members], seal.root)
    if index is None:
        return None
    member = batch.members[index]
    text = f"the event at position {member.position} was slipped into seal {seal.number} after it was sealed"
    return Break(code="event_inserted", text=text, seal=seal.number, event_id=member.event_id, position=member.position)


def _stray(event_id: str) -> Break:
    return Break(code="event_unlisted", event_id=event_id, text="the event is neither sealed nor waiting for a seal: it was put into the log behind its back")


def _checkpoint_breaks(walk: _Walk, checkpoints: Iterable[SignedSeal]) -> Iterator[Break]:
    for kept in checkpoints:
        number, here = kept.seal.number, walk.hashes.get(kept.seal.number)
        if here is None:
            yield Break(code="checkpoint_lost", seal=number, text=f"the log ends before seal {number}, of which a copy was kept outside")
        elif here != kept.seal.hash:
            yield Break(code="checkpoint_differs", seal=number, text=f"seal {number} is not the one of which a copy was kept outside: the log was written anew")


def _head_breaks(walk: _Walk, trusted_key: str) -> Iterator[Break]:
    if trusted_key and walk.last and walk.last.seal.key != trusted_key:
        yield Break(
            code="key_not_trusted",
            seal=walk.last.seal.number,
            text=f"the newest seal is signed with key {_short(walk.last.seal.key)}, not with the trusted key {_short(trusted_key)}",
        )


def _short(digest: str) -> str:
    return digest[:12]
