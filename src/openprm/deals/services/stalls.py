"""Deals that stand still (D14): found by the published days, told to both sides once, kept quiet with a reason."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from openprm.deals import policies
from openprm.deals.events import DealStalled
from openprm.deals.models import Registration
from openprm.deals.rules.lifecycle import Status
from openprm.deals.services.results import Saved
from openprm.deals.services.review import required_reason
from openprm.deals.services.unit import announce, as_system, load, record, save, saved
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Invalid, refuse_if
from openprm.rulebook import services as rulebook

AT_ONCE = 500


def patience(program_id: UUID | None, stage: str, deal_type: str, at: datetime) -> tuple[int | None, int]:
    """(days until such a deal stands still, None for never; the longest quiet that can be asked for)."""
    inputs = {"stage": stage, "deal_type": str(deal_type)}
    outcome = rulebook.evaluate(kind="deals.stalled", program_id=program_id, inputs=inputs, at=at).outcome or {}
    days = outcome.get("days")
    return (None if days is None else int(days)), int(outcome.get("snooze_days") or 0)


def alert_stalled(*, at: datetime) -> int:
    """Tell both sides of each approved deal that nobody moved or worked on for the published days, once per standstill; gives how many.

    Safe to run twice and side by side: each registration is locked before it is looked at again.
    """
    return sum(_alert(row, at) for row in Registration.objects.filter(_quiet(at), pk__in=_due(at), status=Status.APPROVED).locked())


def _quiet(at: datetime) -> Q:
    """Not told since the last move, and nobody asked for quiet."""
    untold = Q(stalled_alert_at__isnull=True) | Q(stalled_alert_at__lt=F("stage_changed_at"))
    return untold & (Q(stall_snoozed_until__isnull=True) | Q(stall_snoozed_until__lte=at))


def _due(at: datetime) -> list[UUID]:
    """The longest standing first. The rule is asked once for each program, stage and kind of deal that occurs."""
    rows = Registration.objects.filter(_quiet(at), status=Status.APPROVED, stage_changed_at__isnull=False)
    found: list[UUID] = []
    for program_id, stage, deal_type in rows.order_by().values_list("program_id", "stage", "deal_type").distinct():
        days, _longest = patience(program_id, stage, deal_type, at)
        if days is None or len(found) >= AT_ONCE:
            continue
        same = rows.filter(program_id=program_id, stage=stage, deal_type=deal_type).annotate(moved_at=Greatest("stage_changed_at", "active_at"))
        still = same.filter(moved_at__lte=at - timedelta(days=days)).order_by("moved_at", "id")
        found += still.values_list("pk", flat=True)[: AT_ONCE - len(found)]
    return found


def _alert(row: Registration, at: datetime) -> bool:
    row.stalled_alert_at = at
    save(row, "stalled_alert_at")
    days = (at - max(filter(None, (row.stage_changed_at, row.active_at)))).days
    record(SYSTEM, "deal.stalled", row, after={}, at=at, data={"days": days})
    announce(DealStalled, row, SYSTEM, at, days=days)
    return True


def moved(**more: Any) -> dict[str, Any]:
    """The columns of a deal that does not stand still any more."""
    return {"stalled_alert_at": None, "stall_snoozed_until": None, "stall_snooze_reason": "", **more}


def touch(registration_id: UUID, at: datetime) -> None:
    """Somebody worked on a deal at `at`: it does not stand still. Work that lies before what is known changes nothing."""
    older = Q(active_at__isnull=True, stage_changed_at__lt=at) | Q(active_at__lt=at)
    Registration.objects.filter(older, pk=registration_id, status=Status.APPROVED).update(active_at=at, stalled_alert_at=None)


def note_activity(*, about: UUID | None, account_id: UUID, partner_id: UUID | None, occurred_at: datetime) -> None:
    """Logged work moves the deal it names; work that names none moves the partner's running deals with the customer."""
    rows = Registration.objects.filter(account_id=account_id, status=Status.APPROVED)
    rows = rows.filter(pk=about) if about else rows.filter(partner_id=partner_id) if partner_id else rows.none()
    for registration_id in rows.order_by("pk").values_list("pk", flat=True):
        touch(registration_id, occurred_at)


def snooze_stall(*, actor: Actor, registration_id: UUID, until: date, reason: str, version: int | None = None, at: datetime) -> Saved:
    """No alert before that day, with the reason that both sides read. Raises NotFound, NotAllowed, Stale, Invalid."""
    registration = load(actor, registration_id, version=version)
    refuse_if(policies.why_not_advance(actor, registration))
    reason = required_reason(reason)
    _days, longest = patience(registration.program_id, registration.stage, registration.deal_type, at)
    last = at.date() + timedelta(days=longest)
    if not at.date() < until <= last:
        raise Invalid(_("Choose a day after today, %(last)s at the latest: the rules keep a deal quiet no longer.") % {"last": last.isoformat()}, field="until")
    with as_system(actor):
        registration.stalled_alert_at, registration.stall_snooze_reason = None, reason
        registration.stall_snoozed_until = at.replace(year=until.year, month=until.month, day=until.day, hour=0, minute=0, second=0, microsecond=0)
        save(registration, "stalled_alert_at", "stall_snoozed_until", "stall_snooze_reason")
        record(actor, "deal.stall_snoozed", registration, after={}, at=at, note=reason, data={"until": until.isoformat()})
    return saved(registration)
