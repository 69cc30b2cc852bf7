"""Reminding partners of what they have not signed: by the calendar, or because somebody asks for it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.agreements import policies
from openprm.agreements.events import AgreementReminded
from openprm.agreements.models import Acceptance
from openprm.agreements.rules import calendar, states
from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, refuse_if
from openprm.kernel.events import publish

BY_HAND_EVERY = timedelta(hours=24)
AT_ONCE = 500


class JustReminded(Conflict):
    """The partner was reminded less than a day ago."""


class NothingToSign(Conflict):
    """This is signed, or no longer asked."""


@transaction.atomic
def remind_due(*, at: datetime) -> list[UUID]:
    """Mark what is owed a reminder today as reminded; gives the acceptances, for the news. In the system's scope."""
    soon = at + max(calendar.REMIND_BEFORE)
    rows = Acceptance.objects.filter(status=Acceptance.Status.SENT, due_at__lte=soon).select_related(None).locked()
    owed = [
        row
        for row in rows[: AT_ONCE * 10]
        if calendar.should_remind(asked_at=row.asked_at, due_at=row.due_at, reminded_at=row.reminded_at, at=at)
    ][:AT_ONCE]  # fmt: skip
    ids = [row.pk for row in owed]
    Acceptance.objects.filter(pk__in=ids).update(reminded_at=at)
    return ids


@transaction.atomic
def remind(*, actor: Actor, acceptance_id: UUID, at: datetime) -> None:
    """Remind one partner now. Raises NotFound, NotAllowed, NothingToSign, JustReminded."""
    row = policies.reach_acceptances(actor).locked().one(acceptance_id)
    refuse_if(policies.why_not_remind(actor))
    if row.status not in states.OPEN:
        raise NothingToSign(_("Nothing waits here: it is signed, or no longer asked."))
    if row.reminded_at and at - row.reminded_at < BY_HAND_EVERY:
        raise JustReminded(_("%(partner)s was reminded in the last 24 hours. Try again tomorrow.") % {"partner": row.partner.organization.name})
    row.reminded_at = at
    row.save(update_fields=["reminded_at", "updated_at"])
    audit.record(actor, "agreement.reminded", row, after={}, refs=(row.partner_id,), visible_to=(row.partner_id,), at=at)
    publish(AgreementReminded(acceptance_id=row.pk, partner_id=row.partner_id, at=at))


def remind_many(*, actor: Actor, acceptance_ids: Iterable[UUID], at: datetime) -> list[UUID]:
    """Remind several; those that are signed or were reminded today are left out. Gives whom it reminded. Raises NotAllowed."""
    refuse_if(policies.why_not_remind(actor))
    reminded = []
    for acceptance_id in list(acceptance_ids)[:AT_ONCE]:
        try:
            remind(actor=actor, acceptance_id=acceptance_id, at=at)
        except (JustReminded, NothingToSign):
            continue
        reminded.append(acceptance_id)
    return reminded
