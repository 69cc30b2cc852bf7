"""What the demo's partners earned in the last months: won deals accrued in one go, most of it approved, some held with its reason, one taken back."""

from datetime import timedelta

from openprm.deals.queries.sold import won_between
from openprm.demo.stage import Stage
from openprm.earnings import queries, services
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money
from openprm.kernel.scope import system_scope

DAYS, MOST_APPROVED = 120, 40
REVIEWS = (84, 54, 24)  # days ago, before each payday of chapter payouts


def tell(stage: Stage) -> None:
    """The plans stand already (chapter incentives). Deals of four months are accrued as if the month had just ended, then finance works."""
    finance = stage.admin
    _accrue(stage)
    for days_ago in REVIEWS:
        _approve_clear(stage, finance, days_ago)
    with stage.acting(finance, stage.at(days_ago=6, hour=10)) as actor:
        lines = list(queries.export_earnings(actor, queries.Filters(states=("new", "held"))))
        _review(stage, actor, lines)
    _by_hand(stage, finance)
    with system_scope():
        services.seal_last_month(at=stage.until)


def _accrue(stage: Stage) -> None:
    for days_ago in (DAYS, 90, 45):
        until = stage.until - timedelta(days=days_ago - 45)
        with system_scope():
            ids = won_between(stage.until - timedelta(days=days_ago), until)
            services.accrue_won(registration_ids=ids, at=until)
    with system_scope():
        services.accrue_past(at=stage.until - timedelta(days=7))
        services.release_due(at=stage.until - timedelta(days=7))


def _approve_clear(stage: Stage, finance: Actor, days_ago: int) -> None:
    """What was earned by then and speaks for itself is approved."""
    at = stage.at(days_ago=days_ago, hour=10)
    with system_scope():
        services.release_due(at=at)
    with stage.acting(finance, at) as actor:
        lines = [one for one in queries.export_earnings(actor, queries.Filters(states=("new",))) if one.occurred_on < at.date() and not one.open_alerts]
        services.approve_many(actor=actor, earning_ids=[one.id for one in lines[:MOST_APPROVED]], at=at)


def _review(stage: Stage, actor: Actor, lines: list[queries.VendorLineRow]) -> None:
    """Approve what is clear, hold one with a question, decline one."""
    at = stage.at(days_ago=6, hour=10)
    clear = [line for line in lines if line.state == "new" and not line.open_alerts]
    services.approve_many(actor=actor, earning_ids=[line.id for line in clear[4:MOST_APPROVED]], at=at)
    if len(clear) > 3:
        services.hold(actor=actor, earning_id=clear[0].id, reason="The customer's order is still being checked by its bank.", at=at)
        services.decline(
            actor=actor, earning_id=clear[1].id, reason="The order was placed before the plan took effect. The plan's first day is in its terms.", at=at
        )
    owed = [line for line in clear[4:MOST_APPROVED] if line.amount.minor > 100_00]
    if owed:
        back = owed[0]
        part = Money(back.amount.minor // 2, back.amount.currency)
        services.claw_back(actor=actor, earning_id=back.id, reason="The customer returned half of its seats within 60 days.", amount_minor=part.minor, at=at)


def _by_hand(stage: Stage, finance: Actor) -> None:
    """One amount that waits for a second pair of eyes, one that has them."""
    proposer = stage.managers[0] if stage.managers[0].can("earnings.adjust") else finance
    partner, other = stage.partners[0], stage.partners[1]
    at = stage.at(days_ago=4, hour=11)
    with stage.acting(proposer, at) as actor:
        services.propose_adjustment(
            actor=actor, partner_id=partner.partner_id, amount_minor=450_00, currency="EUR", reason="Goodwill: our demo system was down on their event.", at=at
        )
        services.propose_adjustment(
            actor=actor, partner_id=other.partner_id, amount_minor=-120_00, currency="EUR", reason="Paid twice in the old system in May.", at=at
        )
