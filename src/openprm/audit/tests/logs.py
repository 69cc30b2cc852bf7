"""A small log in memory, for the tests of the pure part."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from openprm.audit.rules import merkle
from openprm.audit.rules.entries import Entry, leaf_of
from openprm.audit.rules.seals import NO_SEAL, PublicKey, Seal, sign
from openprm.audit.rules.verification import Batch, Member

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = PublicKey(public=KEY.public_key().public_bytes_raw())


def make_entry(number: int, **values) -> Entry:
    defaults = {
        "id": str(UUID(int=number)),
        "at": AT + timedelta(minutes=number),
        "verb": "deal.approved",
        "actor": {"side": "vendor", "name": "Ingrid Solberg"},
        "subject": {"type": "deals.registration", "id": str(UUID(int=9000)), "label": "DR-000123"},
        "changes": {"status": ["submitted", "approved"]},
        "private": {"score": [None, 72]},
        "visible_to": (str(UUID(int=500)),),
        "salt": number.to_bytes(16, "big"),
    }
    return Entry(**defaults | values)


def make_batch(entries, *, after=None, key=KEY) -> Batch:
    """Seal `entries` on top of the batch `after`."""
    leaves = [leaf_of(entry) for entry in entries]
    fingerprint = PublicKey(public=key.public_key().public_bytes_raw()).fingerprint
    seal = Seal(
        number=after.seal.seal.number + 1 if after else 1,
        at=AT + timedelta(hours=1),
        size=len(leaves),
        root=merkle.root(leaves).hex(),
        previous=after.seal.seal.hash if after else NO_SEAL,
        key=fingerprint,
    )
    members = [Member(index, entry.id, leaf, leaf) for index, (entry, leaf) in enumerate(zip(entries, leaves, strict=True))]
    return Batch(seal=sign(seal, key), members=members, stored_hash=seal.hash)


def make_log(*sizes: int) -> list[Batch]:
    batches, number = [], 1
    for size in sizes:
        entries = [make_entry(number + index) for index in range(size)]
        batches.append(make_batch(entries, after=batches[-1] if batches else None))
        number += size
    return batches
