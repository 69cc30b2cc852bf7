"""What an application tells about its company, in the words of the ideal partner profile."""

from collections.abc import Mapping
from typing import Any

from openprm.applications import rules
from openprm.applications.models import Application
from openprm.kernel.money import Money
from openprm.recruitment.rules import clean_facts


def facts_of(application: Application) -> dict[str, Any]:
    """The facts by name; what was not asked or not answered is missing, and counts as unknown."""
    found: dict[str, Any] = {"country": application.country, "type": application.type}
    for field in rules.fields_of(application.form.fields):
        if field.fact and field.code in application.answers:
            found[field.fact] = _fact(application.answers[field.code])
    return clean_facts(found)


def _fact(value: Any) -> Any:
    """Money as whole units: profiles speak of revenue in units of the currency."""
    if isinstance(value, Mapping):
        return int(Money(value["minor"], value["currency"]).major)
    return value
