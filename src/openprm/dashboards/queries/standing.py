"""What a partner sees beside its numbers: its scorecard, credit, money on the way, promises kept to it."""

from dataclasses import dataclass
from datetime import datetime

from openprm.attribution import queries as attribution
from openprm.dashboards.queries.results import Board
from openprm.earnings import queries as earnings
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money
from openprm.kpis.rules.windows import months_back
from openprm.payouts import queries as payouts
from openprm.payouts.queries.results import Balance
from openprm.promises import queries as promises
from openprm.tiering import queries as tiering
from openprm.tiering.queries.results import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnStanding:
    """`credit` None without a computed month; `earned` and `balance` None for people who do not see the company's money.

    `tiers` are the points and the tier in each program, by the weights that tiering publishes.
    """

    credit: attribution.PartnerCredit | None
    earned: tuple[earnings.Figures, ...] | None
    balance: Balance | None
    promises: tuple[promises.PromiseRecord, ...]
    tiers: tuple[Progress, ...]

    @property
    def unapproved(self) -> tuple[Money, ...]:
        """Earned, and not looked at or held."""
        return tuple(Money(one.to_review + one.held, one.currency) for one in self.earned or () if one.to_review + one.held)

    @property
    def owed(self) -> tuple[Money, ...]:
        """Approved and not paid: for people who see earnings and not the payouts, which say more."""
        return () if self.balance else tuple(Money(one.owed, one.currency) for one in self.earned or () if one.owed)

    @property
    def is_quiet(self) -> bool:
        balance = self.balance
        return not (self.unapproved or self.owed or (balance and (balance.waiting or balance.on_the_way or balance.coming or balance.paid_this_year)))


def own_standing(actor: Actor, board: Board, at: datetime) -> OwnStanding:
    since, until = board.since.replace(day=1), months_back(board.as_of.replace(day=1), -1)
    credit = attribution.credit_by_partner(actor, since=since, until=until)
    sees_money = actor.can("earnings.view_company")
    balance = payouts.balance(actor, at) if actor.can("payouts.view") and actor.partner_id else None
    return OwnStanding(
        credit=credit[0] if credit else None, earned=tuple(earnings.figures(actor, at)) if sees_money else None, balance=balance,
        promises=tuple(one for one in promises.record(actor, at=at) if one.owed_by == "vendor" and one.total),
        tiers=tiering.progress_of(actor, actor.partner_id, at) if actor.partner_id and actor.can("tiering.view") else (),
    )  # fmt: skip
