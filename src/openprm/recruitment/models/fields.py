"""Columns and checks that several tables share."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Q

PERSON: dict[str, Any] = {"to": "identity.User", "null": True, "blank": True, "on_delete": models.SET_NULL, "related_name": "+"}


def one_of(column: str, values: Iterable[str], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{column}__in": [str(value) for value in values]}), name=name)


def share_column(**options: Any) -> models.PositiveSmallIntegerField:
    """0 to 100."""
    return models.PositiveSmallIntegerField(null=True, blank=True, **options)
