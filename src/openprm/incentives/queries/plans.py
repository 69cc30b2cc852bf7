"""Plans as they pay, and as people look at them."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Q

from openprm.audit import queries as audit
from openprm.identity import queries as identity
from openprm.incentives import policies
from openprm.incentives.models import Plan
from openprm.incentives.rulekinds import EVER, PLAN
from openprm.incentives.rules.draft import TermsDraft, draft_from
from openprm.incentives.rules.model import PlanTerms, RateRow, Terms
from openprm.incentives.rules.notice import earliest_start
from openprm.incentives.rules.table import BadTerms, terms_of
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import NotFound
from openprm.kernel.models import ScopedQuerySet
from openprm.kernel.scope import current_actor, scope
from openprm.partners import queries as partners
from openprm.rulebook import queries as rulebook
from openprm.rulebook.ports import Table
from openprm.ui.paging import PageRequest, Slice, slice_of

SORTS = {"name": "name", "kind": "kind", "created_at": "created_at"}
START = Terms(currency="EUR", rates=(RateRow("R1", rate=Decimal(10)),))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """A plan in a list: what it is, for whom, and what is in force or announced."""

    id: UUID
    code: str
    name: str
    kind: str
    about: str
    program_id: UUID | None
    program: str
    partner_ids: tuple[UUID, ...]
    state: str
    event: str
    number: int | None
    starts_on: date | None
    ended_on: date | None
    has_draft: bool
    created_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """One published version of a plan's terms."""

    id: UUID
    number: int | None
    state: str
    starts_on: date | None
    ends_on: date | None
    published_by: str
    published_at: datetime | None
    note: str
    is_in_force: bool
    is_upcoming: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPage:
    """Everything about one plan, for the vendor. `terms` are in force, `upcoming` announced, `draft` not published."""

    row: PlanRow
    terms: PlanTerms | None
    upcoming: PlanTerms | None
    draft: PlanTerms | None
    draft_id: UUID | None
    draft_revision: int
    draft_changes: tuple[Any, ...]
    typed: TermsDraft
    versions: tuple[VersionRow, ...]
    earliest_start: date


def may(actor: Actor, verb: str) -> bool:
    reasons = {"edit": policies.why_not_edit, "publish": policies.why_not_publish, "usage": policies.why_not_book}
    return reasons[verb](actor) is None


def plans_in_force(*, program_id: UUID | None, partner_id: UUID | None, event_code: str, on: date) -> tuple[PlanTerms, ...]:
    """The plans that may pay for an event of this code on this day, by code. Without a partner: those for everybody.

    Reads in the system's scope, whoever asks; plans are few and their tables are kept ready.
    """
    with as_system():
        rows = policies.open_to(partner_id, (program_id,) if program_id else ()) if partner_id else _for_everybody(program_id)
        found = (terms_on(row, on) for row in rows.filter(Q(ended_on=None) | Q(ended_on__gt=on)).order_by("code"))
        return tuple(plan for plan in found if plan is not None and plan.terms.event == event_code)


def open_plans(partner_id: UUID, on: date) -> tuple[tuple[PlanTerms, str], ...]:
    """Every plan by which a partner can earn on a day, with the plan's own words: in all programs that it takes part in."""
    with as_system():
        programs = tuple(one.program_id for one in partners.enrollments_of(SYSTEM, partner_id))
        rows = policies.open_to(partner_id, programs).filter(Q(ended_on=None) | Q(ended_on__gt=on)).order_by("name")
        return tuple((plan, row.about) for row in rows if (plan := terms_on(row, on)) is not None)


def tier_of(partner_id: UUID, at: datetime) -> str:
    """The code of the tier that a partner holds; empty without one."""
    found = partners.enrollment(partner_id, at)
    return found.tier_code if found else ""


def plan_terms(plan_id: UUID, version_id: UUID) -> PlanTerms:
    """One version of a plan as it pays, in force or not. Raises NotFound."""
    with as_system():
        row, found = Plan.objects.one(plan_id), rulebook.version(actor=SYSTEM, version_id=version_id, at=_end_of(date.today()))
        if found.kind != PLAN or found.program_id != plan_id:
            raise NotFound()
        line = found.version
        return _plan(row, version_id, line.number, _typed(version_id, found.sha256, found.table), line.effective_at, line.ends_at)


