"""What one line of the log says, and the hash that seals it.

A line has a shared half, which the partners it is visible to may read, and a private half (fields that only the
vendor sees, who else may see the line, what it refers to). The shared half carries a salted digest of the private
one: a partner can verify its line without learning anything, and the vendor cannot change the private half either.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from openprm.audit.rules import merkle
from openprm.audit.rules.canonical import canonical, stamp

VERSION = 1
SALT_SIZE = 16


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One event as it is hashed. Ids are text, `at` has a time zone, the dictionaries hold plain JSON values."""

    id: str
    at: datetime
    verb: str
    actor: dict[str, Any]
    subject: dict[str, Any]
    changes: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    note: str = ""
    private: dict[str, Any] = field(default_factory=dict)
    refs: tuple[str, ...] = ()
    visible_to: tuple[str, ...] = ()
    salt: bytes = b""


def private_half(entry: Entry) -> dict[str, Any]:
    return {"private": entry.private, "refs": sorted(entry.refs), "visible_to": sorted(entry.visible_to)}


def private_digest(entry: Entry) -> str:
    return digest_of(private_half(entry), entry.salt)


def digest_of(private: dict[str, Any], salt: bytes) -> str:
    return hashlib.sha256(b"\x02" + salt + canonical(private)).hexdigest()


def shared_half(entry: Entry) -> dict[str, Any]:
    """The facts that a proof shows: exactly what is hashed into the leaf."""
    return {
        "v": VERSION,
        "id": entry.id,
        "at": stamp(entry.at),
        "verb": entry.verb,
        "actor": entry.actor,
        "subject": entry.subject,
        "changes": entry.changes,
        "data": entry.data,
        "note": entry.note,
        "private_digest": private_digest(entry),
    }


def leaf_of(entry: Entry) -> bytes:
    return merkle.leaf_hash(canonical(shared_half(entry)))
