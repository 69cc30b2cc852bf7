"""The two home panels: what needs the vendor's decision, what waits for the partner."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openprm.inbox import queries
from openprm.kernel.actor import Actor

ROWS = 6


def needs_decision(actor: Actor, at: datetime) -> dict[str, Any]:
    waiting = queries.waiting(actor, at)
    return {"waiting": waiting[:ROWS], "total": len(waiting), "summary": _summary(waiting, at)}


def waiting_for_you(actor: Actor, at: datetime) -> dict[str, Any]:
    waiting = queries.waiting(actor, at)
    return {"waiting": waiting[:ROWS], "total": len(waiting), "summary": ""}


def decisions_in_nav(actor: Actor) -> int | None:
    from openprm.kernel.clock import now

    return queries.decision_count(actor, now()) or None


def _summary(waiting: list[queries.Waiting], at: datetime) -> str:
    pressing = sum(1 for one in waiting if one.due_tone in ("bad", "warn"))
    if not waiting:
        return _("Nothing waits for you.")
    if not pressing:
        return ngettext("%(count)s decision waits for you.", "%(count)s decisions wait for you.", len(waiting)) % {"count": len(waiting)}
    return ngettext("%(count)s promise needs you today.", "%(count)s promises need you today.", pressing) % {"count": pressing}
