"""Messages that arrive from a peer over the network: taken when their signed head is one we wait for, in as many pieces as it takes."""

import fcntl
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from openprm.mapping.engine.psi import journal, protocol
from openprm.mapping.engine.psi.errors import Refused
from openprm.mapping.engine.psi.folder import Folder, put
from openprm.mapping.engine.psi.limits import check_runs
from openprm.mapping.engine.psi.messages import LONGEST_START, OFFER, SignedHead, read_file, read_signed_head

MOST_WAITING = 3  # messages of one peer
_PART, _WHOLE = ".part", ".psi"


@dataclass(frozen=True)
class Taken:
    """How many bytes of a message are here, of how many. `name` is the hash of its head."""

    name: str
    received: int
    size: int


class Mailbox:
    """Each piece is appended where the last one ended, so a sender that was cut off goes on from there. Nothing here uses a secret of a run."""

    def __init__(self, folder: Folder):
        self.folder, self.place = folder, folder.root / "inbox"
        self.place.mkdir(mode=0o700, exist_ok=True)

    def announce(self, start: bytes, at: datetime) -> Taken:
        """Take the head of a message, or say how much of that message is here already. Raises Refused; the journal keeps what a peer has signed."""
        if len(start) > LONGEST_START:
            raise Refused("The head of the message is too long.")
        signed = read_signed_head(start)
        if start != signed.spelled:
            raise Refused("A message is announced by its head alone.")
        name, peer = self._sender(signed)
        try:
            self._check(peer, signed, at)
        except Refused as why:
            journal.note(self.folder.root, self.folder.me(), at, "refused", run=signed.head.run, peer=name, step=signed.head.step, why=str(why))
            raise
        return self._begun(name, signed, at)

    def append(self, name: str, offset: int, piece: bytes) -> Taken:
        """Take the next piece of an announced message. A piece that does not begin where the last one ended changes nothing. Raises Refused."""
        part = self._file(name, _PART)
        if not part.exists():
            raise Refused("Announce the message by its head first.")
        with part.open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            signed = read_signed_head(file.read(LONGEST_START))
            begun = len(signed.spelled)
            here = file.seek(0, os.SEEK_END) - begun
            if offset != here:
                return Taken(name, here, signed.size)
            if here + len(piece) > signed.size:
                raise Refused(f"The message has {signed.size:,} bytes; more were sent.")
            file.write(piece)
            file.flush()
            os.fsync(file.fileno())
            if (here := here + len(piece)) == signed.size:
                self._complete(name, part)
        return Taken(name, here, signed.size)

    def waiting(self, at: datetime) -> list[tuple[Path, SignedHead, str]]:
        """The whole messages that can be read now, with the name of the peer; what fits no run any more is thrown away."""
        found = []
        for file in sorted(self.place.glob("[0-9a-f]*.*")):
            signed = _head_of(file)
            try:
                name, peer = self.folder.peer_of(signed.head.sender)
                protocol.check_arrival(self.folder.me(), peer, signed, self.folder.past(peer), self._run(signed), at)
            except Refused:
                file.unlink(missing_ok=True)
            else:
                found += [(file, signed, name)] if file.suffix == _WHOLE else []
        return found

    def _sender(self, signed: SignedHead) -> tuple[str, protocol.Peer]:
        """A stranger and a false signature hear the same: nobody learns from us who our peers are."""
        try:
            name, peer = self.folder.peer_of(signed.head.sender)
        except Refused:
            name, peer = "", None
        if peer is None or not signed.is_by(peer.public):
            raise Refused("The message is not signed by a key that is pinned here.")
        return name, peer

    def _check(self, peer: protocol.Peer, signed: SignedHead, at: datetime) -> None:
        past = self.folder.past(peer)
        protocol.check_arrival(self.folder.me(), peer, signed, past, self._run(signed), at)
        if signed.head.step == OFFER:
            self.folder.check_new(signed.head.run)
            check_runs(past, peer.limits, at)

    def _run(self, signed: SignedHead) -> protocol.Run | None:
        return None if signed.head.step == OFFER else self.folder.run(signed.head.run)

    def _begun(self, peer: str, signed: SignedHead, at: datetime) -> Taken:
        name = signed.hash
        part, whole = self._file(name, _PART), self._file(name, _WHOLE)
        if whole.exists():
            return Taken(name, signed.size, signed.size)
        if not part.exists():
            if self._of(signed.head.sender) >= MOST_WAITING:
                raise Refused(f"{MOST_WAITING} messages of this sender wait to be read here. No more is taken before one is.")
            put(part, signed.spelled)
            journal.note(self.folder.root, self.folder.me(), at, "arriving", run=signed.head.run, peer=peer, step=signed.head.step, mode=signed.head.mode)
        return Taken(name, part.stat().st_size - len(signed.spelled), signed.size)

    def _of(self, sender: str) -> int:
        return sum(_head_of(file).head.sender == sender for file in self.place.glob("[0-9a-f]*.*"))

    def _complete(self, name: str, part: Path) -> None:
        try:
            read_file(part)
        except Refused:
            part.unlink()
            raise Refused("What arrived is not what was signed. Send the message anew.") from None
        os.replace(part, self._file(name, _WHOLE))

    def _file(self, name: str, kind: str) -> Path:
        if len(name) != 64 or not set(name) <= set("0123456789abcdef"):
            raise Refused("A message is named by the hash of its head.")
        return self.place / f"{name}{kind}"


def _head_of(file: Path) -> SignedHead:
    with file.open("rb") as opened:
        return read_signed_head(opened.read(LONGEST_START))
