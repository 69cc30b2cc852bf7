"""What happened is earned once, by every plan in force, in the books."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from openprm.deals.testing import make_catalogue
from openprm.earnings import services
from openprm.earnings.models import Alert, Earning, SourceEvent
from openprm.earnings.testing import SOME_DAY, earn, lines_of, make_event, stored
from openprm.incentives.rules.draft import RateDraft
from openprm.incentives.testing import make_plan, terms
from openprm.kernel.errors import Refusal
from openprm.kernel.scope import scope, system_scope
from openprm.ledger import queries as books

pytestmark = pytest.mark.django_db


def balance(account, partner_id=None, currency="EUR"):
    with system_scope():
        return books.balance(account, partner_id, None, currency)


def test_a_won_deal_earns_its_rate_and_stands_in_the_books(cast):
    make_plan()
    event = make_event(cast.partner_id)

    earn(event)

    (line,) = lines_of(event)
    assert (line.amount_minor, line.currency, line.rate, line.state) == (4_000_00, "EUR", Decimal(10), "new")
    assert balance("earnings.expense") == 4_000_00
    assert balance("earnings.accrued", cast.partner_id) == -4_000_00
    assert balance("partner.payable", cast.partner_id) == 0


def test_the_same_happening_earns_nothing_twice(cast):
    make_plan()
    event = make_event(cast.partner_id)
    earn(event)

    again = earn(event)

    assert (again.events, again.earning_ids) == (0, ())
    assert len(lines_of(event)) == 1
    assert balance("earnings.expense") == 4_000_00


def test_every_plan_in_force_pays_its_own_line(cast):
    make_plan()
    make_plan("fixed-bonus", terms=terms([RateDraft(fixed="250")]))
    event = make_event(cast.partner_id)

    earn(event)

    assert sorted(line.amount_minor for line in lines_of(event)) == [250_00, 4_000_00]


def test_a_waiting_time_holds_the_line_until_it_is_over(cast):
    make_plan(terms=terms(hold_days="30"))
    event = make_event(cast.partner_id)
    earn(event)
    (line,) = lines_of(event)
    assert (line.state, line.hold_until) == ("held", date(2026, 12, 20))

    with system_scope():
        assert services.release_due(at=SOME_DAY + timedelta(days=26)) == 0
        assert services.release_due(at=SOME_DAY + timedelta(days=27)) == 1

    assert stored(line.pk).state == "new"


def test_a_condition_that_nobody_can_answer_holds_the_line_and_says_so(cast):
    make_plan(terms=terms(conditions=["certificate:cloud-pro"]))
    event = make_event(cast.partner_id)

    earn(event)

    (line,) = lines_of(event)
    assert line.state == "held"
    assert "certificate cloud-pro" in line.hold_reason
    with system_scope():
        assert services.release_due(at=SOME_DAY + timedelta(days=400)) == 0


def test_a_limit_of_a_partner_cuts_the_second_line(cast):
    make_plan(terms=terms(cap__partner_year="5000"))
    first, second = make_event(cast.partner_id), make_event(cast.partner_id, on=date(2026, 11, 21))

    earn(first)
    earn(second)

    assert [line.amount_minor for line in (*lines_of(first), *lines_of(second))] == [4_000_00, 1_000_00]
    assert lines_of(second)[0].capped_by == "partner_year"


def test_a_deal_in_a_currency_without_a_rate_is_refused_and_nothing_is_written(cast):
    make_plan()

    with pytest.raises(Refusal, match="CHF"):
        earn(make_event(cast.partner_id, currency="CHF"))

    with system_scope():
        assert (SourceEvent.objects.count(), Earning.objects.count()) == (0, 0)


def test_the_rep_gets_its_share_beside_the_company(cast):
    make_plan(terms=terms(rep_share="20"))
    event = make_event(cast.partner_id, user_id=cast.partner_rep.user_id)

    earn(event)

    assert {(line.user_id, line.amount_minor) for line in lines_of(event)} == {(None, 3_200_00), (cast.partner_rep.user_id, 800_00)}


def test_a_fraud_rule_holds_the_line_and_says_by_which_clause(cast):
    make_plan()
    event = make_event(cast.partner_id)

    earn(event, doubts={"same_email": True})

    (line,) = lines_of(event)
    assert line.state == "held"
    assert line.hold_reason.startswith("F1: ")
    with system_scope():
        assert [(alert.code, alert.state) for alert in Alert.objects.all()] == [("customer_is_partner", "open")]


@pytest.mark.parametrize(
    ("doubt", "code"),
    [
        ({"same_company": True}, "same_company"), ({"self_referral": True}, "self_referral"), ({"duplicate_account": True}, "duplicate_account"),
        ({"banned": True}, "banned"), ({"banned_elsewhere": True}, "banned_elsewhere"), ({"paid_traffic": True}, "paid_traffic"),
        ({"banned_source": True}, "banned_source"), ({"days_to_won": 0}, "too_quick"),
    ],
)  # fmt: skip
def test_each_published_doubt_raises_its_alert(cast, doubt, code):
    make_plan()
    earn(make_event(cast.partner_id), doubts=doubt)

    with system_scope():
        assert [alert.code for alert in Alert.objects.all()] == [code]


def test_usage_that_is_corrected_downwards_takes_money_back(cast):
    make_plan("usage", kind="consumption", terms=terms(event="usage"))
    first = make_event(cast.partner_id, minor=1_000_00, code="usage", source_key="usage:1")
    second = make_event(cast.partner_id, minor=-400_00, code="usage", source_key="usage:2")

    earn(first)
    earn(second)

    assert [line.amount_minor for line in (*lines_of(first), *lines_of(second))] == [100_00, -40_00]


def test_a_plan_in_another_currency_is_earned_reviewed_and_approved(cast):
    with system_scope():
        make_catalogue()
    make_plan(terms=terms(currency="SEK"))
    event = make_event(cast.partner_id)

    earn(event)

    (line,) = lines_of(event)
    assert (line.currency, line.state) == ("SEK", "new")
    with scope(cast.finance_manager):
        services.approve(actor=cast.finance_manager, earning_id=line.pk, at=SOME_DAY)
    assert balance("partner.payable", cast.partner_id, "SEK") == -line.amount_minor
