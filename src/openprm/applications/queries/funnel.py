"""The funnel per program and source, over a span of time."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from openprm.applications import policies
from openprm.applications.models import Application, Visit
from openprm.applications.rules import FunnelLine, funnel
from openprm.kernel.actor import Actor


def funnel_lines(actor: Actor, *, since: date, until: date, program_id: UUID | None = None) -> tuple[FunnelLine, ...]:
    """How many visited, began, sent and were answered. An application counts where it began; its later steps follow it there. Two queries."""
    if not policies.may_view(actor):
        return ()
    counts: list[tuple[str, str, str, int]] = []
    for program, source, count in _visits(since, until, program_id):
        counts.append((program, source, "visited", count))
    for program, source, *steps in _applications(since, until, program_id):
        counts += [(program, source, name, count) for name, count in zip(("started", "submitted", "approved", "rejected"), steps, strict=True)]
    return funnel(counts)


def totals(lines: tuple[FunnelLine, ...]) -> FunnelLine:
    """All lines in one."""
    found = funnel([("", "", step, getattr(line, step)) for line in lines for step in ("visited", "started", "submitted", "approved", "rejected")])
    return found[0] if found else FunnelLine(program="", source="")


def _visits(since: date, until: date, program_id: UUID | None) -> QuerySet:
    rows = Visit.objects.filter(day__gte=since, day__lte=until)
    rows = rows.filter(program=program_id) if program_id else rows
    return rows.order_by().values_list("program__name", "source").annotate(Count("pk"))


def _applications(since: date, until: date, program_id: UUID | None) -> QuerySet:
    rows = Application.objects.filter(started_at__gte=_midnight(since), started_at__lt=_midnight(until, end=True))
    rows = rows.filter(program=program_id) if program_id else rows
    grouped = rows.order_by().values("program__name", "source")
    counted = grouped.annotate(
        started=Count("pk"),
        sent=Count("pk", filter=Q(confirmed_at__isnull=False)),
        yes=Count("pk", filter=Q(state="approved")),
        no=Count("pk", filter=Q(state="rejected")),
    )
    return counted.values_list("program__name", "source", "started", "sent", "yes", "no")


def _midnight(day: date, *, end: bool = False) -> datetime:
    return datetime.combine(day + timedelta(days=1 if end else 0), time.min, UTC)
