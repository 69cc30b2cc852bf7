"""Plans: lists of them, and one as a viewer sees it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from openprm.actionplans import policies, wording
from openprm.actionplans.models import Plan, SignOff, Step
from openprm.actionplans.queries import days
from openprm.actionplans.queries.results import PlanRow, PlanView, PrivateEntryView, SignatureView, StepPage, StepView, Week
from openprm.actionplans.queries.shapes import Drawn, content_of, names, plan_row, plan_values
from openprm.actionplans.queries.subjects import subject
from openprm.actionplans.rules import agreement
from openprm.actionplans.rules.words import Side, State, Visibility
from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Refusal
from openprm.kernel.scope import system_scope
from openprm.ui.paging import PageRequest, Slice, slice_of

SORTS = {"started_at": "started_at", "close_date": "close_date", "title": "title", "customer": "customer", "partner": "partner__name"}
CHUNK = 200
MOST_ENTRIES = 30


def newest_plans(actor: Actor, *, search: str = "", filters: Mapping[str, Any] | None = None) -> QuerySet:
    """The plans this person can see, narrowed, as rows."""
    rows = policies.reach_plans(actor).select_related("partner")
    held = filters or {}
    if text := search.strip()[:100]:
        rows = rows.filter(Q(title__icontains=text) | Q(customer__icontains=text) | Q(number__icontains=text))
    plain = {"state__in": _many(held.get("state")), "program__in": _many(held.get("program")), "partner": held.get("partner") or None}
    rows = rows.filter(**{name: value for name, value in plain.items() if value})
    if held.get("mine") is True:
        mine = policies.reach_steps(actor).filter(owner=actor.user_id, state=State.OPEN)
        rows = rows.filter(pk__in=mine.values("plan_id"))
    return rows


def _many(value: Any) -> tuple[Any, ...]:
    return () if not value else (value,) if isinstance(value, str | UUID) else tuple(value)


def list_plans(actor: Actor, at: datetime, *, search: str = "", filters: Mapping[str, Any] | None = None, page: PageRequest) -> Slice[PlanRow]:
    """One page of plans; four queries, however many there are."""
    found = slice_of(newest_plans(actor, search=search, filters=filters), page, order_by=SORTS)
    rows = iter(rows_of(found.rows, at))
    return found.map(lambda _row: next(rows))


def rows_of(plans: Iterable[Plan], at: datetime) -> list[PlanRow]:
    """Rows with their numbers, from two more queries. Numbers are of the shared steps: they are the same for everybody."""
    plans, today = list(plans), days.today(at)
    steps, signed = _shared_steps(plans), _signed(plans)
    return [plan_row(plan, steps[plan.pk], signed[plan.pk], partner=plan.partner.name, today=today) for plan in plans]


def _shared_steps(plans: Sequence[Plan]) -> dict[UUID, list[Step]]:
    found: dict[UUID, list[Step]] = defaultdict(list)
    if plans:
        for step in Step.objects.filter(plan__in=[plan.pk for plan in plans], visibility=Visibility.SHARED):
            found[step.plan_id].append(step)
    return found


def _signed(plans: Sequence[Plan]) -> dict[UUID, list[agreement.Signed]]:
    found: dict[UUID, list[agreement.Signed]] = defaultdict(list)
    if plans:
        for plan_id, side, revision in SignOff.objects.filter(plan__in=[plan.pk for plan in plans]).values_list("plan_id", "side", "revision"):
            found[plan_id].append(agreement.Signed(side, revision))
    return found


def has_agreed(registration_id: UUID) -> bool:
    """Whether both sides signed a revision of a running plan of this deal; steps that moved since take nothing back. In the system's scope."""
    plans = list(Plan.objects.filter(registration=registration_id, state=Plan.State.RUNNING))
    return any(agreement.last_agreed(signed) for signed in _signed(plans).values())


def export_plans(actor: Actor, at: datetime, *, search: str = "", filters: Mapping[str, Any] | None = None) -> Iterator[PlanRow]:
    """Every matching row, newest first, read in chunks by key."""
    after: tuple[datetime, UUID] | None = None
    while True:
        rows = newest_plans(actor, search=search, filters=filters).order_by("-started_at", "-pk")
        if after:
            rows = rows.filter(Q(started_at__lt=after[0]) | Q(started_at=after[0], pk__lt=after[1]))
        chunk = list(rows[:CHUNK])
        yield from rows_of(chunk, at)
        if len(chunk) < CHUNK:
            return
        after = (chunk[-1].started_at, chunk[-1].pk)


def plans_of_subject(actor: Actor, subject_id: UUID, at: datetime) -> list[PlanRow]:
    """The plans on one deal or engagement, running ones first."""
    rows = policies.reach_plans(actor).filter(subject_id=subject_id).select_related("partner").order_by("-state", "-started_at")
    return rows_of(rows[:20], at)


