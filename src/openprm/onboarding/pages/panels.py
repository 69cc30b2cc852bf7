"""What onboarding shows on the homes and on partner pages."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openprm.kernel.actor import Actor
from openprm.onboarding import queries
from openprm.ui.home import Kpi


def portal_home(actor: Actor, at: datetime) -> dict[str, Any] | None:
    """The running plan with what comes next; gone when it is complete."""
    plan = next((plan for plan in queries.plans_of_partner(actor, at) if plan.state == "running"), None)
    return {"plan": plan} if plan else None


def portal_first_deal(actor: Actor, at: datetime) -> dict[str, Any] | None:
    found = queries.first_deal_panel(actor, at)
    return {"first_deal": found} if found else None


def vendor_kpis(actor: Actor, at: datetime) -> dict[str, Any]:
    stuck = queries.stuck_count(actor)
    return {
        "kpis": [
            Kpi(
                label=_("Onboarding stuck"),
                value=str(stuck),
                tone="bad" if stuck else "",
                detail=_("partners stand still") if stuck else _("everybody moves"),
                about=_("Running plans with a required task three days overdue, or without any progress for two weeks."),
                url=reverse("onboarding:plans") + "?standing=stuck",
            )
        ]
    }


def vendor_stuck(actor: Actor, at: datetime) -> dict[str, Any] | None:
    rows = queries.stuck_plans(actor, at, limit=4)
    summary = ngettext("%(count)d partner stands still.", "%(count)d partners stand still.", len(rows)) % {"count": len(rows)} if rows else ""
    return {"rows": rows, "summary": summary} if rows else None


def partner_page(actor: Actor, partner_id: UUID, at: datetime) -> dict[str, Any] | None:
    """On the vendor's page of a partner: its plans, the first-deal flag, a way to start."""
    rows = [queries.plan_row(row, at) for row in queries.newest_plans(actor, filters={"partner": partner_id}, at=at).order_by("-started_at")[:3]]
    return {
        "rows": rows,
        "support": queries.first_deal_support(partner_id, at),
        "may_manage": queries.may_manage(actor),
        "partner_id": partner_id,
    }
