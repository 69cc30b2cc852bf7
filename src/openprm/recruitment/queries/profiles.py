"""The ideal partner profile: what is in force, the draft, and how companies would score by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from openprm.kernel.actor import SYSTEM, Actor
from openprm.partners import queries as partners
from openprm.recruitment import policies
from openprm.recruitment.models import IdealProfile
from openprm.recruitment.queries.facts import facts_of, partner_facts
from openprm.recruitment.queries.scores import criteria_of
from openprm.recruitment.rules.scoring import Criterion, Fit, score
from openprm.recruitment.wording import FACT_LABEL, FIT, wanted

PREVIEWED = 12
COMPARED = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileView:
    """One version of a profile, or a program's empty first draft (`id` None)."""

    id: UUID | None
    program_id: UUID
    program: str
    number: int
    state: str
    note: str
    criteria: tuple[Criterion, ...]
    lines: tuple[tuple[str, str, int], ...]
    published_at: datetime | None
    published_by: str
    created_at: datetime | None
    version: int

    @property
    def total_weight(self) -> int:
        return sum(one.weight for one in self.criteria)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramProfiles:
    program_id: UUID
    program: str
    in_force: ProfileView | None
    draft: ProfileView | None
    history: tuple[ProfileView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewRow:
    """A company under a changed profile: `before` is by the one in force, None when there is none."""

    id: UUID
    name: str
    is_partner: bool
    points: int
    could_reach: int
    missing_percent: int
    fit: str
    fit_label: str
    tone: str
    before: int | None

    @property
    def open_points(self) -> int:
        return self.could_reach - self.points

    @property
    def change(self) -> int:
        return 0 if self.before is None else self.points - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Who would score how: the counts by fit over all, and the rows people look at first."""

    rows: tuple[PreviewRow, ...]
    companies: int
    partners: int
    strong: int
    open: int
    weak: int
    partners_strong: int


def profiles(actor: Actor) -> tuple[ProgramProfiles, ...]:
    """Every program with its profile in force, its draft, and the versions before."""
    return tuple(profiles_of(actor, program.id) for program in partners.programs(actor)) if policies.sees(actor) else ()


def profiles_of(actor: Actor, program_id: UUID) -> ProgramProfiles:
    """Raises NotFound."""
    program = partners.program(actor, program_id)
    rows = policies.reach_profiles(actor).filter(program=program_id).select_related("program", "published_by").order_by("-number")
    views = [profile_view(row) for row in rows]
    return ProgramProfiles(
        program_id=program.id,
        program=program.name,
        in_force=next((one for one in views if one.state == "published"), None),
        draft=next((one for one in views if one.state == "draft"), None),
        history=tuple(one for one in views if one.state == "retired"),
    )


def profile_view(row: IdealProfile) -> ProfileView:
    criteria = criteria_of(row)
    return ProfileView(
        id=row.pk,
        program_id=row.program_id,
        program=row.program.name,
        number=row.number,
        state=row.state,
        note=row.note,
        criteria=criteria,
        lines=tuple((str(FACT_LABEL[one.fact]), wanted(one), one.weight) for one in criteria),
        published_at=row.published_at,
        published_by=row.published_by.name if row.published_by else "",
        created_at=row.created_at,
        version=row.version,
    )


def newest_profiles(actor: Actor) -> Any:
    """For the API: rows that `profile_view` reads."""
    return policies.reach_profiles(actor).select_related("program", "published_by")


def preview(actor: Actor, *, program_id: UUID, criteria: Sequence[Criterion], at: datetime) -> Preview | None:
    """How the known companies and partners would score by these criteria; None without criteria."""
    current = profiles_of(actor, program_id).in_force
    if not criteria:
        return None
    names, known, members = _everyone(actor, at)
    rows = sorted((_row(one, names, known[one], one in members, criteria, current) for one in known), key=_order)
    told = [row for row in rows if row.missing_percent < 100]
    return Preview(
        rows=_looked_at(told),
        companies=len(rows) - len(members),
        partners=len(members),
        strong=sum(row.fit == Fit.STRONG for row in rows),
        open=sum(row.fit == Fit.OPEN for row in rows),
        weak=sum(row.fit == Fit.WEAK for row in rows),
        partners_strong=sum(row.fit == Fit.STRONG and row.is_partner for row in rows),
    )


def scored_by(*, program_code: str, at: datetime) -> tuple[PreviewRow, ...] | None:
    """Everybody by the profile in force of a program, the best first; None when there is none. Runs in the system's scope."""
    program = next((one for one in partners.programs(SYSTEM) if one.code == program_code), None)
    current = profiles_of(SYSTEM, program.id).in_force if program else None
    if current is None:
        return None
    names, known, members = _everyone(SYSTEM, at)
    return tuple(sorted((_row(one, names, known[one], one in members, current.criteria, None) for one in known), key=_order))


def _everyone(actor: Actor, at: datetime) -> tuple[dict[UUID, str], dict[UUID, Any], set[UUID]]:
    rows = list(policies.reach_companies(actor).filter(partner=None, ignored_at=None).order_by("-created_at", "pk")[:COMPARED].values_list("pk", "name"))
    names, known = dict(rows), facts_of([pk for pk, _name in rows])
    members = partner_facts(at)
    names |= {UUID(pk): name for pk, name in partners.partner_choices(actor)}
    return names, known | members, set(members)


def _row(one: UUID, names: dict[UUID, str], facts: Any, is_partner: bool, criteria: Sequence[Criterion], current: ProfileView | None) -> PreviewRow:
    found = score(criteria, facts)
    label, tone = FIT[found.fit]
    return PreviewRow(
        id=one,
        name=names.get(one, ""),
        is_partner=is_partner,
        points=found.points,
        could_reach=found.could_reach,
        missing_percent=round(found.missing_share * 100),
        fit=str(found.fit),
        fit_label=str(label),
        tone=tone,
        before=score(current.criteria, facts).points if current else None,
    )


def _order(row: PreviewRow) -> tuple[Any, ...]:
    return (-row.points, -row.could_reach, row.name, str(row.id))


def _looked_at(rows: Sequence[PreviewRow]) -> tuple[PreviewRow, ...]:
    """The best, and the worst of those whose data would allow a judgment."""
    if len(rows) <= PREVIEWED:
        return tuple(rows)
    return (*rows[: PREVIEWED - 4], *rows[-4:])
