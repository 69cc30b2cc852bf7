"""What happens to the engagements of a partner that leaves, what it takes along, and whose names are forgotten."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.cosell import queries, services
from openprm.kernel.actor import Actor
from openprm.kernel.clock import now
from openprm.offboarding.ports import Outcome, Plan, Step
from openprm.partners.ports import Erasure, ExportFile, ExportPart

ENGAGEMENTS = ("number", "title", "customer_name", "customer_country", "state", "stage", "expected_close_date", "amount_minor", "currency", "members", "role")
NOTES = ("number", "at", "company", "author", "audience", "body")
STEPS = ("number", "at", "company", "author", "text")


def _run(actor: Actor, partner_id: UUID, plan: Plan, at: datetime) -> Outcome:
    done = services.step_out_everywhere(actor=actor, partner_id=partner_id, at=at)
    note = _("Left %(count)d joint deals and invitations. What the partner had opened goes on with the vendor or the member that joined first, or ended.")
    return Outcome(note=note % {"count": done}, skipped=not done)


STEP = Step(
    code="cosell",
    label=gettext_lazy("Joint deals"),
    about=gettext_lazy("The partner leaves every open engagement; its open invitations end. What it wrote stays with those who could read it."),
    order=25,
    run=_run,
    count=services.open_of,
)


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
    "offboarding.steps": (STEP,),
    "offboarding.export": (
        ExportPart(code="engagements", label=gettext_lazy("Joint deals"), columns=ENGAGEMENTS, rows=_engagements, files=_files),
        ExportPart(code="engagement_notes", label=gettext_lazy("Notes in joint deals"), columns=NOTES, rows=_notes),
        ExportPart(code="engagement_steps", label=gettext_lazy("Next steps in joint deals"), columns=STEPS, rows=_steps),
    ),
    "offboarding.erasure": (Erasure(code="cosell.authors", label=gettext_lazy("Names of authors in joint deals"), erase=services.forget_people),),
}
