"""Taking money back (G6): a negative line with its reason, carried forward until the balance is positive again. Paid money is never edited."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from openprm.earnings import policies
from openprm.earnings.events import EarningClawedBack
from openprm.earnings.models import Earning
from openprm.earnings.rules.states import OPEN, Kind, State
from openprm.earnings.services.review import Ground, set_approved, strike
from openprm.earnings.services.unit import book, load, record_lines, required
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Invalid, refuse_if
from openprm.kernel.events import publish
from openprm.kernel.ids import new_id

GONE = (State.DECLINED, State.CLAWED_BACK)


@transaction.atomic
def claw_back(*, actor: Actor, earning_id: UUID, reason: str, amount_minor: int | None = None, version: int | None = None, at: datetime) -> UUID | None:
    """Take a line back, in part when an amount is given. Before its approval the line itself is struck (None is given); afterwards a negative line
    stands beside it and its id is given. Raises NotFound, NotAllowed, Stale, Invalid.
    """
    row = load(actor, earning_id, version=version)
    refuse_if(policies.why_not_claw_back(actor, row))
    return take_back(actor, row, required(reason), amount_minor, at)


def take_back(actor: Actor, row: Earning, reason: str, amount_minor: int | None, at: datetime) -> UUID | None:
    """The same without asking who may. Raises Invalid for more than what is left of the line."""
    left = left_of(row)
    wanted = left if amount_minor is None else amount_minor
    if not 0 < wanted <= left:
        raise Invalid(_("At most %(left)s minor units of %(number)s can be taken back.") % {"left": left, "number": row.number}, field="amount_minor")
    if row.state in OPEN and wanted == left:
        waiting = list(Earning.objects.filter(corrects=row, kind=Kind.CORRECTION, state__in=[str(one) for one in OPEN]).locked())
        strike(actor, [row, *waiting], State.CLAWED_BACK, reason, at)
        _tell(row, None, reason, at)
        return None
    line = _negative(actor, row, wanted, reason, at)
    _tell(row, line.pk, reason, at)
    return line.pk


def left_of(row: Earning) -> int:
    """What the line and its corrections give, less what was taken back of them."""
    rows = Earning.objects.filter(corrects=row).exclude(state__in=[str(one) for one in GONE])
    return int(row.amount_minor + (rows.aggregate(total=Sum("amount_minor"))["total"] or 0))


def _negative(actor: Actor, row: Earning, minor: int, reason: str, at: datetime) -> Earning:
    line = Earning(
        id=new_id(), partner_id=row.partner_id, user_id=row.user_id, program_id=row.program_id, kind=Kind.CLAWBACK, corrects=row,
        line_key=f"back:{new_id()}", source_key=row.source_key, label=_("Taken back: %(label)s") % {"label": row.label[:180]}, about=row.about,
        occurred_on=at.date(), earned_on=at.date(), amount_minor=-minor, currency=row.currency, reason=reason, event=row.event,
    )  # fmt: skip
    set_approved(line, actor, Ground(reason=reason), at)
    line.save(force_insert=True)
    line.refresh_from_db(fields=["number"])
    book(actor, "earnings.accrued", [line], at.date(), at)
    book(actor, "earnings.approved", [line], at.date(), at)
    record_lines(actor, "earning.clawed_back", [(line, None)], at, note=reason)
    return line


def _tell(row: Earning, clawback_id: UUID | None, reason: str, at: datetime) -> None:
    publish(EarningClawedBack(partner_id=row.partner_id, earning_id=row.pk, clawback_id=clawback_id, reason=reason, at=at))


def take_back_all(*, source_key: str, reason: str, at: datetime) -> int:
    """Everything that one happening earned, because it did not happen after all; gives how many lines were left to take back. Safe to repeat."""
    rows = _standing(Earning.objects.filter(source_key=source_key, kind=Kind.ACCRUAL).locked())
    for row in rows:
        take_back(SYSTEM, row, reason[:1000], None, at)
    return len(rows)


def _standing(rows: Iterable[Earning]) -> list[Earning]:
    return [row for row in rows if row.state not in (*GONE, State.FORFEITED) and left_of(row) > 0]
