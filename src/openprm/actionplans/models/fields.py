"""Column shapes that several tables share."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

PERSON: dict[str, Any] = {"to": settings.AUTH_USER_MODEL, "on_delete": models.SET_NULL, "null": True, "blank": True, "related_name": "+"}
PARTNER: dict[str, Any] = {"to": "identity.Organization", "on_delete": models.PROTECT, "related_name": "+"}


def one_of(field: str, values: Any, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{field}__in": sorted(str(value) for value in values)}), name=name)
