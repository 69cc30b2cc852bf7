"""The lists of registrations and opportunities: their columns and filters, and the way from an address to a query."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from openprm.deals import queries
from openprm.deals.pages.common import uuid_of
from openprm.deals.queries.results import FilterOptions, Filters
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.kernel.http import addresses
from openprm.kernel.memory import Remembered
from openprm.ui.cells import Badge, Company, Due
from openprm.ui.listspec import Column, Filter, ListSpec, ListState, Range
from openprm.ui.paging import Slice

WARN_DAYS = 14


@dataclass(frozen=True, slots=True)
class Listed:
    """A row with the address it opens."""

    id: UUID
    url: str
    row: Any


def _of(name: str) -> Callable[[Listed], Any]:
    return lambda listed: getattr(listed.row, name)


def _status(listed: Listed) -> Badge:
    if listed.row.stalled:
        return Badge(_("Stands still"), "warn")
    return Badge(listed.row.status_label, _tone(listed.row.status_tone))


def _tone(tone: str) -> str:
    return "" if tone == "neutral" else tone


def _verdict(listed: Listed) -> Badge | None:
    return Badge(listed.row.verdict_label, _tone(listed.row.verdict_tone)) if listed.row.verdict else None


def _answer_due(listed: Listed) -> Due | None:
    due_at = listed.row.answer_due_at
    return Due(due_at, "bad" if getattr(listed.row, "overdue", False) else "") if due_at else None


def _protection(listed: Listed) -> Due | None:
    row = listed.row
    if row.protected_until is None or row.days_left is None or row.days_left <= 0:
        return None
    return Due(row.protected_until, "warn" if row.days_left <= WARN_DAYS else "", _("%(days)d days") % {"days": row.days_left})


def _partner(listed: Listed) -> Company:
    return Company(listed.row.partner)


def _asks(listed: Listed) -> Badge:
    if getattr(listed.row, "asks_you", False):
        return Badge(_("Asks you"), "warn")
    return _status(listed)


SHARED_COLUMNS = (
    Column("customer", gettext_lazy("Customer"), "title", sortable=True, always=True, value=_of("customer_name")),
    Column("number", gettext_lazy("Number"), "mono", sortable=True, value=_of("number")),
)
TAIL_COLUMNS = (
    Column("protected_until", gettext_lazy("Protection"), "due", sortable=True, value=_protection),
    Column("amount", gettext_lazy("Value"), "money", sortable=True, value=_of("amount")),
    Column("close", gettext_lazy("Expected close"), "date", sortable=True, default=False, value=_of("expected_close_date")),
    Column("stage", gettext_lazy("Stage"), default=False, value=_of("stage_label")),
    Column("deal_type", gettext_lazy("Kind of deal"), default=False, value=_of("deal_type_label")),
    Column("country", gettext_lazy("Country"), default=False, value=_of("customer_country")),
    Column("title", gettext_lazy("Deal"), default=False, value=_of("title")),
    Column("base_amount", gettext_lazy("Value in base currency"), "money", default=False, value=_of("base_amount")),
    Column("submitter", gettext_lazy("Submitted by"), "person", default=False, value=_of("submitter")),
    Column("submitted", gettext_lazy("Submitted"), "datetime", sortable=True, value=_of("submitted_at")),
    Column("created", gettext_lazy("Created"), "datetime", sortable=True, default=False, value=_of("created_at")),
)


OPTIONS = Remembered("deals.filter_options")  # names to choose from may be two seconds old


class _Choices:
    """The choices of one request's filters, asked for once and only when a filter is read or drawn."""

    def __init__(self, actor: Actor):
        self.actor = actor

    @cached_property
    def _options(self) -> FilterOptions:
        return OPTIONS.get(key=(self.actor.side, get_language()), find=lambda: queries.filter_options(self.actor))

    def of(self, name: str) -> Callable[[Any], list[tuple[str, Any]]]:
        return lambda actor: [(option.value, option.label) for option in getattr(self._options, name)]


def _shared_filters(choices: _Choices) -> tuple[Filter, ...]:
    return (
        Filter("product_line", _("Product line"), "choice", choices=choices.of("product_lines"), single=True),
        Filter("submitted", _("Submitted"), "date"),
        Filter("closes", _("Expected close"), "date"),
        Filter("closed", _("Closed"), "date"),
        Filter("amount", _("Value"), "money"),
        Filter("deal_type", _("Kind of deal"), "choice", choices=choices.of("deal_types")),
        Filter("lost_code", _("Lost because"), "choice", choices=choices.of("lost_reasons")),
        Filter("stalled", _("Stands still"), "bool"),
        Filter("mine", _("Mine only"), "bool"),
    )


