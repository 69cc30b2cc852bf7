"""What this domain shows on the page of a customer and of a deal."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from openprm.activities import ports, queries
from openprm.activities.pages.forms import LogForm
from openprm.kernel.actor import Actor

SHOWN = 8


def _on(actor: Actor, at: datetime, rows: tuple[Any, ...], **place: Any) -> dict[str, Any]:
    prefix = "activities:" if actor.is_vendor else "activities:portal_"
    may_log = queries.may_record(actor)
    return {
        "rows": rows[:SHOWN],
        "count": len(rows),
        "detail_url": f"{prefix}activity",
        "log_url": reverse(f"{prefix}log"),
        "all_url": reverse(f"{prefix}activities"),
        "log_form": LogForm(at=at, time_zone=actor.time_zone, auto_id="id_log_%s") if may_log else None,
        "is_vendor": actor.is_vendor,
        **place,
    }


def on_account(actor: Actor, account_id: UUID, at: datetime) -> dict[str, Any]:
    return _on(actor, at, queries.of_account(actor, account_id), account=account_id)


def on_registration(actor: Actor, registration_id: UUID, at: datetime) -> dict[str, Any] | None:
    """What was logged on a deal; nothing while its customer is not settled."""
    subject = ports.subject_of(actor, registration_id, at)
    if subject is None or subject.account_id is None:
        return None
    return _on(actor, at, queries.of(actor, registration_id), about=registration_id)
