"""Signed events of a CRM: `X-OpenPRM-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`.

The moment is under the signature, so an event that was recorded cannot be sent again tomorrow. Comparison takes the same
time whether the first or the last letter is wrong.
"""

import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum

TOLERANCE = timedelta(minutes=5)
LONGEST_HEADER = 400
_PART = re.compile(r"(t|v1)=([0-9a-f]{1,64})")


class Verdict(StrEnum):
    GOOD = "good"
    MALFORMED = "malformed"
    OLD = "old"
    FORGED = "forged"


def sign(body: bytes, *, secret: str, at: datetime) -> str:
    """The header for a body that leaves now."""
    moment = int(at.timestamp())
    return f"t={moment},v1={_digest(body, secret, moment)}"


def judge(header: str, body: bytes, *, secrets: tuple[str, ...], at: datetime) -> Verdict:
    """Whether one of the secrets signed this body within the last minutes; several are known while one is replaced."""
    parts = _parts(header)
    if parts is None:
        return Verdict.MALFORMED
    moment, signatures = parts
    matching = [secret for secret in secrets for signature in signatures if hmac.compare_digest(_digest(body, secret, moment), signature)]
    if not matching:
        return Verdict.FORGED
    return Verdict.GOOD if abs(at - datetime.fromtimestamp(moment, UTC)) <= TOLERANCE else Verdict.OLD


def _parts(header: str) -> tuple[int, list[str]] | None:
    if len(header) > LONGEST_HEADER:
        return None
    found = [match.groups() for part in header.split(",") if (match := _PART.fullmatch(part.strip()))]
    moments = [value for name, value in found if name == "t"]
    signatures = [value for name, value in found if name == "v1"]
    if len(moments) != 1 or not moments[0].isdecimal() or len(moments[0]) > 11 or not signatures:
        return None
    return int(moments[0]), signatures


def _digest(body: bytes, secret: str, moment: int) -> str:
    return hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
