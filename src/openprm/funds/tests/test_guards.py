"""What the database refuses by itself, in raw SQL, whoever asks."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from openprm.funds import services
from openprm.funds.models import Allocation, Budget, Claim, FundRequest
from openprm.funds.queries.judging import simulate_kind
from openprm.funds.services import BudgetDraft, BudgetTooSmall, FundTooSmall, TooManyLevels, WrongCurrency
from openprm.funds.testing import (
    activity_draft,
    activity_of,
    approve,
    approve_claim,
    figures,
    make_budget,
    make_claim,
    make_fund,
    make_kind,
    make_request,
    stored,
)
from openprm.kernel.actor import SYSTEM
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, violated_constraint
from openprm.kernel.money import Money
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db


def refused(sql, *params):
    """The constraint that refuses a statement of the vendor's own role."""
    with system_scope(), pytest.raises(DatabaseError) as found, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        cursor.execute("set constraints all immediate")
    return violated_constraint(found.value)


def child(parent: UUID, **values) -> UUID:
    with system_scope():
        return services.create_budget(actor=SYSTEM, draft=BudgetDraft(**{"name": "Below", "parent_id": parent, "amount_minor": 10_00, **values}), at=AT).id


@pytest.fixture(autouse=True)
def _moment(at):
    global AT
    AT = at


def test_children_never_exceed_their_budget(cast, at):
    root = make_budget(at=at, amount_minor=100_00)
    child(root, amount_minor=60_00)
    with pytest.raises(BudgetTooSmall, match=r"has €40.00 left to hand on; €50.00 is more"):
        child(root, amount_minor=50_00)
    assert stored(Budget, root).allotted_minor == 60_00
    assert refused("update funds_budget set amount_minor = 5999 where id = %s", root) == "fund_children_within_budget"
    assert refused("update funds_budget set allotted_minor = 10001 where id = %s", root) == "fund_children_within_budget"


def test_five_levels_are_the_most(cast, at):
    above = make_budget(at=at)
    for _level in range(4):
        above = child(above)
    with pytest.raises(TooManyLevels, match="5 levels at most"):
        child(above)
    with system_scope():
        assert Budget.objects.count() == 5


def test_a_budget_has_the_currency_of_the_one_above(cast, at):
    root = make_budget(at=at)
    with pytest.raises(WrongCurrency, match="This is in USD, but the money it comes from is in EUR"):
        child(root, currency="USD")
    assert refused("update funds_budget set currency = 'USD' where id = %s", root) == "fund_budget_stays"


def test_validation_is_switched_off_for_good(cast, at):
    root = make_budget(at=at, amount_minor=100_00)
    with system_scope():
        services.ignore_limits(actor=SYSTEM, budget_id=root, reason="The year was planned twice.", at=at)
    child(root, amount_minor=500_00)
    assert stored(Budget, root).allotted_minor == 500_00
    assert refused("update funds_budget set ignores_limits = false where id = %s", root) == "fund_limits_ignored_for_good"


def test_a_fund_never_falls_below_zero(cast, at):
    fund_id = make_fund(cast.partner.pk, at=at, amount_minor=5_000_00)
    kind_id = make_kind()
    first, second = (make_request(cast.partner_admin, fund_id, kind_id, at=at) for _n in range(2))
    approve(first, at=at)
    with pytest.raises(FundTooSmall, match=r"has €1,000.00 left; approving €4,000.00 would take it below zero"):
        approve(second, at=at)
    assert stored(FundRequest, second).status == "pending"
    assert figures(fund_id)["approved"] == 4_000
    assert refused("update funds_allocation set amount_minor = 399999 where id = %s", fund_id) == "fund_never_below_zero"
    with system_scope():
        activity = activity_of(second)
    assert refused("update funds_activity set approved_minor = 400000 where id = %s", activity.pk) in ("fund_never_below_zero", "fund_activity_is_locked")