def list_plans(actor: Actor, *, search: str = "", filters: Mapping[str, Any], page: PageRequest, at: datetime) -> Slice:
    found = slice_of(newest_plans(actor, search=search, filters=filters, at=at), page, order_by=SORTS)
    drafts = rulebook.drafts_of(PLAN)
    return found.map(lambda row: plan_row(row, at, drafts))


def export_plans(actor: Actor, *, search: str = "", filters: Mapping[str, Any], at: datetime) -> Iterator[PlanRow]:
    drafts = rulebook.drafts_of(PLAN)
    return (plan_row(row, at, drafts) for row in newest_plans(actor, search=search, filters=filters, at=at).iterator(chunk_size=500))


def newest_plans(actor: Actor, *, search: str = "", filters: Mapping[str, Any], at: datetime) -> ScopedQuerySet:
    rows = policies.reach(actor).select_related("program")
    if search:
        rows = rows.filter(Q(name__icontains=search) | Q(code__icontains=search))
    if filters.get("kind"):
        rows = rows.filter(kind__in=filters["kind"])
    if filters.get("program"):
        rows = rows.filter(program_id__in=filters["program"])
    ended = Q(ended_on__lte=at.date())
    if filters.get("state"):
        rows = rows.filter(ended if "ended" in filters["state"] else ~ended | Q(ended_on=None))
    return rows.order_by("-created_at", "-pk")


def plan_row(row: Plan, at: datetime, drafts: Mapping[UUID | None, UUID] | None = None) -> PlanRow:
    current, upcoming = terms_on(row, at.date()), _upcoming(row, at)
    shown, drafts = current or upcoming, rulebook.drafts_of(PLAN) if drafts is None else drafts
    return PlanRow(
        id=row.pk, code=row.code, name=row.name, kind=row.kind, about=row.about, program_id=row.program_id, program=row.program.name if row.program else "",
        partner_ids=tuple(row.partner_ids), state=_state(row, current, shown, at), event=shown.terms.event if shown else "",
        number=shown.number if shown else None, starts_on=shown.starts_on if shown else None, ended_on=row.ended_on, has_draft=row.pk in drafts,
        created_at=row.created_at, version=row.version,
    )  # fmt: skip


def plan_page(actor: Actor, plan_id: UUID, at: datetime) -> PlanPage:
    """Raises NotFound."""
    row = policies.reach(actor).select_related("program").one(plan_id)
    current, upcoming, draft_id = terms_on(row, at.date()), _upcoming(row, at), draft_id_of(row.pk)
    found = rulebook.draft(actor=SYSTEM, draft_id=draft_id, at=at) if draft_id else None
    draft = _plan(row, draft_id, 0, _sound(found.table), None, None) if found and draft_id else None
    last = draft or upcoming or current
    lines = rulebook.versions(actor=SYSTEM, kind=PLAN, program_id=row.pk, at=at)
    return PlanPage(
        row=plan_row(row, at), terms=current, upcoming=upcoming, draft=draft, draft_id=draft_id, draft_revision=found.revision if found else 0,
        draft_changes=found.changes if found and found.base_number and is_published(row.pk) else (), typed=draft_from(last.terms if last else START),
        versions=tuple(_version(line) for line in lines),
        earliest_start=earliest_start(at.date(), is_change=bool(lines)),
    )  # fmt: skip


def plan_timeline(actor: Actor, plan_id: UUID) -> Any:
    """What happened to the plan, newest first. Raises NotFound."""
    return audit.timeline(actor, policies.reach(actor).one(plan_id).pk, limit=30)


def plan_audience(plan_id: UUID, at: datetime) -> tuple[str, set[UUID]]:
    """The plan's name, and the active people of every partner that it is for. In the system's scope."""
    plan = Plan.objects.one(plan_id)
    joined = partners.newest_enrollments(SYSTEM)
    held = joined.filter(program_id=plan.program_id) if plan.program_id else joined
    meant = set(plan.partner_ids) or set(held.values_list("partner_id", flat=True))
    people = identity.partner_people_rows(SYSTEM, {}, "")
    return plan.name, {one.id for one in people if one.is_active and one.id and one.organization_id in meant}


def draft_id_of(plan_id: UUID) -> UUID | None:
    with as_system():
        return rulebook.drafts_of(PLAN).get(plan_id)


