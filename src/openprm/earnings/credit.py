"""Credit of a locked month becomes pay where a plan pays for it: the port "attribution.sinks"."""

from collections.abc import Sequence
from datetime import datetime

from openprm.attribution.ports import FinalCredit
from openprm.earnings import news, services
from openprm.kernel.money import Money


class CreditEarned:
    """Takes final credit; a partner's part of a deal earns once, however often it is told."""

    name = "earnings"

    def take(self, credits: Sequence[FinalCredit], at: datetime) -> None:
        told = [
            services.Credited(
                month=one.month, deal_id=one.deal_id, number=one.number, customer=one.customer, account_id=one.account_id, partner_id=one.partner_id,
                outcome=one.outcome, credit=Money(one.credit_minor, one.currency), closed_on=one.closed_on,
            )
            for one in credits
        ]  # fmt: skip
        news.not_accrued(services.accrue_credited(credits=told, at=at).refused, at)
