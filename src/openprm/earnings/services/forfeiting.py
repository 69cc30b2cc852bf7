"""Forfeiture is never silent (G13): every published warning is sent with its cure, then one entry in the books."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.earnings.events import EarningsForfeited, ForfeitureWarned
from openprm.earnings.models import Earning, ForfeitureWarning
from openprm.earnings.rules.states import State
from openprm.earnings.services.review import warnings_of
from openprm.earnings.services.unit import book, record_lines, save
from openprm.kernel.actor import SYSTEM
from openprm.kernel.events import publish
from openprm.partners import queries as partners

AT_ONCE = 500


def cure_of(partner_id: UUID, at: datetime) -> str:
    """What the partner does so that the money is paid: what closes payouts to it, or the check of its papers."""
    return partners.why_closed(partner_id, "payouts", at) or _(
        "Check your bank account and your tax form on the page “Payouts”, and ask us when both are in order."
    )


def warn_due(*, at: datetime, most: int = AT_ONCE) -> int:
    """Send the warnings whose day has come; gives how many lines were warned of. Safe to repeat."""
    rows = Earning.objects.filter(state=State.APPROVED, forfeits_on__isnull=False, forfeits_on__lte=at.date() + timedelta(days=366)).locked()[:most]
    groups: dict[tuple[UUID, int, date], list[Earning]] = {}
    for row, days in _due(rows, at):
        groups.setdefault((row.partner_id, days, row.forfeits_on), []).append(row)
    for (partner_id, days, forfeits_on), found in groups.items():
        _warn(partner_id, days, forfeits_on, found, at)
    return sum(len(found) for found in groups.values())


def _due(rows: Iterable[Earning], at: datetime) -> list[tuple[Earning, int]]:
    rows = list(rows)
    sent: dict[UUID, set[int]] = {}
    for earning_id, days in ForfeitureWarning.objects.filter(earning__in=rows).values_list("earning_id", "days_before"):
        sent.setdefault(earning_id, set()).add(days)
    found = []
    for row in rows:
        ahead = next((days for days in warnings_of(row, row.approved_at)[1] if days not in sent.get(row.pk, ())), None)
        if ahead is not None and at.date() >= row.forfeits_on - timedelta(days=ahead):
            found.append((row, ahead))
    return found


def _warn(partner_id: UUID, days: int, forfeits_on: date, rows: list[Earning], at: datetime) -> None:
    """A warning that comes late moves the day: the partner always has the published days."""
    cure, day = cure_of(partner_id, at), max(forfeits_on, at.date() + timedelta(days=days))
    ForfeitureWarning.objects.bulk_create(
        ForfeitureWarning(earning=row, partner_id=partner_id, days_before=days, forfeits_on=day, cure=cure[:600], sent_at=at) for row in rows
    )
    before = [(row, row.snapshot()) for row in rows]
    for row in rows:
        row.forfeits_on = day
        save(row, "forfeits_on")
    record_lines(SYSTEM, "earning.forfeiture_warned", before, at, note=cure[:500])
    publish(ForfeitureWarned(partner_id=partner_id, earning_ids=tuple(row.pk for row in rows), days=days, forfeits_on=day.isoformat(), cure=cure, at=at))


def forfeit_due(*, at: datetime, most: int = AT_ONCE) -> int:
    """Forfeit what is over its day, all published warnings of which were sent; gives how many lines. Safe to repeat."""
    rows = list(Earning.objects.filter(state=State.APPROVED, forfeits_on__lte=at.date()).locked()[:most])
    sent: dict[UUID, set[int]] = {}
    for earning_id, days in ForfeitureWarning.objects.filter(earning__in=rows).values_list("earning_id", "days_before"):
        sent.setdefault(earning_id, set()).add(days)
    warned = [row for row in rows if set(warnings_of(row, row.approved_at)[1]) <= sent.get(row.pk, set())]
    before = [(row, row.snapshot()) for row in warned]
    for row in warned:
        row.state, row.reason = State.FORFEITED, _("Forfeited on %(day)s after every published warning.") % {"day": at.date().isoformat()}
        save(row, "state", "reason")
    book(SYSTEM, "earnings.forfeited", warned, at.date(), at)
    record_lines(SYSTEM, "earning.forfeited", before, at)
    for partner_id in sorted({row.partner_id for row in warned}):
        found = tuple(row.pk for row in warned if row.partner_id == partner_id)
        publish(EarningsForfeited(partner_id=partner_id, earning_ids=found, cure=cure_of(partner_id, at), at=at))
    return len(warned)
