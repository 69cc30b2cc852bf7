"""Lists: where all partners stand, who may lose its tier, and the moves that were made or wait."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet
from openprm.kernel.money import Money
from openprm.partners import queries as partners
from openprm.tiering import policies
from openprm.tiering.models import Standing, TierMove, Track
from openprm.tiering.queries import members as reading
from openprm.tiering.queries import metrics, words
from openprm.tiering.queries.results import MoveRow, PartnerMove, StandingRow
from openprm.ui.paging import PageRequest, Slice, slice_of

SORTS = {
    "partner": "partner__name", "tier": "held_rank", "next_share": "next_share", "at_stake": "at_stake_minor", "grace_until": "grace_until",
    "refreshed_at": "refreshed_at",
}  # fmt: skip
MOVE_SORTS = {"opened_at": "opened_at", "partner": "partner__name", "at_stake": "at_stake_minor", "decided_at": "decided_at"}
IN_DANGER = (Standing.State.AT_RISK, Standing.State.GRACE)


def standings(actor: Actor, *, search: str = "", filters: Mapping[str, Any], page: PageRequest, in_danger: bool = False) -> Slice:
    """A page of standings. Three queries."""
    found = slice_of(_filtered(actor, search, filters, in_danger), page, order_by=SORTS)
    names = _managers()
    return found.map(lambda row: standing_row(row, names))


def export_standings(actor: Actor, *, search: str = "", filters: Mapping[str, Any], in_danger: bool = False) -> Iterator[StandingRow]:
    names = _managers()
    for row in _filtered(actor, search, filters, in_danger).order_by("-at_stake_minor", "partner__name", "pk").iterator(chunk_size=1000):
        yield standing_row(row, names)


def newest_standings(actor: Actor, **filters: Any) -> QuerySet:
    """For the API: rows that `standing_row` reads."""
    return _filtered(actor, "", filters, False)


def standing_row(row: Any, managers: Mapping[UUID, str] | None = None) -> StandingRow:
    return StandingRow(
        id=row.pk, partner_id=row.partner_id, partner=row.partner.name, program_id=row.program_id, program=row.program.name,
        tier=row.tier.name if row.tier else "", earned=row.earned_name, state=row.state, state_label=str(Standing.State(row.state).label),
        next_tier=row.next_name, next_share=row.next_share, lacks=tuple(words.lack(one) for one in row.lacks),
        reasons=tuple(words.reason(one) for one in row.reasons if one["cause"] != "one_spare" or row.state in IN_DANGER),
        at_stake=Money(row.at_stake_minor, row.currency), grace_until=row.grace_until, manager=(managers or {}).get(row.manager_id, ""),
        track=row.track, refreshed_at=row.refreshed_at, created_at=row.created_at, version=row.version,
    )  # fmt: skip


def danger_count(actor: Actor) -> int:
    """For the navigation: how many partners may lose their tier."""
    return policies.reach(actor).filter(state__in=IN_DANGER).count()


def danger_total(actor: Actor) -> list[Money]:
    """Money at stake over all partners in danger, by currency."""
    rows = policies.reach(actor).filter(state__in=IN_DANGER).values_list("currency", "at_stake_minor")
    sums: dict[str, int] = {}
    for currency, minor in rows:
        sums[currency] = sums.get(currency, 0) + minor
    return [Money(minor, currency) for currency, minor in sums.items()]


def state_counts(actor: Actor) -> dict[str, int]:
    found: dict[str, int] = dict.fromkeys(Standing.State.values, 0)
    for state in policies.reach(actor).values_list("state", flat=True):
        found[state] += 1
    return found


def moves(actor: Actor, *, search: str = "", filters: Mapping[str, Any], page: PageRequest) -> Slice:
    return slice_of(_moves(actor, search, filters), page, order_by=MOVE_SORTS).map(move_row)


def export_moves(actor: Actor, *, search: str = "", filters: Mapping[str, Any]) -> Iterator[MoveRow]:
    for row in _moves(actor, search, filters).order_by("-opened_at", "pk").iterator(chunk_size=1000):
        yield move_row(row)


def newest_moves(actor: Actor, **filters: Any) -> QuerySet:
    """For the API: rows that `move_row` and `partner_move` read."""
    return _moves(actor, "", filters)


def move(actor: Actor, move_id: UUID) -> MoveRow:
    """Raises NotFound, also for another partner's."""
    return move_row(_moves(actor, "", {}).one(move_id))


