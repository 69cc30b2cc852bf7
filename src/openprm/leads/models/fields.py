"""Column shapes that the tables of leads share."""

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Func, Q

PERSON = {"to": settings.AUTH_USER_MODEL, "on_delete": models.SET_NULL, "null": True, "blank": True, "related_name": "+"}
ORGANIZATION = {"to": "identity.Organization", "on_delete": models.PROTECT, "related_name": "+"}


def one_of(column: str, values: Iterable[str], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{column}__in": [str(value) for value in values]}), name=name)


class NextLeadNumber(Func):
    """'LD-000123' from a sequence: unique without a lock; a rolled-back lead leaves a gap."""

    template = "openprm_next_lead_number()"
    arity = 0
    output_field = models.CharField()
