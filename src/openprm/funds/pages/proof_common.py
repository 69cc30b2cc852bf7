"""What the pages of proofs, co-op money and deadlines share: versions, files, amounts, forms that come back with their problem."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from openprm.funds.queries import open_funds
from openprm.kernel.errors import Conflict, Invalid, Problem, Stale
from openprm.kernel.files import MAX_BYTES
from openprm.kernel.http import Request
from openprm.kernel.money import Money, format_money, parse_amount
from openprm.ui.fields import add_problems

MENDABLE = (Invalid, Conflict, Stale)


def version_of(request: Request) -> int | None:
    """The version of the row that the person saw, from the hidden field."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def attempt(form: forms.Form, act: Callable[[Mapping[str, Any]], Any]) -> tuple[Any, int]:
    """(what `act` gave, 0), or (None, the status of the refusal) with its problems in the form."""
    if not form.is_valid():
        return None, 422
    try:
        return act(form.cleaned_data), 0
    except MENDABLE as refusal:
        add_problems(form, refusal)
        return None, refusal.status


def amount_of(request: Request, values: Mapping[str, Any], name: str, currency: str = "currency") -> Money | None:
    """The amount that a person typed beside its currency, in the way of the reader's language; None for nothing. Raises Invalid."""
    text = (values.get(name) or "").strip()
    return parse_amount(text, str(values[currency]).upper(), request.actor.locale, field=name) if text else None


def funds_to_ask(request: Request) -> tuple[tuple[str, str], ...]:
    """The funds that this partner can ask for today, each with what is left of it."""
    funds = open_funds(request.actor, request.at)
    return tuple((str(one.id), f"{one.name}: {format_money(one.sums.left, request.actor.locale)}") for one in funds)


def read_upload(sent: Any, field: str = "file") -> tuple[str, bytes]:
    """A sent file as name and bytes; too large a one is refused before it is read. Raises Invalid."""
    if not isinstance(sent, UploadedFile):
        raise Invalid(_("Choose a file."), field=field, code="required")
    if (sent.size or 0) > MAX_BYTES:
        message = _("%(name)s is larger than %(most)d MB. Send a smaller file.") % {"name": sent.name, "most": MAX_BYTES // 2**20}
        raise Invalid(problems=[Problem(field, message, "too_large")])
    return sent.name or "file", sent.read()


def send(row: Any) -> HttpResponse:
    """A stored proof as a download: never shown inside our own pages, whatever it claims to be."""
    with default_storage.open(row.storage_key) as file:
        content = file.read()
    disposition = content_disposition_header(True, row.name) or "attachment"
    headers = {"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=row.content_type, headers=headers)


def plain(value: Decimal) -> str:
    """A decimal as a form shows it again: 12.5, not 12.50."""
    return f"{value.normalize():f}"
