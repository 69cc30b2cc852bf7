"""What a partner takes along from here when it leaves, and what is forgotten of its people."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from openprm.actionplans import queries, services
from openprm.kernel.actor import Actor
from openprm.kernel.clock import now
from openprm.partners.ports import Erasure, ExportFile, ExportPart

PLAN = ("plan", "deal", "customer", "close_date", "plan_state")
STEP = ("title", "side", "owner", "customer_contact", "visibility", "due_date", "state", "reason", "evidence_note", "done_at", "done_by")


def _steps(actor: Actor) -> Iterator[Mapping[str, Any]]:
    at = now()
    for row in queries.export_plans(actor, at):
        head = dict(zip(PLAN, (row.title, row.number, row.customer, row.close_date, row.state), strict=True))
        for step in queries.plan(actor, row.id, at).steps:
            yield {**head, **{name: getattr(step, name) for name in STEP}}


def _files(actor: Actor) -> Iterator[ExportFile]:
    for evidence_id, name in queries.evidence_names(actor):
        yield ExportFile(name, lambda found=evidence_id: queries.open_evidence(actor, found).file)


def _erase(*, partner_id: UUID, people: Iterable[UUID], at: datetime) -> int:
    return services.forget_people(partner_id=partner_id, people=people)


EXPORT_PARTS = (
    ExportPart(
        code="action-plans",
        label=_("Action plans"),
        about=_("The mutual plans of your deals with all steps you could see, and the files on them."),
        columns=(*PLAN, *STEP),
        rows=_steps,
        files=_files,
    ),
)
ERASURES = (Erasure(code="actionplans", label=_("Names in action plans"), erase=_erase),)
