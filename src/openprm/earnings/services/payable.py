"""What payouts pay out of earnings: approved lines, what was taken back among them. Called by the runs, in the system's scope."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.earnings.events import EarningsPaid
from openprm.earnings.models import Earning
from openprm.earnings.rules.states import State
from openprm.earnings.services.unit import record_lines
from openprm.kernel.actor import SYSTEM
from openprm.kernel.errors import Conflict
from openprm.kernel.events import publish


def take(*, line_ids: Sequence[UUID], run_id: UUID, at: datetime) -> None:
    """These lines are in a run now. Raises Conflict when one is not owed (any more). Safe to repeat."""
    rows = _locked(line_ids)
    wrong = [row.number for row in rows if not (row.state == State.APPROVED or (row.state == State.IN_PAYOUT and row.payout_run_id == run_id))]
    if wrong or len(rows) != len(set(line_ids)):
        raise Conflict(_("These lines are not owed any more: %(numbers)s. Take them out of the run.") % {"numbers": ", ".join(wrong) or _("some are gone")})
    _move([row for row in rows if row.state == State.APPROVED], State.IN_PAYOUT, "earning.in_payout", at, payout_run_id=run_id, payout_note="")


def give_back(*, line_ids: Sequence[UUID], reason: str, at: datetime) -> None:
    """A payout was canceled, failed or bounced: the lines are owed again. Safe to repeat."""
    rows = [row for row in _locked(line_ids) if row.state in (State.IN_PAYOUT, State.PAID)]
    _move(rows, State.APPROVED, "earning.owed_again", at, note=reason, payout_run_id=None, payout_note=reason[:500], paid_at=None)


def settle(*, line_ids: Sequence[UUID], at: datetime) -> None:
    """The money has arrived. Safe to repeat."""
    rows = [row for row in _locked(line_ids) if row.state == State.IN_PAYOUT]
    _move(rows, State.PAID, "earning.paid", at, paid_at=at, forfeits_on=None)
    for partner_id in sorted({row.partner_id for row in rows}):
        publish(EarningsPaid(partner_id=partner_id, earning_ids=tuple(row.pk for row in rows if row.partner_id == partner_id), at=at))


def _locked(line_ids: Iterable[UUID]) -> list[Earning]:
    return list(Earning.objects.filter(pk__in=list(line_ids)).locked())


def _move(rows: Sequence[Earning], state: State, verb: str, at: datetime, *, note: str = "", **columns: object) -> None:
    before = [(row, row.snapshot()) for row in rows]
    for row in rows:
        row.state, row.version = state, row.version + 1
        for name, value in columns.items():
            setattr(row, name, value)
    Earning.objects.bulk_update(rows, ["state", "version", *columns], batch_size=500)
    record_lines(SYSTEM, verb, before, at, note=note)
