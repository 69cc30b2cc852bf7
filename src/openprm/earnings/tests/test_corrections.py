"""When a happening turns out otherwise, or is told more of: further lines, to the cent, and nothing edited."""

from datetime import date
from decimal import Decimal

import pytest

from openprm.earnings import queries, services
from openprm.earnings.models import Earning
from openprm.earnings.rules.proof import check
from openprm.earnings.testing import SOME_DAY, earn, lines_of, make_event, stored
from openprm.incentives import services as incentives
from openprm.incentives.rules.draft import RateDraft
from openprm.incentives.testing import make_plan, terms
from openprm.kernel.actor import SYSTEM
from openprm.kernel.errors import Conflict, Invalid, NotAllowed
from openprm.kernel.ids import new_id
from openprm.kernel.money import Money
from openprm.kernel.scope import scope, system_scope
from openprm.ledger import queries as books

pytestmark = pytest.mark.django_db
BANDS = [RateDraft(high="50000", rate="10"), RateDraft(low="50000", rate="12.5")]


def change(event, **changes):
    with system_scope():
        return services.correct(actor=SYSTEM, partner_id=event.partner_id, source_key=event.source_key, changes=changes, why="It was changed.", at=SOME_DAY)


def told(cast, earning_id, **values):
    with scope(cast.finance_manager):
        return services.tell_about_line(actor=cast.finance_manager, earning_id=earning_id, reason="From the invoice.", at=SOME_DAY, **values)


def amounts(event):
    return [(row.line_key, row.kind, row.amount_minor) for row in lines_of(event)]


def test_a_deal_that_grows_into_the_next_band_earns_it_too(cast):
    make_plan(terms=terms(BANDS))
    event = make_event(cast.partner_id)
    earn(event)
    change(event, net=Money(80_000_00, "EUR"))

    assert amounts(event) == [("clause:R1", "accrual", 4_000_00), ("clause:R2", "accrual", 3_750_00), ("clause:R1", "correction", 1_000_00)]
    with system_scope():
        assert books.balance("earnings.accrued", cast.partner_id, None, "EUR") == -8_750_00


def test_a_deal_that_reaches_a_whole_band_changes_its_rate_for_all_of_it(cast):
    make_plan(terms=terms(BANDS, bands="whole"))
    event = make_event(cast.partner_id)
    earn(event)
    change(event, net=Money(80_000_00, "EUR"))

    assert sum(minor for _key, _kind, minor in amounts(event)) == 10_000_00


def test_a_plan_that_paid_nothing_is_asked_again(cast):
    make_plan(terms=terms([RateDraft(high="50000", rate="0"), RateDraft(low="50000", rate="10")]))
    event = make_event(cast.partner_id)
    earn(event)
    assert amounts(event) == []
    change(event, net=Money(80_000_00, "EUR"))
    change(event, net=Money(80_000_00, "EUR"))

    assert amounts(event) == [("clause:R2", "accrual", 3_000_00)]


def test_a_declined_line_stays_declined_when_the_deal_changes(cast):
    make_plan()
    event = make_event(cast.partner_id)
    earn(event)
    with scope(cast.finance_manager):
        services.decline(actor=cast.finance_manager, earning_id=lines_of(event)[0].pk, reason="Not our customer.", at=SOME_DAY)
    change(event, net=Money(80_000_00, "EUR"))

    assert amounts(event) == [("base", "accrual", 4_000_00)]


def test_a_margin_that_is_not_known_is_held_with_its_reason_and_never_guessed(cast):
    make_plan(terms=terms([RateDraft(rate="20")], basis="margin", rep_share="25"))
    event = make_event(cast.partner_id, user_id=cast.partner_rep.user_id)
    earn(event)

    (line,) = lines_of(event)
    assert (line.state, line.amount_minor, line.hold_reason) == ("held", 0, "The margin is not known yet. It is calculated when it is told.")
    with scope(cast.finance_manager):
        for act in (services.approve, services.release):
            with pytest.raises(NotAllowed):
                act(actor=cast.finance_manager, earning_id=line.pk, at=SOME_DAY)


