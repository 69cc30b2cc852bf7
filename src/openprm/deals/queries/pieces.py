"""Small parts that several answers share."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from openprm.deals.models import Line, Registration
from openprm.deals.queries.processes import stage_name
from openprm.deals.queries.results import Person, Promise
from openprm.deals.rules.conflict import Verdict
from openprm.deals.rules.lifecycle import WAITS_FOR_VENDOR, Status
from openprm.deals.rules.window import days_left
from openprm.deals.wording import VERDICT, status_label, status_tone
from openprm.kernel.money import Money

ROW_COLUMNS = (
    *("id", "number", "title", "customer_name", "customer_country", "status", "stage", "amount_minor", "currency", "base_amount_minor"),
    *("base_currency", "expected_close_date", "submitter_id", "created_at", "submitted_at", "decided_at", "answer_due_at", "protected_until"),
    *("version", "partner_id", "account_id", "verdict", "booked_at", "next_step", "deal_type", "program_id"),
    *("stalled_alert_at", "stage_changed_at", "stall_snoozed_until"),
)


def amount_of(row: Registration) -> Money:
    return Money(row.amount_minor, row.currency)


def base_amount_of(row: Registration) -> Money:
    return Money(row.base_amount_minor, row.base_currency or row.currency)


def status_words(row: Registration) -> dict[str, Any]:
    return {
        "status": row.status,
        "status_label": str(status_label(row.status)),
        "status_tone": status_tone(row.status),
        "stage": row.stage,
        "stage_label": stage_name(row.stage, row.program_id),
    }


def verdict_words(row: Registration) -> dict[str, Any]:
    label, tone = VERDICT[Verdict(row.verdict)]
    return {"verdict": row.verdict, "verdict_label": str(label), "verdict_tone": tone}


def line_names(registration_ids: Iterable[UUID], *, products: bool = False) -> dict[UUID, str]:
    """What each deal is about: its product lines, or its products; one query."""
    name = "product__name" if products else "product_line__name"
    found: dict[UUID, dict[str, None]] = defaultdict(dict)
    for registration_id, text in Line.objects.filter(registration_id__in=list(registration_ids)).order_by("position").values_list("registration_id", name):
        found[registration_id][text] = None
    return {registration_id: ", ".join(names) for registration_id, names in found.items()}


def is_overdue(row: Registration, at: datetime) -> bool:
    return row.status in WAITS_FOR_VENDOR and row.answer_due_at is not None and row.answer_due_at < at


def is_stalled(row: Registration) -> bool:
    """Whether the deal stands still and nobody has moved it since both sides were told."""
    told, moved = row.stalled_alert_at, row.stage_changed_at
    return row.status == Status.APPROVED and told is not None and (moved is None or told >= moved)


def left_of(row: Registration, at: datetime) -> int | None:
    return max(0, days_left(row.protected_until, at)) if row.protected_until and row.status == Status.APPROVED else None


def promise_of(clock: Any) -> Promise | None:
    if clock is None:
        return None
    return Promise(
        state=str(clock.state),
        due_at=clock.due_at,
        answered_at=clock.answered_at,
        percent_left=round(100 * (clock.fraction_left or 0)),
        overdue=bool(clock.overdue),
    )


def person_of(user: Any) -> Person | None:
    return Person(id=user.pk, name=user.name, email=user.email) if user else None
