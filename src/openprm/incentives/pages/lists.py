"""The lists of incentives: plans, usage lines, and what a partner was credited."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from openprm.incentives.wording import EVENT, KIND
from openprm.partners import queries as partners
from openprm.ui.cells import Badge
from openprm.ui.listspec import Column, Filter, ListSpec

STATE = {"draft": (_("Draft"), ""), "announced": (_("Announced"), "info"), "in_force": (_("In force"), "ok"), "ended": (_("Ended"), "")}


@dataclass(frozen=True, slots=True)
class Listed:
    """A row with the address it opens."""

    id: UUID
    url: str
    row: Any


def plan(row: Any) -> Listed:
    return Listed(row.id, reverse("incentives:plan", args=[row.id]), row)


def line(row: Any) -> Listed:
    return Listed(row.id, reverse("incentives:usage_line", args=[row.id]), row)


def credit(row: Any) -> Listed:
    return Listed(row.id, "", row)


def state_badge(state: str) -> Badge:
    return Badge(*STATE[state])


def _month(day: Any) -> str:
    return f"{day:%Y-%m}" if day else ""


def _corrects(listed: Listed) -> Badge | None:
    return Badge(_("Corrects %(month)s") % {"month": _month(listed.row.corrects)}, "warn") if listed.row.corrects else None


PLANS = ListSpec(
    key="incentives.plans",
    search=_("Search by name or code"),
    default_sort="name",
    columns=(
        Column("name", _("Plan"), sortable=True, always=True, value=lambda one: one.row.name),
        Column("kind", _("Kind"), "badge", sortable=True, value=lambda one: Badge(KIND[one.row.kind], "accent")),
        Column("event", _("Paid when"), value=lambda one: EVENT.get(one.row.event, "")),
        Column("program", _("Program"), value=lambda one: one.row.program or _("All programs")),
        Column("state", _("State"), "badge", value=lambda one: state_badge(one.row.state)),
        Column("number", _("Version"), "number", value=lambda one: one.row.number),
        Column("starts_on", _("In force from"), "date", value=lambda one: one.row.starts_on),
        Column("has_draft", _("Draft"), "badge", value=lambda one: Badge(_("Changes wait"), "warn") if one.row.has_draft else None),
        Column("code", _("Code"), "mono", value=lambda one: one.row.code, default=False),
        Column("created_at", _("Begun"), "datetime", sortable=True, value=lambda one: one.row.created_at, default=False),
    ),
    filters=(
        Filter("kind", _("Kind"), choices=tuple(KIND.items())),
        Filter("program", _("Program"), choices=partners.program_choices),
        Filter("state", _("State"), choices=(("open", _("Not ended")), ("ended", _("Ended"))), single=True),
    ),
)
LINES = ListSpec(
    key="incentives.usage",
    search=_("Search by customer or id"),
    default_sort="-booked_at",
    columns=(
        Column("customer", _("Customer"), sortable=True, always=True, value=lambda one: one.row.customer_name),
        Column("service_month", _("Used in"), sortable=True, value=lambda one: _month(one.row.service_month)),
        Column("booked_month", _("Counts in"), value=lambda one: _month(one.row.booked_month)),
        Column("corrects", _("Correction"), "badge", value=_corrects),
        Column("amount", _("Amount"), "money", sortable=True, value=lambda one: one.row.amount),
        Column("credited", _("Credited to partners"), "money", value=lambda one: one.row.credited),
        Column("product_line", _("Product line"), value=lambda one: one.row.product_line, default=False),
        Column("quantity", _("Quantity"), "number", value=lambda one: one.row.quantity, default=False),
        Column("external_id", _("Id at the source"), "mono", value=lambda one: one.row.external_id, default=False),
        Column("booked_at", _("Booked"), "datetime", sortable=True, value=lambda one: one.row.booked_at),
    ),
    filters=(Filter("kind", _("Kind"), choices=(("first", _("In its own month")), ("correction", _("Corrects a closed month"))), single=True),),
)
_CREDIT = (
    Column("customer", _("Customer"), sortable=True, always=True, value=lambda one: one.row.customer_name),
    Column("service_month", _("Used in"), sortable=True, value=lambda one: _month(one.row.service_month)),
    Column("booked_month", _("Counts in"), value=lambda one: _month(one.row.booked_month)),
    Column("corrects", _("Correction"), "badge", value=_corrects),
    Column("percent", _("Share"), value=lambda one: f"{one.row.percent.normalize():f} %"),
    Column("amount", _("Credited"), "money", sortable=True, value=lambda one: one.row.amount),
    Column("booked_at", _("Booked"), "datetime", sortable=True, value=lambda one: one.row.booked_at),
)
CREDITS = ListSpec(key="incentives.credits", search=_("Search by customer"), default_sort="-booked_at", columns=_CREDIT, filters=())
