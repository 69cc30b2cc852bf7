"""A proof shows a stranger, without our system, that one line stands in the sealed log exactly as it reads.

The file holds the shared half of the line, its place in a batch, the hashes from it up to the root, and the signed
seal over that root. `docs/algorithms/audit-log.md` describes it for other languages.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openprm.audit.rules import merkle
from openprm.audit.rules.canonical import NotCanonical, canonical
from openprm.audit.rules.entries import Entry, digest_of, private_half, shared_half
from openprm.audit.rules.seals import Seal, SignedSeal, fingerprint_of, is_signed_by

KIND = "openprm-audit-proof"
CHECKPOINT = "openprm-audit-checkpoint"
LARGEST_FILE = 4 * 1024 * 1024
LONGEST_PATH = 64


class NotAProof(ValueError):
    """The file is no proof: not JSON, not the right kind, or a field is missing or of the wrong type."""


@dataclass(frozen=True, kw_only=True)
class Check:
    code: str
    passed: bool
    text: str


@dataclass(frozen=True, kw_only=True)
class ProofVerdict:
    """The steps of the verification in order. `holds` is true when every one passed."""

    event: dict[str, Any]
    seal: Seal
    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        return all(check.passed for check in self.checks)

    @property
    def first_failure(self) -> Check | None:
        return next((check for check in self.checks if not check.passed), None)


def proof_document(*, entry: Entry, leaves: Sequence[bytes], position: int, seal: SignedSeal, public: bytes, with_private: bool = False) -> dict[str, Any]:
    """The proof as plain JSON values. `with_private` opens the private half: for the vendor's own eyes."""
    document: dict[str, Any] = {
        "kind": KIND,
        "v": 1,
        "event": shared_half(entry),
        "leaf": leaves[position].hex(),
        "position": position,
        "path": [step.hex() for step in merkle.path(leaves, position)],
        "seal": seal.seal.body(),
        "seal_hash": seal.seal.hash,
        "signature": base64.b64encode(seal.signature).decode(),
        "public_key": base64.b64encode(public).decode(),
    }
    if with_private:
        document["private"] = {"salt": entry.salt.hex(), "content": private_half(entry)}
    return document


def checkpoint_document(*, seal: SignedSeal, public: bytes) -> dict[str, Any]:
    """A signed seal to keep outside: whoever holds it can tell later whether the log was written anew."""
    return {
        "kind": CHECKPOINT,
        "v": 1,
        "seal": seal.seal.body(),
        "seal_hash": seal.seal.hash,
        "signature": base64.b64encode(seal.signature).decode(),
        "public_key": base64.b64encode(public).decode(),
    }


def read_proof(raw: bytes) -> dict[str, Any]:
    """The document in a proof file. Raises NotAProof."""
    return _read(raw, (KIND,))


def read_checkpoint(raw: bytes) -> SignedSeal:
    """The seal in a checkpoint or a proof, with its signature checked. Raises NotAProof."""
    document = _read(raw, (CHECKPOINT, KIND))
    seal, public, signature = _seal(document), _base64(document, "public_key"), _base64(document, "signature")
    if fingerprint_of(public) != seal.key or not is_signed_by(seal.signed_bytes, signature, public):
        raise NotAProof("the signature over the seal is not genuine")
    return SignedSeal(seal=seal, signature=signature)


def _read(raw: bytes, kinds: tuple[str, ...]) -> dict[str, Any]:
    if len(raw) > LARGEST_FILE:
        raise NotAProof("the file is larger than any proof (4 MB)")
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError):
        raise NotAProof("the file is not JSON") from None
    if not isinstance(document, dict) or document.get("kind") not in kinds:
        raise NotAProof(f'the file does not say "kind": "{kinds[0]}"')
    if document.get("v") != 1:
        raise NotAProof("the file is of a version that this program does not know")
    return document


