"""What the pages of both sides share: versions, forms that come back with their problem, files."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from openprm.kernel.errors import Conflict, Invalid, Problem, Stale
from openprm.kernel.files import MAX_BYTES
from openprm.kernel.http import Request
from openprm.ui.fields import add_problems

MENDABLE = (Invalid, Conflict, Stale)
"""Refusals that a form shows beside its fields; all others are a page of their own."""


def version_of(request: Request) -> int | None:
    """The version of the row that the person saw, from the hidden field."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def uuid_of(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def attempt(form: forms.Form, act: Callable[[Mapping[str, Any]], Any]) -> tuple[Any, int]:
    """(what `act` gave, 0), or (None, the status of the refusal) with its problems in the form."""
    if not form.is_valid():
        return None, 422
    try:
        return act(form.cleaned_data), 0
    except MENDABLE as refusal:
        add_problems(form, refusal)
        return None, refusal.status


def file_of(request: Request, name: str = "file") -> tuple[str, bytes] | None:
    """A sent file as name and bytes; too large a one is refused before it is read. Raises Invalid."""
    sent = request.FILES.get(name)
    if not isinstance(sent, UploadedFile) or not sent.size:
        return None
    if sent.size > MAX_BYTES:
        message = _("%(name)s is larger than %(most)d MB. Send a smaller file.") % {"name": sent.name, "most": MAX_BYTES // 2**20}
        raise Invalid(problems=[Problem(name, message, "too_large")])
    return sent.name or "file", sent.read()


def download(name: str, content_type: str, content: bytes) -> HttpResponse:
    """A file as a download: never shown inside our own pages, whatever it claims to be."""
    disposition = content_disposition_header(True, name) or "attachment"
    headers = {"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=content_type, headers=headers)
