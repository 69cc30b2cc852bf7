"""Numbers and rows as a person reads them. A number that is not there is a dash with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.kernel.money import Money
from openprm.kpis import queries, wording
from openprm.kpis.wording import DASH
from openprm.kpis.wording import said as value
from openprm.ui import format as formats
from openprm.ui.format import Viewer

HIDDEN = {"id", "partner_id", "source_id", "lead_id", "currency", "registration_id"}
COLUMNS: Mapping[str, Any] = {
    "reference": gettext_lazy("Deal"), "number": gettext_lazy("Number"), "customer": gettext_lazy("Customer"), "name": gettext_lazy("Name"),
    "label": gettext_lazy("About"), "partner": gettext_lazy("Partner"), "net_minor": gettext_lazy("Value"), "opened_at": gettext_lazy("Opened"),
    "closed_at": gettext_lazy("Closed"), "won": gettext_lazy("Won"), "engaged": gettext_lazy("With a partner"), "sourced": gettext_lazy("Sourced"),
    "status": gettext_lazy("Status"), "state": gettext_lazy("State"), "submitted_at": gettext_lazy("Sent in"), "decided_at": gettext_lazy("Decided"),
    "approved": gettext_lazy("Approved"), "rejected": gettext_lazy("Rejected"), "conflicting": gettext_lazy("Conflict"), "is_won": gettext_lazy("Won"),
    "started_at": gettext_lazy("Began"), "due_at": gettext_lazy("Due"), "answered_at": gettext_lazy("Answered"), "is_kept": gettext_lazy("In time"),
    "taken_seconds": gettext_lazy("Seconds taken"), "offered_at": gettext_lazy("Offered"), "accepted_at": gettext_lazy("Accepted"),
    "is_accepted": gettext_lazy("Accepted"), "became_deal": gettext_lazy("Deal"), "became_win": gettext_lazy("Won"), "joined_at": gettext_lazy("Joined"),
    "first_at": gettext_lazy("First"), "left_at": gettext_lazy("Left"), "days": gettext_lazy("Days"), "happened": gettext_lazy("Happened"),
    "amount_minor": gettext_lazy("Amount"), "base_minor": gettext_lazy("Amount"), "paid_minor": gettext_lazy("Paid"), "earned_on": gettext_lazy("Earned"),
    "paid_at": gettext_lazy("Paid"), "approved_at": gettext_lazy("Approved"), "arrived_at": gettext_lazy("Arrived"), "given_at": gettext_lazy("Given"),
    "ends_on": gettext_lazy("Ends"), "paid": gettext_lazy("Paid"), "deals": gettext_lazy("Deals"), "kind": gettext_lazy("Kind"), "type": gettext_lazy("Type"),
    "motion": gettext_lazy("Motion"), "region": gettext_lazy("Region"), "given": gettext_lazy("Given by the partner"), "at": gettext_lazy("Day"),
    "has_left": gettext_lazy("Left"), "opened": gettext_lazy("Opened"), "paid_base_minor": gettext_lazy("Paid"),
    "start_minor": gettext_lazy("The year before"), "partners": gettext_lazy("Partners"),
    "quarter_start": gettext_lazy("Quarter from"), "forecast_minor": gettext_lazy("Forecast"), "won_minor": gettext_lazy("Won"),
    "off_minor": gettext_lazy("Off by"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """`tone` says whether the change is where better lies."""

    label: str
    value: str
    unit: str
    detail: str
    url: str
    delta: str = ""
    tone: str = ""
    direction: str = ""
    about: str = ""
    spark: str = ""


def tile(told: queries.Figure, formula: str, url: str, viewer: Viewer) -> Tile:
    """A number with how many rows it stands on, and what it was before."""
    delta, tone, direction = _delta(told, viewer)
    detail = told.reason or (_("of %(n)s rows") % {"n": formats.number(told.n, viewer)})
    return Tile(
        label=told.label, value=value(told.value, told.unit, told.currency, viewer), unit=str(wording.UNITS[told.unit]) if told.value is not None else "",
        detail=detail, url=url, delta=delta, tone=tone, direction=direction, about=formula,
    )  # fmt: skip


def _delta(told: queries.Figure, viewer: Viewer) -> tuple[str, str, str]:
    if told.change is None or not told.change:
        return "", "", ""
    up = told.change > 0
    tone = "" if told.direction == "none" else "ok" if up == (told.direction == "up") else "bad"
    return ("+" if up else "") + value(told.change, told.unit, told.currency, viewer), tone, "up" if up else "down"


def columns(found: queries.RowsView) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(COLUMNS.get(name, name))) for name in found.columns if name not in HIDDEN)


def heads(found: queries.RowsView) -> tuple[tuple[str, bool], ...]:
    """The labels of the columns, each with whether its rows are figures."""
    return tuple((label, any(_is_figure(row[name]) for row in found.rows)) for name, label in columns(found))


def cells(found: queries.RowsView, currency: str, viewer: Viewer) -> tuple[tuple[tuple[str, bool], ...], ...]:
    """The rows as texts, each with whether it is a figure."""
    names = [name for name, _label in columns(found)]
    return tuple(tuple((cell(name, row, currency, viewer), _is_figure(row[name])) for name in names) for row in found.rows)


def _is_figure(one: Any) -> bool:
    return isinstance(one, int | float | Decimal) and not isinstance(one, bool)


def cell(name: str, row: Mapping[str, Any], currency: str, viewer: Viewer) -> str:
    one = row[name]
    if one is None:
        return DASH
    if isinstance(one, bool):
        return _("yes") if one else _("no")
    if name.endswith("_minor") or name in {"approved", "paid"}:
        own = row.get("currency") if name in {"amount_minor", "paid_minor"} else None
        return formats.money(Money(int(one), own or currency), viewer)
    if isinstance(one, datetime | date):
        return formats.full_day(one, viewer)
    return formats.number(round(one, 1), viewer) if isinstance(one, float) else str(one)


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What a number should be, how far it is, and by when."""

    value: str
    by: date
    share: int | None
    reached: bool


def target(told: queries.Figure, found: queries.TargetFor | None, viewer: Viewer) -> Aim | None:
    if found is None:
        return None
    reached = told.value is not None and (told.value <= found.value if told.direction == "down" else told.value >= found.value)
    share = round(100 * told.value / found.value) if told.value is not None and found.value > 0 and told.direction == "up" else None
    return Aim(value=value(found.value, told.unit, told.currency, viewer, compact=False), by=found.by, share=share, reached=reached)
