"""What promises put on the homes and on a partner's page."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.promises import queries
from openprm.ui import format as fmt
from openprm.ui.format import Viewer
from openprm.ui.home import Kpi

ON_A_PANEL = 4


def vendor_kpi(actor: Actor, at: datetime) -> dict[str, Any] | None:
    records = [record for record in queries.overall(actor, at=at) if record.owed_by == "vendor"]
    kept, total = sum(record.kept for record in records), sum(record.total for record in records)
    if not total:
        return None
    overdue, at_risk = sum(record.overdue for record in records), sum(record.at_risk for record in records)
    return {
        "kpis": [
            Kpi(
                label=_("Promises kept"),
                value=fmt.percent(kept / total, Viewer(at=at, locale=actor.locale, time_zone=actor.time_zone)),
                delta=_("%(count)d overdue") % {"count": overdue} if overdue else "",
                tone="bad" if overdue else "",
                detail=_("%(count)d at risk now") % {"count": at_risk} if at_risk else _("%(kept)d of %(total)d") % {"kept": kept, "total": total},
                about=_("What you promised partners in the last 26 weeks and answered in time. Late and unanswered ones count as missed."),
                url=reverse("promises:record"),
            )
        ]
    }


def vendor_card(actor: Actor, at: datetime) -> dict[str, Any] | None:
    records = [record for record in queries.overall(actor, at=at) if record.owed_by == "vendor" and (record.total or record.open)]
    if not records:
        return None
    return {"records": records[:ON_A_PANEL], "at_risk": sum(record.at_risk for record in records), "overdue": sum(record.overdue for record in records)}


def portal_card(actor: Actor, at: datetime) -> dict[str, Any] | None:
    records = [record for record in queries.record(actor, at=at) if record.owed_by == "vendor"]
    return {"records": records[:ON_A_PANEL]} if records else None


def partner_panel(actor: Actor, partner_id: UUID, at: datetime) -> dict[str, Any] | None:
    """How we keep our promises to one partner, for the page of that partner."""
    records = [record for record in queries.record(actor, partner_id=partner_id, at=at) if record.total or record.open]
    return {"records": records, "partner_id": partner_id} if records else None
