"""What the pages of agreements share: one way to try a change, sent files, where a request came from."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from openprm.agreements.queries.results import File, VersionView
from openprm.agreements.services import Origin
from openprm.agreements.wording import KIND_ICON, blocks_in_words, standing_badge
from openprm.kernel.errors import Conflict, Invalid, Stale
from openprm.ui.fields import add_problems


def attempt(form: forms.Form, act: Callable[[dict[str, Any]], Any]) -> tuple[Any, int]:
    """(what `act` gave, 0), or (None, the status of the refusal) with its problems in the form."""
    if not form.is_valid():
        return None, 422
    try:
        return act(form.cleaned_data), 0
    except (Invalid, Conflict, Stale) as refusal:
        add_problems(form, refusal)
        return None, refusal.status


def uuid_of(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def send(file: File) -> HttpResponse:
    """A file as a download: never shown inside our own pages."""
    disposition = content_disposition_header(True, file.name) or "attachment"
    headers = {"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}
    return HttpResponse(file.content, content_type=file.content_type, headers=headers)


def origin_of(request: HttpRequest) -> Origin:
    """The network address and the program of the caller, as the server sees them."""
    return Origin(ip_address=request.META.get("REMOTE_ADDR") or None, user_agent=request.headers.get("User-Agent", ""))


def shown(version: VersionView) -> dict[str, Any]:
    """What every page of a version draws."""
    line = version.line
    return {
        "version": version,
        "line": line,
        "standing": standing_badge(line.standing),
        "icon_name": KIND_ICON[version.kind],
        "blocks": blocks_in_words(line.blocks),
    }