def test_a_margin_that_is_told_pays_to_the_cent_and_ends_the_wait(cast):
    make_plan(terms=terms([RateDraft(rate="20")], basis="margin", rep_share="25"))
    event = make_event(cast.partner_id, user_id=cast.partner_rep.user_id)
    earn(event)
    told(cast, lines_of(event)[0].pk, margin=Money(12_345_67, "EUR"))

    waited, company, rep = sorted(lines_of(event), key=lambda row: (row.line_key != "unknown", row.line_key))
    assert (waited.state, waited.reason.startswith("What was not known was told: see E-")) == ("declined", True)
    assert (company.amount_minor, rep.amount_minor, company.state) == (1_851_85, 617_28, "new")
    assert company.amount_minor + rep.amount_minor == 2_469_13
    with scope(cast.finance_manager):
        proofs = [queries.proof(cast.finance_manager, row.pk)[1] for row in (waited, company, rep)]
    assert [check(one).equal for one in proofs] == [True, True, True]


@pytest.mark.parametrize(
    "values", [{}, {"margin": Money(-1, "EUR")}, {"margin": Money(1, "USD")}, {"margin": Money(10**17, "EUR")}, {"channel": "<b>"}, {"net": Money(1, "EUR")}]
)
def test_what_cannot_be_told_is_refused_and_nothing_changes(cast, values):
    make_plan(terms=terms(basis="margin"))
    event = make_event(cast.partner_id)
    earn(event)
    with pytest.raises(Invalid):
        told(cast, lines_of(event)[0].pk, **values)

    assert amounts(event) == [("unknown", "accrual", 0)]


def test_only_finance_tells(cast):
    make_plan(terms=terms(basis="margin"))
    event = make_event(cast.partner_id)
    earn(event)
    with scope(cast.partner_manager), pytest.raises(NotAllowed):
        services.tell_about_line(actor=cast.partner_manager, earning_id=lines_of(event)[0].pk, margin=Money(1, "EUR"), reason="x", at=SOME_DAY)


def test_a_marketplace_plan_pays_once_the_channel_is_told_after_the_fee(cast):
    make_plan(terms=terms([RateDraft(channel=("marketplace",), rate="8")], fee_percent="3"))
    make_plan("fixed", terms=terms([RateDraft(fixed="10")]))
    event = make_event(cast.partner_id, minor=10_000_00)
    earn(event)
    told(cast, lines_of(event)[0].pk, channel="marketplace")

    assert sorted(row.amount_minor for row in lines_of(event)) == [10_00, 776_00]


def test_usage_is_corrected_by_the_bands_of_the_month_that_it_belongs_to(cast):
    make_plan("usage", kind="consumption", terms=terms([RateDraft(high="10000", rate="4"), RateDraft(low="10000", rate="5")], event="usage", span="month"))
    with system_scope():
        for minor, booked in ((12_000_00, date(2026, 11, 1)), (-2_500_00, date(2026, 12, 1))):
            services.accrue_usage(
                line_id=new_id(), partner_id=cast.partner_id, customer="Acme", customer_key="acme", product_line_id=None, service_month=date(2026, 11, 1),
                booked_month=booked, money=Money(minor, "EUR"), at=SOME_DAY.replace(month=12, day=10),
            )  # fmt: skip
        rows = list(Earning.objects.order_by("created_at", "line_key"))

    assert [row.occurred_on for row in rows] == [date(2026, 11, 30)] * len(rows)
    assert sum(row.amount_minor for row in rows) == 380_00
    assert sum(row.basis_minor for row in rows) == 9_500_00


def test_a_plan_for_some_months_of_a_customer_ends_for_its_usage_too(cast):
    make_plan("usage", kind="consumption", terms=terms(event="usage", duration_months="1"))
    with system_scope():
        for month in (11, 12):
            services.accrue_usage(
                line_id=new_id(), partner_id=cast.partner_id, customer="Acme", customer_key="acme", product_line_id=None,
                service_month=date(2026, month, 1), booked_month=date(2026, month, 1), money=Money(100_00, "EUR"), at=SOME_DAY.replace(year=2027),
            )  # fmt: skip
        assert [row.amount_minor for row in Earning.objects.all()] == [10_00]


