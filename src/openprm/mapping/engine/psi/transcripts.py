"""The signed heads of a run as JSON: what an arbiter needs to see who sent what, when and in which order."""

import base64
import json
from typing import Any

from openprm.audit.rules.seals import fingerprint_of
from openprm.mapping.engine.psi.errors import Refused
from openprm.mapping.engine.psi.messages import NOTHING_BEFORE, STEPS, Head, SignedHead, read_head


def written(heads: tuple[SignedHead, ...], keys: tuple[bytes, bytes]) -> str:
    """`keys` are the public keys of both sides."""
    told = {
        "kind": "openprm-psi-transcript",
        "keys": [base64.b64encode(key).decode() for key in keys],
        "messages": [{"head": one.head.body(), "signature": base64.b64encode(one.signature).decode()} for one in heads],
    }
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def plain(heads: tuple[SignedHead, ...]) -> list[dict[str, str]]:
    """The heads as a run is kept with them, byte for byte as they were signed."""
    return [{"head": one.head.signed_bytes.decode(), "signature": base64.b64encode(one.signature).decode()} for one in heads]


def kept(told: list[dict[str, str]]) -> tuple[SignedHead, ...]:
    """What `plain` wrote. Raises Refused, ValueError, KeyError."""
    return tuple(SignedHead(read_head(one["head"].encode()), base64.b64decode(one["signature"])) for one in told)


def verify(text: str) -> tuple[Head, ...]:
    """The heads of a transcript in which everything fits. Raises Refused."""
    try:
        told = json.loads(text)
        keys = {fingerprint_of(key): key for key in map(base64.b64decode, told["keys"])}
        heads = tuple(_signed_head(one) for one in told["messages"])
    except Refused:
        raise
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Refused("This is no transcript of a private set intersection.") from None
    _check_chain(heads, keys)
    return tuple(one.head for one in heads)


def _signed_head(told: dict[str, Any]) -> SignedHead:
    spelled = json.dumps(told["head"], ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    return SignedHead(read_head(spelled), base64.b64decode(told["signature"]))


def _check_chain(heads: tuple[SignedHead, ...], keys: dict[str, bytes]) -> None:
    if not 1 <= len(heads) <= len(STEPS):
        raise Refused(f"A transcript has one to {len(STEPS)} messages, this one has {len(heads)}.")
    previous, first = NOTHING_BEFORE, heads[0].head
    for number, one in enumerate(heads):
        head = one.head
        if not one.is_by(keys.get(head.sender, b"")):
            raise Refused(f"Message {number + 1} is not signed by the key it names.")
        sides = (first.sender, first.receiver) if number != 1 else (first.receiver, first.sender)
        if (head.run, head.step, head.previous, (head.sender, head.receiver)) != (first.run, STEPS[number], previous, sides):
            raise Refused(f"Message {number + 1} does not follow the one before.")
        previous = one.hash
