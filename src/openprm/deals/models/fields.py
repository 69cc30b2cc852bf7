"""Column shapes that the deals tables share."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.db.models import Func, Q


def currency_column(**options) -> models.CharField:
    return models.CharField(max_length=3, **options)


def currency_is_a_code(table: str, column: str = "currency") -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{column}__regex": "^([A-Z]{3})?$"}), name=f"{table}_{column}_is_a_code")


def stage_is_a_code(table: str) -> models.CheckConstraint:
    """Which codes there are is the program's business; the database keeps their spelling."""
    return models.CheckConstraint(condition=Q(stage__regex="^[a-z][a-z0-9_]{0,23}$"), name=f"{table}_stage_is_a_code")


def one_of(column: str, values: Iterable[str], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{column}__in": [str(value) for value in values]}), name=name)


def choices_of(words: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Value and label of each code; a label may stand with its tone."""
    return [(str(code), label[0] if isinstance(label, tuple) else label) for code, label in words.items()]


class NextDealNumber(Func):
    """'DR-000123' from a sequence: unique without a lock; a rolled-back draft leaves a gap."""

    template = "openprm_next_deal_number()"
    arity = 0
    output_field = models.CharField()


class TimeSpan(Func):
    """The half-open span between two timestamps."""

    function = "tstzrange"
