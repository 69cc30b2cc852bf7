"""The audit pages: the list of events, one event, and its proof. Both workspaces share them; each sees its own events."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.audit import queries
from openprm.audit.queries import Search, TimelineEntry
from openprm.kernel.actor import Actor
from openprm.kernel.http import Request, page
from openprm.ui import exports, lists
from openprm.ui.cells import Badge
from openprm.ui.format import Viewer
from openprm.ui.lists import Column, Empty, Filter, ListSpec, ListState, Range


@dataclass(frozen=True, slots=True)
class Row:
    """One event in the list."""

    entry: TimelineEntry
    url: str

    @property
    def id(self) -> UUID:
        return self.entry.id

    @property
    def at(self) -> datetime:
        return self.entry.at

    @property
    def person(self) -> str:
        return self.entry.actor_name

    @property
    def action(self) -> str:
        return capfirst(self.entry.label)

    @property
    def subject(self) -> str:
        return self.entry.subject_label

    @property
    def kind(self) -> str:
        return self.entry.subject_kind

    @property
    def note(self) -> str:
        return self.entry.note

    @property
    def verb(self) -> str:
        return self.entry.verb

    @property
    def changes(self) -> str:
        return "; ".join(f"{change.label}: {change.old} → {change.new}" for change in self.entry.changes)

    @property
    def seen_by(self) -> Badge:
        return Badge(_("Only us"), "info") if self.entry.is_internal else Badge(_("Us and the partner"), "")

    @property
    def seal(self) -> Badge:
        return Badge(_("Seal %(number)d") % {"number": self.entry.seal}, "ok", "lock") if self.entry.is_sealed else Badge(_("Waiting"), "")


COLUMNS = (
    Column("action", gettext_lazy("What happened"), "title", always=True),
    Column("subject", gettext_lazy("On"), "text"),
    Column("kind", gettext_lazy("Kind"), "text", default=False),
    Column("person", gettext_lazy("Who"), "person"),
    Column("at", gettext_lazy("When"), "datetime", sortable=True),
    Column("changes", gettext_lazy("Changes"), "text", default=False),
    Column("note", gettext_lazy("Note"), "text", default=False),
    Column("verb", gettext_lazy("Event"), "mono", default=False),
    Column("seal", gettext_lazy("Seal"), "badge"),
)
SEEN_BY = Column("seen_by", gettext_lazy("Seen by"), "badge")
FILTERS = (
    Filter("person", gettext_lazy("Who"), "text"),
    Filter("verb", gettext_lazy("What happened"), "choice", choices=lambda actor: queries.verbs_in_use()),
    Filter("kind", gettext_lazy("Kind"), "choice", choices=lambda actor: queries.kinds_in_use()),
    Filter("day", gettext_lazy("Day"), "date"),
)
spec = partial(ListSpec, filters=FILTERS, default_sort="-at", search=gettext_lazy("Search people, things and notes"), page_size=50)
VENDOR = spec(key="audit.events", columns=(*COLUMNS[:-1], SEEN_BY, COLUMNS[-1]))
PORTAL = spec(key="audit.portal_events", columns=COLUMNS)


def events(request: Request) -> HttpResponse:
    state = lists.parse(request, VENDOR if request.actor.is_vendor else PORTAL)
    search = _search(request.actor, state, request.at)
    if state.export:
        rows = (_row(request.actor, entry) for entry in queries.export_events(request.actor, search))
        return exports.respond(request, state, rows, name="audit-log")
    found = queries.events(request.actor, search, state.page).map(partial(_row, request.actor))
    empty = Empty(title=_("Nothing has happened yet"), text=_("Every change that anybody makes is written here, once, for good."))
    return lists.render(request, "audit/events.html", state, found, empty=empty, title=_("Audit log"), log=queries.log_state(request.actor))


def _search(actor: Actor, state: ListState, at: datetime) -> Search:
    asked = state.filters
    days: Range[Any] = asked.get("day") or Range()
    since, until = queries.days_to_moments(days.low, days.high, Viewer(at=at, locale=actor.locale, time_zone=actor.time_zone))
    return Search(text=state.search, person=asked.get("person", ""), verbs=asked.get("verb", ()), kinds=asked.get("kind", ()), since=since, until=until)


def _row(actor: Actor, entry: TimelineEntry) -> Row:
    return Row(entry, entry.url)


def event(request: Request, event_id: UUID) -> HttpResponse:
    entry = queries.event(request.actor, event_id)
    home = "audit:events" if request.actor.is_vendor else "audit:portal_events"
    proof = "audit:proof" if request.actor.is_vendor else "audit:portal_proof"
    return page(request, "audit/event.html", entry=entry, list_url=reverse(home), proof_url=reverse(proof, args=[event_id]))


def proof(request: Request, event_id: UUID) -> HttpResponse:
    """The proof as a file. A vendor may ask for the opened private half with ?private=yes."""
    document = queries.proof(request.actor, event_id, with_private=request.GET.get("private") == "yes")
    return _file(document, f"proof-{event_id}.json")


def checkpoint(request: Request) -> HttpResponse:
    document = queries.checkpoint(request.actor)
    return _file(document, f"audit-checkpoint-{document['seal']['number']}.json")


def _file(document: dict[str, Any], name: str) -> HttpResponse:
    body = json.dumps(document, indent=2, ensure_ascii=False).encode()
    return HttpResponse(body, content_type="application/json", headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"})


def keys(request: Request) -> HttpResponse:
    """The public keys that sign seals, for everybody."""
    found = [
        {"fingerprint": key.fingerprint, "public_key": key.text, "algorithm": "Ed25519", "endorsed_by": key.endorsed_by or None}
        for key in queries.public_keys()
    ]
    return JsonResponse({"keys": found}, headers={"Cache-Control": "public, max-age=300"})