def verify_proof(document: dict[str, Any], *, trusted_key: str = "") -> ProofVerdict:
    """Recompute everything in `document`. `trusted_key` is the fingerprint that the seal must be signed with, if known.

    Raises NotAProof when a field is missing or malformed.
    """
    event, seal = _of_type(document, "event", dict), _seal(document)
    leaf, public = _hex(document, "leaf"), _base64(document, "public_key")
    top = merkle.root_from_path(leaf, _count(document, "position"), seal.size, _path(document))
    checks = [
        _check("event_matches_leaf", _leaf_of(event) == leaf, "the event hashes to the leaf"),
        _check("leaf_under_root", top is not None and top.hex() == seal.root, "the leaf and the path lead to the seal's root"),
        _check("seal_hash", document.get("seal_hash") == seal.hash, "the seal hashes to the stated seal hash"),
        _check("key_matches_seal", fingerprint_of(public) == seal.key, "the public key is the one that the seal names"),
        _check("signature", is_signed_by(seal.signed_bytes, _base64(document, "signature"), public), "the signature over the seal is genuine"),
    ]
    if trusted_key:
        checks.append(_check("trusted_key", seal.key == trusted_key, "the seal is signed with the key you trust"))
    if "private" in document:
        checks.append(_private_check(document, event))
    return ProofVerdict(event=event, seal=seal, checks=tuple(checks))


def _check(code: str, passed: bool, text: str) -> Check:
    return Check(code=code, passed=passed, text=text)


def _leaf_of(event: dict[str, Any]) -> bytes:
    try:
        return merkle.leaf_hash(canonical(event))
    except (NotCanonical, RecursionError):
        raise NotAProof('"event" holds a value that cannot be in the log') from None


def _private_check(document: dict[str, Any], event: dict[str, Any]) -> Check:
    private = _of_type(document, "private", dict)
    content = _of_type(private, "content", dict)
    try:
        digest = digest_of(content, _hex(private, "salt"))
    except (NotCanonical, RecursionError):
        raise NotAProof('"private" holds a value that cannot be in the log') from None
    return _check("private_half", digest == event.get("private_digest"), "the private half is the one that was sealed")


def _seal(document: dict[str, Any]) -> Seal:
    body = _of_type(document, "seal", dict)
    try:
        at = datetime.fromisoformat(_of_type(body, "at", str))
        return Seal(
            number=_count(body, "number"),
            at=at,
            size=_count(body, "size"),
            root=_hex(body, "root").hex(),
            previous=_hex(body, "previous").hex(),
            key=_hex(body, "key").hex(),
        )
    except ValueError as error:
        raise error if isinstance(error, NotAProof) else NotAProof('"seal.at" is not a moment in time') from None


def _path(document: dict[str, Any]) -> list[bytes]:
    steps = _of_type(document, "path", list)
    if len(steps) > LONGEST_PATH:
        raise NotAProof(f'"path" is longer than {LONGEST_PATH} steps')
    return [_hex({"path": step}, "path") for step in steps]


def _of_type(document: dict[str, Any], name: str, kind: type) -> Any:
    value = document.get(name)
    if not isinstance(value, kind):
        raise NotAProof(f'"{name}" is missing or not a {kind.__name__}')
    return value


def _count(document: dict[str, Any], name: str) -> int:
    value = _of_type(document, name, int)
    if isinstance(value, bool) or not 0 <= value < 2**53:
        raise NotAProof(f'"{name}" is not a whole number from 0 up')
    return value


def _hex(document: dict[str, Any], name: str) -> bytes:
    try:
        return bytes.fromhex(_of_type(document, name, str))
    except ValueError as error:
        raise error if isinstance(error, NotAProof) else NotAProof(f'"{name}" is not hexadecimal') from None


def _base64(document: dict[str, Any], name: str) -> bytes:
    try:
        return base64.b64decode(_of_type(document, name, str), validate=True)
    except ValueError as error:
        raise error if isinstance(error, NotAProof) else NotAProof(f'"{name}" is not base64') from None
