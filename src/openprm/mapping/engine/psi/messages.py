"""A message of the protocol: a signed head that names the run, the step and the message before, and the points and tags it speaks of."""

import hashlib
import json
import re
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from openprm.audit.rules.canonical import canonical, stamp
from openprm.audit.rules.seals import fingerprint_of, is_signed_by
from openprm.mapping.engine.psi.cipher import POINT, TAG
from openprm.mapping.engine.psi.errors import Refused
from openprm.mapping.engine.psi.limits import COUNT, MOST, REVEAL, bucket

MAGIC = b"OPENPRM-PSI-1\n"
KIND = "openprm-psi"
OFFER, ANSWER, CLOSE = STEPS = ("offer", "answer", "close")
NOTHING_BEFORE = "0" * 64
LONGEST_HEAD = 4096
LONGEST_PURPOSE = 200
LONGEST_START = len(MAGIC) + 4 + LONGEST_HEAD + 64
_SIGNATURE = 64
_NUMBER = struct.Struct(">I")
_RUN, _HASH = re.compile(r"[0-9a-f]{32}"), re.compile(r"[0-9a-f]{64}")
_KEYS = {"kind", "v", "run", "step", "mode", "sender", "receiver", "at", "previous", "points", "tags", "digest", "purpose", "expires", "common"}


@dataclass(frozen=True, kw_only=True)
class Head:
    """What is signed. `sender` and `receiver` are fingerprints of keys, `previous` the hash of the head before with its signature."""

    run: str
    step: str
    mode: str
    sender: str
    receiver: str
    at: datetime
    previous: str
    points: int
    tags: int
    digest: str
    purpose: str
    expires: datetime
    common: int  # what the closing side counted; -1 before

    def body(self) -> dict[str, Any]:
        return {"kind": KIND, "v": 1, **self.__dict__, "at": stamp(self.at), "expires": stamp(self.expires)}

    @property
    def signed_bytes(self) -> bytes:
        return canonical(self.body())


@dataclass(frozen=True)
class SignedHead:
    head: Head
    signature: bytes

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.head.signed_bytes + self.signature).hexdigest()

    @property
    def size(self) -> int:
        """How many bytes of points and tags follow it."""
        return self.head.points * POINT + self.head.tags * TAG

    @property
    def spelled(self) -> bytes:
        head = self.head.signed_bytes
        return b"".join((MAGIC, _NUMBER.pack(len(head)), head, self.signature))

    def is_by(self, public: bytes) -> bool:
        return fingerprint_of(public) == self.head.sender and is_signed_by(self.head.signed_bytes, self.signature, public)


@dataclass(frozen=True, eq=False)
class Message:
    """`points` are rows of POINT bytes, `tags` rows of TAG bytes."""

    signed: SignedHead
    points: np.ndarray
    tags: np.ndarray

    @property
    def head(self) -> Head:
        return self.signed.head

    def to_bytes(self) -> bytes:
        return b"".join((self.signed.spelled, self.points.tobytes(), self.tags.tobytes()))


def digest_of(points: np.ndarray, tags: np.ndarray) -> str:
    return hashlib.sha256(points.tobytes() + tags.tobytes()).hexdigest()


def signed(head: Head, key: Ed25519PrivateKey) -> SignedHead:
    return SignedHead(head, key.sign(head.signed_bytes))


def read_file(file: Path) -> Message:
    """The message in a file. Raises Refused; whose message it is and whether it fits is not looked at here."""
    try:
        if file.stat().st_size > 2 * bucket(MOST) * (POINT + TAG):
            raise Refused(f"{file}: is larger than any message.")
        return read(file.read_bytes())
    except OSError as odd:
        raise Refused(f"{file}: {odd.strerror or odd}.") from None
    except Refused as wrong:
        raise Refused(str(wrong) if str(wrong).startswith(str(file)) else f"{file}: {wrong}") from None


def read(raw: bytes) -> Message:
    """The message in `raw`, whole and spelled as it must be. Raises Refused."""
    signed_head = read_signed_head(raw)
    return _with_rows(signed_head, memoryview(raw)[len(signed_head.spelled) :])


def read_signed_head(raw: bytes) -> SignedHead:
    """The head with which `raw` begins, and its signature, which is not checked here. Raises Refused."""
    if not raw.startswith(MAGIC):
        raise Refused("This is no message of a private set intersection.")
    start = len(MAGIC) + _NUMBER.size
    length = _NUMBER.unpack(raw[len(MAGIC) : start])[0] if len(raw) >= start else 0
    if not 0 < length <= LONGEST_HEAD or len(raw) < start + length + _SIGNATURE:
        raise Refused("The message is cut off or damaged. Have it sent again.")
    return SignedHead(read_head(raw[start : start + length]), raw[start + length : start + length + _SIGNATURE])


def _with_rows(signed_head: SignedHead, rest: memoryview) -> Message:
    head = signed_head.head
    if len(rest) != signed_head.size:
        raise Refused("The message is cut off or damaged. Have it sent again.")
    edge = head.points * POINT
    points, tags = np.frombuffer(rest[:edge], np.uint8).reshape(-1, POINT), np.frombuffer(rest[edge:], np.uint8).reshape(-1, TAG)
    if digest_of(points, tags) != head.digest:
        raise Refused("The message was changed after it was signed. Have it sent again.")
    return Message(signed_head, points, tags)


def read_head(raw: bytes) -> Head:
    """The head spelled in `raw`. Raises Refused when anything is missing, added or spelled in another way."""
    try:
        told = json.loads(raw)
        head = _head(told)
        if set(told) != _KEYS or (told["kind"], told["v"]) != (KIND, 1) or head.signed_bytes != raw or not _makes_sense(head):
            raise ValueError
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
        raise Refused("The head of the message is not understood. It was made by other software or was changed.") from None
    return head


def _head(told: dict[str, Any]) -> Head:
    rest = {key: told[key] for key in _KEYS - {"kind", "v", "at", "expires"}}
    return Head(**rest, at=_moment(told["at"]), expires=_moment(told["expires"]))


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def _makes_sense(head: Head) -> bool:
    numbers = (head.points, head.tags, head.common)
    return (
        all(type(number) is int and -1 <= number <= bucket(MOST) for number in numbers)
        and min(head.points, head.tags) >= 0
        and head.step in STEPS
        and head.mode in (COUNT, REVEAL)
        and _RUN.fullmatch(head.run) is not None
        and all(_HASH.fullmatch(text) for text in (head.sender, head.receiver, head.previous, head.digest))
        and isinstance(head.purpose, str)
        and len(head.purpose) <= LONGEST_PURPOSE
    )