def _status_filters(choices: _Choices) -> tuple[Filter, ...]:
    return (
        Filter("status", _("Status"), "choice", choices=choices.of("statuses")),
        Filter("stage", _("Stage"), "choice", choices=choices.of("stages")),
    )


def _partner_words(actor: Actor, value: str) -> str:
    """The name behind an id that a link from a partner's page carries."""
    partner_id = uuid_of(value)
    try:
        return identity.organization(actor, partner_id).name if partner_id else value
    except NotFound:
        return value


def vendor_spec(actor: Actor) -> ListSpec:
    """The vendor's list with the choices of this moment."""
    choices = _Choices(actor)
    return replace(
        VENDOR,
        filters=(
            *_status_filters(choices),
            Filter("partner", _("Partner"), "text", words=_partner_words),
            Filter("verdict", _("Conflict check"), "choice", choices=choices.of("verdicts")),
            Filter("territory", _("Territory"), "choice", choices=choices.of("territories"), single=True),
            Filter("program", _("Program"), "choice", choices=choices.of("programs"), single=True),
            *_shared_filters(choices),
        ),
    )


def partner_spec(actor: Actor) -> ListSpec:
    """The partner's list with the choices of this moment."""
    choices = _Choices(actor)
    return replace(PARTNER_SIDE, filters=(*_status_filters(choices), *_shared_filters(choices)))


VENDOR = ListSpec(
    key="deals.registrations",
    columns=(
        *SHARED_COLUMNS,
        Column("partner", gettext_lazy("Partner"), "company", value=_partner),
        Column("status", gettext_lazy("Status"), "badge", sortable=True, value=_status),
        Column("verdict", gettext_lazy("Conflict check"), "badge", value=_verdict),
        Column("due", gettext_lazy("Answer due"), "due", sortable=True, value=_answer_due),
        Column("product_lines", gettext_lazy("Product lines"), value=_of("product_lines"), default=False),
        *TAIL_COLUMNS,
    ),
    default_sort="-submitted",
    search=gettext_lazy("Search customer, number or deal"),
)
PARTNER_SIDE = ListSpec(
    key="deals.portal_registrations",
    columns=(
        *SHARED_COLUMNS,
        Column("status", gettext_lazy("Status"), "badge", sortable=True, value=_asks),
        Column("product_lines", gettext_lazy("Product lines"), value=_of("product_lines")),
        Column("due", gettext_lazy("Answer by"), "due", value=_answer_due),
        *TAIL_COLUMNS,
    ),
    default_sort="-created",
    search=gettext_lazy("Search customer, number or deal"),
)


def registrations(actor: Actor, state: ListState, *, url_name: str, at: datetime) -> Slice[Listed]:
    """The asked page, each row with its address."""
    found, address = queries.registrations(actor, filters_of(state), state.page, at), addresses(url_name)
    return found.map(lambda row: Listed(row.id, address(row.id), row))


def all_registrations(actor: Actor, state: ListState, *, url_name: str, at: datetime) -> Iterator[Listed]:
    """Every matching row, for an export."""
    address = addresses(url_name)
    for row in queries.export_rows(actor, filters_of(state), at):
        yield Listed(row.id, address(row.id), row)


def filters_of(state: ListState) -> Filters:
    """What the list was narrowed to, in the words of the query."""
    held = state.filters
    partner_id = uuid_of(held.get("partner"))
    amount, closes, closed, submitted = (held.get(name, Range()) for name in ("amount", "closes", "closed", "submitted"))
    return Filters(
        text=state.search,
        status=held.get("status", ()),
        stage=held.get("stage", ()),
        verdict=held.get("verdict", ()),
        deal_type=held.get("deal_type", ()),
        lost_code=held.get("lost_code", ()),
        stalled=held.get("stalled") is True,
        partner_id=partner_id,
        partner="" if partner_id else held.get("partner", ""),
        program_id=_one(held, "program"),
        product_line_id=_one(held, "product_line"),
        territory_id=_one(held, "territory"),
        min_amount_minor=amount.low,
        max_amount_minor=amount.high,
        closes_from=closes.low,
        closes_to=closes.high,
        closed_from=closed.low,
        closed_to=closed.high,
        submitted_from=submitted.low,
        submitted_to=submitted.high,
        mine=held.get("mine") is True,
    )


def _one(held: Any, name: str) -> UUID | None:
    values = held.get(name)
    return UUID(values[0]) if values else None
