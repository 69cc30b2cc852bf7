from datetime import date
from uuid import uuid4

import pytest

from openprm.incentives import queries
from openprm.incentives.rules.calculate import lines_for
from openprm.incentives.rules.model import EarnEvent
from openprm.incentives.testing import make_plan
from openprm.kernel.money import Money

pytestmark = pytest.mark.django_db


def test_a_published_plan_pays_for_a_won_deal(cast, as_actor):
    make_plan()
    [plan] = queries.plans_in_force(program_id=cast.program.pk, partner_id=cast.partner_id, event_code="deal_won", on=date(2026, 11, 23))
    event = EarnEvent("deal_won", uuid4(), "k", cast.partner_id, date(2026, 11, 23), net=Money(1_000_05, "EUR"))
    assert [line.amount for line in lines_for(plan, event)] == [Money(100_00, "EUR")]
