"""The log in the database of this installation, read seal by seal. Runs inside the system's scope."""

from collections.abc import Iterator

from openprm.audit.models import AuditSeal, Event, Key, Sealed
from openprm.audit.rules.verification import Batch, Member
from openprm.audit.sources.log import Log, leaf_or_unreadable
from openprm.kernel import db

STRAYS = """
select e.id from audit_event e
where not exists (select from audit_unsealed u where u.event_id = e.id)
  and not exists (select from audit_sealed s join audit_seal l on l.number = s.seal_id where s.event_id = e.id)
order by e.id limit 100
"""


def log() -> Log:
    keys = [row.public_key() for row in Key.objects.all()]
    return Log(keys=keys, batches=_batches(), strays=strays(), waiting=lambda: db.value("select count(*) from audit_unsealed"))


def _batches() -> Iterator[Batch]:
    for row in AuditSeal.objects.order_by("number").iterator(chunk_size=500):
        yield Batch(seal=row.signed(), members=[_member(place, event) for place, event in places(row.number)], stored_hash=row.hash)


def places(number: int) -> Iterator[tuple[Sealed, Event | None]]:
    """The places of one seal in order, each with its event, or None where the event is gone."""
    found = list(Sealed.objects.filter(seal_id=number).order_by("position", "event_id"))
    events = Event.objects.in_bulk([place.event_id for place in found])
    for place in found:
        yield place, events.get(place.event_id)


def _member(place: Sealed, event: Event | None) -> Member:
    computed = leaf_or_unreadable(event.entry()) if event else None
    return Member(place.position, str(place.event_id), bytes(place.leaf), computed)


def strays() -> Iterator[str]:
    for row in db.rows(STRAYS):
        yield str(row["id"])
