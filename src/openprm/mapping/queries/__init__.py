"""Reads of account mapping: `from openprm.mapping import queries as mapping`."""

from openprm.mapping.queries.lists import companies, lists, newest_companies, one_list
from openprm.mapping.queries.overlaps import matrix, newest_matches, overlaps, partners_at, shown, whitespace
from openprm.mapping.queries.records import suggested
from openprm.mapping.queries.results import (
    AskView,
    Cell,
    CompanyView,
    ConnectionView,
    GrantView,
    ListView,
    LookView,
    Matrix,
    MatrixRow,
    Overlap,
    Overview,
    PartnerAt,
    Potential,
    Shown,
    TermsView,
)
from openprm.mapping.queries.sharing import asks, begun, connection, connections, given, looks, received
from openprm.mapping.queries.worth import balance, overview, partner_score, potential

__all__ = [
    "AskView",
    "Cell",
    "CompanyView",
    "ConnectionView",
    "GrantView",
    "ListView",
    "LookView",
    "Matrix",
    "MatrixRow",
    "Overlap",
    "Overview",
    "PartnerAt",
    "Potential",
    "Shown",
    "TermsView",
    "asks",
    "balance",
    "begun",
    "companies",
    "connection",
    "connections",
    "given",
    "lists",
    "looks",
    "matrix",
    "newest_companies",
    "newest_matches",
    "one_list",
    "overlaps",
    "overview",
    "partner_score",
    "partners_at",
    "potential",
    "received",
    "shown",
    "suggested",
    "whitespace",
]
