"""Reading the log: timelines, the audit pages, proofs, seals and keys."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Q
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from openprm.audit import policies, wording
from openprm.audit.models import AuditSeal, Event, Key, Sealed
from openprm.audit.rules.proofs import checkpoint_document, proof_document
from openprm.audit.rules.seals import PublicKey
from openprm.audit.wording import Change, Fact
from openprm.kernel import db
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, NotFound
from openprm.kernel.models import ScopedQuerySet
from openprm.kernel.registry import registry
from openprm.kernel.scope import system_scope
from openprm.ui.format import Viewer
from openprm.ui.paging import PageRequest, Slice, slice_of

LONGEST_TIMELINE = 200
WAY_OF_EXPORT = 2000
SHOWN_CHANGES = 4
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # a timeline's values are written out in full, so the viewer's moment does not matter


class NotSealedYet(Conflict):
    """The event waits for the next seal; a proof exists from then on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One event as a reader sees it. `changes` of a vendor's reader include the private ones, marked as such."""

    id: UUID
    at: datetime
    verb: str
    label: str
    icon: str
    tone: str
    actor_name: str
    actor_side: str
    actor_organization: str
    subject_type: str
    subject_kind: str
    subject_id: UUID
    subject_label: str
    note: str
    data: dict[str, Any]
    changes: tuple[Change, ...]
    is_internal: bool
    seal: int | None
    url: str

    @property
    def is_sealed(self) -> bool:
        return self.seal is not None

    @property
    def first_changes(self) -> tuple[Change, ...]:
        return self.changes[:SHOWN_CHANGES]

    @property
    def more_changes(self) -> tuple[Change, ...]:
        return self.changes[SHOWN_CHANGES:]

    @property
    def facts(self) -> list[Fact]:
        """What the event says beside the changes, in words."""
        return wording.facts_in_words(self.data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What the audit page asks for. Everything empty is everything."""

    text: str = ""
    person: str = ""
    verbs: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    ref: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SealView:
    number: int
    at: datetime
    size: int
    root: str
    previous: str
    hash: str
    key: str
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class LogState:
    """How the log stands: the newest seal, how many events wait, and the key in use."""

    newest: SealView | None
    sealed: int
    waiting: int
    key: str
    public_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """An event as rooms above read the log: what happened to what, by which company, beside which things."""

    id: UUID
    at: datetime
    verb: str
    by: UUID | None
    subject_id: UUID
    refs: tuple[UUID, ...]
    told: tuple[UUID, ...]


def happenings(verbs: Iterable[str], *, since: datetime, until: datetime) -> Iterator[Happening]:
    """Events of these verbs in [since, until), the oldest first, read in pieces. In the system's scope."""
    rows = Event.objects.filter(verb__in=list(verbs), at__gte=since, at__lt=until).order_by("at", "id")
    columns = ("id", "at", "verb", "actor_organization", "subject_id", "refs", "visible_to")
    for pk, at, verb, by, subject_id, refs, told in rows.values_list(*columns).iterator(chunk_size=WAY_OF_EXPORT):
        yield Happening(id=pk, at=at, verb=verb, by=by, subject_id=subject_id, refs=tuple(refs), told=tuple(told))


def timeline(actor: Actor, ref: UUID, *, limit: int = 50, before: datetime | None = None, at: datetime | None = None) -> list[TimelineEntry]:
    """The newest events of one object first. The caller has checked that the actor may see the object; each event is
    still shown only to those it is visible to."""
    events = policies.reach_through(actor, ref)
    if before:
        events = events.filter(at__lt=before)
    found = events.select_related("sealed").order_by("-at", "-pk")[: min(limit, LONGEST_TIMELINE)]
    return list(_entries(actor, found))


def events(actor: Actor, search: Search, page: PageRequest) -> Slice[TimelineEntry]:
    """One page of the events this actor may see."""
    found = slice_of(_matching(actor, search).select_related("sealed"), page, order_by={"at": "at"})
    shown = {entry.id: entry for entry in _entries(actor, found.rows)}
    return found.map(lambda event: shown[event.pk])


def export_events(actor: Actor, search: Search) -> Iterator[TimelineEntry]:
    """Every matching event, newest first, read in pieces."""
    found = _matching(actor, search).select_related("sealed").order_by("-at", "-pk")
    yield from _entries(actor, found.iterator(chunk_size=WAY_OF_EXPORT))


def event(actor: Actor, event_id: UUID) -> TimelineEntry:
    """One event. Raises NotFound."""
    return next(_entries(actor, [policies.reach(actor).select_related("sealed").one(event_id)]))


def events_after(actor: Actor, search: Search, *, after: tuple[datetime, UUID] | None, limit: int) -> list[TimelineEntry]:
    """The newest matching events, or those older than the one at `after`: for callers that page by time and id."""
    found = _matching(actor, search)
    if after:
        found = found.filter(at__lte=after[0]).exclude(at=after[0], pk__gte=after[1])
    return list(_entries(actor, found.select_related("sealed").order_by("-at", "-pk")[:limit]))


def verbs_in_use() -> list[tuple[str, str]]:
    """Every verb that a domain explains, with its words, for the filter."""
    return sorted(((name, capfirst(str(verb.label))) for name, verb in registry.audit_verbs.items()), key=lambda pair: pair[1].casefold())


def kinds_in_use() -> list[tuple[str, str]]:
    """The kinds of subject that an event can be about."""
    named = [(model._meta.label_lower, wording.kind_of(model._meta.label_lower)) for model in apps.get_models() if hasattr(model, "snapshot")]
    return sorted(named, key=lambda pair: pair[1].casefold())


def _matching(actor: Actor, search: Search) -> ScopedQuerySet:
    found = policies.reach(actor)
    if search.text:
        found = found.filter(Q(subject_label__icontains=search.text) | Q(note__icontains=search.text) | Q(actor_name__icontains=search.text))
    if search.person:
        found = found.filter(actor_name__icontains=search.person)
    wanted = {
        "verb__in": search.verbs,
        "subject_type__in": search.kinds,
        "refs__contains": [search.ref] if search.ref else (),
        "at__gte": search.since,
        "at__lt": search.until,
    }
    return found.filter(**{name: value for name, value in wanted.items() if value})


def days_to_moments(first: Any, last: Any, viewer: Viewer) -> tuple[datetime | None, datetime | None]:
    """Whole days of the reader as the moments at which they begin and end."""
    since = datetime.combine(first, time(), viewer.zone) if first else None
    until = datetime.combine(last + timedelta(days=1), time(), viewer.zone) if last else None
    return since, until


def _entries(actor: Actor, found: Iterable[Event]) -> Iterator[TimelineEntry]:
    viewer = Viewer(at=EPOCH, locale=actor.locale, time_zone=actor.time_zone)
    rows = iter(found)
    while part := list(islice(rows, WAY_OF_EXPORT)):
        names = _organization_names({row.actor_organization for row in part if row.actor_organization})
        for row in part:
            yield _entry(actor, row, viewer, names)


def _entry(actor: Actor, row: Event, viewer: Viewer, names: dict[UUID, str]) -> TimelineEntry:
    verb, seal = wording.verb(row.verb), getattr(row, "sealed", None)
    private = row.private if actor.sees_all_partners else {}
    return TimelineEntry(
        id=row.pk,
        at=row.at,
        verb=row.verb,
        label=str(verb.label),
        icon=verb.icon,
        tone=verb.tone,
        actor_name=row.actor_name,
        actor_side=row.actor_side,
        actor_organization=names.get(row.actor_organization, ""),
        subject_type=row.subject_type,
        subject_kind=wording.kind_of(row.subject_type),
        subject_id=row.subject_id,
        subject_label=row.subject_label,
        note=row.note,
        data={**row.data, **private.get("data", {})},
        changes=_changes(row, private, viewer),
        is_internal=actor.sees_all_partners and not row.visible_to,
        seal=seal.seal_id if seal else None,
        url=_address(actor, row.pk),
    )


def _address(actor: Actor, event_id: UUID) -> str:
    """The page of an event, for those who have it."""
    if not actor.can("audit.view"):
        return ""
    return reverse("audit:portal_event" if actor.is_partner else "audit:event", args=[event_id])


def _changes(row: Event, private: dict[str, Any], viewer: Viewer) -> tuple[Change, ...]:
    kwargs: dict[str, Any] = {"currency": str(row.data.get("currency", "")), "viewer": viewer}
    shared = wording.changes_in_words(row.subject_type, row.changes, **kwargs)
    hidden = wording.changes_in_words(row.subject_type, private.get("changes", {}), is_private=True, **kwargs)
    return tuple(shared + hidden)


def _organization_names(ids: set[UUID]) -> dict[UUID, str]:
    """The names that a higher domain gives to organizations (port `audit.organization_names`)."""
    namers = registry.filling("audit.organization_names")
    return namers[0](ids) if namers and ids else {}


def proof(actor: Actor, event_id: UUID, *, with_private: bool = False) -> dict[str, Any]:
    """The proof that an event stands in the sealed log, for whoever may see the event.

    Only a vendor's reader can ask for the private half. Raises NotFound, NotSealedYet.
    """
    seen = policies.reach(actor).one(event_id)
    with system_scope():
        place = Sealed.objects.select_related("seal__key", "event").filter(pk=seen.pk).first()
        if place is None:
            raise NotSealedYet(_("This event is waiting for its seal. Seals are made every minute: try again shortly."))
        leaves = [bytes(leaf) for leaf in Sealed.objects.filter(seal_id=place.seal_id).order_by("position").values_list("leaf", flat=True)]
        return proof_document(
            entry=place.event.entry(),
            leaves=leaves,
            position=place.position,
            seal=place.seal.signed(),
            public=bytes(place.seal.key.public),
            with_private=with_private and actor.sees_all_partners,
        )


def seals(actor: Actor) -> ScopedQuerySet:
    """The seals, newest first: hashes only, the same for everybody who is signed in."""
    return AuditSeal.objects.order_by("-number") if actor.sees_all_partners or actor.is_partner else AuditSeal.objects.none()


def seals_before(actor: Actor, number: int | None, *, limit: int) -> list[SealView]:
    found = seals(actor)
    return [seal_view(row) for row in (found.filter(pk__lt=number) if number else found)[:limit]]


def seal_view(row: AuditSeal) -> SealView:
    return SealView(
        number=row.number, at=row.at, size=row.size, root=row.root, previous=row.previous, hash=row.hash, key=row.key_id, signature=bytes(row.signature)
    )


def checkpoint(actor: Actor, number: int | None = None) -> dict[str, Any]:
    """A seal, by default the newest, as a file to keep outside. Raises NotFound."""
    rows = seals(actor).select_related("key")
    row = rows.filter(pk=number).first() if number else rows.first()
    if row is None:
        raise NotFound(_("There is no such seal. The first one is made within a minute of the first event."))
    return checkpoint_document(seal=row.signed(), public=bytes(row.key.public))


def public_keys() -> list[PublicKey]:
    """The keys that sign seals, newest first. Open to everybody, also without signing in."""
    return [row.public_key() for row in Key.unscoped(reason="public keys are published to the world").order_by("-added_at")]


def log_state(actor: Actor) -> LogState:
    """How the log stands, the same for everybody who is signed in."""
    newest = seals(actor).first()
    keys = public_keys()
    with system_scope():
        sealed = db.value("select coalesce(sum(size), 0)::bigint from audit_seal")
        waiting = db.value("select count(*) from audit_unsealed")
    return LogState(
        newest=seal_view(newest) if newest else None,
        sealed=sealed,
        waiting=waiting,
        key=keys[0].fingerprint if keys else "",
        public_key=keys[0].text if keys else "",
    )
