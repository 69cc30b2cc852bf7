"""What correspondence decides without a database: signatures of addresses, states, what counts as written by a machine."""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

ADDRESS_LASTS = timedelta(days=90)
KEPT_FOR = timedelta(days=180)
LONGEST_MAIL = 30 * 1024 * 1024
LONGEST_BODY = 100_000
MOST_FILES = 10
MOST_HOPS = 30
UNKNOWN_LOGGED_PER_DAY = 500
REMINDERS = (0, 15, 60, 240, 1440)

PREFIX = "reply+"
SIGNATURE_BYTES = 15
_TOKEN = re.compile(r"[a-z2-7]{50}")
_LISTS = ("list-id", "list-post", "list-unsubscribe", "mailing-list")
_BULK = {"bulk", "junk", "list", "auto_reply"}
_MACHINES = {"mailer-daemon", "postmaster", "noreply", "no-reply", "do-not-reply", "donotreply"}


def state_of(*, at: datetime, expires_at: datetime, revoked_at: datetime | None = None, used_at: datetime | None = None) -> str:
    """used, revoked, expired or active, in that order: what a person did says more than the clock."""
    if used_at:
        return "used"
    if revoked_at:
        return "revoked"
    return "active" if at < expires_at else "expired"


def token_of(row_id: UUID, key: bytes) -> str:
    """Fifty letters and digits that mail servers leave alone, also those that lower the case of addresses."""
    return base64.b32encode(row_id.bytes + _signature(row_id, key)).decode().rstrip("=").lower()


def row_of(token: str, key: bytes) -> UUID | None:
    """The row that a genuine token names; None for one that was not made with this key. Rubbish never reaches the database."""
    token = token.lower()
    if not _TOKEN.fullmatch(token):
        return None
    try:
        raw = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
    except binascii.Error:
        return None
    row_id = UUID(bytes=raw[:16])
    return row_id if hmac.compare_digest(token, token_of(row_id, key)) else None


def _signature(row_id: UUID, key: bytes) -> bytes:
    return hmac.new(key, row_id.bytes, hashlib.sha256).digest()[:SIGNATURE_BYTES]


def token_in(address: str, domain: str) -> str | None:
    """What stands between "reply+" and the reply domain; None for an address that is none of ours."""
    local, _, host = address.strip().strip("<>").rpartition("@")
    if not domain or host.lower().rstrip(".") != domain or not local.lower().startswith(PREFIX):
        return None
    return local[len(PREFIX) :]


def same_address(one: str, other: str) -> bool:
    return bool(one) and one.strip().lower() == other.strip().lower()


@dataclass(frozen=True, slots=True)
class Machine:
    """Why a mail was not written by a person."""

    code: str
    said: str


def written_by_machine(headers: Mapping[str, str], *, envelope_sender: str | None, hops: int) -> Machine | None:
    """Auto-replies, bounces, lists and loops (RFC 3834, RFC 5230). `headers` by lower-case name; `envelope_sender` None when unknown."""
    if envelope_sender == "":
        return Machine("bounce", "empty return path")
    if hops > MOST_HOPS:
        return Machine("loop", f"{hops} hops")
    if (auto := headers.get("auto-submitted", "").split(";")[0].strip().lower()) and auto != "no":
        return Machine("auto_reply", f"Auto-Submitted: {auto}")
    if (precedence := headers.get("precedence", "").strip().lower()) in _BULK:
        return Machine("auto_reply" if precedence == "auto_reply" else "mailing_list", f"Precedence: {precedence}")
    if listed := next((name for name in _LISTS if headers.get(name)), None):
        return Machine("mailing_list", f"{listed} is set")
    if answered := next((name for name in ("x-autoreply", "x-autorespond", "x-auto-reply") if headers.get(name)), None):
        return Machine("auto_reply", f"{answered} is set")
    if headers.get("content-type", "").lower().startswith("multipart/report"):
        return Machine("bounce", "a delivery report")
    return _machine_sender(headers.get("from-address", ""))


def _machine_sender(address: str) -> Machine | None:
    name = address.partition("@")[0].lower()
    return Machine("bounce", f"from {name}") if name in _MACHINES else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a trusted mail server found out about the sender. `is_genuine` needs dmarc, or an aligned dkim or spf, to pass."""

    is_genuine: bool
    said: str


def judged(results: Iterable[str], *, authserv: str, sender: str) -> Verdict:
    """Read the Authentication-Results (RFC 8601) of our own server; those of any other name are words of a stranger."""
    ours = [body for name, body in map(_results_of, results) if name == authserv.lower()]
    if not ours:
        return Verdict(False, f"no results of {authserv}")
    methods = [_method(part) for part in ours[0].split(";")[1:]]
    found = {name: value for name, value, _ in methods}
    said = ", ".join(f"{name}={value}" for name, value, _ in methods if name in ("dmarc", "dkim", "spf"))
    if "dmarc" in found and found["dmarc"] != "none":
        return Verdict(found["dmarc"] == "pass", said)
    domain = sender.rpartition("@")[2].lower()
    aligned = any(name in ("dkim", "spf") and value == "pass" and _aligns(about, domain) for name, value, about in methods)
    return Verdict(aligned, said or "nothing was checked")


def _results_of(header: str) -> tuple[str, str]:
    plain = re.sub(r"\([^()]*\)", " ", " ".join(header.split()))
    return plain.split(";")[0].split(" ")[0].strip().lower(), plain


def _method(part: str) -> tuple[str, str, str]:
    """("dkim", "pass", "kallio.example") out of "dkim=pass header.d=kallio.example"."""
    words = part.split()
    name, _, value = words[0].partition("=") if words else ("", "", "")
    properties = dict(word.partition("=")[::2] for word in words[1:] if "=" in word)
    about = properties.get("header.d") or properties.get("header.i") or properties.get("smtp.mailfrom") or properties.get("smtp.mail") or ""
    return name.strip().lower(), value.strip().lower(), about.strip('"').rpartition("@")[2].lower()


def _aligns(about: str, domain: str) -> bool:
    """The same domain, or one below it: partners' mail often leaves from a subdomain."""
    return bool(about) and (about == domain or about.endswith(f".{domain}"))
