"""Two sides of a private set intersection, in memory, for the tests."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from openprm.mapping.engine.psi import limits, protocol
from openprm.mapping.engine.psi.items import Items
from openprm.mapping.engine.psi.limits import COUNT, Limits, Past
from openprm.mapping.engine.psi.messages import Message, digest_of, read, signed
from openprm.mapping.engine.psi.protocol import Begun, Me, Peer

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
LIMITS = Limits(least=10, runs=2, few=10)


def companies(start, end):
    return tuple(f"company{number}.com" for number in range(start, end))


def items(domains):
    return Items(tuple(domains), tuple((f"id-{domain}",) for domain in domains))


@dataclass
class Side:
    limits: Limits = LIMITS
    me: Me = field(default_factory=lambda: Me(Ed25519PrivateKey.generate()))
    peer: Peer | None = None
    past: list[Past] = field(default_factory=list)

    def meets(self, other):
        self.peer = Peer(other.me.key.public_key().public_bytes_raw(), self.limits)

    def offer(self, domains, mode=COUNT, at=NOW, life=timedelta(days=7), purpose="joint plan"):
        return protocol.offer(self.me, self.peer, items(domains), self.past, self.prints(domains), mode=mode, purpose=purpose, at=at, life=life)

    def answer(self, asked, domains, consent=COUNT, at=NOW):
        return protocol.answer(self.me, self.peer, asked, items(domains), self.past, self.prints(domains), consent=consent, at=at)

    def finish(self, begun: Begun, got, at=NOW):
        return protocol.finish(self.me, self.peer, begun.run, begun.message, got, at=at)

    def close(self, begun: Begun, got, at=NOW):
        return protocol.close(self.me, self.peer, begun.run, begun.message, got, at=at)

    def remember(self, run, domains):
        self.past = [one for one in self.past if one.run != run.id]
        is_open = run.stage in protocol.OPEN
        self.past.append(Past(run=run.id, started=run.started, mode=run.mode, prints=self.prints(domains), is_open=is_open, leaked=run.leaked))

    def prints(self, domains):
        return limits.prints(domains, self.me.fingerprint.encode())

    def says(self, message, points=None, tags=None, **head):
        """The message with something else in it, signed well: what altered software could send."""
        points = message.points if points is None else points
        tags = message.tags if tags is None else tags
        facts = {"points": len(points), "tags": len(tags), "digest": digest_of(points, tags)} | head
        return Message(signed(replace(message.head, **facts), self.me.key), points, tags)


def two_sides(**kwargs):
    one, other = Side(**kwargs), Side(**kwargs)
    one.meets(other)
    other.meets(one)
    return one, other


def whole_run(one, other, ours, theirs, mode=COUNT, at=NOW):
    """The run from the offer to both ends, each message through its spelling, as both sides see it."""
    offered = one.offer(ours, mode, at)
    answered = other.answer(read(offered.message.to_bytes()), theirs, mode, at)
    finished = one.finish(offered, read(answered.message.to_bytes()), at)
    closed = other.close(answered, read(finished.message.to_bytes()), at)
    one.remember(finished.run, ours)
    other.remember(closed.run, theirs)
    return offered, answered, finished, closed
