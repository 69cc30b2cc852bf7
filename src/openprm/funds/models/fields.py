"""Column shapes that the tables of funds share."""

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Func, Q, Value

LARGEST = 10**13
PERSON = {"to": settings.AUTH_USER_MODEL, "on_delete": models.SET_NULL, "null": True, "blank": True, "related_name": "+"}
PARTNER = {"to": "identity.Organization", "on_delete": models.PROTECT, "related_name": "+"}
RATE = {"max_digits": 20, "decimal_places": 10}


def one_of(column: str, values: Iterable[str], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{column}__in": [str(value) for value in values]}), name=name)


def a_currency(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(currency__regex="^[A-Z]{3}$"), name=name)


def money(**options: object) -> models.BigIntegerField:
    return models.BigIntegerField(default=0, **options)


class NextNumber(Func):
    """'FR-000123' from a sequence per kind of paper: unique without a lock; a rolled-back row leaves a gap."""

    function = "openprm_next_fund_number"
    output_field = models.CharField()

    def __init__(self, prefix: str, **extra: object):
        super().__init__(prefix if hasattr(prefix, "resolve_expression") else Value(prefix), **extra)
