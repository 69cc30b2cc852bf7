"""Reads of the conflicts room: `from openprm.conflicts import queries as conflicts`."""

from openprm.conflicts.queries.cases import (
    case_row,
    case_rows,
    cases,
    cases_of_registration,
    cases_of_subject,
    counts,
    export_cases,
    newest_cases,
)
from openprm.conflicts.queries.clauses import Clause, citable
from openprm.conflicts.queries.detail import case_for_partner, case_for_vendor, open_evidence, second_reviewer_of, version_of
from openprm.conflicts.queries.ground import Ground, ground_of
from openprm.conflicts.queries.opening import OpeningForm, engagement_form, lead_form, may_open_on, opening_form, types_of
from openprm.conflicts.queries.precedents import (
    clauses,
    export_precedents,
    figures,
    newest_precedents,
    precedent,
    precedent_row,
    precedents,
    similar_of_type,
)
from openprm.conflicts.queries.waiting import summary, waiting, waiting_count

__all__ = [
    "Clause", "Ground", "OpeningForm", "case_for_partner", "case_for_vendor", "case_row", "case_rows", "cases", "cases_of_registration", "cases_of_subject",
    "citable", "clauses", "counts", "engagement_form", "export_cases", "export_precedents", "figures", "ground_of", "lead_form", "may_open_on",
    "newest_cases", "newest_precedents", "open_evidence", "opening_form", "precedent", "precedent_row", "precedents", "second_reviewer_of", "similar_of_type",
    "summary", "types_of", "version_of", "waiting", "waiting_count",
]  # fmt: skip