def test_a_request_has_the_currency_of_its_fund(cast, at):
    fund_id, kind_id = make_fund(cast.partner.pk, at=at), make_kind()
    draft = services.RequestDraft(allocation_id=fund_id, title="Fair", currency="USD", activities=(activity_draft(kind_id),))
    with scope(cast.partner_admin), pytest.raises(WrongCurrency, match=r"is in EUR, so this request cannot be in USD\. Ask in EUR"):
        services.save_request(actor=cast.partner_admin, draft=draft, at=at)
    with system_scope():
        assert not FundRequest.objects.exists()


def test_a_claim_above_its_request_is_refused_with_what_is_open(cast, at):
    request_id = make_request(cast.partner_admin, make_fund(cast.partner.pk, at=at), make_kind(), at=at)
    approve(request_id, at=at)
    with pytest.raises(Invalid, match=r"has €4,000.00 open for “Fair in Tampere”"):
        make_claim(cast.partner_admin, request_id, spent=Money(20_000_00, "EUR"), asked=Money(9_000_00, "EUR"), at=at)
    with system_scope():
        assert activity_of(request_id).waiting_minor == 0


def test_raw_claims_cannot_exceed_the_request(cast, at):
    request_id = make_request(cast.partner_admin, make_fund(cast.partner.pk, at=at), make_kind(), at=at)
    approve(request_id, at=at)
    claim_id = make_claim(cast.partner_admin, request_id, at=at)
    assert refused("update funds_claim set fund_minor = 400001, amount_minor = 400001 where id = %s", claim_id) == "fund_claims_within_request"
    approve_claim(claim_id, at=at)
    assert refused("update funds_claim set approved_minor = 1 where id = %s", claim_id) == "fund_claim_stays"
    more = (
        "insert into funds_settlement (id, created_at, updated_at, claim_id, partner_id, position, state, fund_currency, fund_minor, payable_from, currency, "
        "amount_minor, reference, released_because) values (%s, now(), now(), %s, %s, 2, 'due', 'EUR', 1, current_date, 'EUR', 1, '', '')"
    )
    assert refused(more, uuid4(), claim_id, cast.partner.pk) == "fund_instalments_within_claim"


def test_states_do_not_jump(cast, at):
    request_id = make_request(cast.partner_admin, make_fund(cast.partner.pk, at=at), make_kind(), at=at)
    assert refused("update funds_fundrequest set status = 'reimbursed' where id = %s", request_id) == "fund_request_status_follows"


def test_rejected_may_be_sent_again_and_declined_is_final(cast, at):
    fund_id, kind_id = make_fund(cast.partner.pk, at=at), make_kind()
    rejected, declined = (make_request(cast.partner_admin, fund_id, kind_id, at=at) for _n in range(2))
    with scope(cast.partner_manager):
        services.reject_request(actor=cast.partner_manager, request_id=rejected, reason="Name the venue.", at=at)
        services.decline_request(actor=cast.partner_manager, request_id=declined, reason="We do not pay for fairs.", at=at)
    with scope(cast.partner_admin):
        assert services.submit_request(actor=cast.partner_admin, request_id=rejected, at=at).status == "pending"
        with pytest.raises(NotAllowed, match="was declined, and that is final"):
            services.submit_request(actor=cast.partner_admin, request_id=declined, at=at)