def moves_of(actor: Actor, partner_id: UUID, program_id: UUID | None = None, limit: int = 20) -> tuple[PartnerMove, ...]:
    """What happened to a partner's tier, newest first, without what was dropped; a question to the manager is not shown while it waits."""
    rows = _moves(actor, "", {}).filter(partner_id=partner_id).exclude(state=TierMove.State.SUPERSEDED)
    rows = rows.filter(program_id=program_id) if program_id else rows
    rows = rows.exclude(state=TierMove.State.PENDING) if actor.is_partner else rows
    return tuple(partner_move(row) for row in rows.order_by("-opened_at", "-id")[:limit])


def waiting_moves(actor: Actor, limit: int = 50) -> list[MoveRow]:
    """The decision queue of a manager: moves of the partners this person looks after first."""
    rows = _moves(actor, "", {"state": (TierMove.State.PENDING,)}).order_by("opened_at", "id")[:limit]
    return [move_row(row) for row in rows]


def waiting_count(actor: Actor) -> int:
    return policies.reach_moves(actor).filter(state=TierMove.State.PENDING).count()


def to_refresh(*, at: datetime, at_once: int) -> Iterator[tuple[UUID, tuple[UUID, ...]]]:
    """Every program with its partners, in parts. As the system."""
    for program_id, _name in partners.program_choices():
        ids = [one.partner_id for one in reading.members(UUID(program_id), at)]
        for start in range(0, len(ids), at_once):
            yield UUID(program_id), tuple(ids[start : start + at_once])


def _filtered(actor: Actor, search: str, filters: Mapping[str, Any], in_danger: bool) -> ScopedQuerySet:
    managers = partners.newest_enrollments(actor).filter(partner_id=OuterRef("partner_id")).values("partner__manager_id")[:1]
    rows = policies.reach(actor).select_related("partner", "program", "tier").annotate(manager_id=Subquery(managers))
    columns = {"program": "program_id", "tier": "tier_id", "state": "state", "track": "track", "manager": "manager_id", "partner": "partner_id"}
    for name, column in columns.items():
        if value := filters.get(name):
            rows = rows.filter(**{f"{column}__in": value if isinstance(value, tuple) else (value,)})
    if in_danger:
        rows = rows.filter(state__in=IN_DANGER)
    return rows.filter(partner__name__icontains=search) if search else rows


def _moves(actor: Actor, search: str, filters: Mapping[str, Any]) -> ScopedQuerySet:
    rows = policies.reach_moves(actor).select_related("partner", "program", "before", "after")
    for name, column in {"program": "program_id", "state": "state", "direction": "direction", "partner": "partner_id"}.items():
        if value := filters.get(name):
            rows = rows.filter(**{f"{column}__in": value if isinstance(value, tuple) else (value,)})
    return rows.filter(Q(partner__name__icontains=search)) if search else rows


def move_row(row: Any) -> MoveRow:
    return MoveRow(
        id=row.pk, partner_id=row.partner_id, partner=row.partner.name, program_id=row.program_id, program=row.program.name, before=row.before.name,
        after=row.after.name, direction=row.direction, state=row.state, state_label=str(TierMove.State(row.state).label), is_automatic=row.is_automatic,
        clause=row.clause, clause_text=row.clause_text, rule_version_id=row.rule_version_id, rule_version=row.rule_version, facts=_facts(row.facts),
        at_stake=Money(row.at_stake_minor, row.currency), opened_at=row.opened_at, decided_at=row.decided_at, decided_by=row.decided_by_name,
        reason=row.reason, created_at=row.created_at,
    )  # fmt: skip


def partner_move(row: Any) -> PartnerMove:
    return PartnerMove(
        id=row.pk, before=row.before.name, after=row.after.name, direction=row.direction, state=row.state,
        state_label=str(TierMove.State(row.state).label), clause=row.clause, clause_text=row.clause_text, rule_version_id=row.rule_version_id,
        opened_at=row.opened_at, decided_at=row.decided_at, reason=row.reason,
    )  # fmt: skip


def _facts(kept: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The facts that a move stood on, in the order of the catalogue, in words."""
    order = [name for name in (*metrics.all_facts(), *kept) if name in kept]
    return tuple((words.label(name), _in_words(name, kept[name])) for name in dict.fromkeys(order))


def _in_words(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if name == "track" and value in Track.values:
        return str(Track(value).label)
    return words.amount(value, name, compact=False) if _is_number(value) else str(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, str) and value.replace(".", "", 1).replace("-", "", 1).isdigit()


def _managers() -> dict[UUID, str]:
    return {person.id: person.name for person in identity.holders_of("partners.manage") if person.id}
