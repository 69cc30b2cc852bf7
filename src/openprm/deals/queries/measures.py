"""KPIS.md, rows "Registration SLA" and "Registration quality", from the registrations and their clocks."""

from datetime import UTC, date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from openprm.deals import policies
from openprm.deals.queries.results import Cohort, RegistrationKpis
from openprm.deals.rules.lifecycle import Status
from openprm.kernel.actor import Actor
from openprm.promises import queries as promises

_COUNTED = {
    "submitted": Q(),
    "decided": Q(decided_at__isnull=False),
    "approved": Q(booked_at__isnull=False),
    "with_conflict": Q(verdict__in=["possible", "blocking"]),
    "won": Q(status=Status.CLOSED_WON),
    "expired": Q(status=Status.EXPIRED),
}


def kpis(actor: Actor, *, since: datetime, until: datetime, at: datetime, partner_id: UUID | None = None) -> RegistrationKpis:
    """The cohort submitted in [since, until), followed to `at`. Withdrawn ones are no decision; undecided past due are a miss."""
    rows = _cohort(actor, since, until, partner_id)
    counts = rows.aggregate(**{name: Count("pk", filter=condition) for name, condition in _COUNTED.items()}, **_more())
    kept = _promise(actor, since, at, partner_id)
    return RegistrationKpis(
        **counts,
        within_promise=kept.kept if kept else 0,
        measured=kept.total if kept else 0,
        median_hours=kept.median_hours if kept else None,
        p90_hours=kept.p90_hours if kept else None,
    )


def acceptance_by_cohort(actor: Actor, *, since: datetime, until: datetime, partner_id: UUID | None = None) -> tuple[Cohort, ...]:
    """By month of submission, not by month of the end."""
    rows = _cohort(actor, since, until, partner_id).annotate(month=TruncMonth("submitted_at", tzinfo=UTC)).values("month")
    counted = rows.annotate(**{name: Count("pk", filter=condition) for name, condition in _COUNTED.items()}).order_by("month")
    return tuple(Cohort(**(row | {"month": _day(row["month"])})) for row in counted)


def _cohort(actor: Actor, since: datetime, until: datetime, partner_id: UUID | None) -> QuerySet:
    rows = policies.reach(actor).filter(submitted_at__gte=since, submitted_at__lt=until).exclude(status=Status.WITHDRAWN)
    return rows.filter(partner_id=partner_id) if partner_id else rows


def _more() -> dict[str, Count]:
    return {
        "rejected": Count("pk", filter=Q(status=Status.REJECTED)),
        "returned": Count("pk", filter=Q(resubmit_count__gt=0) | Q(status=Status.RETURNED)),
    }


def _promise(actor: Actor, since: datetime, at: datetime, partner_id: UUID | None):
    records = promises.record(actor, partner_id=partner_id, since=since, at=at)
    return next((record for record in records if record.code == "deals.decision"), None)


def _day(moment: datetime) -> date:
    return moment.date()
