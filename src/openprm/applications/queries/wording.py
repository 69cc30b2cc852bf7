"""Answers in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from openprm.applications import rules
from openprm.applications.models import Application
from openprm.applications.queries.results import Answered, AnswerPage
from openprm.applications.rules import Field
from openprm.applications.words import CORE, CORE_CODES
from openprm.kernel.countries import country_name
from openprm.kernel.money import Money, format_money


def in_words(field: Field, value: Any) -> str:
    """One answer as a person reads it; a dash when there is none."""
    if value in (None, "", []):
        return "–"
    if field.kind == "choices":
        return ", ".join(field.label_of(one) for one in value)
    if field.kind == "choice":
        return field.label_of(value)
    if field.kind == "country":
        return country_name(value)
    if field.kind == "consent":
        return _("Yes")
    if field.kind == "number":
        return f"{value:,}" if field.code not in ("founded", "year") else str(value)
    if isinstance(value, Mapping):
        return format_money(Money(value["minor"], value["currency"]))
    return str(value)


def values_of(application: Application) -> dict[str, Any]:
    """Every answer by its question's code, company and person included."""
    return {code: getattr(application, code) for code in CORE_CODES} | dict(application.answers)


def pages_in_words(application: Application) -> tuple[AnswerPage, ...]:
    values = values_of(application)
    fields = (*CORE, *rules.fields_of(application.form.fields))
    return tuple(
        AnswerPage(
            title=title,
            answers=tuple(
                Answered(
                    code=field.code, label=str(field.label), value=in_words(field, values.get(field.code)), fact=field.fact, is_long=field.kind == "long_text"
                )
                for field in members
            ),
        )
        for title, members in rules.pages_of(fields)
    )