def test_a_retainer_for_two_months_is_paid_twice(cast):
    make_plan("retainer", kind="retainer", terms=terms([RateDraft(fixed="800")], event="retainer", duration_months="2"), partner_ids=(cast.partner_id,))
    with system_scope():
        for month in (date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)):
            services.accrue_retainers(month=month, at=SOME_DAY.replace(year=month.year, month=month.month))
        assert [row.amount_minor for row in Earning.objects.all()] == [800_00, 800_00]


@pytest.mark.parametrize(
    ("limit", "days", "pays"),
    [
        ("day", ["2026-12-01", "2026-12-01", "2026-12-02"], [4_000_00, 1_000_00, 4_000_00]),
        ("week", ["2026-11-30", "2026-12-06", "2026-12-07"], [4_000_00, 1_000_00, 4_000_00]),
        ("month", ["2026-12-01", "2026-12-31", "2027-01-01"], [4_000_00, 1_000_00, 4_000_00]),
        ("total", ["2026-12-01", "2027-12-31", "2029-01-01"], [4_000_00, 1_000_00]),
    ],
)
def test_a_plan_spends_no_more_than_its_limit(cast, limit, days, pays):
    make_plan(terms=terms(**{f"limit__{limit}": "5000"}))
    for day in days:
        earn(make_event(cast.partner_id, on=date.fromisoformat(day)))

    with system_scope():
        assert list(Earning.objects.order_by("occurred_on", "number").values_list("amount_minor", flat=True)) == pays


@pytest.mark.parametrize(("kind", "terms_"), [("commission", {"basis": "list"}), ("commission", {"basis": "net"}), ("commission", {"basis": "credited"})])
def test_each_basis_counts_its_own_amount(cast, kind, terms_):
    make_plan(terms=terms(**terms_))
    event = make_event(cast.partner_id, list=Money(50_000_00, "EUR"), credited_share=Decimal("0.5"))
    earn(event)

    assert [row.amount_minor for row in lines_of(event)] == [{"list": 2_500_00, "net": 2_000_00, "credited": 2_000_00}[terms_["basis"]]]


def test_what_was_never_won_is_not_told_of(cast):
    from openprm.deals.testing import make_approved, make_catalogue

    deal = make_approved(cast.partner_rep, cast.vendor_admin, make_catalogue())
    with scope(cast.finance_manager), pytest.raises(Conflict):
        services.tell_about_deal(actor=cast.finance_manager, registration_id=deal, channel="marketplace", reason="So it was.", at=SOME_DAY)


def test_lines_that_compete_leave_the_best_and_what_takes_money_back(cast):
    make_plan("small", terms=terms([RateDraft(rate="5")], stackable="false"))
    make_plan("large", terms=terms([RateDraft(rate="8")], stackable="false"))
    make_plan("beside", terms=terms([RateDraft(fixed="10")]))
    event = make_event(cast.partner_id)
    earn(event)

    assert sorted(row.amount_minor for row in lines_of(event)) == [10_00, 3_200_00]
    assert stored(lines_of(event)[0].pk).state == "new"


def test_usage_that_was_missed_is_caught_up_with_once(cast):
    make_plan("usage", kind="consumption", terms=terms(event="usage"))
    finance = cast.finance_manager
    with scope(finance):
        incentives.set_share(actor=finance, customer_key="c", partner_id=cast.partner_id, percent=Decimal(50), from_month=date(2026, 11, 1), at=SOME_DAY)
        report = incentives.UsageReport(
            source="m", external_id="u", customer_key="c", customer_name="C", service_month=date(2026, 11, 1), amount_minor=1_000_00, currency="EUR"
        )
        incentives.report_usage(actor=finance, reports=(report,), at=SOME_DAY)
    later = SOME_DAY.replace(month=12, day=10)
    with system_scope():
        assert (services.catch_up_usage(at=later).events, services.catch_up_usage(at=later).events) == (1, 0)
        assert [row.amount_minor for row in Earning.objects.all()] == [50_00]
