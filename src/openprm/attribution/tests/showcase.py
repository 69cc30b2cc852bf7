"""Months with deals, claims and a dispute, for pictures of the pages."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from openprm.accounts.testing import make_account
from openprm.attribution import services
from openprm.attribution.testing import make_claim, make_run, make_touch, make_win
from openprm.kernel.scope import scope

WINS = (("Ostrava Steelworks", 9, 48_000_00), ("Tampere Tools", 10, 120_000_00), ("Gdansk Yard", 10, 75_500_00), ("Aarhus Foods", 11, 31_000_00))


def make_showcase(cast: Any) -> dict[str, Any]:
    """For `tests.journeys.shots --prepare`: names that addresses may use."""
    at = datetime(2026, 11, 22, 10, tzinfo=UTC)
    first = None
    for place, (name, month, minor) in enumerate(WINS):
        account_id = make_account(name=name, partner_id=cast.partner_id)
        deal_id = make_win(account_id, closed_on=date(2026, month, 12), opened_on=date(2026, month - 2, 1), minor=minor)
        first = account_id if place == 0 else first
        if place < 3:
            credited = deal_id
            make_touch(cast.partner_id, account_id, kind="introduction", occurred_at=at - timedelta(days=130), at=at, summary="Introduced the plant manager.")
            make_touch(cast.other_partner_id, account_id, kind="demo", occurred_at=at - timedelta(days=90), at=at, summary="Showed the line at their site.")
    for month in (9, 10, 11):
        make_run(date(2026, month, 1), at=at)
    with scope(cast.finance_manager) as actor:
        locked = services.lock_month(actor=actor, month=date(2026, 9, 1), at=at)
    make_touch(cast.other_partner_id, first, kind="event", occurred_at=at - timedelta(days=95), at=at + timedelta(hours=1), summary="Guest at the user day.")
    services.correct(at=at + timedelta(hours=2))
    with scope(cast.partner_rep) as actor:
        services.open_dispute(actor=actor, deal_id=credited, reason="We also ran the workshop in the second week.", at=at)
    return {"deal_id": credited, "run_id": locked, "claim_id": make_claim(cast.partner_rep, account_id, at=at)}
