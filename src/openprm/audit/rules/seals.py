"""A seal closes one batch of the log: the root of its Merkle tree, the hash of the seal before, one signature."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from openprm.audit.rules.canonical import canonical, stamp

NO_SEAL = "0" * 64
KIND = "openprm-audit-seal"


@dataclass(frozen=True, kw_only=True)
class Seal:
    """What is signed. `root`, `previous` and `key` are hexadecimal; `key` is the fingerprint of the signing key."""

    number: int
    at: datetime
    size: int
    root: str
    previous: str
    key: str

    def body(self) -> dict[str, Any]:
        return {
            "kind": KIND,
            "v": 1,
            "number": self.number,
            "at": stamp(self.at),
            "size": self.size,
            "root": self.root,
            "previous": self.previous,
            "key": self.key,
        }

    @property
    def signed_bytes(self) -> bytes:
        return canonical(self.body())

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.signed_bytes).hexdigest()


@dataclass(frozen=True, kw_only=True)
class SignedSeal:
    seal: Seal
    signature: bytes


@dataclass(frozen=True, kw_only=True)
class PublicKey:
    """A key that signs seals. `endorsement` is the signature of the key before over `public`; b"" when there is none."""

    public: bytes
    endorsed_by: str = ""
    endorsement: bytes = b""

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self.public)

    @property
    def text(self) -> str:
        return base64.b64encode(self.public).decode()


def fingerprint_of(public: bytes) -> str:
    return hashlib.sha256(public).hexdigest()


def sign(seal: Seal, key: Ed25519PrivateKey) -> SignedSeal:
    return SignedSeal(seal=seal, signature=key.sign(seal.signed_bytes))


def is_signed_by(message: bytes, signature: bytes, public: bytes) -> bool:
    """Whether `signature` over `message` was made with the private half of `public`. Never raises."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True
