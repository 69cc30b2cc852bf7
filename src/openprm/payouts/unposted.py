"""Payments that the books of a month do not hold, or hold as on their way only: the port "ledger.unposted"."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.ledger.ports import Unposted
from openprm.ledger.rules.periods import next_month
from openprm.payouts.models import Payout
from openprm.payouts.rules.states import ON_THE_WAY, Pay

AT_MOST = 500


class PaymentsNotSettled:
    """Payments whose payday has come and that were not sent, and those that nobody has confirmed. The oldest first."""

    code = "payouts"
    label: Any = gettext_lazy("Payments that are not sent or not confirmed")

    def unposted(self, *, month: date, at: datetime) -> Sequence[Unposted]:
        waits = Q(state=Pay.PENDING, run__pay_on__lt=next_month(month))
        moves = Q(state__in=[str(one) for one in ON_THE_WAY], processing_at__date__lt=next_month(month))
        return tuple(_shown(Payout.objects.filter(waits | moves).select_related("run").order_by("run__pay_on", "number")[:AT_MOST]))


def _shown(rows: Any) -> Iterator[Unposted]:
    for row in rows:
        said = _("%(name)s: prepared, not sent") if row.state == Pay.PENDING else _("%(name)s: on its way, not confirmed")
        yield Unposted(
            id=row.pk, number=row.number, label=said % {"name": row.payee_name}, url=reverse("payouts:payout", args=[row.pk]),
            amount_minor=row.amount_minor, currency=row.currency,
        )  # fmt: skip
