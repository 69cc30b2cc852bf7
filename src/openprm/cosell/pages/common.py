"""What the pages of both sides share: addresses, versions, forms that come back with their problem, files."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from openprm.cosell.queries import OpenedDocument
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, Stale, write_down
from openprm.kernel.files import MAX_BYTES
from openprm.kernel.http import Request
from openprm.kernel.money import parse_amount
from openprm.ui.fields import add_problems

MENDABLE = (Invalid, Conflict, Stale)
"""Refusals that a form shows beside its fields; all others are a page of their own."""


def named(actor: Actor, name: str) -> str:
    """The page of this name in the actor's workspace."""
    return f"cosell:{name}" if actor.is_vendor else f"cosell:portal_{name}"


def address(actor: Actor, name: str, *args: Any) -> str:
    return reverse(named(actor, name), args=args)


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
        write_down(refusal)
        add_problems(form, refusal)
        return None, refusal.status


def problem_of(form: forms.Form) -> str:
    return next((str(message) for messages in form.errors.values() for message in messages), "")


def file_of(request: Request) -> tuple[str, bytes]:
    """The sent file as name and bytes; too large a one is refused before it is read. Raises Invalid."""
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile):
        raise Invalid(_("Choose a file first."), field="file")
    if (sent.size or 0) > MAX_BYTES:
        raise Invalid(_("%(name)s is larger than 20 MB. Send a smaller file or a link.") % {"name": sent.name}, field="file")
    return sent.name or "file", sent.read()


def send(document: OpenedDocument) -> HttpResponse:
    """A stored file as a download: never shown inside our own pages, whatever it claims to be."""
    with document.file as file:
        content = file.read()
    disposition = content_disposition_header(True, document.name) or "attachment"
    headers = {"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=document.content_type, headers=headers)


def minor_of(text: str, currency: str, locale: str) -> int:
    """A typed amount in minor units; nothing typed is zero. Raises Invalid."""
    return parse_amount(text, currency, locale).minor if text.strip() else 0
