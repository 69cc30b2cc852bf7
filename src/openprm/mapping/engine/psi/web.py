"""The two addresses that take messages from a peer (a WSGI application), and the client that sends them. The signature is the way in; TLS hides the rest."""

import http.client
import json
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any
from urllib.parse import urlsplit

from openprm.mapping.engine.psi.errors import Refused
from openprm.mapping.engine.psi.folder import Folder
from openprm.mapping.engine.psi.mailbox import Mailbox, Taken
from openprm.mapping.engine.psi.messages import LONGEST_START, SignedHead, read_signed_head

PIECE = 1 << 20
TIMEOUT = 30
Network = IPv4Network | IPv6Network
HEADS, PIECES = "/psi/v1/heads", "/psi/v1/messages/"


@dataclass(frozen=True)
class Address:
    """Where a peer takes messages. `certificate` is the PEM of the certificate, or of its issuer, that alone is trusted; "" trusts the system's."""

    url: str
    certificate: str = ""
    only_public: bool = False  # a server goes where a person typed: never to a machine of its own network
    networks: tuple[Network, ...] = ()  # ... but to these

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme != "https" or not parts.hostname or parts.username or parts.query or parts.fragment:
            raise Refused(f"{self.url}: is no address of a peer. It begins with https:// and names a host.")


class PeerRefused(Refused):
    """The other side understood and said no: the same message again will not help."""


class AlreadyThere(PeerRefused):
    """The other side has this very message already: an earlier try came through, and its answer was lost."""


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
    bring(signed, lambda offset: bytes(rest[offset : offset + PIECE]), address, tell)


def bring(signed: SignedHead, piece_at: Callable[[int], bytes], address: Address, tell: Callable[[int, int], None]) -> None:
    """As `send`, with the points and tags read piece by piece. Raises PeerRefused when the peer said no, Refused or OSError when another try may help."""
    with _connected(address) as connection:
        try:
            _bring(connection, signed, piece_at, address, tell)
        except AlreadyThere:
            return


def _bring(
    connection: http.client.HTTPSConnection, signed: SignedHead, piece_at: Callable[[int], bytes], address: Address, tell: Callable[[int, int], None]
) -> None:
    taken = _asked(connection, address, "POST", HEADS, signed.spelled)
    while 0 <= taken.received < signed.size:
        before = taken.received
        taken = _asked(connection, address, "PUT", f"{PIECES}{signed.hash}/{before}", piece_at(before))
        if not before < taken.received <= signed.size:
            raise Refused("The other side takes no more of the message. Send it again later.")
        tell(taken.received, signed.size)


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


@contextmanager
def _connected(address: Address) -> Iterator[http.client.HTTPSConnection]:
    parts = urlsplit(address.url)
    host, port = parts.hostname or "", parts.port or 443
    connection = _Connection(host, port, timeout=TIMEOUT, context=ssl.create_default_context(cadata=address.certificate or None))
    connection.where = allowed_addresses(host, port, address.networks) if address.only_public else (host,)
    try:
        yield connection
    except (http.client.HTTPException, ssl.SSLError) as odd:
        raise Refused(f"{address.url}: {odd}. Is this the address and the certificate of the peer?") from None
    finally:
        connection.close()


class _Connection(http.client.HTTPSConnection):
    """Connects to the addresses that were looked at, not to what the name says a moment later; TLS still checks the name."""

    where: tuple[str, ...] = ()

    def connect(self) -> None:
        odd = OSError("no address")
        for place in self.where:
            try:
                raw = socket.create_connection((place, self.port), self.timeout)
            except OSError as failed:
                odd = failed
            else:
                self.sock = self._context.wrap_socket(raw, server_hostname=self.host)
                return
        raise OSError(f"Nobody answers at {self.host}, port {self.port} ({odd.strerror or odd}). Is the peer's server up, and is this its address?")


def allowed_addresses(host: str, port: int, networks: Iterable[Network]) -> tuple[str, ...]:
    """The addresses of a name, when every one of them is public or in `networks`. Raises Refused, OSError."""
    try:
        found = {str(told[4][0]).partition("%")[0] for told in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except socket.gaierror:
        raise OSError(f"No server is known by the name {host}. Look at the address of the peer, and at the network of this machine.") from None
    kept = tuple(networks)
    for one in map(ip_address, found):
        plain = getattr(one, "ipv4_mapped", None) or getattr(one, "sixtofour", None) or one
        is_public = plain.is_global and not plain.is_multicast
        if not is_public and not any(plain in network for network in kept if network.version == plain.version):
            raise Refused(f"{host} is no address in the public network. An operator can allow a network of your own: OPENPRM_PEER_NETWORKS.")
    return tuple(sorted(found))


def _asked(connection: http.client.HTTPSConnection, address: Address, method: str, path: str, body: bytes) -> Taken:
    connection.request(method, urlsplit(address.url).path.rstrip("/") + path, body, {"Content-Type": "application/octet-stream"})
    got = connection.getresponse()
    return _understood(got.status, got.read(PIECE))


def _understood(status: int, body: bytes) -> Taken:
    try:
        told = json.loads(body)
        if status == 200:
            return Taken(str(told["name"]), int(told["received"]), int(told["size"]))
        said = "".join(sign for sign in str(told["refused"])[:300] if sign.isprintable())
    except (ValueError, KeyError, TypeError):
        raise Refused(f"The other side answers with {status} and nothing that can be read. Is an OpenPRM at this address?") from None
    if status == 409 and told.get("here") is True:
        raise AlreadyThere(said)
    if status == 409:
        raise PeerRefused(f"The other side refused: {said}")
    raise Refused(f"The other side cannot take it now: {said}")
