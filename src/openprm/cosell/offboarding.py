"""What a partner that leaves takes along of its engagements, and whose names are forgotten. Stepping out of them needs no decision: it
happens by itself when the partner's status changes (jobs.on_partner_status)."""

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO
from uuid import UUID

from django.utils.translation import gettext_lazy

from openprm.cosell import queries, services
from openprm.kernel.actor import Actor
from openprm.kernel.clock import now
from openprm.partners.ports import Erasure, ExportFile, ExportPart

ENGAGEMENTS = ("number", "title", "customer_name", "customer_country", "state", "stage", "expected_close_date", "amount_minor", "currency", "members", "role")
NOTES = ("number", "at", "company", "author", "audience", "body")
STEPS = ("number", "at", "company", "author", "text")


def _rows(actor: Actor) -> Iterator[queries.EngagementRow]:
    return queries.export_engagements(actor, queries.Filters(), now())


def _engagements(actor: Actor) -> Iterator[Mapping[str, Any]]:
    for row in _rows(actor):
        money = row.amount
        values = (row.number, row.title, row.customer_name, row.customer_country, row.state, row.stage, row.expected_close_date)
        more = (money.minor if money else None, money.currency if money else "", ", ".join(row.members), row.role_label)
        yield dict(zip(ENGAGEMENTS, (*values, *more), strict=True))


def _notes(actor: Actor) -> Iterator[Mapping[str, Any]]:
    for row in _rows(actor):
        for note in queries.room(actor, row.id, now()).notes:
            yield dict(zip(NOTES, (row.number, note.at, note.party, note.author, note.audience, note.body), strict=True))


def _steps(actor: Actor) -> Iterator[Mapping[str, Any]]:
    for row in _rows(actor):
        for step in queries.room(actor, row.id, now()).next_steps:
            yield dict(zip(STEPS, (row.number, step.at, step.party, step.author, step.text), strict=True))


def _files(actor: Actor) -> Iterator[ExportFile]:
    for row in _rows(actor):
        for file in queries.room(actor, row.id, now()).documents:
            yield ExportFile(name=f"{row.number}-{str(file.id)[-6:]}-{file.name}", open=_opener(actor, file.id))


def _opener(actor: Actor, document_id: UUID) -> Any:
    def opened() -> BinaryIO:
        return queries.open_document(actor, document_id).file

    return opened


PORTS = {
    "offboarding.export": (
        ExportPart(code="engagements", label=gettext_lazy("Joint deals"), columns=ENGAGEMENTS, rows=_engagements, files=_files),
        ExportPart(code="engagement_notes", label=gettext_lazy("Notes in joint deals"), columns=NOTES, rows=_notes),
        ExportPart(code="engagement_steps", label=gettext_lazy("Next steps in joint deals"), columns=STEPS, rows=_steps),
    ),
    "offboarding.erasure": (Erasure(code="cosell.authors", label=gettext_lazy("Names of authors in joint deals"), erase=services.forget_people),),
}
