"""Closing a month: after the months before it, with a second look at what is not in it, and for good."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if
from openprm.kernel.events import publish
from openprm.ledger import policies
from openprm.ledger.events import BooksClosed
from openprm.ledger.models import Period
from openprm.ledger.queries.results import Closing
from openprm.ledger.queries.second_look import closing, seal_of
from openprm.ledger.rules.periods import month_of, next_month
from openprm.ledger.services.refusals import LookAgain


@transaction.atomic
def close_period(*, actor: Actor, month: date, seen: str, note: str = "", at: datetime) -> date:
    """Close a month of the books; gives the month. Nothing opens it again: corrections go into the next open one.

    `seen` is what `queries.closing` showed: a month does not close over something that nobody looked at. What stays out of it needs
    a note. Raises NotFound, NotAllowed, Conflict (it is not over, an earlier one is open, it is closed), LookAgain, Invalid.
    """
    row = Period.objects.filter(month=month).locked().first() or _no_month(actor, month, at)
    refuse_if(policies.why_not_close(actor))
    found = closing(actor, month, at)
    _decide(row, found, seen, note, at)
    before = row.snapshot()
    row.state, row.closed_at, row.closed_by_id, row.closed_by_name = Period.State.CLOSED, at, actor.user_id, actor.name[:200]
    row.note, row.unposted_count, row.entry_count = note.strip(), found.count, found.entry_count
    row.totals = {total.currency: [total.debit.minor, total.credit.minor] for total in found.totals}
    row.sha256 = seal_of(month)
    row.save()
    audit.record(actor, "ledger.closed", row, before=before, note=row.note[:300], at=at)
    publish(BooksClosed(month=month, entry_count=found.entry_count))
    return month


def _no_month(actor: Actor, month: date, at: datetime) -> Period:
    closing(actor, month, at)  # raises NotFound
    raise Conflict(_("Nothing is booked in this month."))


def _decide(row: Period, found: Closing, seen: str, note: str, at: datetime) -> None:
    if row.state == Period.State.CLOSED:
        raise Conflict(_("The books of %(month)s are closed already.") % {"month": f"{row.month:%Y-%m}"})
    if next_month(row.month) > month_of(at.date()):
        raise Conflict(_("This month is not over. Close it on %(day)s or later.") % {"day": next_month(row.month).isoformat()})
    if found.earlier_open:
        raise Conflict(_("Months close in their order. Close %(month)s first.") % {"month": f"{found.earlier_open:%Y-%m}"})
    if seen != found.seen:
        raise LookAgain(_("Something changed since you looked at this month. Look at it again, then close it."))
    if found.count and not note.strip():
        raise Invalid(_("Say why the month closes without what is not posted yet."), field="note")
    if len(note) > 1000:
        raise Invalid(_("A note has at most 1,000 characters."), field="note")
