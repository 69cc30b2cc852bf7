"""What a partner takes along from here when it leaves, and what is forgotten of its people."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from openprm.kernel.actor import Actor
from openprm.kernel.clock import now
from openprm.onboarding import queries, services
from openprm.partners.ports import Erasure, ExportFile, ExportPart

TASK = ("plan", "level", "title", "side", "state", "due_at", "done_at", "done_by_name", "answer", "reason")
QUESTION = ("question", "asked_by", "asked_at", "answer", "answered_by", "answered_at")


def _tasks(actor: Actor) -> Iterator[Mapping[str, Any]]:
    for plan in queries.plans_of_partner(actor, now()):
        for level in plan.levels:
            for task in level.tasks:
                yield {"plan": plan.name, "level": level.name, **{name: getattr(task, name) for name in TASK[2:]}}


def _files(actor: Actor) -> Iterator[ExportFile]:
    for evidence_id, name in queries.evidence_names(actor):
        yield ExportFile(name, lambda found=evidence_id: queries.open_evidence(actor, found).file)


def _questions(actor: Actor) -> Iterator[Mapping[str, Any]]:
    for row in queries.newest_questions(actor).order_by("asked_at", "pk"):
        view = queries.help_view(row)
        yield {name: getattr(view, name) for name in QUESTION}


def _erase(*, partner_id: UUID, people: Iterable[UUID], at: datetime) -> int:
    return services.forget_people(partner_id=partner_id, people=people)


EXPORT_PARTS = (
    ExportPart(
        code="onboarding-tasks",
        label=_("Onboarding"),
        about=_("Your plans with the tasks of both sides, and the files you added."),
        columns=TASK,
        rows=_tasks,
        files=_files,
    ),
    ExportPart(
        code="onboarding-questions",
        label=_("Questions on your first deal"),
        about=_("What you asked and what was answered."),
        columns=QUESTION,
        rows=_questions,
    ),
)
ERASURES = (Erasure(code="onboarding", label=_("Names in onboarding plans"), erase=_erase),)