def plan(actor: Actor, plan_id: UUID, at: datetime) -> PlanView:
    """The whole plan for one viewer. Raises NotFound."""
    row = policies.reach_plans(actor).select_related("partner").one(plan_id)
    today = days.today(at)
    steps = list(policies.reach_steps(actor).filter(plan=row))
    shared = [step for step in steps if step.visibility == Visibility.SHARED]
    signatures = list(SignOff.objects.filter(plan=row).order_by("-signed_at", "pk"))
    signed = [agreement.Signed(one.side, one.revision) for one in signatures]
    views = Drawn(actor, row, steps, today).views()
    values = plan_values(row, shared, signed, partner=row.partner.name, today=today)
    close = _subject_close(actor, row)
    changes, since = _changes(row, shared, signatures, signed)
    return PlanView(
        **values,
        program_id=row.program_id,
        steps=views,
        weeks=weeks(views, today),
        private_count=len(steps) - len(shared),
        signatures=tuple(_signature(one, row) for one in signatures),
        changes=changes,
        changes_since=since,
        subject_close_date=close,
        close_moved=row.state == Plan.State.RUNNING and close is not None and close != row.close_date,
        ended_at=row.ended_at,
        ended_reason=row.ended_reason,
        private_entries=_private_entries(actor, row),
        my_side=policies.side_of(actor).value,
        has_signed=agreement.Signed(policies.side_of(actor).value, row.revision) in signed,
        why_not_work=policies.why_not_work(actor, row),
        why_not_sign=policies.why_not_sign(actor, row),
    )


def _subject_close(actor: Actor, row: Plan) -> date | None:
    try:
        return subject(actor, row.subject_kind, row.subject_id).close_date
    except Refusal:
        return None


def _signature(one: SignOff, row: Plan) -> SignatureView:
    return SignatureView(
        side=one.side,
        side_label=str(wording.SIDE[Side(one.side)]),
        revision=one.revision,
        by=one.by_name,
        at=one.signed_at,
        is_current=one.revision == row.revision,
    )


def _changes(row: Plan, shared: Sequence[Step], signatures: Sequence[SignOff], signed: Sequence[agreement.Signed]) -> tuple[tuple[str, ...], int]:
    """What changed since both sides last signed the same revision, in words, and that revision's number (0 for none)."""
    since = agreement.last_agreed(signed)
    if not since or since == row.revision:
        return (), since
    before = next(one.content for one in signatures if one.revision == since)
    found = agreement.changes(before, content_of(row, shared))
    return _in_words(found, before, shared), since


def _in_words(found: Iterable[agreement.Change], before: Mapping[str, Any], shared: Sequence[Step]) -> tuple[str, ...]:
    people = {part for one in found if one.field == "owner" for part in (one.before, one.after) if part}
    known = {str(user_id): name for user_id, name in names(UUID(part) for part in people).items()}
    titles = {key: step["title"] for key, step in before.get("steps", {}).items()} | {str(step.pk): step.title for step in shared}
    return tuple(wording.change_line(one, known | titles) for one in found)


def _private_entries(actor: Actor, row: Plan) -> tuple[PrivateEntryView, ...]:
    rows = policies.reach_private_entries(actor).filter(plan=row).order_by("-at", "-pk")[:MOST_ENTRIES]
    return tuple(PrivateEntryView(label=str(wording.PRIVATE_VERB[one.verb]), note=one.note, by=one.by_name, at=one.at) for one in rows)


def weeks(steps: Sequence[StepView], today: date) -> tuple[Week, ...]:
    """Steps by the week they are due in, Monday to Sunday; this week is there as soon as there is any."""
    this = today - timedelta(days=today.weekday())
    grouped = {start: tuple(found) for start, found in groupby(steps, key=lambda step: step.due_date - timedelta(days=step.due_date.weekday()))}
    return tuple(
        Week(start=start, end=start + timedelta(days=6), is_now=start == this, is_past=start < this, steps=grouped[start]) for start in sorted(grouped)
    )


def step_page(actor: Actor, step_id: UUID, at: datetime) -> StepPage:
    """One step with the people it can be given to and the steps it can wait for. Raises NotFound."""
    row = policies.reach_steps(actor).select_related("plan__partner").one(step_id)
    found = plan(actor, row.plan_id, at)
    view = next(one for one in found.steps if one.id == step_id)
    others = [one for one in found.steps if one.id != step_id and (one.visibility == Visibility.SHARED or one.visibility == row.visibility)]
    return StepPage(step=view, plan=found, people=people_of(actor, row.plan.partner_id), others=tuple((str(one.id), one.title) for one in others))


def people_of(actor: Actor, partner_id: UUID) -> tuple[tuple[str, str], ...]:
    """Who can own a step: the people of the two sides who may work on plans, each with its company."""
    with system_scope():
        vendor = identity.holders_of("actionplans.work")
        partner = identity.holders_of("actionplans.work", partner_id)
    return tuple((str(one.id), f"{one.name}, {one.organization_name}") for one in (*vendor, *partner) if one.id)


def owners_of(partner_id: UUID) -> dict[Side, set[UUID]]:
    """The people of either side who may own a step, in the system's scope."""
    return {
        Side.VENDOR: {one.id for one in identity.holders_of("actionplans.work") if one.id},
        Side.PARTNER: {one.id for one in identity.people(SYSTEM, partner_id) if one.is_active and one.id},
    }
