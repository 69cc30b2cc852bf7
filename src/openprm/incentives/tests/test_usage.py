"""Usage is booked once, credited by shares, and a closed month never changes."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from openprm.incentives import queries, services
from openprm.incentives.models import UsageCredit, UsageLine, UsageMonth, UsageShare
from openprm.incentives.transfer import UsageImporter
from openprm.kernel.errors import Conflict, Invalid, NotAllowed
from openprm.kernel.scope import scope, system_scope
from openprm.kernel.transfer import Change

pytestmark = pytest.mark.django_db
SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER = (date(2026, month, 1) for month in (9, 10, 11, 12))


@pytest.fixture
def finance(cast):
    with scope(cast.finance_manager):
        yield cast.finance_manager


def _report(external_id="u1", minor=1_000_00, month=OCTOBER, **more):
    given = {"source": "meter", "customer_key": "acme", "customer_name": "Acme", "currency": "EUR", **more}
    return services.UsageReport(external_id=external_id, amount_minor=minor, service_month=month, **given)


def _told(actor, at, *reports):
    return services.report_usage(actor=actor, reports=reports, at=at)


def _share(actor, partner_id, percent, at, since=SEPTEMBER, until=None):
    given = {"customer_key": "acme", "partner_id": partner_id, "percent": Decimal(percent), "from_month": since, "until_month": until}
    return services.set_share(actor=actor, at=at, **given)


def test_the_same_report_books_nothing_again(finance, at):
    [first], [again] = _told(finance, at, _report()), _told(finance, at, _report())
    assert (first.outcome, again.outcome, again.line_id) == ("booked", "same", first.line_id)
    assert UsageLine.objects.count() == 1


def test_another_amount_books_the_difference_as_a_line_of_its_own(finance, at):
    _told(finance, at, _report())
    [corrected] = _told(finance, at, _report(minor=1_250_00))
    assert corrected.outcome == "corrected"
    assert list(UsageLine.objects.order_by("revision").values_list("revision", "amount_minor")) == [(1, 1_000_00), (2, 250_00)]


def test_a_correction_of_a_closed_month_lands_in_the_next_open_one_and_names_it(finance, at):
    _told(finance, at, _report(month=SEPTEMBER))
    services.close_month(actor=finance, month=SEPTEMBER, at=at)
    services.close_month(actor=finance, month=OCTOBER, at=at)
    [late] = _told(finance, at, _report(minor=900_00, month=SEPTEMBER))
    assert (late.booked_month, late.corrects) == (NOVEMBER, SEPTEMBER)
    [september] = [row for row in queries.months(finance, at) if row.month == SEPTEMBER]
    assert (september.lines, september.amounts[0].minor) == (1, 1_000_00)


def test_a_month_that_is_not_over_or_out_of_order_does_not_close(finance, at):
    _told(finance, at, _report(month=SEPTEMBER))
    for month in (NOVEMBER, OCTOBER):
        with pytest.raises(services.MonthNotOver):
            services.close_month(actor=finance, month=month, at=at)
    assert UsageMonth.objects.count() == 0


def test_credits_add_up_to_the_shared_amount_to_the_cent(cast, finance, at):
    _share(finance, cast.partner_id, "33.3333", at)
    _share(finance, cast.other_partner_id, "66.6667", at)
    _told(finance, at, _report(minor=100_01))
    assert sorted(UsageCredit.objects.values_list("amount_minor", flat=True)) == [33_34, 66_67]


def test_shares_above_the_whole_are_refused_and_nothing_changes(cast, finance, at):
    _share(finance, cast.partner_id, "60", at)
    with pytest.raises(services.SharesExceedCap, match="2026-10 the shares of this customer would come to 110 %") as refused:
        _share(finance, cast.other_partner_id, "50", at, since=OCTOBER)
    assert refused.value.problems[0].code == "shares_exceed_cap"
    assert [row.percent for row in queries.shares(finance, customer_key="acme")] == [Decimal(60)]


def test_a_changed_share_credits_open_months_anew_and_is_readable_as_it_stood(cast, finance, at):
    _share(finance, cast.partner_id, "50", at - timedelta(days=3))
    _told(finance, at - timedelta(days=2), _report(minor=1_000_00))
    _share(finance, cast.partner_id, "40", at, since=OCTOBER)
    assert list(UsageCredit.objects.order_by("revision").values_list("amount_minor", flat=True)) == [500_00, -100_00]
    then = queries.shares(finance, customer_key="acme", month=OCTOBER, as_of=at - timedelta(days=1))
    now = queries.shares(finance, customer_key="acme", month=OCTOBER)
    before = queries.shares(finance, customer_key="acme", month=SEPTEMBER)
    assert ([row.percent for row in then], [row.percent for row in now], [row.percent for row in before]) == ([50], [40], [50])


def test_the_shares_of_a_closed_month_stay(cast, finance, at):
    _share(finance, cast.partner_id, "50", at)
    _told(finance, at, _report(month=SEPTEMBER))
    services.close_month(actor=finance, month=SEPTEMBER, at=at)
    with pytest.raises(services.MonthClosed) as refused:
        _share(finance, cast.partner_id, "10", at, since=SEPTEMBER)
    assert refused.value.problems[0].code == "immutable_allocation"
    assert [row.percent for row in queries.shares(finance)] == [Decimal(50)]


@pytest.mark.parametrize(
    ("report", "field"),
    [
        (_report(currency="XYZ9"), "reports[0].currency"),
        (_report(minor=10**16), "reports[0].amount_minor"),
        (_report(month=DECEMBER), "reports[0].service_month"),
        (_report(external_id=""), "reports[0].external_id"),
        (_report(quantity=Decimal("NaN")), "reports[0].quantity"),
    ],
)
def test_a_bad_report_names_its_field_and_books_nothing(finance, at, report, field):
    with pytest.raises(Invalid) as refused:
        _told(finance, at, report)
    assert refused.value.problems[0].field == field
    assert UsageLine.objects.count() == 0


def test_an_id_stays_with_its_month_and_customer(finance, at):
    _told(finance, at, _report())
    with pytest.raises(Invalid, match="another service month"):
        _told(finance, at, _report(month=SEPTEMBER))


def test_a_partner_sees_its_own_credits_and_shares_alone(cast, at):
    with scope(cast.finance_manager):
        _share(cast.finance_manager, cast.partner_id, "50", at)
        _share(cast.finance_manager, cast.other_partner_id, "25", at)
        _told(cast.finance_manager, at, _report())
    with scope(cast.partner_rep):
        assert [row.amount.minor for row in queries.credits(cast.partner_rep)] == [500_00]
        assert (UsageCredit.objects.count(), UsageShare.objects.count(), UsageLine.objects.count()) == (1, 1, 0)


def test_only_finance_books_usage(cast, at):
    with scope(cast.partner_manager), pytest.raises(NotAllowed):
        _told(cast.partner_manager, at, _report())
    with system_scope():
        assert UsageLine.objects.count() == 0


def test_a_file_read_again_books_only_what_changed(finance, at):
    importer, row = UsageImporter(), {
        "external_id": "f1", "customer_key": "acme", "customer_name": "Acme", "service_month": date(2026, 10, 15), "currency": "EUR", "amount": 500_00,
    }  # fmt: skip
    [line_id] = importer.create(actor=finance, rows=[row], source="erp", at=at)
    assert importer.find(actor=finance, rows=[row], source="erp") == [line_id]
    assert importer.current(actor=finance, ids=[line_id])[line_id]["amount"] == 500_00
    with pytest.raises(Conflict):
        importer.remove(actor=finance, ids=[line_id], at=at)
    importer.update(actor=finance, changes=[Change(line_id, {"amount": 500_00}, {"amount": 450_00})], at=at)
    assert list(UsageLine.objects.order_by("revision").values_list("amount_minor", flat=True)) == [500_00, -50_00]
