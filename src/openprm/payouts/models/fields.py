"""Fields that several tables share."""

from typing import Any

from django.conf import settings
from django.db import models

PARTNER: dict[str, Any] = {"to": "identity.Organization", "on_delete": models.PROTECT, "related_name": "+"}
PERSON: dict[str, Any] = {"to": settings.AUTH_USER_MODEL, "on_delete": models.SET_NULL, "null": True, "blank": True, "related_name": "+"}


class NextNumber(models.Func):
    """The next human number of a sequence: NextNumber("run") gives "PR-000123"."""

    arity = 0

    def __init__(self, what: str = "run", **extra: Any):
        self.what = what
        super().__init__(output_field=models.CharField(), **extra)

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        return f"openprm_next_{self.what}_number()", []

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        return f"{type(self).__module__}.{type(self).__name__}", (self.what,), {}
