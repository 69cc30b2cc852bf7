"""What a partner takes along of its applications when it leaves, and what is taken off them afterwards."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from openprm.applications.models import Application
from openprm.applications.queries.wording import pages_in_words
from openprm.kernel.actor import Actor
from openprm.kernel.scope import system_scope
from openprm.partners.ports import Erasure, ExportPart

NOBODY = "removed@removed.invalid"


def rows(actor: Actor) -> Iterator[Mapping[str, Any]]:
    """Every answer that the partner's own people once sent, a line each."""
    with system_scope():
        mine = list(Application.objects.filter(partner__in=actor.partner_ids).select_related("program", "form").order_by("submitted_at"))
        lines = [
            {"application": row.number, "program": row.program.name, "sent": row.submitted_at, "question": one.label, "answer": one.value}
            for row in mine
            for page in pages_in_words(row)
            for one in page.answers
        ]
    yield from lines


def erase(*, partner_id: UUID, people: Any = (), at: datetime) -> int:
    """Take the person's name and addresses off the partner's applications; what the company answered stays."""
    mine = Application.objects.filter(partner=partner_id).exclude(email=NOBODY)
    return mine.update(contact_name="–", email=NOBODY, network_address=None, updated_at=at)


EXPORT = ExportPart(
    code="applications",
    label=_("Applications"),
    about=_("What was answered when the company applied."),
    columns=("application", "program", "sent", "question", "answer"),
    rows=rows,
)
ERASURE = Erasure(code="applications", label=_("The person behind the application"), erase=erase)
