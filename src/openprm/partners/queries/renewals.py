"""Memberships that end: what the rule says, what stands against a renewal, and the list of those that come up."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.partners import policies, rules
from openprm.partners.models import Enrollment, Gate
from openprm.partners.queries.gates import gates
from openprm.partners.rulekinds import RENEWAL
from openprm.rulebook import services as rulebook
from openprm.ui.paging import PageRequest, Slice, slice_of


@dataclass(frozen=True, slots=True)
class Advice:
    """`decision` is "renew" (by itself), "ask" (a person renews) or "end"."""

    decision: str
    months: int
    clause: str
    clause_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalRow:
    """One membership with an end, on the vendor's list. `state` is running, due, blocked or expired."""

    enrollment_id: UUID
    partner_id: UUID
    program_id: UUID
    partner: str
    program: str
    tier: str
    manager: str
    since: datetime
    until: datetime
    days_left: int
    renewals: int
    state: str
    version: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMembership:
    """A membership as the partner reads it. `why_not` says what stands against renewing it now."""

    program_id: UUID
    program: str
    tier: str
    status: str
    since: datetime
    until: datetime | None
    renews_until: datetime | None
    days_left: int | None
    renewals: int
    opens_at: datetime | None
    may_renew: bool
    why_not: str
    decision: str
    rule: str
    version: int


SORTS = {"partner": "partner__organization__name", "program": "program__name", "since": "since", "until": "until", "renewals": "renewals"}
WINDOWS = {"30": 30, "60": 60, "90": 90, "180": 180}


def renewals(actor: Actor, at: datetime, *, search: str = "", filters: Mapping[str, Any], page: PageRequest) -> Slice:
    """A page of the memberships that end, the soonest first unless asked otherwise. Three queries."""
    found = slice_of(_ending(actor, at, search, filters), page, order_by=SORTS)
    return replace(found, rows=tuple(renewal_rows(found.rows, at)))


def export_renewals(actor: Actor, at: datetime, *, search: str = "", filters: Mapping[str, Any]) -> Iterator[RenewalRow]:
    yield from renewal_rows(_ending(actor, at, search, filters).order_by("until", "pk"), at)


def newest_renewals(actor: Actor, at: datetime, *, filters: Mapping[str, Any]) -> QuerySet:
    """For the API: rows that `renewal_rows` reads."""
    return _ending(actor, at, "", filters)


def renewal_rows(rows: Iterable[Any], at: datetime) -> list[RenewalRow]:
    rows = list(rows)
    blocked = blocked_partners({row.partner_id for row in rows}, at)
    return [_renewal_row(row, at, is_blocked=row.partner_id in blocked) for row in rows]


def due_renewals(actor: Actor, at: datetime) -> int:
    """How many memberships end within 60 days or ran out in the last 60 and wait for somebody."""
    return _ending(actor, at, "", {"due": ("60",)}).count()


def membership(actor: Actor, partner_id: UUID, at: datetime) -> tuple[OwnMembership, ...]:
    """A partner's memberships, running and ended, oldest first, as its own people read them."""
    rows = policies.reach_enrollments(actor).filter(partner=partner_id).exclude(status__in=["draft", "rejected"])
    rows = rows.select_related("program", "tier", "partner__organization").order_by("since", "id")
    return tuple(_own(actor, row, at) for row in rows)


def advice(enrollment: Enrollment, at: datetime) -> Advice:
    """What the rule in force answers for this membership."""
    verdict = rulebook.evaluate(kind=RENEWAL.code, program_id=enrollment.program_id, inputs=_facts(enrollment, at), at=at)
    outcome = verdict.outcome or {"decision": "ask", "months": 0}
    return Advice(str(outcome["decision"]), int(outcome.get("months") or 0), verdict.clause, verdict.clause_text)


def blocking(partner_id: UUID, at: datetime) -> tuple[str, ...]:
    """What agreements and compliance have closed, a sentence with its cure each. Nothing is renewed over it."""
    found = [gate for gate in gates(partner_id, at) if gate.source in rules.RENEWAL_GUARDS]
    return tuple(dict.fromkeys(f"{gate.reason} {gate.cure}" for gate in found))


