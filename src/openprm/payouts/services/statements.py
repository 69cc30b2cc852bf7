"""Reading bank statements in: payments in files are settled, or sent back, by what the bank booked."""

import hashlib
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if
from openprm.kernel.files import MAX_BYTES
from openprm.kernel.money import Money
from openprm.payouts import policies
from openprm.payouts.models import Payout, Statement
from openprm.payouts.rules.files import statements
from openprm.payouts.rules.states import Pay
from openprm.payouts.services.settling import complete_payouts, fail_payout
from openprm.payouts.services.unit import record, text
from openprm.payouts.wording import STATEMENT

MOST_UNMATCHED = 200


@transaction.atomic
def read_statement(*, actor: Actor, name: str, content: bytes, at: datetime) -> UUID:
    """Settle what left the account and send back what returned; what fits no payment is listed. The same file twice is refused.

    Raises NotAllowed, Invalid, Conflict.
    """
    refuse_if(policies.why_not_prepare(actor))
    if len(content) > MAX_BYTES:
        raise Invalid(_("The file is larger than %(most)d MB.") % {"most": MAX_BYTES // 2**20}, field="file")
    digest = hashlib.sha256(content).hexdigest()
    if Statement.objects.filter(sha256=digest).exists():
        raise Conflict(_("This statement was read in already. Nothing was booked again."), field="file")
    try:
        kind, bookings = statements.read(content)
    except statements.BadStatement as error:
        raise Invalid(str(STATEMENT[error.code]) % {"line": error.line, "name": error.name}, field="file") from None
    arrived, back, unmatched = _matched(bookings)
    if arrived:
        complete_payouts(actor, arrived, at)
    for payout, reason in back:
        payout.refresh_from_db()
        fail_payout(actor, payout, reason, at)
    row = Statement.objects.create(
        name=text("name", name, longest=160), format=kind, sha256=digest, entries=len(bookings), settled=len(arrived), returned=len(back),
        unmatched=unmatched[:MOST_UNMATCHED], read_at=at, read_by_id=actor.user_id,
    )  # fmt: skip
    counts = {"settled": len(arrived), "returned": len(back), "unmatched": len(unmatched)}
    record(actor, "payout.statement_read", row, before={}, note=row.name, data=counts, at=at)
    return row.pk


def _matched(bookings: tuple[statements.Booked, ...]) -> tuple[list[Payout], list[tuple[Payout, str]], list[str]]:
    """(arrived, sent back with the reason, what fits nothing), each payment once, by its number and exact amount."""
    numbers = {one.reference for one in bookings if one.reference}
    known = {row.number: row for row in Payout.objects.filter(number__in=numbers).exclude(method="stripe").locked()}
    arrived: dict[str, Payout] = {}
    back: dict[str, tuple[Payout, str]] = {}
    unmatched: list[str] = []
    for one in bookings:
        payout = known.get(one.reference)
        exact = payout is not None and abs(one.amount) == _major(payout) and one.currency == payout.currency
        if exact and one.amount < 0 and payout.state in (Pay.PROCESSED, Pay.SENT) and one.reference not in arrived:
            arrived[one.reference] = payout
        elif exact and one.amount > 0 and (payout.state in (Pay.PROCESSED, Pay.SENT, Pay.COMPLETED)) and one.reference not in back:
            back[one.reference] = (payout, one.reason or one.text)
        else:
            unmatched.append(f"{one.on.isoformat()} {one.amount} {one.currency} {one.text}"[:200])
    return list(arrived.values()), list(back.values()), unmatched


def _major(payout: Payout) -> Decimal:
    return Money(payout.amount_minor, payout.currency).major
