"""Column shapes that the tables of the room share."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Func, Q

PERSON: dict[str, Any] = {"to": settings.AUTH_USER_MODEL, "on_delete": models.SET_NULL, "null": True, "blank": True, "related_name": "+"}
PARTNER: dict[str, Any] = {"to": "identity.Organization", "on_delete": models.PROTECT, "related_name": "+"}
LARGEST = 10**15


class NextEarningNumber(Func):
    """'E-000123' from a sequence: unique without a lock."""

    template = "openprm_next_earning_number()"
    arity = 0
    output_field = models.CharField()


class NextAdjustmentNumber(Func):
    template = "openprm_next_adjustment_number()"
    arity = 0
    output_field = models.CharField()


def one_of(column: str, values: Iterable[str], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{column}__in": [str(value) for value in values]}), name=name)


def currency_is_a_code(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name=name)
