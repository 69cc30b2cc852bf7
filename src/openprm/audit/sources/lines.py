"""The log as a file of JSON lines: keys, then each seal followed by its events, then what waits. Readable by anybody."""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from openprm.audit.models import AuditSeal, Event, Key, Sealed
from openprm.audit.rules.canonical import canonical, stamp
from openprm.audit.rules.entries import Entry
from openprm.audit.rules.seals import PublicKey, Seal, SignedSeal
from openprm.audit.rules.verification import Batch, Member
from openprm.audit.sources import live
from openprm.audit.sources.log import BadInput, Log, leaf_or_unreadable, moment

KIND = "openprm-audit-log"
LONGEST_LINE = 16 * 1024 * 1024


def write(file: IO[bytes], *, tick: Callable[[int], None] = lambda events: None) -> int:
    """Write the whole log of the database; gives the number of events. `tick` hears how many were written so far."""
    written = 0
    for line in _lines():
        file.write(canonical(line) + b"\n")
        if line["type"] in ("event", "waiting"):
            written += 1
            if written % 1000 == 0:
                tick(written)
    return written


def _lines() -> Iterator[dict[str, Any]]:
    yield {"type": "log", "kind": KIND, "v": 1}
    for key in Key.objects.order_by("added_at"):
        public = key.public_key()
        yield {"type": "key", "public": public.text, "endorsed_by": public.endorsed_by, "endorsement": _b64(public.endorsement)}
    for row in AuditSeal.objects.order_by("number").iterator(chunk_size=500):
        signed = row.signed()
        yield {"type": "seal", "seal": signed.seal.body(), "hash": row.hash, "signature": _b64(signed.signature)}
        for place, event in live.places(row.number):
            yield _sealed_line(place, event)
    for event in Event.objects.filter(pk__in=_unsealed_ids()).order_by("pk").iterator(chunk_size=1000):
        yield {"type": "waiting", "event": _event_values(event.entry())}
    for event_id in live.strays():
        yield {"type": "stray", "id": event_id}


def _unsealed_ids() -> Any:
    from openprm.audit.models import Unsealed

    return Unsealed.objects.values("event_id")


def _sealed_line(place: Sealed, event: Event | None) -> dict[str, Any]:
    line = {"type": "event", "id": str(place.event_id), "seal": place.seal_id, "position": place.position, "leaf": bytes(place.leaf).hex()}
    return line | {"event": _event_values(event.entry()) if event else None}


def _event_values(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": stamp(entry.at),
        "verb": entry.verb,
        "actor": entry.actor,
        "subject": entry.subject,
        "changes": entry.changes,
        "data": entry.data,
        "note": entry.note,
        "private": entry.private,
        "refs": list(entry.refs),
        "visible_to": list(entry.visible_to),
        "salt": entry.salt.hex(),
    }


def _b64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def read(file: IO[bytes]) -> Log:
    """The log in a file that `write` made. Raises BadInput, naming the line, here or while the batches are read."""
    reader = _Reader(_numbered(file))
    reader.start()
    return Log(keys=reader.keys, batches=reader.batches(), strays=reader.strays, waiting=lambda: reader.waiting)


def _numbered(file: IO[bytes]) -> Iterator[tuple[int, dict[str, Any]]]:
    number = 0
    while raw := file.readline(LONGEST_LINE):
        number += 1
        try:
            line = json.loads(raw)
        except (ValueError, RecursionError):
            raise BadInput(f"line {number} is not JSON") from None
        if not isinstance(line, dict):
            raise BadInput(f"line {number} is not a JSON object")
        yield number, line


@dataclass
class _Reader:
    lines: Iterator[tuple[int, dict[str, Any]]]
    keys: list[PublicKey] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)
    waiting: int = 0
    ahead: tuple[int, dict[str, Any]] | None = None

    def start(self) -> None:
        self.ahead = next(self.lines, None)
        if not self.ahead or self.ahead[1].get("kind") != KIND or self.ahead[1].get("v") != 1:
            raise BadInput(f'line 1 does not begin a log: it should hold "kind": "{KIND}" and "v": 1')
        self._next()
        while self.ahead and self.ahead[1].get("type") == "key":
            self.keys.append(self._read(_key))
            self._next()

    def _next(self) -> None:
        self.ahead = next(self.lines, None)

    def _read(self, make: Callable[[dict[str, Any]], Any]) -> Any:
        number, line = self.ahead  # type: ignore[misc]
        try:
            return make(line)
        except BadInput as error:
            raise BadInput(f"line {number}: {error}") from None
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadInput(f"line {number}: a field is missing or malformed ({type(error).__name__}: {str(error)[:60]})") from None

    def batches(self) -> Iterator[Batch]:
        while self.ahead and self.ahead[1].get("type") == "seal":
            yield self._batch()
        self._rest()

    def _batch(self) -> Batch:
        seal, stored_hash = self._read(_seal)
        self._next()
        members = []
        while self.ahead and self.ahead[1].get("type") == "event":
            members.append(self._read(lambda line: _member(line, seal.seal.number)))
            self._next()
        return Batch(seal=seal, members=members, stored_hash=stored_hash)

    def _rest(self) -> None:
        while self.ahead:
            number, line = self.ahead
            if line.get("type") == "waiting":
                self.waiting += 1
            elif line.get("type") == "stray":
                self.strays.append(str(line.get("id")))
            else:
                raise BadInput(f"line {number}: a line of type “{str(line.get('type'))[:20]}” does not belong here")
            self._next()


def _key(line: dict[str, Any]) -> PublicKey:
    return PublicKey(public=_bytes(line["public"]), endorsed_by=str(line["endorsed_by"]), endorsement=_bytes(line["endorsement"]))


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _seal(line: dict[str, Any]) -> tuple[SignedSeal, str]:
    body = line["seal"]
    seal = Seal(
        number=int(body["number"]),
        at=moment(body["at"]),
        size=int(body["size"]),
        root=bytes.fromhex(body["root"]).hex(),
        previous=bytes.fromhex(body["previous"]).hex(),
        key=bytes.fromhex(body["key"]).hex(),
    )
    return SignedSeal(seal=seal, signature=_bytes(line["signature"])), str(line["hash"])


def _member(line: dict[str, Any], number: int) -> Member:
    if line["seal"] != number:
        raise BadInput(f"an event of seal {line['seal']} stands under seal {number}")
    values = line["event"]
    computed = leaf_or_unreadable(_entry(values)) if values is not None else None
    return Member(int(line["position"]), str(line["id"]), bytes.fromhex(line["leaf"]), computed)


def _entry(values: dict[str, Any]) -> Entry:
    known = {name: values[name] for name in ("id", "verb", "actor", "subject", "changes", "data", "note", "private")}
    return Entry(
        **known,
        at=moment(values["at"]),
        refs=tuple(map(str, values["refs"])),
        visible_to=tuple(map(str, values["visible_to"])),
        salt=bytes.fromhex(values["salt"]),
    )
