"""From earned to owed and back: approval, refusals with nothing changed, clawback, correction, four eyes, forfeiture, payouts."""

from datetime import date, timedelta

import pytest

from openprm.earnings import queries, services
from openprm.earnings.models import Adjustment, Alert, Earning, ForfeitureWarning
from openprm.earnings.services import Happening
from openprm.earnings.testing import SOME_DAY, earn, lines_of, make_event, stored
from openprm.incentives.rules.draft import RateDraft
from openprm.incentives.testing import make_plan, terms
from openprm.kernel.actor import SYSTEM
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Stale
from openprm.kernel.ids import new_id
from openprm.kernel.money import Money
from openprm.kernel.scope import scope, system_scope
from openprm.ledger import queries as books

pytestmark = pytest.mark.django_db


def balance(account, partner_id=None):
    with system_scope():
        return books.balance(account, partner_id, None, "EUR")


@pytest.fixture
def line(cast):
    make_plan()
    event = make_event(cast.partner_id)
    earn(event)
    return lines_of(event)[0]


def act(actor, service, **values):
    with scope(actor):
        return service(actor=actor, at=SOME_DAY, **values)


def approved(cast, line):
    act(cast.finance_manager, services.approve, earning_id=line.pk)
    return stored(line.pk)


def test_an_approved_line_is_owed(cast, line):
    row = approved(cast, line)

    assert (row.state, row.payable_from, row.forfeits_on) == ("approved", date(2026, 11, 23), date(2027, 11, 23))
    assert balance("earnings.accrued", cast.partner_id) == 0
    assert balance("partner.payable", cast.partner_id) == -4_000_00


@pytest.mark.parametrize("who", ["partner_manager", "vendor_reader", "partner_admin", "partner_rep"])
def test_only_finance_approves(cast, line, who):
    with pytest.raises((NotAllowed, NotFound)):
        act(getattr(cast, who), services.approve, earning_id=line.pk)

    assert stored(line.pk).state == "new"


def test_an_old_version_is_refused(cast, line):
    with pytest.raises(Stale):
        act(cast.finance_manager, services.approve, earning_id=line.pk, version=line.version + 7)

    assert stored(line.pk).state == "new"


def test_a_declined_line_says_why_and_leaves_the_books(cast, line):
    with pytest.raises(Invalid):
        act(cast.finance_manager, services.decline, earning_id=line.pk, reason="  ")
    act(cast.finance_manager, services.decline, earning_id=line.pk, reason="The customer never paid.")

    assert (stored(line.pk).state, stored(line.pk).reason) == ("declined", "The customer never paid.")
    assert (balance("earnings.expense"), balance("earnings.accrued", cast.partner_id)) == (0, 0)


def test_a_line_with_an_alert_is_not_approved_until_somebody_has_looked(cast):
    make_plan()
    event = make_event(cast.partner_id)
    earn(event, doubts={"same_company": True})
    (row,) = lines_of(event)
    with pytest.raises(NotAllowed, match="alert"):
        act(cast.finance_manager, services.approve, earning_id=row.pk)
    assert stored(row.pk).state == "held"

    with system_scope():
        alert = Alert.objects.get()
    act(cast.finance_manager, services.resolve_alert, alert_id=alert.pk, outcome="dismissed", resolution="A subsidiary that buys for itself is fine.")

    assert stored(row.pk).state == "new"
    assert approved(cast, row).state == "approved"


def test_money_that_is_taken_back_is_a_negative_line_with_its_reason(cast, line):
    approved(cast, line)

    back = act(cast.finance_manager, services.claw_back, earning_id=line.pk, reason="The customer returned it.", amount_minor=1_500_00)

    row = stored(back)
    assert (row.kind, row.amount_minor, row.state, row.reason, row.corrects_id) == ("clawback", -1_500_00, "approved", "The customer returned it.", line.pk)
    assert stored(line.pk).amount_minor == 4_000_00
    assert balance("partner.payable", cast.partner_id) == -2_500_00


def test_more_than_was_given_is_never_taken_back(cast, line):
    approved(cast, line)
    act(cast.finance_manager, services.claw_back, earning_id=line.pk, reason="Half of it.", amount_minor=2_000_00)

    with pytest.raises(Invalid):
        act(cast.finance_manager, services.claw_back, earning_id=line.pk, reason="More.", amount_minor=2_000_01)

    assert balance("partner.payable", cast.partner_id) == -2_000_00


