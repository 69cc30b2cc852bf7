"""Claims that are not decided when a month of the books closes: the port "ledger.unposted"."""

from collections.abc import Sequence
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from openprm.funds.models import Claim
from openprm.funds.rules.lifecycle import ClaimStatus
from openprm.ledger.ports import Unposted
from openprm.ledger.rules.periods import next_month

AT_MOST = 500


class ClaimsNotDecided:
    """Claims for money spent up to the end of the month that nobody has decided. The oldest first."""

    code = "funds"
    label = _("Claims that wait for a decision")

    def unposted(self, *, month: date, at: datetime) -> Sequence[Unposted]:
        rows = Claim.objects.filter(status=ClaimStatus.SUBMITTED, spent_on__lt=next_month(month)).select_related("partner").order_by("spent_on", "id")
        return [
            Unposted(
                id=row.pk, number=row.number, label=row.partner.name, url=reverse("funds:claim", args=[row.pk]), amount_minor=row.amount_minor,
                currency=row.currency,
            )
            for row in rows[:AT_MOST]
        ]  # fmt: skip
