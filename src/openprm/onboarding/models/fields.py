"""Column shapes that several tables share."""

from typing import Any

from django.conf import settings
from django.db import models

PERSON: dict[str, Any] = {"to": settings.AUTH_USER_MODEL, "on_delete": models.SET_NULL, "null": True, "blank": True, "related_name": "+"}
PARTNER: dict[str, Any] = {"to": "partners.Partner", "on_delete": models.CASCADE, "related_name": "+"}
