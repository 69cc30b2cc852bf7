"""A mail as it came over the wire, read with care: what it says, who it says it is from, which files it brings."""

import email.policy
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.utils import getaddresses

from openprm.correspondence.engine import words
from openprm.correspondence.rules import LONGEST_BODY

MOST_PARTS = 200
DEEPEST = 20
_NOT_FILES = {
    "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature", "application/ms-tnef",
    "text/vcard", "text/x-vcard", "text/calendar", "message/delivery-status", "text/rfc822-headers",
}  # fmt: skip


class Unreadable(Exception):
    """The bytes are no mail that a person could have written."""


@dataclass(frozen=True, slots=True)
class Attached:
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Incoming:
    """One mail. `headers` hold the first of each name in lower case; `from_addresses` all that the From line names.

    `body` is all that was written; `text()` takes time to find what is new in it, so ask when the sender is known."""

    headers: dict[str, str]
    from_addresses: tuple[str, ...]
    subject: str
    body: str = field(repr=False)
    files: tuple[Attached, ...] = field(repr=False)
    results: tuple[str, ...]
    hops: int
    return_path: str | None
    recipients: tuple[str, ...]
    digest: str
    size: int

    def text(self) -> str:
        return words.new_words(self.body)

    @property
    def sender(self) -> str:
        return self.from_addresses[0] if self.from_addresses else ""


def read(raw: bytes) -> Incoming:
    """Raises Unreadable for what has no headers, nests without end, or breaks the parser."""
    try:
        message = message_from_bytes(raw, policy=email.policy.default)
        return _incoming(message, raw)
    except Unreadable:
        raise
    except Exception as error:  # the parser of the standard library breaks in many ways on hostile headers
        raise Unreadable(type(error).__name__) from error


def _incoming(message: EmailMessage, raw: bytes) -> Incoming:
    headers = _headers(message)
    if "from" not in headers:
        raise Unreadable("no From line")
    parts = list(_leaves(message))
    senders = tuple(address.strip().lower() for _, address in getaddresses([str(value) for value in message.get_all("from", [])]) if address)
    return Incoming(
        headers=headers | {"from-address": senders[0] if senders else ""},
        from_addresses=senders,
        subject=" ".join(headers.get("subject", "").split())[:200],
        body=_text(parts),
        files=tuple(_files(parts)),
        results=tuple(str(value) for value in message.get_all("authentication-results", [])),
        hops=len(message.get_all("received", [])),
        return_path=_return_path(message),
        recipients=_recipients(message),
        digest=hashlib.sha256((headers.get("message-id", "").strip() or hashlib.sha256(raw).hexdigest()).encode("utf-8", "replace")).hexdigest(),
        size=len(raw),
    )


def _headers(message: EmailMessage) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in message.raw_items():
        if name.lower() not in found:
            found[name.lower()] = _decoded(message, name, value)
    return found


def _decoded(message: EmailMessage, name: str, raw: object) -> str:
    """The header in plain letters; one that cannot be decoded as it stands."""
    try:
        return str(message[name]).replace("\x00", "")
    except Exception:  # a malformed header breaks the parser only when it is looked at
        return str(raw).replace("\x00", "")


def _return_path(message: EmailMessage) -> str | None:
    value = message.get("return-path")
    return str(value).strip().strip("<>").strip() if value is not None else None


def _recipients(message: EmailMessage) -> tuple[str, ...]:
    values = [str(value) for name in ("x-original-to", "delivered-to", "envelope-to", "to", "cc") for value in message.get_all(name, [])]
    return tuple(dict.fromkeys(address for _, address in getaddresses(values) if address))


def _leaves(message: EmailMessage, depth: int = 0) -> Iterator[EmailMessage]:
    """The parts that hold something. A forwarded mail inside is one part: its words are not this sender's."""
    if depth > DEEPEST:
        raise Unreadable("nested too deep")
    if not message.is_multipart():
        yield message
        return
    if message.get_content_type() == "message/rfc822":
        return
    for number, part in enumerate(message.iter_parts()):
        if number > MOST_PARTS:
            raise Unreadable("too many parts")
        yield from _leaves(part, depth + 1)


def _is_file(part: EmailMessage) -> bool:
    kind = part.get_content_type()
    if kind in _NOT_FILES or (part.get("content-id") and kind.startswith("image/") and part.get_content_disposition() != "attachment"):
        return False
    return part.get_content_disposition() == "attachment" or bool(part.get_filename()) or part.get_content_maintype() not in ("text", "multipart")


def _files(parts: list[EmailMessage]) -> Iterator[Attached]:
    for part in parts:
        if _is_file(part):
            content = part.get_payload(decode=True)
            yield Attached(name=_name(part), content=content if isinstance(content, bytes) else b"")


def _name(part: EmailMessage) -> str:
    return "".join(sign for sign in (part.get_filename() or "") if sign.isprintable())[:200]


def _text(parts: list[EmailMessage]) -> str:
    """The first plain part that says something, else the first HTML part as text."""
    said = [part for part in parts if not _is_file(part) and part.get_content_maintype() == "text"]
    for kind in ("text/plain", "text/html"):
        for part in said:
            if part.get_content_type() == kind and (text := _words(part).strip()):
                return words.text_of_html(text) if kind == "text/html" else text
    return ""


def _words(part: EmailMessage) -> str:
    """The text in the charset that the part names; in UTF-8 or else Latin-1 when that one is unknown or wrong."""
    raw = part.get_payload(decode=True)
    raw = raw[:LONGEST_BODY] if isinstance(raw, bytes) else b""
    for charset in (part.get_content_charset(), "utf-8"):
        try:
            return raw.decode(charset or "utf-8")
        except (LookupError, UnicodeDecodeError):
            continue
    return raw.decode("latin-1")
