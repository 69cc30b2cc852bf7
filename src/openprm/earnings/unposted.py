"""What is earned and not decided when a month of the books closes: the port "ledger.unposted"."""

from collections.abc import Sequence
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from openprm.earnings.models import Earning
from openprm.ledger.ports import Unposted
from openprm.ledger.rules.periods import next_month

STATES = ("new", "held")
AT_MOST = 500


class EarningsNotDecided:
    """Lines that are accrued and neither approved nor declined: they are not yet owed to anybody. The oldest first."""

    code = "earnings"
    label = _("Earnings that wait for a decision")

    def unposted(self, *, month: date, at: datetime) -> Sequence[Unposted]:
        rows = Earning.objects.filter(state__in=STATES, earned_on__lt=next_month(month)).select_related("partner").order_by("earned_on", "id")[:AT_MOST]
        return [
            Unposted(
                id=row.pk, number=row.number, label=f"{row.partner.name}: {row.label}", url=reverse("earnings:earning", args=[row.pk]),
                amount_minor=row.amount_minor, currency=row.currency,
            )
            for row in rows
        ]  # fmt: skip
