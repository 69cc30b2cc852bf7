"""The list of applications, what waits, and the search."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from openprm.applications import policies
from openprm.applications.models import Application
from openprm.applications.promisekinds import DECISION
from openprm.applications.queries.results import ApplicationRow
from openprm.applications.rules import State
from openprm.applications.words import STATE, TYPE
from openprm.kernel.actor import Actor
from openprm.kernel.countries import country_name
from openprm.kernel.models import ScopedQuerySet
from openprm.kernel.registry import SearchHit
from openprm.promises import queries as promises
from openprm.ui.paging import PageRequest, Slice, slice_of

ORDER = {
    "submitted_at": "submitted_at",
    "company": "company_name",
    "score": "score",
    "number": "number",
    "created_at": "created_at",
    "decided_at": "decided_at",
}
MOST_EXPORTED = 20_000


def list_applications(actor: Actor, *, search: str, filters: Mapping[str, Any], page: PageRequest, at: datetime) -> Slice:
    """One page of what was sent. Three queries."""
    found = slice_of(_matching(actor, search, filters), page, order_by=ORDER)
    due = promises.clocks([row.pk for row in found.rows], DECISION, at)
    return found.map(lambda row: application_row(row, due.get(row.pk)))


def export_applications(actor: Actor, *, search: str, filters: Mapping[str, Any], at: datetime) -> Iterator[ApplicationRow]:
    """Every matching application, the newest first."""
    rows = list(_matching(actor, search, filters).order_by("-created_at")[:MOST_EXPORTED])
    due = promises.clocks([row.pk for row in rows], DECISION, at)
    yield from (application_row(row, due.get(row.pk)) for row in rows)


def newest_applications(actor: Actor, *, search: str = "", filters: Mapping[str, Any] | None = None) -> QuerySet:
    return _matching(actor, search, filters or {})


def waiting(actor: Actor, at: datetime, *, limit: int = 50) -> list[ApplicationRow]:
    """What this person can answer now, the soonest promise first."""
    rows = list(_waiting(actor)[: limit * 2])
    due = promises.clocks([row.pk for row in rows], DECISION, at)
    found = [application_row(row, due.get(row.pk)) for row in rows]
    return sorted(found, key=lambda row: (row.due_at is None, row.due_at or row.created_at))[:limit]


def waiting_count(actor: Actor) -> int | None:
    """How many applications this person can answer, or nothing when it answers none."""
    return _waiting(actor).count() if actor.can("applications.decide") else None


def search(actor: Actor, text: str, limit: int) -> list[SearchHit]:
    rows = _matching(actor, text, {}).order_by("-created_at")[:limit]
    return [
        SearchHit(
            group=_("Applications"),
            title=row.company_name,
            subtitle=f"{row.number} · {row.program.name}",
            url=reverse("applications:application", args=[row.pk]),
            icon="file-pen",
            logo=row.company_name,
        )
        for row in rows
    ]


def sources(actor: Actor) -> tuple[tuple[str, str], ...]:
    found = policies.reach_sent(actor).order_by("source").values_list("source", flat=True).distinct()
    return tuple((source, source) for source in found[:100])


def application_row(row: Application, clock: Any = None) -> ApplicationRow:
    label, tone = STATE[row.state]
    is_running = bool(clock and clock.state == "running")
    return ApplicationRow(
        id=row.pk,
        number=row.number,
        company=row.company_name,
        country=country_name(row.country),
        program=row.program.name,
        type=TYPE[row.type],
        state=row.state,
        state_label=label,
        tone=tone,
        score=row.score,
        missing_percent=row.missing_percent,
        risk=row.risk,
        duplicate=row.duplicate,
        source=row.source,
        contact=row.contact_name,
        started_at=row.started_at,
        submitted_at=row.submitted_at or row.confirmed_at,
        decided_at=row.decided_at,
        due_at=clock.due_at if is_running else None,
        is_late=is_running and clock.overdue,
        created_at=row.created_at,
    )


def _waiting(actor: Actor) -> ScopedQuerySet:
    if not actor.can("applications.decide"):
        return policies.reach(actor).none()
    rows = policies.reach_sent(actor).filter(state__in=[State.SUBMITTED, State.HELD])
    if not actor.is_system and "vendor_admin" not in actor.roles:
        rows = rows.exclude(decider="vendor_admin")
    return rows.order_by("submitted_at")


def _matching(actor: Actor, search: str, filters: Mapping[str, Any]) -> ScopedQuerySet:
    rows = policies.reach_sent(actor)
    if search:
        rows = rows.filter(
            Q(company_name__icontains=search)
            | Q(domain__icontains=search)
            | Q(number__iexact=search)
            | Q(contact_name__icontains=search)
            | Q(email__iexact=search)
        )
    exact = {"state": "state__in", "program": "program_id__in", "country": "country__in", "type": "type__in", "source": "source__in", "risk": "risk__in"}
    for name, column in exact.items():
        if filters.get(name):
            rows = rows.filter(**{column: filters[name]})
    if span := filters.get("submitted"):
        ends = {"submitted_at__date__gte": span.low, "submitted_at__date__lte": span.high}
        rows = rows.filter(**{name: value for name, value in ends.items() if value})
    return rows
