"""Column shapes that several tables share."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

PARTNER: dict[str, Any] = {"to": "identity.Organization", "on_delete": models.PROTECT, "related_name": "+"}
PERSON: dict[str, Any] = {"to": settings.AUTH_USER_MODEL, "on_delete": models.SET_NULL, "null": True, "blank": True, "related_name": "+"}
ACCOUNT: dict[str, Any] = {"to": "accounts.Account", "on_delete": models.PROTECT, "null": True, "blank": True, "related_name": "+"}


def one_of(column: str, values: Iterable[Any], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{column}__in": [str(value) for value in values]}), name=name)


def first_of_month(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(month__day=1), name=name)
