"""The lists of accounts: columns and filters of each workspace."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from openprm.accounts import queries, words
from openprm.identity import queries as identity
from openprm.kernel.countries import country_choices, country_name
from openprm.ui.cells import Badge, Company
from openprm.ui.listspec import Column, Filter, ListSpec


def _place(row: Any) -> str:
    return ", ".join(part for part in (row.city, country_name(row.country)) if part and part != "–")


def _motion(row: Any) -> Badge:
    return Badge(words.MOTION[row.motion], words.MOTION_TONE[row.motion])


NAME = Column("name", _("Account"), "company", sortable=True, always=True, value=lambda row: Company(row.name, row.domain))
PLACE = Column("country", _("Place"), sortable=True, value=_place)
INDUSTRY = Column("industry", _("Industry"), sortable=True, value=lambda row: row.industry.capitalize())

VENDOR = ListSpec(
    key="accounts.accounts",
    search=_("Search by name or web domain"),
    default_sort="name",
    columns=(
        NAME,
        PLACE,
        INDUSTRY,
        Column("motion", _("Who sells"), "badge", value=_motion),
        Column("owner", _("Owner"), "person"),
        Column("employees", _("Employees"), "number", sortable=True),
        Column("revenue", _("Annual revenue"), "money_compact", default=False),
        Column("parent", _("Parent company"), default=False),
        Column("is_customer", _("Customer"), "bool", default=False),
        Column("legal_name", _("Legal name"), default=False),
        Column("domain", _("Web domain"), "mono", default=False),
        Column("external_id", _("Id in the source"), "mono", default=False),
        Column("created_at", _("Added"), "datetime", sortable=True, default=False),
    ),
    filters=(
        Filter("country", _("Country"), choices=lambda actor: tuple(country_choices())),
        Filter("industry", _("Industry"), choices=queries.industries),
        Filter("motion", _("Who sells"), choices=tuple(words.MOTION.items())),
        Filter("owner", _("Owner"), choices=lambda actor: tuple((str(person.id), person.name) for person in identity.holders_of("accounts.view"))),
        Filter("customer", _("Customer"), "bool"),
        Filter("domain", _("Web domain"), "text"),
    ),
)
PARTNER = ListSpec(
    key="accounts.portal_accounts",
    search=_("Search by name or web domain"),
    default_sort="name",
    columns=(NAME, PLACE, INDUSTRY, Column("created_at", _("Known since"), "date", sortable=True)),
    filters=(Filter("country", _("Country"), choices=lambda actor: tuple(country_choices())),),
)


class Linked:
    """A row with the address it opens."""

    __slots__ = ("_row", "url")

    def __init__(self, row: Any, url: str):
        self._row, self.url = row, url

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)
