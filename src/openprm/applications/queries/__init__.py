"""Reads of applications: `from openprm.applications import queries as applications`."""

from openprm.applications.queries.forms import field_of_form, form, forms
from openprm.applications.queries.funnel import funnel_lines, totals
from openprm.applications.queries.lists import (
    application_row,
    export_applications,
    list_applications,
    newest_applications,
    search,
    sources,
    waiting,
    waiting_count,
)
from openprm.applications.queries.own import own_application, to_confirm
from openprm.applications.queries.program_pages import (
    PageSettings,
    PublicProgram,
    page_settings,
    program_behind,
    program_to_apply_for,
    programs_to_join,
    public_codes,
    public_program,
)
from openprm.applications.queries.results import ApplicationRow, FormLine, FormView, OfPartner, OwnApplication, VendorApplication
from openprm.applications.queries.vendor import application, of_partner

__all__ = [
    "ApplicationRow", "FormLine", "FormView", "OfPartner", "OwnApplication", "PageSettings", "PublicProgram", "VendorApplication", "application",
    "application_row", "export_applications", "field_of_form", "form", "forms", "funnel_lines", "list_applications", "newest_applications", "of_partner",
    "own_application", "page_settings", "program_behind", "program_to_apply_for", "programs_to_join", "public_codes", "public_program", "search",
    "sources", "to_confirm",
    "totals",
    "waiting", "waiting_count",
]  # fmt: skip