def test_each_level_is_another_person_within_its_limit(cast, at):
    fund_id = make_fund(cast.partner.pk, at=at)
    request_id = make_request(cast.partner_admin, fund_id, make_kind(), planned_minor=16_000_00, asked_minor=8_000_00, at=at)
    with scope(cast.vendor_admin):
        services.set_limit(actor=cast.vendor_admin, user_id=cast.users["finance_manager"].pk, limit_minor=5_000_00, at=at)
        assert services.approve_request(actor=cast.vendor_admin, request_id=request_id, at=at).next_role == "finance_manager"
        with pytest.raises(NotAllowed, match="You approved an earlier level"):
            services.approve_request(actor=cast.vendor_admin, request_id=request_id, at=at)
    with scope(cast.finance_manager), pytest.raises(Conflict, match=r"You may approve up to €5,000.00 at once; this is €8,000.00"):
        services.approve_request(actor=cast.finance_manager, request_id=request_id, at=at)
    assert stored(FundRequest, request_id).status == "pending"
    with scope(cast.vendor_admin):
        services.set_limit(actor=cast.vendor_admin, user_id=cast.users["finance_manager"].pk, limit_minor=None, at=at)
    with scope(cast.finance_manager):
        assert services.approve_request(actor=cast.finance_manager, request_id=request_id, at=at).status == "approved"


def test_what_is_asked_stays_under_the_share_that_the_catalogue_pays(cast, at):
    fund_id, kind_id = make_fund(cast.partner.pk, at=at), make_kind()
    with pytest.raises(Invalid, match=r"is paid up to 50 % of its cost: €4,000.00 at most"):
        make_request(cast.partner_admin, fund_id, kind_id, asked_minor=5_000_00, at=at)


def test_another_partner_sees_nothing_of_it(cast, at):
    request_id = make_request(cast.partner_admin, make_fund(cast.partner.pk, at=at), make_kind(), at=at)
    with scope(cast.other_partner_admin):
        from openprm.funds import queries

        with pytest.raises(NotFound):
            queries.request_for_partner(cast.other_partner_admin, request_id, at)
        with connection.cursor() as cursor:
            for table in ("allocation", "fundrequest", "activity", "claim", "settlement", "approvalstep", "budget", "approverlimit"):
                cursor.execute(f"select count(*) from funds_{table}")
                assert cursor.fetchone() == (0,), table


def test_a_claim_in_a_currency_without_a_rate_is_refused(cast, at):
    request_id = make_request(cast.partner_admin, make_fund(cast.partner.pk, at=at), make_kind(), at=at)
    approve(request_id, at=at)
    with pytest.raises(Invalid, match="There is no exchange rate for JPY on 2026-11-23"):
        make_claim(cast.partner_admin, request_id, spent=Money(500_000, "JPY"), spent_on=date(2026, 11, 21), at=at)


def test_a_budget_below_cannot_be_raised_above_what_is_left_over_it(cast, at):
    root = make_budget(at=at, amount_minor=100_00)
    below = child(root, amount_minor=60_00)
    child(root, amount_minor=30_00)
    with system_scope(), pytest.raises(BudgetTooSmall, match=r"has €10.00 left to hand on; €10.01 is more"):
        services.update_budget(actor=SYSTEM, budget_id=below, changes={"amount_minor": 70_01}, at=at)
    with system_scope(), pytest.raises(BudgetTooSmall, match=r"has handed on €90.00 already"):
        services.update_budget(actor=SYSTEM, budget_id=root, changes={"amount_minor": 89_99}, at=at)
    assert (stored(Budget, root).amount_minor, stored(Budget, root).allotted_minor, stored(Budget, below).amount_minor) == (100_00, 90_00, 60_00)


def test_a_budget_of_one_partner_hands_on_to_that_partner_alone(cast, at):
    mine = make_budget(at=at, partner_id=cast.partner.pk)
    below = child(mine)
    assert stored(Budget, below).partner_id == cast.partner.pk
    with pytest.raises(Invalid, match="has the kind and the partner of the one above"):
        child(mine, partner_id=cast.other_partner.pk)
    with pytest.raises(Invalid, match="This budget is for one partner alone"):
        make_fund(cast.other_partner.pk, budget_id=below, at=at, amount_minor=1_00)
    make_fund(cast.partner.pk, budget_id=below, at=at, amount_minor=10_00)
    with system_scope():
        assert list(Allocation.objects.values_list("partner_id", "amount_minor")) == [(cast.partner.pk, 10_00)]