def blocked_partners(partner_ids: Iterable[UUID], at: datetime) -> set[UUID]:
    """Which of these partners have something closed by agreements or compliance, in one query."""
    rows = Gate.objects.filter(partner__in=list(partner_ids), source__in=rules.RENEWAL_GUARDS, since__lte=at).exclude(until__lte=at)
    return set(rows.values_list("partner_id", flat=True))


def why_not_renew(enrollment: Enrollment, at: datetime, *, early_too: bool) -> str | None:
    """What stands against renewing now, or None. The vendor may renew early, a partner in the last 60 days."""
    if enrollment.status not in (Enrollment.Status.APPROVED, Enrollment.Status.EXPIRED):
        return _("This membership was ended. The vendor can enroll the partner again.")
    if enrollment.until is None:
        return _("This membership has no end, so there is nothing to renew.")
    if enrollment.partner.organization.status not in rules.STATES_RENEWED:
        return _("The partner is not active. What stands against it comes first.")
    if not early_too and at < rules.renewal_opens(enrollment.until):
        return _("It can be renewed from %(day)s on.") % {"day": date_format(rules.renewal_opens(enrollment.until), "j M Y")}
    if reasons := blocking(enrollment.partner_id, at):
        return _("Before the renewal: %(reasons)s") % {"reasons": " ".join(reasons)}
    return None


def _facts(enrollment: Enrollment, at: datetime) -> dict[str, object]:
    return {
        "tier_rank": enrollment.tier.rank if enrollment.tier else 0,
        "tier": enrollment.tier.code if enrollment.tier else "",
        "closed_gates": len(blocking(enrollment.partner_id, at)),
        "renewals": enrollment.renewals,
        "years_in_program": (at - enrollment.since).days // 365,
    }


def _ending(actor: Actor, at: datetime, search: str, filters: Mapping[str, Any]) -> QuerySet:
    rows = policies.reach_enrollments(actor).filter(status__in=["approved", "expired"], until__isnull=False)
    rows = rows.select_related("partner__organization", "partner__manager", "program", "tier")
    for name, column in (("program", "program"), ("tier", "tier"), ("manager", "partner__manager"), ("status", "status")):
        if value := filters.get(name):
            rows = rows.filter(**{f"{column}__in": value if isinstance(value, tuple) else (value,)})
    if due := filters.get("due"):
        days = max(WINDOWS[one] for one in (due if isinstance(due, tuple) else (due,)))
        rows = rows.filter(until__lte=at + timedelta(days=days)).filter(Q(status="approved") | Q(until__gt=at - timedelta(days=days)))
    return rows.filter(partner__organization__name__icontains=search) if search else rows


def _renewal_row(row: Any, at: datetime, *, is_blocked: bool) -> RenewalRow:
    return RenewalRow(
        enrollment_id=row.pk,
        partner_id=row.partner_id,
        program_id=row.program_id,
        partner=row.partner.organization.name,
        program=row.program.name,
        tier=row.tier.name if row.tier else "",
        manager=row.partner.manager.name if row.partner.manager else "",
        since=row.since,
        until=row.until,
        days_left=rules.days_left(row.until, at),
        renewals=row.renewals,
        state=rules.renewal_state(until=row.until, at=at, is_blocked=is_blocked),
        version=row.version,
        created_at=row.created_at,
    )


def _own(actor: Actor, row: Any, at: datetime) -> OwnMembership:
    why_not = policies.why_not_renew(actor) or why_not_renew(row, at, early_too=False) or ""
    ends = row.until is not None and row.status in ("approved", "expired")
    told = advice(row, at) if ends else None
    return OwnMembership(
        program_id=row.program_id,
        program=row.program.name,
        tier=row.tier.name if row.tier else "",
        status="expired" if ends and row.until <= at else row.status,
        since=row.since,
        until=row.until,
        renews_until=rules.renewed_until(until=row.until, at=at, months=row.program.term_months or 12) if ends else None,
        days_left=rules.days_left(row.until, at) if ends else None,
        renewals=row.renewals,
        opens_at=rules.renewal_opens(row.until) if ends else None,
        may_renew=not why_not,
        why_not=why_not,
        decision=told.decision if told else "",
        rule=told.clause_text if told else "",
        version=row.version,
    )
