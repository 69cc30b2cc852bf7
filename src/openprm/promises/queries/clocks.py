"""The clocks of subjects."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet
from openprm.promises import catalog, hours, policies
from openprm.promises.models import PromiseClock
from openprm.promises.rules import clocks as steps
from openprm.promises.rules.targets import Pace, at_pace
from openprm.promises.terms import NothingPromised, find_terms, terms_for
from openprm.ui import format as fmt
from openprm.ui.cells import Badge, Company, Due
from openprm.ui.format import Viewer
from openprm.ui.paging import PageRequest, Slice, slice_of

HOUR = 3600
STATES = ("running", "overdue", "paused", "kept", "broken", "canceled")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockView:
    """One clock at a moment. `fraction_left` runs from 1.0 to 0.0; `overdue` also stays true for an answer that came late."""

    id: UUID
    code: str
    state: str
    partner_id: UUID
    subject_id: UUID
    subject_label: str
    started_at: datetime
    due_at: datetime
    answered_at: datetime | None
    paused_at: datetime | None
    fraction_left: float
    seconds_left: int
    overdue: bool
    target_words: str

    @property
    def is_open(self) -> bool:
        return self.state in steps.OPEN

    @property
    def tone(self) -> str:
        """How urgent it looks: bad when late, warn in the last quarter, ok when kept, nothing otherwise."""
        if self.overdue:
            return "bad"
        if self.state == "running":
            return "warn" if self.fraction_left <= 0.25 else ""
        return "ok" if self.state == "kept" else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRow:
    """One clock in a list."""

    id: UUID
    url: str
    subject: str
    promise: str
    partner: Company
    state: Badge
    started_at: datetime
    due: Due
    due_at: datetime
    answered_at: datetime | None
    taken_hours: float | None
    target: str
    pauses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFilters:
    codes: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    partner_id: UUID | None = None
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None


def clock(subject_id: UUID, code: str, at: datetime) -> ClockView | None:
    """The newest clock of a promise about a subject. The caller has checked that the reader may see the subject."""
    return clocks([subject_id], code, at).get(subject_id)


def clocks(subject_ids: Iterable[UUID], code: str, at: datetime) -> dict[UUID, ClockView]:
    """The newest clock of each subject, in one query."""
    rows = PromiseClock.objects.filter(subject_id__in=list(subject_ids), code=code).select_related("target", "hours").order_by("started_at")
    return {row.subject_id: clock_view(row, at) for row in rows}


def clock_view(row: PromiseClock, at: datetime) -> ClockView:
    clock, target = row.clock(), row.target.target
    assert target is not None
    measure = hours.measure_of(target, row.hours)
    spent = steps.spent_by(clock, measure, at)
    return ClockView(
        id=row.pk,
        code=row.code,
        state=row.state,
        partner_id=row.partner_id,
        subject_id=row.subject_id,
        subject_label=row.subject_label,
        started_at=row.started_at,
        due_at=row.due_at,
        answered_at=row.answered_at,
        paused_at=row.paused_at,
        fraction_left=steps.fraction_left(clock, measure, at),
        seconds_left=max(0, row.allowed_seconds - spent),
        overdue=steps.is_overdue(clock, at),
        target_words=catalog.in_words(target),
    )


def missed(code: str, *, since: datetime, until: datetime) -> dict[UUID, datetime]:
    """What was not done in time, by subject, with the moment at which its time was over: the first one where it happened twice."""
    rows = PromiseClock.objects.filter(code=code, missed_at__gt=since, missed_at__lte=until).order_by("-missed_at")
    return dict(rows.values_list("subject_id", "missed_at"))


def would_be_due(
    *, code: str, partner_id: UUID | None = None, program_id: UUID | None = None, tier_code: str = "", pace: str = Pace.STANDARD, at: datetime
) -> datetime | None:
    """When a promise started now would be due; None when nothing is promised."""
    try:
        terms = terms_for(code, program_id=program_id, tier_code=tier_code, at=at)
    except NothingPromised:
        return None
    return terms.measure.add(at, at_pace(terms.allowed, pace))


def promised(code: str, *, program_id: UUID | None = None, tier_code: str = "", at: datetime) -> str:
    """The time in force in words, for example "2 working days"."""
    terms = find_terms(code, program_id=program_id, tier_code=tier_code, at=at)
    return catalog.in_words(terms.target if terms else None)


def list_clocks(actor: Actor, filters: ClockFilters, page: PageRequest, at: datetime) -> Slice:
    """One page of the clocks this actor may see."""
    found = slice_of(_matching(actor, filters, at), page, order_by={"due": "due_at", "started_at": "started_at"})
    rows = _rows(actor, found.rows, at)
    shown = {row.id: row for row in rows}
    return found.map(lambda row: shown[row.pk])


def export_clocks(actor: Actor, filters: ClockFilters, at: datetime) -> Iterator[ClockRow]:
    """Every matching clock, the one due last first."""
    rows = list(_matching(actor, filters, at).order_by("-due_at", "-pk")[:50_001])
    yield from _rows(actor, rows, at)


def _matching(actor: Actor, filters: ClockFilters, at: datetime) -> ScopedQuerySet:
    found = policies.reach(actor).select_related("target")
    if filters.states:
        found = found.filter(_in_states(filters.states, at))
    if filters.text:
        found = found.filter(subject_label__icontains=filters.text)
    wanted = {"code__in": filters.codes, "partner_id": filters.partner_id, "due_at__gte": filters.since, "due_at__lt": filters.until}
    return found.filter(**{name: value for name, value in wanted.items() if value})


def _in_states(states: tuple[str, ...], at: datetime) -> Q:
    overdue = Q(state="running") & (Q(due_at__lt=at) | Q(missed_at__isnull=False))
    wanted = Q(state__in=[state for state in states if state in ("paused", "kept", "broken", "canceled")])
    if "overdue" in states:
        wanted |= overdue
    return wanted | (Q(state="running") & ~overdue) if "running" in states else wanted


def _rows(actor: Actor, rows: Iterable[PromiseClock], at: datetime) -> list[ClockRow]:
    rows = list(rows)
    names = identity.organization_names({row.partner_id for row in rows})
    side = "partner" if actor.is_partner else "vendor"
    viewer = Viewer(at=at, locale=actor.locale, time_zone=actor.time_zone)
    return [_row(row, names.get(row.partner_id, ""), side, viewer) for row in rows]


def _row(row: PromiseClock, partner: str, side: str, viewer: Viewer) -> ClockRow:
    return ClockRow(
        id=row.pk,
        url=subject_url(row, side),
        subject=row.subject_label,
        promise=catalog.name_of(row.code, side, row.target.target),
        partner=Company(partner),
        state=state_badge(row, viewer.at),
        started_at=row.started_at,
        due=_due(row, viewer),
        due_at=row.due_at,
        answered_at=row.answered_at,
        taken_hours=round(row.taken_seconds / HOUR, 1) if row.taken_seconds is not None else None,
        target=catalog.in_words(row.target.target),
        pauses=len(row.pauses) + (row.paused_at is not None),
    )


def state_badge(row: PromiseClock, at: datetime) -> Badge:
    if row.state == "running" and steps.is_overdue(row.clock(), at):
        return Badge(_("Overdue"), "bad")
    words = {
        "running": Badge(_("Running"), "info"),
        "paused": Badge(_("Paused"), ""),
        "kept": Badge(_("Kept"), "ok"),
        "broken": Badge(_("Late"), "bad") if row.answered_at else Badge(_("Broken"), "bad"),
        "canceled": Badge(_("Withdrawn"), ""),
    }
    return words[row.state]


def _due(row: PromiseClock, viewer: Viewer) -> Due:
    """The time left of a running clock, the day of an answered one."""
    if row.state == "paused":
        return Due(None, "", _("Waits for the other side"))
    if row.state != "running":
        return Due(row.due_at, "bad" if row.missed_at else "", fmt.day(row.due_at, viewer))
    return Due(row.due_at, "bad" if row.missed_at or row.due_at < viewer.at else "warn" if row.warn_at <= viewer.at else "")


def subject_url(row: PromiseClock, side: str) -> str:
    """The page of what the promise is about, when its kind names one."""
    kind = catalog.find_kind(row.code)
    name = (kind.partner_url if side == "partner" else kind.vendor_url) if kind else ""
    try:
        return reverse(name, args=[row.subject_id]) if name else ""
    except NoReverseMatch:
        return ""


def clocks_after(actor: Actor, filters: ClockFilters, *, after: tuple[datetime, UUID] | None, limit: int, at: datetime) -> list[ClockView]:
    """The newest started clocks, or those older than the one at `after`: for callers that page by time and id."""
    found = _matching(actor, filters, at).select_related("target", "hours")
    if after:
        found = found.filter(started_at__lte=after[0]).exclude(started_at=after[0], pk__gte=after[1])
    return [clock_view(row, at) for row in found.order_by("-started_at", "-pk")[:limit]]