def test_what_is_taken_back_of_paid_money_is_carried_forward(cast, line):
    approved(cast, line)
    run = new_id()
    with system_scope():
        services.take(line_ids=[line.pk], run_id=run, at=SOME_DAY)
        services.settle(line_ids=[line.pk], at=SOME_DAY)

    act(cast.finance_manager, services.claw_back, earning_id=line.pk, reason="The customer canceled.")

    assert (stored(line.pk).state, stored(line.pk).amount_minor) == ("paid", 4_000_00)
    with system_scope():
        assert [one.money.minor for one in queries.payable(partner_ids=[cast.partner_id])] == [-4_000_00]


def test_a_line_that_is_taken_back_before_its_approval_is_struck(cast, line):
    assert act(cast.finance_manager, services.claw_back, earning_id=line.pk, reason="Entered twice in the CRM.") is None

    assert stored(line.pk).state == "clawed_back"
    assert (balance("earnings.expense"), balance("partner.payable", cast.partner_id)) == (0, 0)


def test_a_smaller_share_of_the_credit_is_corrected_by_further_lines(cast, line):
    approved(cast, line)
    key = line.source_key
    other = Happening(event=make_event(cast.other_partner_id, source_id=line.event.source_id, source_key=key))

    with system_scope():
        services.set_share(
            source_key=key, holder_id=cast.partner_id, to_partner_id=cast.other_partner_id, percent=25, reason="CC-000001", other=other, at=SOME_DAY
        )
        services.set_share(
            source_key=key, holder_id=cast.partner_id, to_partner_id=cast.other_partner_id, percent=25, reason="CC-000001", other=other, at=SOME_DAY
        )

    with system_scope():
        found = sorted((row.partner_id == cast.partner_id, row.kind, row.amount_minor) for row in Earning.objects.filter(source_key=key))
    assert found == [(False, "accrual", 1_000_00), (True, "accrual", 4_000_00), (True, "correction", -1_000_00)]


def test_a_deal_that_was_changed_after_it_was_won_is_corrected_by_the_difference(cast, line):
    with system_scope():
        services.correct(
            actor=SYSTEM, partner_id=cast.partner_id, source_key=line.source_key, changes={"net": Money(50_000_00, "EUR")}, why="The order grew.", at=SOME_DAY
        )
        services.correct(
            actor=SYSTEM, partner_id=cast.partner_id, source_key=line.source_key, changes={"net": Money(45_000_00, "EUR")}, why="And shrank.", at=SOME_DAY
        )
        rows = list(Earning.objects.filter(source_key=line.source_key).order_by("revision"))

    assert [(row.amount_minor, row.before_minor, row.revision, row.reason) for row in rows] == [
        (4_000_00, 0, 0, ""), (1_000_00, 4_000_00, 1, "The order grew."), (-500_00, 5_000_00, 2, "And shrank."),
    ]  # fmt: skip
    approved(cast, line)
    assert balance("partner.payable", cast.partner_id) == -4_500_00


def test_small_amounts_of_partners_that_were_paid_before_are_approved_by_rule(cast):
    make_plan(terms=terms([RateDraft(rate="1")]))
    for _again in range(3):
        event = make_event(cast.partner_id)
        earn(event)
        (row,) = lines_of(event)
        approved(cast, row)
        with system_scope():
            services.take(line_ids=[row.pk], run_id=new_id(), at=SOME_DAY)
            services.settle(line_ids=[row.pk], at=SOME_DAY)

    event = make_event(cast.partner_id)
    earn(event)

    (row,) = lines_of(event)
    assert (row.state, row.is_automatic, row.clause) == ("approved", True, "A2")


def test_bulk_approval_names_what_it_left(cast, line):
    act(cast.finance_manager, services.decline, earning_id=line.pk, reason="No.")
    event = make_event(cast.partner_id)
    earn(event)
    (other,) = lines_of(event)

    done = act(cast.finance_manager, services.approve_many, earning_ids=[line.pk, other.pk])

    assert done.done == (other.pk,)
    assert [(one.number, "declined" in one.reason) for one in done.refused] == [(line.number, True)]


