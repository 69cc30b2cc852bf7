"""Builders for the tests of this and of higher domains."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from openprm.applications import links, queries, services
from openprm.applications.models import Application
from openprm.kernel.scope import system_scope

SOME_DAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
COMPANY = {
    "company_name": "Fjordlink AS",
    "website": "https://www.fjordlink.example",
    "country": "NO",
    "type": "si",
    "contact_name": "Siri Nygaard",
    "email": "siri@fjordlink.example",
}
BUSINESS = {"employees": "42", "founded": "2009", "industries": ["manufacturing", "energy"], "company_number": ""}
TOGETHER = {"skills": ["integration", "support"], "plan": "We connect plants of the paper industry and would bring your MES along.", "privacy": "on"}


def make_draft(
    code: str = "resell", *, at: datetime = SOME_DAY, source: str = "direct", ref: str = "", address: str | None = None, **company: Any
) -> Application:
    """An application with its first page filled in."""
    return services.start(program=queries.program_behind(code), given={**COMPANY, **company}, source=source, ref=ref, network_address=address, at=at)


def make_finished(code: str = "resell", *, at: datetime = SOME_DAY, source: str = "direct", ref: str = "", **values: Any) -> Application:
    """An application that waits for its address to be confirmed; `values` are of the company, or answers by their question's code."""
    company = {name: values.pop(name) for name in list(values) if name in COMPANY}
    application = make_draft(code, at=at, source=source, ref=ref, **company)
    token = links.open_token(application)
    for number in range(2, len(queries.own_application(token, at).pages) + 1):
        services.save_page(token=token, number=number, given={**BUSINESS, **TOGETHER, **values}, at=at)
    return services.finish(token=token, at=at)


def make_application(code: str = "resell", *, at: datetime = SOME_DAY, **values: Any) -> UUID:
    """An application that was confirmed, as the rules left it."""
    application = make_finished(code, at=at, **values)
    return services.confirm(token=links.confirm_token(application), at=at).pk


def stored(application_id: UUID) -> Application:
    with system_scope():
        return Application.objects.select_related("program", "form").get(pk=application_id)
