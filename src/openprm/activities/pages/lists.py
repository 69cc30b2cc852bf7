"""The lists of activities: columns and filters of each side, and the way from an address to a query."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from openprm.activities import queries
from openprm.activities.wording import ICON, KIND, PURPOSE, SIDE
from openprm.identity import queries as identity
from openprm.kernel.errors import NotFound
from openprm.ui.cells import Badge
from openprm.ui.listspec import Column, Filter, ListSpec, ListState, Range


@dataclass(frozen=True, slots=True)
class Listed:
    """A row with the address it opens."""

    id: UUID
    url: str
    row: Any


def _of(name: str) -> Callable[[Listed], Any]:
    return lambda listed: getattr(listed.row, name)


def _kind(listed: Listed) -> Badge:
    return Badge(listed.row.kind_label, icon=ICON[listed.row.kind])


def _trust(listed: Listed) -> Badge:
    if listed.row.is_struck:
        return Badge(_("Struck"), "bad")
    return Badge(_("Verified"), "ok") if listed.row.is_verified else Badge(_("Self-reported"), "")


def _words(actor: Any, value: str) -> str:
    """The name behind an id that a link carries."""
    try:
        return identity.organization(actor, UUID(value)).name
    except (NotFound, ValueError):
        return value


HEAD = (
    Column("account", _("Customer"), "title", sortable=True, always=True, value=_of("account")),
    Column("kind", _("Kind"), "badge", sortable=True, value=_kind),
    Column("occurred", _("When"), "datetime", sortable=True, value=_of("occurred_at")),
    Column("summary", _("What happened"), value=lambda listed: _short(listed.row.summary)),
    Column("person", _("With whom"), value=_of("person")),
)
TAIL = (
    Column("author", _("Logged by"), "person", value=_of("author")),
    Column("trust", _("Trust"), "badge", value=_trust),
    Column("outcome", _("What came of it"), default=False, value=_of("outcome")),
    Column("direction", _("Direction"), default=False, value=_of("direction_label")),
    Column("purpose", _("Why"), default=False, value=_of("purpose_label")),
    Column("proof", _("Proof"), default=False, value=_of("proof")),
    Column("recorded", _("Logged"), "datetime", sortable=True, default=False, value=_of("created_at")),
)
FILTERS = (
    Filter("kind", _("Kind"), "choice", choices=tuple(KIND.items())),
    Filter("purpose", _("Why"), "choice", choices=tuple(PURPOSE.items()), single=True),
    Filter("occurred", _("When"), "date"),
    Filter("verified", _("Verified"), "bool"),
    Filter("struck", _("Struck"), "bool"),
)
VENDOR = ListSpec(
    key="activities.activities",
    columns=(
        *HEAD,
        Column("side", _("Side"), "badge", value=lambda listed: Badge(listed.row.side_label, "info" if listed.row.side == "vendor" else "")),
        Column("partner", _("Partner"), value=_of("partner")),
        *TAIL,
        Column("source", _("Source"), default=False, value=_of("source")),
    ),
    filters=(Filter("side", _("Side"), "choice", choices=tuple(SIDE.items()), single=True), *FILTERS, Filter("partner", _("Partner"), "text", words=_words)),
    default_sort="-occurred",
    search=_("Search customer, person or words"),
)
PARTNER = ListSpec(
    key="activities.portal_activities", columns=(*HEAD, *TAIL), filters=FILTERS, default_sort="-occurred", search=_("Search customer, person or words")
)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 90 else f"{line[:89]}…"


def filters_of(state: ListState) -> queries.Filters:
    held = state.filters
    occurred = held.get("occurred", Range())
    return queries.Filters(
        text=state.search,
        kinds=tuple(held.get("kind", ())),
        side=_one(held.get("side")),
        purpose=_one(held.get("purpose")),
        partner_id=_id(held.get("partner", "")),
        since=occurred.low,
        until=occurred.high,
        verified=held.get("verified"),
        struck=held.get("struck"),
    )


def _one(value: Any) -> str:
    return value if isinstance(value, str) else next(iter(value or ()), "")


def _id(text: str) -> UUID | None:
    """A name that is typed narrows to nothing known, so it narrows to nobody."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return UUID(int=0)