def is_published(plan_id: UUID) -> bool:
    """Whether terms of the plan were ever announced."""
    with as_system():
        return _last(plan_id) is not None


def terms_on(row: Plan, on: date) -> PlanTerms | None:
    """The plan as it pays on a day, or None when none of its versions is in force."""
    with as_system():
        found = rulebook.find_in_force(kind=PLAN, program_id=row.pk, at=_end_of(on))
        if found is None or found.rule_set.program_id != row.pk or (row.ended_on and row.ended_on <= on):
            return None
        return _plan(row, found.pk, found.number, _of_version(row.pk, found.pk, found.sha256, _end_of(on)), found.effective_at, found.ends_at)


def terms_of_draft(draft_id: UUID, at: datetime) -> Terms | None:
    """The terms that a draft says; None while it is no plan yet."""
    return _sound(rulebook.draft(actor=SYSTEM, draft_id=draft_id, at=at).table)


def as_system() -> AbstractContextManager[Any]:
    """The system's scope, for tables of plans, which no partner's role reads itself."""
    actor = current_actor()
    return nullcontext() if actor and actor.sees_all_partners else scope(SYSTEM)


def _for_everybody(program_id: UUID | None) -> ScopedQuerySet:
    return Plan.objects.filter(Q(program=None) | Q(program_id=program_id), partner_ids=[])


def _last(plan_id: UUID) -> Any:
    """The version announced last, in force or not."""
    found = rulebook.find_in_force(kind=PLAN, program_id=plan_id, at=EVER)
    return found if found and found.rule_set.program_id == plan_id else None


def _upcoming(row: Plan, at: datetime) -> PlanTerms | None:
    """What is announced and not in force yet."""
    with as_system():
        last = _last(row.pk)
        if last is None or last.effective_at is None or last.effective_at <= _end_of(at.date()):
            return None
        return _plan(row, last.pk, last.number, _of_version(row.pk, last.pk, last.sha256, EVER), last.effective_at, last.ends_at)


def _end_of(day: date) -> datetime:
    """Terms that begin during a day count for all of it."""
    return datetime.combine(day + timedelta(days=1), time(), UTC) - timedelta(microseconds=1)


def _of_version(plan_id: UUID, version_id: UUID, sha256: str, at: datetime) -> Terms:
    found = rulebook.find_table(kind=PLAN, program_id=plan_id, at=at)
    if found is None:
        raise NotFound()
    return _typed(version_id, sha256, found.table)


def _typed(version_id: UUID, sha256: str, table: Table) -> Terms:
    return _read(version_id, sha256, _Once(table))


@lru_cache(maxsize=2000)
def _read(version_id: UUID, sha256: str, table: "_Once") -> Terms:
    return terms_of(table.table)


@dataclass(frozen=True, slots=True, eq=False)
class _Once:
    """A table that takes no part in telling cached terms apart: its version and fingerprint do."""

    table: Table

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Once)

    def __hash__(self) -> int:
        return 0


def _sound(table: Table) -> Terms | None:
    """The terms of a draft; None while it is no plan yet."""
    try:
        return terms_of(table)
    except BadTerms:
        return None


def _plan(row: Plan, version_id: UUID, number: int | None, terms: Terms | None, starts: datetime | None, ends: datetime | None) -> PlanTerms | None:
    if terms is None:
        return None
    last = min((day for day in (ends.date() if ends else None, row.ended_on) if day), default=None)
    return PlanTerms(
        plan_id=row.pk, version_id=version_id, number=number or 0, code=row.code, name=row.name, kind=row.kind, terms=terms, program_id=row.program_id,
        partner_ids=tuple(row.partner_ids), starts_on=starts.date() if starts else None, ends_on=last,
    )  # fmt: skip


def _state(row: Plan, current: PlanTerms | None, shown: PlanTerms | None, at: datetime) -> str:
    if row.ended_on and row.ended_on <= at.date():
        return "ended"
    if current:
        return "in_force"
    return "announced" if shown else "draft"


def _version(line: Any) -> VersionRow:
    return VersionRow(
        id=line.id, number=line.number, state=line.state, starts_on=line.effective_at.date() if line.effective_at else None,
        ends_on=line.ends_at.date() if line.ends_at else None, published_by=line.published_by_name, published_at=line.published_at, note=line.note,
        is_in_force=line.is_in_force, is_upcoming=line.is_upcoming,
    )  # fmt: skip
