"""Writing the log and sealing it."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from openprm.audit import keyring
from openprm.audit.models import AuditSeal, Event, Key, Sealed
from openprm.audit.rules import entries as leaves
from openprm.audit.rules import merkle
from openprm.audit.rules.canonical import clean_text, difference, plain
from openprm.audit.rules.seals import NO_SEAL, Seal, sign
from openprm.kernel import db
from openprm.kernel.actor import Actor
from openprm.kernel.batches import insert_all
from openprm.kernel.errors import Conflict

SEALING_LOCK = 4_182_001  # one sealer at a time; writers never take it
LARGEST_BATCH = 4096
IN_ONE_STATEMENT = 500


class AuditKeyMissing(Conflict):
    """The log is sealed with a key that this machine does not hold."""


def record(
    actor: Actor,
    verb: str,
    subject: models.Model,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    refs: Iterable[UUID] = (),
    visible_to: Iterable[UUID] = (),
    data: Mapping[str, Any] | None = None,
    private: Mapping[str, Any] | None = None,
    note: str = "",
    at: datetime,
) -> UUID:
    """Append one event in the running transaction and give its id.

    `before` and `after` are snapshots; only what differs is kept. `after` defaults to the subject as it is now; say
    `after={}` when nothing changed. Of the changes, the partners in `visible_to` may read the fields that the subject's
    class names in `audit_shared`; the others, and `private`, are for the vendor. They may read `data` and `note` in full.
    """
    entry = Entry(subject, before=before, after=after, refs=refs, visible_to=visible_to, data=data, private=private, note=note)
    event = _event(actor, verb, entry, at)
    event.save(force_insert=True)
    return event.pk


@dataclass(frozen=True)
class Entry:
    """What `record` takes, for `record_many`."""

    subject: models.Model
    _: KW_ONLY
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    refs: Iterable[UUID] = ()
    visible_to: Iterable[UUID] = ()
    data: Mapping[str, Any] | None = None
    private: Mapping[str, Any] | None = None
    note: str = ""


def record_many(actor: Actor, verb: str, entries: Iterable[Entry], *, at: datetime) -> int:
    """Append many events of one verb, as `record` does one by one, in a statement for each 500; gives how many."""
    rows = [_row(actor, verb, entry, at) for entry in entries]
    for start in range(0, len(rows), IN_ONE_STATEMENT):
        insert_all(Event, rows[start : start + IN_ONE_STATEMENT])
    return len(rows)


def _event(actor: Actor, verb: str, entry: Entry, at: datetime) -> Event:
    return Event(**_row(actor, verb, entry, at))


def _row(actor: Actor, verb: str, entry: Entry, at: datetime) -> dict[str, Any]:
    subject = entry.subject
    after = subject.snapshot() if entry.after is None else entry.after  # type: ignore[attr-defined]
    changes = _changes(entry.before, plain(after))
    named = getattr(subject, "audit_shared", ())
    hidden = {name: change for name, change in changes.items() if name not in named}
    return {
        "at": at,
        "verb": verb,
        **_actor_columns(actor),
        **_subject_columns(subject),
        "changes": {name: change for name, change in changes.items() if name in named},
        "data": _with_currency(plain(entry.data or {}), changes, after),
        "note": clean_text(entry.note),
        "private": ({"changes": hidden} if hidden else {}) | ({"data": plain(entry.private)} if entry.private else {}),
        "salt": secrets.token_bytes(leaves.SALT_SIZE),
        "refs": _distinct((subject.pk, *entry.refs)),
        "visible_to": _distinct(entry.visible_to),
    }


def _changes(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> dict[str, list[Any]]:
    if before is not None:
        return difference(plain(before), after) if after else {}
    return {name: [None, value] for name, value in after.items() if value not in (None, "", [], {})}


def _with_currency(data: dict[str, Any], changes: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """An amount says nothing without its currency, which need not have changed with it."""
    if any(name.endswith("_minor") for name in changes) and after.get("currency"):
        return {"currency": after["currency"], **data}
    return data


def _actor_columns(actor: Actor) -> dict[str, Any]:
    return {
        "actor_side": str(actor.side),
        "actor_id": actor.user_id,
        "actor_name": clean_text(actor.name)[:200],
        "actor_organization": actor.organization_id,
        "viewing_as": actor.viewing_as,
    }


def _subject_columns(subject: models.Model) -> dict[str, Any]:
    return {"subject_type": subject._meta.label_lower, "subject_id": subject.pk, "subject_label": clean_text(str(subject))[:200]}


def _distinct(ids: Iterable[UUID | None]) -> list[UUID]:
    return list(dict.fromkeys(one for one in ids if one))


@transaction.atomic
def seal_waiting(*, at: datetime) -> int:
    """Seal every committed event that waits, in batches; gives the number of events sealed.

    Writers are never held up: an event whose transaction commits later is on the list later and comes into a later
    seal, whatever its id or time. When another sealer is at work this one leaves it to that.
    Raises AuditKeyMissing, KeyUnusable.
    """
    if not db.value("select pg_try_advisory_xact_lock(%s)", [SEALING_LOCK]):
        return 0
    sealed = 0
    while events := _take_waiting(LARGEST_BATCH):
        _seal_batch(events, _signing_key(at), at)
        sealed += len(events)
    return sealed


def _take_waiting(most: int) -> list[Event]:
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from audit_unsealed where event_id in (select event_id from audit_unsealed order by event_id limit %s) returning event_id", [most]
        )
        ids = [row[0] for row in cursor.fetchall()]
    return list(Event.objects.filter(pk__in=ids).order_by("pk")) if ids else []


def _seal_batch(events: list[Event], key: Ed25519PrivateKey, at: datetime) -> None:
    hashes = [leaves.leaf_of(event.entry()) for event in events]
    last = AuditSeal.objects.order_by("-number").first()
    seal = Seal(
        number=last.number + 1 if last else 1,
        at=max(at, last.at) if last else at,
        size=len(hashes),
        root=merkle.root(hashes).hex(),
        previous=last.hash if last else NO_SEAL,
        key=keyring.public_of(key).fingerprint,
    )
    stored = AuditSeal(
        number=seal.number,
        at=seal.at,
        size=seal.size,
        root=seal.root,
        previous=seal.previous,
        key_id=seal.key,
        hash=seal.hash,
        signature=sign(seal, key).signature,
    )
    stored.save(force_insert=True)
    Sealed.objects.bulk_create(
        Sealed(event_id=event.pk, seal_id=seal.number, position=position, leaf=leaf) for position, (event, leaf) in enumerate(zip(events, hashes, strict=True))
    )


def _signing_key(at: datetime) -> Ed25519PrivateKey:
    """The key of this machine, published. The first sealer of a new log makes it."""
    newest = Key.objects.order_by("-added_at").first()
    if newest is None:
        key = keyring.find() or keyring.create()
        _publish(key, at)
        return key
    key = keyring.find()
    if key is None or keyring.public_of(key).fingerprint != newest.fingerprint:
        raise AuditKeyMissing(
            _(
                "The log is sealed with key %(key)s, and the file %(path)s does not hold it. Copy the file from the machine that sealed before, "
                "or run `openprm audit-key renew` to go on with a new key; the log will say that the key changed."
            )
            % {"key": newest.fingerprint[:12], "path": keyring.path()}
        )
    return key


def _publish(key: Ed25519PrivateKey, at: datetime, endorsed_by: Ed25519PrivateKey | None = None) -> Key:
    public = keyring.public_of(key)
    row = Key(
        fingerprint=public.fingerprint,
        public=public.public,
        endorsed_by=keyring.public_of(endorsed_by).fingerprint if endorsed_by else "",
        endorsement=endorsed_by.sign(public.public) if endorsed_by else b"",
        added_at=at,
    )
    row.save(force_insert=True)
    return row


@transaction.atomic
def renew_key(*, at: datetime) -> str:
    """Go on with a new signing key, endorsed by the present one when this machine holds it; gives its fingerprint."""
    old = keyring.find()
    newest = Key.objects.order_by("-added_at").first()
    is_present = old is not None and newest is not None and keyring.public_of(old).fingerprint == newest.fingerprint
    key = Ed25519PrivateKey.generate()
    row = _publish(key, at, endorsed_by=old if is_present else None)
    transaction.on_commit(lambda: keyring.replace(key))
    return row.fingerprint
