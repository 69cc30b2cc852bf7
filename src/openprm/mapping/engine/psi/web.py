"""The two addresses that take messages from a peer (a WSGI application), and the client that sends them. The signature is the way in; TLS hides the rest."""

import http.client
import json
import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from openprm.mapping.engine.psi.errors import Refused
from openprm.mapping.engine.psi.folder import Folder
from openprm.mapping.engine.psi.mailbox import Mailbox, Taken
from openprm.mapping.engine.psi.messages import LONGEST_START, read_signed_head

PIECE = 1 << 20
TIMEOUT = 60
HEADS, PIECES = "/psi/v1/heads", "/psi/v1/messages/"


@dataclass(frozen=True)
class Address:
    """Where a peer takes messages. `certificate` is the PEM of the certificate, or of its issuer, that alone is trusted; "" trusts the system's."""

    url: str
    certificate: str = ""

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme != "https" or not parts.hostname or parts.username or parts.query or parts.fragment:
            raise Refused(f"{self.url}: is no address of a peer. It begins with https:// and names a host.")


def application(folder: Folder) -> Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]:
    """POST a head to HEADS, then PUT pieces to PIECES + name + "/" + offset; both answer with what is here of the message."""

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        try:
            status, told = "200 OK", _taken(Mailbox(folder), environ)
        except Refused as why:
            status, told = "409 Conflict", {"refused": str(why)}
        except LookupError:
            status, told = "404 Not Found", {"refused": "Nothing is here."}
        body = json.dumps(told).encode()
        start(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")])
        return [body]

    return answer


def send(message: bytes, address: Address, tell: Callable[[int, int], None]) -> None:
    """Bring a message to a peer, from where an earlier try stopped. Raises Refused with what the peer said, OSError when it is not reached."""
    signed = read_signed_head(message)
    rest = memoryview(message)[len(signed.spelled) :]
    taken = _asked(address, "POST", HEADS, signed.spelled)
    while taken.received < len(rest):
        before = taken.received
        taken = _asked(address, "PUT", f"{PIECES}{taken.name}/{before}", bytes(rest[before : before + PIECE]))
        if taken.received <= before:
            raise Refused("The other side takes no more of the message. Send it again later.")
        tell(taken.received, len(rest))


def _taken(mailbox: Mailbox, environ: dict[str, Any]) -> dict[str, Any]:
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
    if (method, path) == ("POST", HEADS):
        return mailbox.announce(_body(environ, LONGEST_START), datetime.now(UTC)).__dict__
    name, _, offset = path.removeprefix(PIECES).partition("/")
    if method != "PUT" or not path.startswith(PIECES) or not (offset.isascii() and offset.isdigit() and len(offset) < 16):
        raise LookupError
    return mailbox.append(name, int(offset), _body(environ, PIECE)).__dict__


def _body(environ: dict[str, Any], most: int) -> bytes:
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or not 0 < int(length) <= most:
        raise Refused(f"A request carries 1 to {most:,} bytes.")
    body = environ["wsgi.input"].read(int(length))
    if len(body) != int(length):
        raise Refused("The request was cut off.")
    return body


def _asked(address: Address, method: str, path: str, body: bytes) -> Taken:
    parts = urlsplit(address.url)
    trusted = ssl.create_default_context(cadata=address.certificate or None)
    connection = http.client.HTTPSConnection(parts.hostname or "", parts.port or 443, timeout=TIMEOUT, context=trusted)
    try:
        connection.request(method, parts.path.rstrip("/") + path, body, {"Content-Type": "application/octet-stream"})
        got = connection.getresponse()
        return _understood(got.status, got.read(PIECE))
    except (http.client.HTTPException, ssl.SSLError) as odd:
        raise Refused(f"{address.url}: {odd}. Is this the address and the certificate of the peer?") from None
    finally:
        connection.close()


def _understood(status: int, body: bytes) -> Taken:
    try:
        told = json.loads(body)
        if status == 200:
            return Taken(str(told["name"]), int(told["received"]), int(told["size"]))
        said = str(told["refused"])[:300]
    except (ValueError, KeyError, TypeError):
        raise Refused(f"The other side answers with {status} and nothing that can be read. Is an OpenPRM at this address?") from None
    raise Refused(f"The other side refused: {''.join(sign for sign in said if sign.isprintable())}")
