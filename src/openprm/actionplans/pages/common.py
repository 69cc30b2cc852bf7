"""What the pages share: versions, forms that come back with their problem, addresses of the side that looks."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from openprm.actionplans import queries, services
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, Stale
from openprm.kernel.files import MAX_BYTES
from openprm.kernel.http import Request
from openprm.ui.fields import add_problems

MENDABLE = (Invalid, Conflict, Stale)


def version_of(request: Request, name: str = "version") -> int | None:
    """The version of the row that the person saw, from the hidden field."""
    text = request.POST.get(name, "")
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


def to(actor: Actor, page: str, *args: Any, anchor: str = "") -> str:
    """The address of a page in the workspace of the one who looks."""
    side = "" if actor.is_vendor else "portal_"
    return reverse(f"actionplans:{side}{page}", args=args) + (f"#{anchor}" if anchor else "")


def back(request: Request, fallback: str) -> str:
    """Where the person came from, when that is one of our own addresses."""
    asked = request.POST.get("next", "")
    return asked if asked and url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else fallback


def subject_url(actor: Actor, row: queries.PlanRow) -> str:
    """The page of the deal that the plan is for, or "" when there is none for this side."""
    if row.registration_id is None:
        return _address("cosell:engagement" if actor.is_vendor else "cosell:portal_engagement", row.subject_id)
    return _address("deals:registration" if actor.is_vendor else "deals:portal_registration", row.registration_id)


def _address(name: str, *args: Any) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def send(found: queries.OpenedFile) -> HttpResponse:
    """A stored file as a download: never shown inside our own pages, whatever it claims to be."""
    with found.file as file:
        content = file.read()
    disposition = content_disposition_header(True, found.name) or "attachment"
    headers = {"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=found.content_type, headers=headers)


def attach(request: Request, step_id: UUID, file: UploadedFile | None) -> str:
    """Hang a sent file on the step; the sentence that refuses it, or ""."""
    if file is None:
        return _("Choose a file first.")
    if (file.size or 0) > MAX_BYTES:
        return _("%(name)s is larger than 20 MB. Send a smaller file or a link.") % {"name": file.name}
    try:
        services.add_evidence(actor=request.actor, step_id=step_id, name=file.name or "file", content=file.read(), at=request.at)
    except MENDABLE as refusal:
        return str(refusal.message)
    return ""
