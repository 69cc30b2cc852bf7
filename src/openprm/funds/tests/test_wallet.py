"""The wallet adds up, in both currencies; deadlines move only by an answer."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from openprm.deals.models import ExchangeRate
from openprm.funds.models import Activity, Allocation, Extension
from openprm.funds.queries.extensions import extensions
from openprm.funds.queries.wallet import wallet
from openprm.funds.services.extensions import answer_extension, ask_extension, withdraw_extension
from openprm.funds.testing import activity_of, approve, approve_claim, make_claim, make_fund, make_kind, make_request, stored
from openprm.identity.models import Organization
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Stale
from openprm.kernel.money import Money
from openprm.kernel.scope import scope, system_scope
from openprm.promises import queries as promises

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
LATER = date(2027, 3, 1)


@pytest.fixture
def fund(cast):
    return make_fund(cast.partner_id, plan_by=date(2026, 12, 10), vendor_percent=80)


@pytest.fixture
def asked(cast, fund):
    """€4,000 reserved out of €10,000."""
    request_id = make_request(cast.partner_admin, fund, make_kind())
    approve(request_id)
    return request_id


def read(actor, partner_id=None):
    with scope(actor):
        return wallet(actor, AT, partner_id)


def test_every_cent_is_reserved_claimed_paid_or_left(cast, fund, asked):
    [before] = read(cast.partner_admin).funds
    assert (before.sums.reserved, before.sums.left, before.vendor_percent, before.partner_percent) == (Money(4_000_00, "EUR"), Money(6_000_00, "EUR"), 80, 20)
    claim_id = make_claim(cast.partner_admin, asked, spent=Money(5_000_00, "EUR"), is_final=False)
    approve_claim(claim_id)
    [after] = read(cast.partner_admin).funds
    assert (after.sums.reserved, after.sums.claimed, after.sums.paid, after.sums.left) == tuple(
        Money(minor, "EUR") for minor in (1_500_00, 2_500_00, 0, 6_000_00)
    )
    assert after.sums.allocated.minor == sum(one.minor for one in (after.sums.reserved, after.sums.claimed, after.sums.paid, after.sums.left))


def test_the_partner_reads_it_in_its_own_money_at_the_rate_of_the_day_it_was_given(cast, fund):
    with system_scope():
        ExchangeRate.objects.create(currency="SEK", base="EUR", rate=Decimal("0.08"), rate_date=date(2020, 1, 1))
        Organization.objects.filter(pk=cast.partner_id).update(country="SE")
    found = read(cast.partner_admin)
    [row] = found.funds
    assert (found.local_currency, row.local.rate, row.local.sums.left) == ("SEK", Decimal("12.5"), Money(125_000_00, "SEK"))
    assert found.local_total.left == Money(125_000_00, "SEK")


def test_the_rate_of_a_fund_is_kept_whatever_becomes_of_the_table_of_rates(cast):
    with system_scope():
        Organization.objects.filter(pk=cast.partner_id).update(country="SE")
        row = ExchangeRate.objects.create(currency="SEK", base="EUR", rate=Decimal("0.08"), rate_date=date(2020, 1, 1))
    fund = make_fund(cast.partner_id)
    with system_scope():
        ExchangeRate.objects.filter(pk=row.pk).delete()
        ExchangeRate.objects.create(currency="SEK", base="EUR", rate=Decimal("0.20"), rate_date=date(2020, 1, 2))
    [found] = read(cast.partner_admin).funds
    assert (found.local.rate, found.local.rate_date, found.local.sums.left) == (Decimal("12.5"), date(2020, 1, 1), Money(125_000_00, "SEK"))
    assert stored(Allocation, fund).local_currency == "SEK"


def test_without_a_rate_there_is_no_local_amount_and_nothing_breaks(cast, fund):
    with system_scope():
        Organization.objects.filter(pk=cast.partner_id).update(country="JP")
    found = read(cast.partner_admin)
    assert (found.local_currency, found.funds[0].local, found.local_total) == ("JPY", None, None)


def test_the_wallet_of_another_partner_is_empty_and_the_vendor_reads_all(cast, fund, asked):
    assert read(cast.other_partner_admin).funds == ()
    with pytest.raises(NotFound):
        read(cast.other_partner_admin, cast.partner_id)
    assert [one.number for one in read(cast.vendor_admin, cast.partner_id).funds] == [stored(Allocation, fund).number]


def test_deadlines_come_in_order_with_the_money_that_hangs_on_them(cast, fund, asked):
    rows = read(cast.partner_admin).deadlines
    assert [(one.kind, one.on, one.money, one.may_ask) for one in rows] == [
        ("plan", date(2026, 12, 10), Money(6_000_00, "EUR"), True),
        ("claim", date(2027, 1, 21), Money(4_000_00, "EUR"), True),
    ]


def ask(cast, asked, until=LATER, actor=None):
    actor = actor or cast.partner_admin
    with system_scope():
        activity_id = activity_of(asked).pk
    with scope(actor):
        return ask_extension(actor=actor, activity_id=activity_id, until=until, reason="The fair moved", at=AT)


def answered(actor, extension_id, **values):
    with scope(actor):
        answer_extension(actor=actor, extension_id=extension_id, at=AT + timedelta(hours=4), **values)


def test_a_granted_question_moves_the_deadline_and_keeps_the_promise(cast, asked, run_jobs):
    extension_id = ask(cast, asked)
    answered(cast.partner_manager, extension_id, grant=True, answer="Good luck", until=date(2027, 2, 15))
    with system_scope():
        row = Extension.objects.get(pk=extension_id)
        clock = promises.clock(extension_id, "funds.extension", AT + timedelta(days=1))
        assert activity_of(asked).claim_by == date(2027, 2, 15)
    assert (row.state, row.ends_on, row.granted_until, clock.state) == ("granted", date(2027, 1, 21), date(2027, 2, 15), "kept")


def test_a_refused_question_needs_a_reason_and_leaves_the_deadline(cast, asked):
    extension_id = ask(cast, asked)
    with pytest.raises(Invalid, match="cannot be empty"):
        answered(cast.vendor_admin, extension_id, grant=False, answer=" ")
    answered(cast.vendor_admin, extension_id, grant=False, answer="The year closes")
    with system_scope():
        assert (activity_of(asked).claim_by, Extension.objects.get().state) == (date(2027, 1, 21), "refused")
    with pytest.raises(NotAllowed, match="answered already"):
        answered(cast.vendor_admin, extension_id, grant=True, answer="")


def test_a_fund_is_planned_later_but_never_after_its_end(cast, fund):
    with scope(cast.partner_admin):
        extension_id = ask_extension(actor=cast.partner_admin, allocation_id=fund, until=LATER, reason="New people", at=AT)
    with pytest.raises(Invalid, match="The fund itself ends on 2026-12-31"):
        answered(cast.vendor_admin, extension_id, grant=True, answer="")
    assert stored(Allocation, fund).plan_by == date(2026, 12, 10)
    answered(cast.vendor_admin, extension_id, grant=True, answer="", until=date(2026, 12, 31))
    assert stored(Allocation, fund).plan_by == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("until", "words"), [(date(2027, 1, 21), "after 2027-01-21"), (date(2026, 1, 1), "after 2027-01-21"), (date(2028, 12, 31), "by a year at most")]
)
def test_a_day_that_is_no_later_deadline_is_refused(cast, asked, until, words):
    with pytest.raises(Invalid, match=words):
        ask(cast, asked, until)
    with system_scope():
        assert Extension.objects.count() == 0


def test_one_question_at_a_time_and_it_can_be_taken_back(cast, asked):
    extension_id = ask(cast, asked)
    with pytest.raises(Conflict, match="asked for a later deadline already"):
        ask(cast, asked)
    with scope(cast.partner_admin):
        withdraw_extension(actor=cast.partner_admin, extension_id=extension_id, at=AT)
        assert [one.state for one in extensions(cast.partner_admin, AT)] == ["withdrawn"]
    ask(cast, asked)


def test_strangers_readers_and_stale_answers_are_refused(cast, asked):
    with pytest.raises(NotFound):
        ask(cast, asked, actor=cast.other_partner_admin)
    extension_id = ask(cast, asked)
    with pytest.raises(NotFound):
        answered(cast.other_partner_admin, extension_id, grant=True, answer="")
    with pytest.raises(NotAllowed):
        answered(cast.partner_admin, extension_id, grant=True, answer="")
    with pytest.raises(NotAllowed):
        answered(cast.vendor_reader, extension_id, grant=True, answer="")
    with pytest.raises(Stale):
        answered(cast.vendor_admin, extension_id, grant=True, answer="", version=7)
    with system_scope():
        assert Activity.objects.get().claim_by == date(2027, 1, 21)