def test_who_proposes_an_amount_never_approves_it(cast):
    proposed = act(cast.finance_manager, services.propose_adjustment, partner_id=cast.partner_id, amount_minor=250_00, currency="EUR", reason="Goodwill")
    with pytest.raises(NotAllowed, match="Somebody else"):
        act(cast.finance_manager, services.decide_adjustment, adjustment_id=proposed, approve=True)
    with system_scope():
        assert (Adjustment.objects.get().state, Earning.objects.count()) == ("proposed", 0)

    act(cast.vendor_admin, services.decide_adjustment, adjustment_id=proposed, approve=True)

    assert balance("partner.payable", cast.partner_id) == -250_00


@pytest.mark.parametrize("values", [{"amount_minor": 0}, {"currency": "XXQ"}, {"reason": " "}, {"amount_minor": 10**16}])
def test_an_adjustment_that_makes_no_sense_is_refused(cast, values):
    given = {"partner_id": cast.partner_id, "amount_minor": 100, "currency": "EUR", "reason": "Goodwill", **values}
    with pytest.raises(Invalid):
        act(cast.finance_manager, services.propose_adjustment, **given)

    with system_scope():
        assert Adjustment.objects.count() == 0


def test_nothing_is_forfeited_before_every_published_warning(cast, line):
    approved(cast, line)
    day = SOME_DAY.replace(year=2027)
    with system_scope():
        assert services.forfeit_due(at=day + timedelta(days=1)) == 0
        for days in (90, 30, 7):
            assert services.warn_due(at=day - timedelta(days=days)) == 1
            assert services.warn_due(at=day - timedelta(days=days)) == 0
        assert services.forfeit_due(at=day - timedelta(days=1)) == 0
        assert services.forfeit_due(at=day) == 1
        assert [one.days_before for one in ForfeitureWarning.objects.order_by("-days_before")] == [90, 30, 7]

    assert stored(line.pk).state == "forfeited"
    assert (balance("partner.payable", cast.partner_id), balance("forfeited.income")) == (0, -4_000_00)


def test_a_late_warning_moves_the_day(cast, line):
    approved(cast, line)
    late = SOME_DAY.replace(year=2027) - timedelta(days=2)
    with system_scope():
        services.warn_due(at=late)

    assert stored(line.pk).forfeits_on == (late + timedelta(days=90)).date()


def test_a_line_that_is_not_owed_is_not_taken_into_a_run(cast, line):
    with system_scope(), pytest.raises(Conflict):
        services.take(line_ids=[line.pk], run_id=new_id(), at=SOME_DAY)

    assert stored(line.pk).state == "new"


def test_a_failed_payout_makes_the_line_owed_again(cast, line):
    approved(cast, line)
    with system_scope():
        services.take(line_ids=[line.pk], run_id=new_id(), at=SOME_DAY)
        services.give_back(line_ids=[line.pk], reason="Account closed", at=SOME_DAY)
        services.give_back(line_ids=[line.pk], reason="Account closed", at=SOME_DAY)

    assert (stored(line.pk).state, stored(line.pk).payout_note) == ("approved", "Account closed")


def test_a_partner_sees_its_own_lines_and_a_rep_its_own_share(cast):
    make_plan(terms=terms(rep_share="20"))
    event = make_event(cast.partner_id, user_id=cast.partner_rep.user_id)
    earn(event)
    company, rep = sorted(lines_of(event), key=lambda row: -row.amount_minor)

    with scope(cast.partner_admin):
        assert queries.listed(cast.partner_admin, queries.Filters()).count() == 2
    with scope(cast.partner_rep):
        assert [row.pk for row in queries.listed(cast.partner_rep, queries.Filters())] == [rep.pk]
        with pytest.raises(NotFound):
            queries.earning_for_partner(cast.partner_rep, company.pk, SOME_DAY)
    with scope(cast.other_partner_admin):
        assert queries.listed(cast.other_partner_admin, queries.Filters()).count() == 0
        assert Earning.objects.count() == 0
        with pytest.raises(NotFound):
            queries.proof(cast.other_partner_admin, company.pk)


def test_the_months_of_a_partner_count_what_was_booked_and_what_arrived(cast, line):
    approved(cast, line)
    with system_scope():
        services.take(line_ids=[line.pk], run_id=new_id(), at=SOME_DAY)
        services.settle(line_ids=[line.pk], at=SOME_DAY)

    with scope(cast.partner_admin):
        (month,) = queries.monthly(cast.partner_admin, since=date(2026, 11, 1), until=date(2026, 12, 1))

    assert (month.month, month.earned_minor, month.paid_minor, month.deal_id) == (date(2026, 11, 1), 4_000_00, 4_000_00, line.event.source_id)
