"""The lists of tiering: standings, partners at risk, and moves."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from openprm.identity import queries as identity
from openprm.partners import queries as partners
from openprm.tiering.queries import MoveRow, StandingRow
from openprm.ui.cells import Badge, Company, Due, Share
from openprm.ui.listspec import Column, Filter, ListSpec

TONE = {"safe": "ok", "rising": "info", "at_risk": "warn", "grace": "bad", "exempt": ""}
STATE = {
    "safe": _("Safe"), "rising": _("Qualifies for more"), "at_risk": _("At risk"), "grace": _("In grace"), "exempt": _("Kept by hand"),
}  # fmt: skip
MOVE = {"pending": (_("Waits for a decision"), "warn"), "done": (_("Done"), "ok"), "declined": (_("Declined"), ""), "superseded": (_("No longer needed"), "")}
DIRECTION = {"up": (_("Promotion"), "ok", "arrow-up-right"), "down": (_("Demotion"), "bad", "arrow-down-right")}


@dataclass(frozen=True, slots=True)
class Listed:
    """A row with the address it opens."""

    id: UUID
    url: str
    row: Any


def standing(row: StandingRow) -> Listed:
    return Listed(row.id, reverse("tiering:partner", args=[row.partner_id]), row)


def move(row: MoveRow) -> Listed:
    return Listed(row.id, reverse("tiering:move", args=[row.id]), row)


def state_badge(state: str) -> Badge:
    return Badge(STATE[state], TONE[state])


def direction_badge(direction: str) -> Badge:
    label, tone, icon = DIRECTION[direction]
    return Badge(label, tone, icon)


def _next(listed: Listed) -> Share | None:
    row = listed.row
    return Share(row.next_share, f"{row.next_share}%, {row.next_tier}") if row.next_share is not None and row.next_tier else None


def _grace(listed: Listed) -> Due | None:
    return Due(listed.row.grace_until, "bad") if listed.row.grace_until else None


def _managers(actor: Any) -> list[tuple[str, str]]:
    return [(str(person.id), person.name) for person in identity.holders_of("partners.manage")]


_PARTNER = Column("partner", _("Partner"), "company", sortable=True, always=True, value=lambda one: Company(one.row.partner))
_TIER = Column("tier", _("Tier"), "badge", sortable=True, value=lambda one: Badge(one.row.tier, "accent", "medal") if one.row.tier else None)
_STATE = Column("state", _("Standing"), "badge", value=lambda one: state_badge(one.row.state))
_STAKE = Column("at_stake", _("At stake"), "money_compact", sortable=True, value=lambda one: one.row.at_stake)
_REASONS = Column("reasons", _("Why"), "prose", value=lambda one: "; ".join(one.row.reasons))
_GRACE = Column("grace_until", _("Loses it"), "due", sortable=True, value=_grace)
_MANAGER = Column("manager", _("Partner manager"), "person", value=lambda one: one.row.manager)
_FILTERS = (
    Filter("state", _("Standing"), choices=tuple(STATE.items())),
    Filter("tier", _("Tier"), choices=partners.tier_choices),
    Filter("program", _("Program"), choices=partners.program_choices),
    Filter("track", _("Size"), choices=(("small", _("Small")), ("medium", _("Medium")), ("large", _("Large")))),
    Filter("manager", _("Partner manager"), choices=_managers),
)

STANDINGS = ListSpec(
    key="tiering.standings",
    search=_("Search by partner"),
    default_sort="-next_share",
    columns=(
        _PARTNER,
        _TIER,
        _STATE,
        Column("next_share", _("Next tier"), "share", sortable=True, value=_next),
        Column("lacks", _("Still lacks"), "prose", value=lambda one: "; ".join(one.row.lacks)),
        _STAKE,
        Column("program", _("Program"), value=lambda one: one.row.program, default=False),
        Column("earned", _("Facts earn"), value=lambda one: one.row.earned, default=False),
        Column("track", _("Size"), value=lambda one: dict(_FILTERS[3].choices)[one.row.track], default=False),  # type: ignore[arg-type]
        Column("reasons", _("Why"), value=lambda one: "; ".join(one.row.reasons), default=False),
        Column("grace_until", _("Loses it"), "due", sortable=True, value=_grace, default=False),
        Column("manager", _("Partner manager"), "person", value=lambda one: one.row.manager, default=False),
        Column("refreshed_at", _("Measured"), "datetime", sortable=True, value=lambda one: one.row.refreshed_at, default=False),
    ),
    filters=_FILTERS,
)
RISK = ListSpec(
    key="tiering.risk",
    search=_("Search by partner"),
    default_sort="-at_stake",
    columns=(_PARTNER, _TIER, _STATE, _STAKE, _REASONS, _GRACE, _MANAGER, Column("program", _("Program"), value=lambda one: one.row.program, default=False)),
    filters=_FILTERS[1:],
)
MOVES = ListSpec(
    key="tiering.moves",
    search=_("Search by partner"),
    default_sort="-opened_at",
    columns=(
        _PARTNER,
        Column("direction", _("Move"), "badge", value=lambda one: direction_badge(one.row.direction)),
        Column("before", _("From"), value=lambda one: one.row.before),
        Column("after", _("To"), value=lambda one: one.row.after),
        Column("state", _("State"), "badge", value=lambda one: Badge(*MOVE[one.row.state])),
        _STAKE,
        Column("opened_at", _("Since"), "datetime", sortable=True, value=lambda one: one.row.opened_at),
        Column("decided_at", _("Decided"), "datetime", sortable=True, value=lambda one: one.row.decided_at, default=False),
        Column("decided_by", _("By"), value=lambda one: one.row.decided_by, default=False),
        Column("clause", _("Clause"), "mono", value=lambda one: one.row.clause, default=False),
        Column("reason", _("Reason"), value=lambda one: one.row.reason, default=False),
        Column("program", _("Program"), value=lambda one: one.row.program, default=False),
    ),
    filters=(
        Filter("state", _("State"), choices=tuple((code, label) for code, (label, _tone) in MOVE.items())),
        Filter("direction", _("Move"), choices=tuple((code, label) for code, (label, _tone, _icon) in DIRECTION.items())),
        Filter("program", _("Program"), choices=partners.program_choices),
    ),
)
