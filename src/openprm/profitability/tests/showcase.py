"""A partner with a year in its books, for pictures."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from openprm.deals import services as deals
from openprm.deals.testing import make_approved, make_catalogue
from openprm.kernel.clock import now
from openprm.kernel.scope import scope
from openprm.profitability.rules.statement import months_before
from openprm.profitability.testing import make_book, make_entry


def make_showcase(cast: Any) -> None:
    at = now()
    catalogue = make_catalogue()
    group = make_book(cast.partner_admin, at=at)
    deal = make_approved(cast.partner_rep, cast.partner_manager, catalogue, at=at - timedelta(days=20))
    with scope(cast.partner_rep):
        deals.mark_won(actor=cast.partner_rep, registration_id=deal, at=at - timedelta(days=2))
    _year(cast, at, group, deal)


def _year(cast: Any, at: Any, group: UUID, deal: UUID) -> None:
    me = cast.partner_admin
    make_entry(me, at=at, kind="presales", minutes=60 * 60, group_id=group, deal_id=deal, note="Workshops")
    make_entry(me, at=at, kind="delivery", minutes=140 * 60, group_id=group, deal_id=deal, note="Rollout")
    make_entry(me, at=at, kind="membership", month=months_before(at.date().replace(day=1), 9), amount_minor=2_500_00, note="Yearly fee")
    for back in range(10):
        month = months_before(at.date().replace(day=1), back)
        make_entry(me, at=at, kind="training", month=month, minutes=60 * (4 + back), group_id=group)
        make_entry(me, at=at, kind="income", month=month, amount_minor=1_000_00 * (1 + back % 4), note="Services sold along")
    make_entry(me, at=at, kind="certification", amount_minor=900_00, note="Two exams")
