"""What the pages of both sides share: versions, dialogs that come back with their problem, sent files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from openprm.deals import services
from openprm.deals.queries.results import OpenedDocument
from openprm.kernel.errors import Conflict, Invalid, Stale
from openprm.kernel.files import MAX_BYTES
from openprm.kernel.http import Request
from openprm.kernel.money import Money, parse_amount
from openprm.ui.fields import add_problems

MENDABLE = (Invalid, Conflict, Stale)
"""Refusals that a form shows beside its fields; all others are a page of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A dialog of the detail page: where it posts and what it says."""

    name: str
    label: Any
    title: Any
    text: Any
    icon: str
    url: str
    form: forms.Form
    tone: str = "warn"
    danger: bool = False
    prominent: bool = False


def version_of(request: Request) -> int | None:
    """The version of the row that the person saw, from the hidden field."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def uuid_of(text: str | None) -> UUID | None:
    """The id in a posted value, or None when it is none."""
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


def problem_of(form: forms.Form) -> str:
    """The first problem of a small form, for the sentence beside its one field."""
    return next((str(message) for messages in form.errors.values() for message in messages), "")


def send(document: OpenedDocument) -> HttpResponse:
    """A stored file as a download: never shown inside our own pages, whatever it claims to be."""
    with document.file as file:
        content = file.read()
    disposition = content_disposition_header(True, document.name) or "attachment"
    headers = {"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=document.content_type, headers=headers)


def attach(request: Request, registration_id: UUID, file: UploadedFile, visibility: str) -> str:
    """Hang a sent file on the registration; the sentence that refuses it, or ""."""
    if (file.size or 0) > MAX_BYTES:
        return _("%(name)s is larger than 20 MB. Send a smaller file or a link.") % {"name": file.name}
    try:
        services.attach_document(
            actor=request.actor, registration_id=registration_id, name=file.name or "file", content=file.read(), visibility=visibility, at=request.at
        )
    except MENDABLE as refusal:
        return str(refusal.message)
    return ""


def next_url(request: Request, fallback: str) -> str:
    """Where the person came from, when that is one of our own addresses."""
    asked = request.POST.get("next", "")
    return asked if asked and url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else fallback


def address(name: str, *args: Any) -> str:
    """The address of another domain's page, or "" while that domain is not installed."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def final_amount(text: str, amount: Money, locale: str) -> int | None:
    """The typed final amount in minor units; None keeps the deal's own. Raises Invalid."""
    return parse_amount(text, amount.currency, locale).minor if text else None
