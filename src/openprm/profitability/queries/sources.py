"""What the rooms of incentives and market funds say of the actor's own partner, month by month."""

from datetime import date

from openprm.earnings import queries as earnings
from openprm.funds import queries as funds
from openprm.kernel.actor import Actor


def earned_by_month(actor: Actor, since: date, until: date) -> tuple[earnings.EarnedMonth, ...]:
    """Incentives earned and paid in [since, until); clawbacks are negative."""
    return earnings.monthly(actor, since=since, until=until)


def funds_by_month(actor: Actor, since: date, until: date) -> tuple[funds.FundMonth, ...]:
    """Market funds received in [since, until), with the partner's own share of those activities."""
    return funds.monthly(actor, since=since, until=until)
