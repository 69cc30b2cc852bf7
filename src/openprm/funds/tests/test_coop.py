"""Co-op money from revenue: once for each deal, corrected by new lines, gone only after warnings, and the books agree."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from openprm.deals import services as deals
from openprm.deals.models import Registration
from openprm.deals.testing import make_approved, make_catalogue
from openprm.funds.models import AccrualLine, AccrualRate, AccrualWarning, Allocation
from openprm.funds.queries.coop import lines, rates
from openprm.funds.queries.wallet import wallet
from openprm.funds.services.coop import accrue, correct, follow_deal
from openprm.funds.services.coop_ends import expire, warn
from openprm.funds.services.coop_rates import publish_rate, rate_for
from openprm.funds.testing import approve, make_kind, make_request
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from openprm.kernel.money import Money
from openprm.kernel.scope import scope, system_scope
from openprm.ledger import queries as books

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TODAY = AT.date()


@pytest.fixture
def rate(cast):
    with scope(cast.vendor_admin):
        return publish_rate(actor=cast.vendor_admin, program_id=cast.program.pk, share=Decimal("2.5"), expires_after_days=90, effective_from=TODAY, at=AT)


@pytest.fixture
def catalogue(db):
    return make_catalogue()


def won(cast, catalogue, *, at=AT, name="Ostrava Steelworks a.s.", domain="ostravasteel.example", **changes):
    """A deal over €40,000 that the partner won."""
    made = make_approved(cast.partner_rep, cast.vendor_admin, catalogue, at=at, customer_name=name, customer_domain=domain, **changes)
    with scope(cast.partner_rep):
        deals.mark_won(actor=cast.partner_rep, registration_id=made, at=at + timedelta(hours=2))
    return made


def fill(deal_id, at=AT):
    with system_scope():
        return accrue(registration_id=deal_id, at=at + timedelta(hours=3))


def pot():
    with system_scope():
        return Allocation.objects.get(kind="coop")


def test_a_won_deal_fills_the_pot_once_at_the_published_rate_and_the_books_agree(cast, rate, catalogue):
    deal_id = won(cast, catalogue)
    first, again = fill(deal_id), fill(deal_id)
    with system_scope():
        [line] = AccrualLine.objects.all()
        booked = books.balance("funds.available", owner_id=cast.partner_id, subject_id=pot().pk, currency="EUR")
    assert (first, again) == (line.pk, None)
    assert (line.amount_minor, line.revenue_minor, line.percent, line.expires_on) == (1_000_00, 40_000_00, Decimal("2.50"), TODAY + timedelta(days=90))
    assert (pot().amount_minor, pot().left_minor, booked) == (1_000_00, 1_000_00, 1_000_00)


def test_the_event_of_a_won_deal_does_it_all(cast, rate, catalogue, run_jobs):
    won(cast, catalogue)
    run_jobs()
    with scope(cast.partner_admin):
        [line] = lines(cast.partner_admin)
        found = wallet(cast.partner_admin, AT)
    assert (line.amount, line.kind) == (Money(1_000_00, "EUR"), "accrued")
    assert [(fund.is_coop, fund.sums.left) for fund in found.funds] == [(True, Money(1_000_00, "EUR"))]


def test_without_a_published_rate_nothing_accrues(cast, catalogue):
    assert fill(won(cast, catalogue)) is None
    with system_scope():
        assert (AccrualLine.objects.count(), Allocation.objects.count()) == (0, 0)


def test_a_foreign_deal_is_booked_at_the_rate_of_its_day_which_the_line_keeps(cast, rate, catalogue):
    fill(won(cast, catalogue, currency="SEK"))
    with system_scope():
        [line] = AccrualLine.objects.all()
    assert (line.deal_minor, line.deal_currency, line.fx_rate, line.fx_date) == (40_000_00, "SEK", Decimal("0.0915"), date(2026, 11, 1))
    assert (line.revenue_minor, line.amount_minor) == (3_660_00, 91_50)


def test_a_correction_is_a_new_line_and_the_first_one_stays(cast, rate, catalogue):
    deal_id = won(cast, catalogue)
    fill(deal_id)
    with scope(cast.vendor_admin):
        correct(actor=cast.vendor_admin, registration_id=deal_id, revenue=Money(30_000_00, "EUR"), reason="Credit note 17", at=AT)
        correct(actor=cast.vendor_admin, registration_id=deal_id, revenue=Money(50_000_00, "EUR"), reason="It was cancelled again", at=AT)
        with pytest.raises(Conflict, match="Nothing changes"):
            correct(actor=cast.vendor_admin, registration_id=deal_id, revenue=Money(50_000_00, "EUR"), reason="Twice", at=AT)
    with system_scope():
        assert list(AccrualLine.objects.order_by("pk").values_list("kind", "amount_minor")) == [
            ("accrued", 1_000_00),
            ("corrected", -250_00),
            ("corrected", 500_00),
        ]
    assert pot().amount_minor == 1_250_00


@pytest.mark.parametrize(("revenue", "words"), [(Money(-1, "EUR"), "zero or more"), (Money(5, "USD"), "an amount in EUR")])
def test_a_correction_to_what_is_no_revenue_is_refused_and_nothing_changes(cast, rate, catalogue, revenue, words):
    deal_id = won(cast, catalogue)
    fill(deal_id)
    with scope(cast.vendor_admin), pytest.raises(Invalid, match=words):
        correct(actor=cast.vendor_admin, registration_id=deal_id, revenue=revenue, reason="Wrong", at=AT)
    assert pot().amount_minor == 1_000_00


def test_lines_are_never_changed_and_a_second_accrual_of_a_deal_is_refused_by_the_database(cast, rate, catalogue):
    fill(won(cast, catalogue))
    with system_scope(), pytest.raises(Exception, match=r"append-only|refuse|OP001|never"):
        AccrualLine.objects.update(amount_minor=1)


def test_a_deal_that_is_no_longer_won_is_taken_back_once(cast, rate, catalogue):
    deal_id = won(cast, catalogue)
    fill(deal_id)
    with system_scope():
        Registration.objects.filter(pk=deal_id).update(amount_minor=20_000_00)
        first = follow_deal(registration_id=deal_id, cause="amendment 1", at=AT)
        again = follow_deal(registration_id=deal_id, cause="amendment 1", at=AT)
    assert (first is not None, again, pot().amount_minor) == (True, None, 500_00)


def test_money_runs_out_after_its_day_and_warnings_never_before(cast, rate, catalogue):
    fill(won(cast, catalogue))
    ends = TODAY + timedelta(days=90)
    moments = {days: datetime(ends.year, ends.month, ends.day, 8, tzinfo=UTC) - timedelta(days=days) for days in (61, 60, 30, 7, -1)}
    with system_scope():
        assert (expire(at=moments[-1]), warn(at=moments[61])) == (0, 0)
        assert [warn(at=moments[days]) for days in (60, 60, 30, 7)] == [1, 0, 1, 1]
        assert [expire(at=moments[days]) for days in (7, -1, -1)] == [0, 1, 0]
        assert list(AccrualWarning.objects.order_by("-days").values_list("days", flat=True)) == [60, 30, 7]
        assert list(AccrualLine.objects.order_by("pk").values_list("kind", "amount_minor")) == [("accrued", 1_000_00), ("expired", -1_000_00)]
    assert (pot().amount_minor, pot().left_minor) == (0, 0)


def test_reserved_money_does_not_run_out(cast, rate, catalogue):
    fill(won(cast, catalogue))
    request_id = make_request(cast.partner_admin, pot().pk, make_kind(), planned_minor=1_200_00, asked_minor=600_00)
    approve(request_id)
    last = datetime(2027, 2, 22, 8, tzinfo=UTC)
    with system_scope():
        warn(at=last - timedelta(days=30))
        assert expire(at=last) == 1
        assert AccrualLine.objects.get(kind="expired").amount_minor == -400_00
    assert pot().left_minor == 0


def test_a_rate_begins_on_its_day_ends_the_one_before_and_a_tier_has_its_own(cast, rate):
    later = TODAY + timedelta(days=10)
    with scope(cast.vendor_admin):
        tier = publish_rate(actor=cast.vendor_admin, program_id=cast.program.pk, tier_id=cast.tier.pk, share=4, effective_from=TODAY, at=AT)
        second = publish_rate(actor=cast.vendor_admin, program_id=cast.program.pk, share=3, effective_from=later, at=AT)
        found = {day: rate_for(cast.program.pk, None, day).pk for day in (TODAY, later - timedelta(days=1), later)}
        assert found == {TODAY: rate, later - timedelta(days=1): rate, later: second}
        assert (rate_for(cast.program.pk, cast.tier.pk, TODAY).pk, rate_for(cast.program.pk, None, TODAY - timedelta(days=1))) == (tier, None)
    with scope(cast.partner_admin):
        assert {one.percent for one in rates(cast.partner_admin, AT) if one.is_current} == {Decimal("2.50"), Decimal("4.00")}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"share": -1}, "A share is a number"),
        ({"share": 101}, "A share is a number"),
        ({"expires_after_days": 5}, "lasts 30 to 1825 days"),
        ({"effective_from": TODAY - timedelta(days=1)}, "begins today or later"),
        ({"tier_id": uuid4()}, "not one of the program"),
    ],
)
def test_a_rate_that_cannot_be_is_refused_and_nothing_changes(cast, changes, words):
    values = {"program_id": cast.program.pk, "share": 2, "effective_from": TODAY, "at": AT}
    with scope(cast.vendor_admin), pytest.raises(Invalid, match=words):
        publish_rate(actor=cast.vendor_admin, **values | changes)
    with system_scope():
        assert AccrualRate.objects.count() == 0


def test_only_the_vendor_publishes_and_corrects_and_a_stranger_sees_no_line(cast, rate, catalogue):
    deal_id = won(cast, catalogue)
    fill(deal_id)
    with scope(cast.partner_admin), pytest.raises(NotAllowed):
        publish_rate(actor=cast.partner_admin, program_id=cast.program.pk, share=50, effective_from=TODAY, at=AT)
    with scope(cast.partner_admin), pytest.raises(NotAllowed):
        correct(actor=cast.partner_admin, registration_id=deal_id, revenue=Money(1, "EUR"), reason="More", at=AT)
    with scope(cast.vendor_admin), pytest.raises(NotFound):
        correct(actor=cast.vendor_admin, registration_id=uuid4(), revenue=Money(1, "EUR"), reason="None", at=AT)
    with scope(cast.other_partner_admin):
        assert lines(cast.other_partner_admin) == ()
