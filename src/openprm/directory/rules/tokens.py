"""Compact signed tokens (JWS, EdDSA over Ed25519) and the key files that check them. Pure."""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ALGORITHM = "EdDSA"
LARGEST_TOKEN = 512 * 1024
_JWS = jwt.PyJWS(algorithms=[ALGORITHM])


class NotAToken(ValueError):
    """The text is no compact token that this system could have made."""


class NotAKey(ValueError):
    """The file holds no Ed25519 public key."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that is trusted to sign. `names` are the ids under which tokens name it; its thumbprint always counts."""

    raw: bytes
    names: frozenset[str] = frozenset()
    issuer: str = ""

    @property
    def x(self) -> str:
        return _text(self.raw)

    @property
    def thumbprint(self) -> str:
        """RFC 7638."""
        canonical = json.dumps({"crv": "Ed25519", "kty": "OKP", "x": self.x}, separators=(",", ":"), sort_keys=True)
        return _text(hashlib.sha256(canonical.encode()).digest())

    def jwk(self, kid: str) -> dict[str, str]:
        return {"kty": "OKP", "crv": "Ed25519", "x": self.x, "kid": kid, "alg": ALGORITHM, "use": "sig"}

    def answers_to(self, kid: str) -> bool:
        return kid in self.names or kid.rstrip("/").rpartition("/")[2].rpartition("#")[2] == self.thumbprint


@dataclass(frozen=True, slots=True)
class Unsealed:
    header: Mapping[str, Any]
    payload: Mapping[str, Any]


def public_of(key: Ed25519PrivateKey) -> PublicKey:
    return PublicKey(key.public_key().public_bytes_raw())


def from_x(x: str) -> PublicKey:
    """A key as it is stored and published: the base64url text of its 32 bytes."""
    return PublicKey(base64.urlsafe_b64decode(x + "=" * (-len(x) % 4)))


def sign(payload: Mapping[str, Any], *, key: Ed25519PrivateKey, kid: str) -> str:
    """The compact token of a payload."""
    content = json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()
    return _JWS.encode(content, key, algorithm=ALGORITHM, headers={"kid": kid, "typ": "JWT"})


def read(token: str) -> Unsealed:
    """What a token says, unchecked. Raises NotAToken."""
    if len(token) > LARGEST_TOKEN or token.count(".") != 2:
        raise NotAToken("not a compact token")
    try:
        found = _JWS.decode_complete(token, options={"verify_signature": False})
        payload = json.loads(found["payload"])
    except (jwt.InvalidTokenError, ValueError, RecursionError) as error:
        raise NotAToken("not a compact token") from error
    if not isinstance(payload, dict):
        raise NotAToken("the token holds no object")
    return Unsealed(found["header"], payload)


def is_signed_by(token: str, key: PublicKey) -> bool:
    """Whether the token's signature is this key's, with our algorithm and no other."""
    try:
        _JWS.decode(token, Ed25519PublicKey.from_public_bytes(key.raw), algorithms=[ALGORITHM])
    except jwt.InvalidTokenError:
        return False
    return True


def read_keys(content: bytes) -> tuple[PublicKey, ...]:
    """The keys in a file: a JWK, a set of them, a DID document or a PEM. Raises NotAKey."""
    if content.lstrip().startswith(b"-----BEGIN"):
        return (_pem(content),)
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise NotAKey("neither JSON nor PEM") from error
    keys = tuple(_keys_of(document)) if isinstance(document, dict) else ()
    if not keys:
        raise NotAKey("no Ed25519 key in it")
    return keys


def _keys_of(document: Mapping[str, Any]) -> Iterable[PublicKey]:
    if isinstance(document.get("verificationMethod"), list):
        for method in document["verificationMethod"]:
            if isinstance(method, dict) and isinstance(method.get("publicKeyJwk"), dict):
                yield from _jwk(method["publicKeyJwk"], str(method.get("id", "")), str(document.get("id", "")))
    elif isinstance(document.get("keys"), list):
        for one in document["keys"]:
            if isinstance(one, dict):
                yield from _jwk(one)
    else:
        yield from _jwk(document)


def _jwk(jwk: Mapping[str, Any], name: str = "", issuer: str = "") -> Iterable[PublicKey]:
    if jwk.get("kty") != "OKP" or jwk.get("crv") != "Ed25519" or not isinstance(jwk.get("x"), str):
        return
    try:
        raw = base64.urlsafe_b64decode(jwk["x"] + "=" * (-len(jwk["x"]) % 4))
    except ValueError:
        return
    if len(raw) == 32:
        yield PublicKey(raw, frozenset(filter(None, (name, str(jwk.get("kid", ""))))), issuer)


def _pem(content: bytes) -> PublicKey:
    try:
        key = serialization.load_pem_public_key(content)
    except (ValueError, TypeError) as error:
        raise NotAKey("not a public key in PEM") from error
    if not isinstance(key, Ed25519PublicKey):
        raise NotAKey("not an Ed25519 key")
    return PublicKey(key.public_bytes_raw())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
