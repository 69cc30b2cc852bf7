"""What the news about a prospect needs to know. Runs in the system's scope."""

from datetime import date
from uuid import UUID

from openprm.recruitment.models import Prospect
from openprm.recruitment.rules.stages import OPEN


def prospect_told(prospect_id: UUID) -> tuple[UUID, str, UUID | None] | None:
    """(company, its name, owner) of a prospect."""
    return Prospect.objects.filter(pk=prospect_id).values_list("company_id", "company__name", "owner_id").first()


def steps_due(today: date) -> list[tuple[UUID, str, UUID, str]]:
    """(company, name, owner, step) of what is due today."""
    rows = Prospect.objects.filter(stage__in=OPEN, next_step_date=today).exclude(owner=None).order_by("owner", "company__name")
    return list(rows.values_list("company_id", "company__name", "owner_id", "next_step")[:1000])