def test_a_fund_has_the_currency_of_its_budget_and_never_more_than_it(cast, at):
    budget_id = make_budget(at=at, amount_minor=100_00)
    with pytest.raises(WrongCurrency, match="This is in SEK, but the money it comes from is in EUR"):
        make_fund(cast.partner.pk, budget_id=budget_id, at=at, currency="SEK", amount_minor=1_00)
    with pytest.raises(BudgetTooSmall, match=r"has €100.00 left to hand on; €100.01 is more"):
        make_fund(cast.partner.pk, budget_id=budget_id, at=at, amount_minor=100_01)
    with system_scope():
        assert not Allocation.objects.exists()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"plan_by": date(2027, 1, 1)}, "cannot be after the fund's end"),
        ({"plan_by": date(2026, 12, 1), "claim_by": date(2026, 11, 30)}, "cannot be before the last day to ask"),
        ({"ends_on": date(2025, 12, 31)}, "cannot end before its budget begins, on 2026-01-01"),
        ({"ends_on": date(9999, 12, 31)}, "within twenty years of today"),
        ({"vendor_percent": 0}, "between 1 and 100"),
        ({"vendor_percent": 101}, "between 1 and 100"),
        ({"amount_minor": -1}, "amount of zero or more"),
    ],
)
def test_a_fund_whose_terms_cannot_be_is_refused_and_nothing_changes(cast, at, values, words):
    budget_id = make_budget(at=at)
    with pytest.raises(Invalid, match=words):
        make_fund(cast.partner.pk, budget_id=budget_id, at=at, **values)
    with system_scope():
        assert (Allocation.objects.count(), Budget.objects.get().allotted_minor) == (0, 0)


def test_days_that_nobody_means_are_refused_and_nothing_changes(cast, at):
    fund_id, kind_id = make_fund(cast.partner.pk, at=at), make_kind()
    with pytest.raises(Invalid, match="within twenty years of today"):
        make_request(cast.partner_admin, fund_id, kind_id, starts_on=date(2026, 12, 1), ends_on=date(9999, 12, 31), at=at)
    with system_scope(), pytest.raises(Invalid, match="Say when the fund ends"):
        services.update_allocation(actor=SYSTEM, allocation_id=fund_id, changes={"ends_on": None}, at=at)
    with system_scope():
        assert not FundRequest.objects.exists()
    with scope(cast.partner_admin):
        last = date(9999, 12, 31)
        found = simulate_kind(cast.partner_admin, kind_id, spent=Money(100_00, "EUR"), on=at.date(), starts_on=at.date(), ends_on=last)
    assert found.worth == Money(50_00, "EUR")


def test_a_rejected_claim_may_be_sent_again_and_a_declined_one_is_final(cast, at):
    fund_id, kind_id = make_fund(cast.partner.pk, at=at), make_kind()
    first, second = (make_request(cast.partner_admin, fund_id, kind_id, at=at) for _n in range(2))
    for one in (first, second):
        approve(one, at=at)
    rejected, declined = make_claim(cast.partner_admin, first, at=at), make_claim(cast.partner_admin, second, at=at)
    with scope(cast.finance_manager):
        services.reject_claim(actor=cast.finance_manager, claim_id=rejected, reason="The invoice names another company.", at=at)
        services.decline_claim(actor=cast.finance_manager, claim_id=declined, reason="This was paid by somebody else.", at=at)
    with system_scope():
        assert activity_of(first).waiting_minor == 0
    assert make_claim(cast.partner_admin, first, spent=Money(6_000_00, "EUR"), claim_id=rejected, at=at) == rejected
    sent = stored(Claim, rejected)
    assert (sent.status, sent.round, sent.fund_minor) == ("submitted", 2, 3_000_00)
    with pytest.raises(Conflict, match="was not rejected, so it cannot be sent again"):
        make_claim(cast.partner_admin, second, claim_id=declined, at=at)
    assert stored(Claim, declined).status == "declined"
