"""The content of a profile as one value, and the logo that belongs to it."""

import hashlib
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from openprm.directory.models import Office, Profile, Settings
from openprm.directory.rules.profile import FIELDS, REVIEWED_AT_FIRST
from openprm.identity.services.organizations import clean_logo

OFFICE_FIELDS = ("label", "street", "postal_code", "city", "country", "latitude", "longitude", "is_main")


def content_of(profile: Profile) -> dict[str, Any]:
    """Everything about a profile that the public may come to see."""
    content = {name: getattr(profile, name) for name in FIELDS if name != "offices"}
    content["offices"] = [{name: getattr(office, name) for name in OFFICE_FIELDS} for office in profile.offices.all()]
    return content


def settings() -> Settings:
    """How the directory runs; a fresh installation shows profiles after a look at what matters most."""
    return Settings.objects.first() or Settings(reviewed=list(REVIEWED_AT_FIRST))


def stored_logo(partner_id: UUID, upload: bytes) -> str:
    """Check a picture, draw it anew, and keep it under its content's hash. Raises Invalid."""
    png = clean_logo(upload, field="logo")
    name = f"{partner_id}/{hashlib.sha256(png).hexdigest()[:20]}.png"
    path = f"logos/{name}"
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(png))
    return name


def replace_offices(profile: Profile, rows: list[dict[str, Any]]) -> None:
    profile.offices.all().delete()
    Office.objects.bulk_create([Office(profile=profile, partner_id=profile.partner_id, **row) for row in rows])
