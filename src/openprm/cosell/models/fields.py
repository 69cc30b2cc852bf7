"""Column shapes that the tables of the room share."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Func, Q

PERSON: dict[str, Any] = {"to": settings.AUTH_USER_MODEL, "on_delete": models.SET_NULL, "null": True, "blank": True, "related_name": "+"}
PARTY: dict[str, Any] = {"to": "identity.Organization", "on_delete": models.PROTECT, "related_name": "+"}


class NextEngagementNumber(Func):
    """'CS-000123' from a sequence: unique without a lock."""

    template = "openprm_next_engagement_number()"
    arity = 0
    output_field = models.CharField()


def one_of(column: str, values: Iterable[str], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{column}__in": [str(value) for value in values]}), name=name)
