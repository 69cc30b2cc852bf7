"""Plans and their steps as a file."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy

from openprm.actionplans import queries
from openprm.kernel.actor import Actor
from openprm.kernel.transfer import ExportColumn


class StepExporter:
    """Every step of the plans that match; private ones of the own side included, those of the other side never."""

    entity = "action_plan_steps"
    label = gettext_lazy("Steps of action plans")
    permission = "actionplans.view"
    columns = tuple(
        ExportColumn(name, name)
        for name in (
            *("openprm_id", "plan", "deal", "customer", "partner", "step", "side", "owner", "customer_contact", "visibility", "due_date", "state"),
            *("days_late", "reason", "evidence_note", "done_at", "done_by", "waits_for"),
        )
    )

    def rows(self, *, actor: Actor, filters: Mapping[str, Any], at: datetime) -> Iterator[Sequence[Any]]:
        wanted = {name: value for name, value in filters.items() if name != "q"}
        for row in queries.export_plans(actor, at, search=str(filters.get("q", "")), filters=wanted):
            for step in queries.plan(actor, row.id, at).steps:
                yield (
                    *(step.id, row.title, row.number, row.customer, row.partner, step.title, step.side, step.owner, step.customer_contact, step.visibility),
                    *(step.due_date, step.state, step.days_late, step.reason, step.evidence_note, step.done_at, step.done_by, "; ".join(step.waits_for_titles)),
                )


EXPORTERS = (StepExporter(),)
