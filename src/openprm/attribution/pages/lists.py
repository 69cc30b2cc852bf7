"""The lists of attribution: deals, touches, claims, disputes, and a partner's own credit."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from openprm.attribution.wording import CLAIM, DEAL, DISPUTE, KIND, OUTCOME, SOURCE
from openprm.identity import queries as identity
from openprm.kernel.errors import NotFound
from openprm.ui.cells import Badge, Company
from openprm.ui.listspec import Column, Filter, ListSpec


@dataclass(frozen=True, slots=True)
class Listed:
    """A row with the address it opens."""

    id: UUID
    url: str
    row: Any


def _of(name: str) -> Callable[[Listed], Any]:
    return lambda listed: getattr(listed.row, name)


def _outcome(listed: Listed) -> Badge:
    return Badge(listed.row.outcome_label, listed.row.outcome_tone)


def _state(listed: Listed) -> Badge:
    return Badge(listed.row.state_label, listed.row.state_tone)


def _locked(listed: Listed) -> Badge:
    return Badge(_("Locked"), "ok", icon="lock") if listed.row.is_locked else Badge(_("Open"), "")


def _trust(listed: Listed) -> Badge:
    if listed.row.is_struck:
        return Badge(_("Struck"), "bad")
    return Badge(_("Verified"), "ok") if listed.row.is_verified else Badge(_("Not verified"), "")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 90 else f"{line[:89]}…"


def _partner(actor: Any, value: str) -> str:
    """The name behind an id that a link carries."""
    try:
        return identity.organization(actor, UUID(value)).name
    except (NotFound, ValueError):
        return value


def _pairs(words: Any) -> tuple[tuple[str, Any], ...]:
    return tuple((str(code), label[0] if isinstance(label, tuple) else label) for code, label in words.items())


DEALS = ListSpec(
    key="attribution.deals",
    search=_("Search by customer or number"),
    default_sort="-closed",
    columns=(
        Column("customer", _("Customer"), "title", sortable=True, always=True, value=_of("customer")),
        Column("outcome", _("Outcome"), "badge", value=_outcome),
        Column("amount", _("Amount"), "money", sortable=True, value=_of("base")),
        Column("closed", _("Won"), "date", sortable=True, value=_of("closed_at")),
        Column("kind", _("Kind"), value=_of("kind_label")),
        Column("number", _("Number"), "mono", value=_of("number")),
        Column("month", _("Month"), "badge", value=_locked),
        Column("own", _("In its currency"), "money", default=False, value=_of("amount")),
    ),
    filters=(
        Filter("outcome", _("Outcome"), choices=_pairs(OUTCOME)),
        Filter("kind", _("Kind"), choices=_pairs(DEAL)),
        Filter("closed", _("Won"), "date"),
        Filter("partner", _("Partner"), "text", words=_partner),
    ),
)
TOUCH_COLUMNS = (
    Column("customer", _("Customer"), "title", always=True, value=lambda one: one.row.customer or _("No customer yet")),
    Column("kind", _("What"), "badge", value=lambda one: Badge(one.row.kind_label, icon=one.row.icon)),
    Column("occurred", _("When"), "date", sortable=True, value=_of("occurred_at")),
    Column("source", _("Source"), value=_of("source_label")),
    Column("trust", _("Trust"), "badge", value=_trust),
    Column("summary", _("What happened"), value=lambda one: _short(one.row.summary)),
    Column("recorded", _("Recorded"), "date", sortable=True, default=False, value=_of("recorded_at")),
)
TOUCH_FILTERS = (Filter("kind", _("What"), choices=_pairs(KIND)), Filter("source", _("Source"), choices=_pairs(SOURCE)))
TOUCHES = ListSpec(
    key="attribution.touches",
    search=_("Search customer, partner or words"),
    default_sort="-occurred",
    columns=(TOUCH_COLUMNS[0], Column("partner", _("Partner"), "company", value=lambda one: Company(one.row.partner)), *TOUCH_COLUMNS[1:]),
    filters=TOUCH_FILTERS,
)
PORTAL_TOUCHES = ListSpec(
    key="attribution.portal_touches", search=_("Search customer or words"), default_sort="-occurred", columns=TOUCH_COLUMNS, filters=TOUCH_FILTERS
)
CLAIM_COLUMNS = (
    Column("customer", _("Customer"), "title", sortable=True, always=True, value=_of("customer")),
    Column("kind", _("What"), "badge", value=lambda one: Badge(one.row.kind_label, icon=one.row.icon)),
    Column("state", _("State"), "badge", value=_state),
    Column("side", _("Claimed by"), value=_of("side_label")),
    Column("occurred", _("When it was"), "date", value=_of("occurred_at")),
    Column("made", _("Claimed"), "date", sortable=True, value=_of("made_at")),
    Column("statement", _("What happened"), default=False, value=lambda one: _short(one.row.statement)),
)
CLAIM_FILTERS = (Filter("state", _("State"), choices=_pairs(CLAIM)),)
CLAIMS = ListSpec(
    key="attribution.claims",
    search=_("Search customer or words"),
    default_sort="-made",
    columns=(CLAIM_COLUMNS[0], Column("partner", _("Partner"), "company", value=lambda one: Company(one.row.partner)), *CLAIM_COLUMNS[1:]),
    filters=CLAIM_FILTERS,
)
PORTAL_CLAIMS = ListSpec(
    key="attribution.portal_claims", search=_("Search customer or words"), default_sort="-made", columns=CLAIM_COLUMNS, filters=CLAIM_FILTERS
)
DISPUTE_COLUMNS = (
    Column("deal", _("Deal"), "title", always=True, value=_of("deal")),
    Column("state", _("State"), "badge", value=_state),
    Column("opened", _("Opened"), "date", sortable=True, value=_of("opened_at")),
    Column("reason", _("What is wrong"), value=lambda one: _short(one.row.reason)),
)
DISPUTE_FILTERS = (Filter("state", _("State"), choices=_pairs(DISPUTE)),)
DISPUTES = ListSpec(
    key="attribution.disputes",
    default_sort="-opened",
    columns=(DISPUTE_COLUMNS[0], Column("partner", _("Partner"), "company", value=lambda one: Company(one.row.partner)), *DISPUTE_COLUMNS[1:]),
    filters=DISPUTE_FILTERS,
)
PORTAL_DISPUTES = ListSpec(key="attribution.portal_disputes", default_sort="-opened", columns=DISPUTE_COLUMNS, filters=DISPUTE_FILTERS)
CREDITS = ListSpec(
    key="attribution.portal_credits",
    search=_("Search by customer or number"),
    default_sort="-closed",
    columns=(
        Column("customer", _("Customer"), "title", sortable=True, always=True, value=_of("customer")),
        Column("outcome", _("You"), "badge", value=_outcome),
        Column("share", _("Your share"), "percent", value=lambda one: one.row.basis_points / 10_000),
        Column("credit", _("Your credit"), "money", sortable=True, value=_of("credit")),
        Column("closed", _("Won"), "date", sortable=True, value=_of("closed_at")),
        Column("number", _("Number"), "mono", value=_of("number")),
        Column("month", _("Month"), "badge", value=_locked),
    ),
)
