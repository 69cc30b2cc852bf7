"""What the pages of all sides share."""

from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from openprm.directory import words
from openprm.kernel.countries import country_name
from openprm.kernel.errors import Invalid
from openprm.kernel.http import Request
from openprm.ui.cells import Badge

LARGEST_UPLOAD = 2 * 1024 * 1024


def state_badge(state: str) -> Badge:
    label, tone = words.STATES[state]
    return Badge(str(label), tone)


def reference_badge(state: str) -> Badge:
    label, tone = words.REFERENCE_STATES[state]
    return Badge(str(label), tone)


def badge_state(state: str) -> Badge:
    label, tone = words.BADGE_STATES[state]
    return Badge(str(label), tone)


def content_of(upload: UploadedFile | None, field: str) -> bytes | None:
    """The bytes of an upload, or None without one. Raises Invalid for what is too large."""
    if upload is None:
        return None
    if (upload.size or 0) > LARGEST_UPLOAD:
        raise Invalid(_("%(name)s is larger than 2 MB.") % {"name": upload.name}, field=field)
    return upload.read()


def uuid_of(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def version_of(request: Request) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def shown(field: str, value: Any) -> list[str]:
    """A field of a profile as lines of words, for comparing two of them."""
    if value in (None, "", [], ()):
        return []
    if field == "offices":
        return [
            ", ".join(filter(None, (one["label"], one["street"], f"{one['postal_code']} {one['city']}".strip(), country_name(one["country"])))) for one in value
        ]
    vocabulary = {"services": words.SERVICES, "industries": words.INDUSTRIES, "regions": words.REGIONS}.get(field)
    if vocabulary:
        return list(words.names(vocabulary, value))
    if field == "languages":
        return [words.language(code) for code in value]
    return [str(one) for one in value] if isinstance(value, list) else str(value).split("\n")
