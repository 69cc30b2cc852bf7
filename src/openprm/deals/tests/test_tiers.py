"""Facts move partners: up at once or by a person, down only after a warning, once however often it is measured."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from openprm.deals import services as deals
from openprm.deals.testing import make_approved, make_catalogue
from openprm.deals.tier_facts import DealFacts
from openprm.kernel.errors import NotAllowed, NotFound
from openprm.kernel.scope import scope, system_scope
from openprm.partners import queries as partners
from openprm.partners.models import Enrollment
from openprm.rulebook import queries as rulebook
from openprm.rulebook.ports import Row, Table
from openprm.tiering import queries, services
from openprm.tiering.models import Qualification, Standing, TierMove
from openprm.tiering.testing import enter, publish_rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def rules(cast):
    """Gold asks 100,000 won in a year and two certified people; everybody else is Silver. In force since January 2026."""
    return publish_rules(program_id=cast.program.pk)


def tier_of(partner_id, cast, at):
    with system_scope():
        return partners.enrollment(partner_id, at, program_id=cast.program.pk).tier_code


def standing_of(partner_id):
    with system_scope():
        return Standing.objects.get(partner_id=partner_id)


def steps(found):
    return [(one.step.value, one.before, one.after) for one in found]


def won(cast, at, amount_minor=150_000_00, **draft):
    """A deal of the other partner (Silver), approved and won."""
    catalogue = make_catalogue()
    registration_id = make_approved(cast.other_partner_rep, cast.vendor_admin, catalogue, at=at, **draft)
    with scope(cast.vendor_admin):
        deals.mark_won(actor=cast.vendor_admin, registration_id=registration_id, amount_minor=amount_minor, at=at + timedelta(days=1))


@pytest.fixture
def by_person(cast, at):
    with system_scope():
        services.save_policy(actor=cast.vendor_admin, program_id=cast.program.pk, changes={"promotes_at_once": False, "demotes_at_once": False}, at=at)


@pytest.fixture
def automatic(cast, at):
    with system_scope():
        services.save_policy(actor=cast.vendor_admin, program_id=cast.program.pk, changes={"demotes_at_once": True, "is_forgiving": False}, at=at)


def test_without_published_criteria_nobody_moves(cast, at):
    assert steps(services.refresh(partner_id=cast.partner_id, at=at)) == [("stay", "gold", "gold")]
    assert standing_of(cast.partner_id).state == "safe"


def test_a_big_deal_promotes_at_once(cast, rules, at):
    enter(partner_id=cast.other_partner_id, metric="certifications", amount=2)
    won(cast, at)

    found = services.refresh(partner_id=cast.other_partner_id, at=at + timedelta(days=2))

    assert steps(found) == [("promote", "silver", "gold")]
    assert tier_of(cast.other_partner_id, cast, at + timedelta(days=2)) == "gold"
    with system_scope():
        move = TierMove.objects.get()
        assert (move.state, move.is_automatic, move.direction, move.clause) == ("done", True, "up", "T1")
        assert move.facts["revenue_won"] == "150000"
        [decision] = rulebook.decisions_for(actor=cast.vendor_admin, subject_id=move.pk)
        assert decision.outcome == {"tier": "gold"}


def test_the_win_itself_queues_the_measuring(cast, rules, at):
    from openprm.deals.events import DealWon
    from openprm.kernel.registry import registry

    assert "deals.measure_tier_of_winner" in {handler.name for handler in registry.subscribers_of(DealWon)}


def test_measuring_again_changes_nothing(cast, rules, at):
    enter(partner_id=cast.other_partner_id, metric="certifications", amount=2)
    won(cast, at)
    services.refresh(partner_id=cast.other_partner_id, at=at + timedelta(days=2))

    assert steps(services.refresh(partner_id=cast.other_partner_id, at=at + timedelta(days=2))) == [("stay", "gold", "gold")]
    with system_scope():
        assert TierMove.objects.count() == 1


def test_a_manager_is_asked_where_the_program_says_so(cast, rules, by_person, at):
    enter(partner_id=cast.other_partner_id, metric="certifications", amount=2)
    won(cast, at)
    day = at + timedelta(days=2)

    found = services.refresh(partner_id=cast.other_partner_id, at=day)
    services.refresh(partner_id=cast.other_partner_id, at=day)

    assert steps(found) == [("ask_promotion", "silver", "silver")]
    with scope(cast.partner_manager):
        [move] = queries.waiting_moves(cast.partner_manager)
        assert (move.partner, move.before, move.after, move.clause, move.at_stake.minor) == ("Sintra Systems", "Silver", "Gold", "T1", 150_000_00)
        services.approve_move(actor=cast.partner_manager, move_id=move.id, reason="Well earned.", at=day)
    assert tier_of(cast.other_partner_id, cast, day) == "gold"


def test_a_no_has_a_reason_and_rests(cast, rules, by_person, at):
    enter(partner_id=cast.other_partner_id, metric="certifications", amount=2)
    won(cast, at)
    day = at + timedelta(days=2)
    services.refresh(partner_id=cast.other_partner_id, at=day)
    with scope(cast.partner_manager):
        [move] = queries.waiting_moves(cast.partner_manager)
        services.decline_move(actor=cast.partner_manager, move_id=move.id, reason="The audit is open.", at=day)

    services.refresh(partner_id=cast.other_partner_id, at=day + timedelta(days=30))

    with system_scope():
        assert TierMove.objects.filter(state="pending").count() == 0
    assert tier_of(cast.other_partner_id, cast, day) == "silver"
    services.refresh(partner_id=cast.other_partner_id, at=day + timedelta(days=91))
    with system_scope():
        assert TierMove.objects.filter(state="pending").count() == 1


def test_a_no_without_a_reason_changes_nothing(cast, rules, by_person, at):
    enter(partner_id=cast.other_partner_id, metric="certifications", amount=2)
    won(cast, at)
    services.refresh(partner_id=cast.other_partner_id, at=at + timedelta(days=2))

    with scope(cast.partner_manager):
        [move] = queries.waiting_moves(cast.partner_manager)
        with pytest.raises(Exception, match="Say why"):
            services.decline_move(actor=cast.partner_manager, move_id=move.id, reason="  ", at=at)
        assert len(queries.waiting_moves(cast.partner_manager)) == 1


def test_a_question_whose_reason_is_gone_is_dropped(cast, rules, by_person, at):
    enter(partner_id=cast.other_partner_id, metric="certifications", amount=2, until=at.date() + timedelta(days=3))
    won(cast, at)
    services.refresh(partner_id=cast.other_partner_id, at=at + timedelta(days=2))

    services.refresh(partner_id=cast.other_partner_id, at=at + timedelta(days=4))

    with system_scope():
        assert [move.state for move in TierMove.objects.all()] == ["superseded"]


def test_falling_below_the_line_starts_a_clock_and_only_its_end_demotes(cast, rules, automatic, at):
    assert steps(services.refresh(partner_id=cast.partner_id, at=at)) == [("begin_grace", "gold", "gold")]
    assert standing_of(cast.partner_id).grace_until == at + timedelta(days=60)
    assert steps(services.refresh(partner_id=cast.partner_id, at=at + timedelta(days=59))) == [("wait", "gold", "gold")]

    assert steps(services.refresh(partner_id=cast.partner_id, at=at + timedelta(days=60))) == [("demote", "gold", "silver")]

    assert tier_of(cast.partner_id, cast, at + timedelta(days=60)) == "silver"
    assert (standing_of(cast.partner_id).state, standing_of(cast.partner_id).grace_until) == ("safe", None)


def test_meeting_the_criteria_again_stops_the_clock(cast, rules, automatic, at):
    services.refresh(partner_id=cast.other_partner_id, at=at)
    enter(partner_id=cast.other_partner_id, metric="certifications", amount=2)
    won(cast, at)
    services.refresh(partner_id=cast.other_partner_id, at=at + timedelta(days=2))
    with system_scope():
        Standing.objects.filter(partner_id=cast.other_partner_id).update(grace_since=at, grace_until=at + timedelta(days=9), state="grace")

    found = services.refresh(partner_id=cast.other_partner_id, at=at + timedelta(days=3))

    assert steps(found) == [("end_grace", "gold", "gold")]
    assert standing_of(cast.other_partner_id).grace_until is None


def test_one_day_in_the_last_months_is_forgiven(cast, rules, at):
    with system_scope():
        Qualification.objects.create(partner_id=cast.partner_id, tier=cast.tier, first_on=date(2026, 6, 1), last_on=date(2026, 6, 1))

    assert steps(services.refresh(partner_id=cast.partner_id, at=at)) == [("stay", "gold", "gold")]
    assert steps(services.refresh(partner_id=cast.partner_id, at=at + timedelta(days=8))) == [("begin_grace", "gold", "gold")]


def test_a_tier_kept_by_hand_is_not_touched_until_the_day(cast, rules, automatic, at):
    services.refresh(partner_id=cast.partner_id, at=at)
    with scope(cast.partner_manager):
        services.keep_tier(actor=cast.partner_manager, partner_id=cast.partner_id, program_id=cast.program.pk, until=date(2027, 3, 1), reason="Merger.", at=at)

    assert steps(services.refresh(partner_id=cast.partner_id, at=at + timedelta(days=70))) == [("end_grace", "gold", "gold")]
    assert standing_of(cast.partner_id).state == "exempt"
    assert steps(services.refresh(partner_id=cast.partner_id, at=at + timedelta(days=100))) == [("begin_grace", "gold", "gold")]


def test_a_declined_demotion_keeps_the_tier_for_a_while(cast, rules, by_person, at):
    with system_scope():
        services.save_policy(actor=cast.vendor_admin, program_id=cast.program.pk, changes={"is_forgiving": False}, at=at)
    services.refresh(partner_id=cast.partner_id, at=at)
    due = at + timedelta(days=60)
    assert steps(services.refresh(partner_id=cast.partner_id, at=due)) == [("ask_demotion", "gold", "gold")]
    with scope(cast.partner_manager):
        [move] = queries.waiting_moves(cast.partner_manager)
        services.decline_move(actor=cast.partner_manager, move_id=move.id, reason="They open a second site.", at=due)

    found = standing_of(cast.partner_id)

    assert (found.state, found.exempt_until, found.grace_until) == ("exempt", (due + timedelta(days=90)).date(), None)


def test_points_need_the_threshold_and_every_floor(cast, at):
    table = Table(
        ("points", "floors_met"), ("tier",), (Row("T1", {"points": ">= 70", "floors_met": "true"}, {"tier": '"gold"'}), Row("T2", {}, {"tier": '"silver"'}))
    )
    publish_rules(program_id=cast.program.pk, table=table)
    won(cast, at, amount_minor=900_000_00)
    day = at + timedelta(days=2)

    assert steps(services.refresh(partner_id=cast.other_partner_id, at=day)) == [("stay", "silver", "silver")]
    assert (standing_of(cast.other_partner_id).facts["points"], standing_of(cast.other_partner_id).facts["floors_met"]) == ("52", False)

    enter(partner_id=cast.other_partner_id, metric="certifications", amount=3)
    assert steps(services.refresh(partner_id=cast.other_partner_id, at=day)) == [("promote", "silver", "gold")]


def test_a_smaller_track_earns_the_same_points_with_less(cast, at):
    enter(partner_id=cast.other_partner_id, metric="certifications", amount=2)
    won(cast, at, amount_minor=100_000_00)
    day = at + timedelta(days=2)
    services.refresh(partner_id=cast.other_partner_id, at=day)
    medium = standing_of(cast.other_partner_id).facts["points"]
    with scope(cast.partner_manager):
        services.set_track(actor=cast.partner_manager, partner_id=cast.other_partner_id, program_id=cast.program.pk, track="small", at=day)
    services.refresh(partner_id=cast.other_partner_id, at=day)

    assert (medium, standing_of(cast.other_partner_id).facts["points"]) == ("37", "84")


def test_what_is_in_danger_is_ranked_by_the_money_at_stake(cast, rules, at):
    for partner_id in (cast.partner_id, cast.other_partner_id):
        services.refresh(partner_id=partner_id, at=at)
    with scope(cast.vendor_reader):
        rows = list(queries.export_standings(cast.vendor_reader, filters={}, in_danger=True))

    assert [(row.partner, row.state, row.at_stake.minor, row.reasons) for row in rows] == [
        ("Kallio Digital", "grace", 0, ("Revenue won in 12 months: €0 of €100k", "Certified people: – of 2")),
    ]


def test_an_expiring_certificate_warns_early(cast, rules, at):
    enter(partner_id=cast.other_partner_id, metric="certifications", amount=1)
    enter(partner_id=cast.other_partner_id, metric="certifications", amount=1, since=date(2026, 1, 1), until=date(2026, 12, 12))
    won(cast, at)

    services.refresh(partner_id=cast.other_partner_id, at=at + timedelta(days=2))
    services.refresh(partner_id=cast.other_partner_id, at=at + timedelta(days=2))

    found = standing_of(cast.other_partner_id)
    assert found.state == "at_risk"
    assert found.reasons[0] == {"cause": "expiring", "fact": "certifications", "have": "2", "need": "2", "then": "1", "on": "2026-12-12"}


def test_a_partner_reads_its_own_standing_and_no_other(cast, rules, at):
    for partner_id in (cast.partner_id, cast.other_partner_id):
        services.refresh(partner_id=partner_id, at=at)

    with scope(cast.partner_rep):
        assert Standing.objects.count() == 1
        [found] = queries.progress_of(cast.partner_rep, cast.partner_id, at)
        assert (found.tier, found.headline) == ("Gold", "You may lose Gold on 22 January 2027")
        with pytest.raises(NotFound):
            queries.progress_of(cast.partner_rep, cast.other_partner_id, at)
        with pytest.raises(NotFound):
            queries.vendor_progress_of(cast.partner_rep, cast.partner_id, at)


def test_a_partner_decides_nothing(cast, rules, by_person, at):
    enter(partner_id=cast.other_partner_id, metric="certifications", amount=2)
    won(cast, at)
    services.refresh(partner_id=cast.other_partner_id, at=at + timedelta(days=2))
    with system_scope():
        move_id = TierMove.objects.get().pk

    with scope(cast.other_partner_admin), pytest.raises(NotAllowed):
        services.approve_move(actor=cast.other_partner_admin, move_id=move_id, at=at)
    with scope(cast.vendor_reader), pytest.raises(NotAllowed):
        services.approve_move(actor=cast.vendor_reader, move_id=move_id, at=at)

    with system_scope():
        assert TierMove.objects.get().state == "pending"
    assert tier_of(cast.other_partner_id, cast, at) == "silver"


def test_the_database_holds_one_tier_for_each_partner_and_program(cast, at):
    with system_scope(), pytest.raises(IntegrityError, match="one_enrollment_per_program"), transaction.atomic():
        Enrollment.objects.create(partner_id=cast.partner_id, program=cast.program, tier=cast.tier, status="approved", since=at)


def test_the_database_holds_one_question_at_a_time(cast, at):
    with system_scope():
        silver = cast.program.tiers.get(code="silver")
        values = {"partner_id": cast.partner_id, "program": cast.program, "before": cast.tier, "after": silver, "direction": "down", "opened_at": at}
        TierMove.objects.create(**values)
        with pytest.raises(IntegrityError, match="tiering_one_pending_move"), transaction.atomic():
            TierMove.objects.create(**values)


def test_a_decided_move_stays_as_it_is(cast, at):
    with system_scope():
        silver = cast.program.tiers.get(code="silver")
        move = TierMove.objects.create(
            partner_id=cast.partner_id, program=cast.program, before=cast.tier, after=silver, direction="down", opened_at=at, state="done", decided_at=at
        )
        with pytest.raises(Exception, match="stays as it is"), transaction.atomic():
            TierMove.objects.filter(pk=move.pk).update(reason="Never mind.")


def test_the_price_follows_the_tier(cast, at):
    from openprm.kernel.money import Money
    from openprm.partners import services as partner_services

    with system_scope():
        partner_services.update_tier(actor=cast.vendor_admin, tier_id=cast.tier.pk, changes={"benefits": {"discount_percent": 20}}, at=at)
        price = queries.program_price(partner_id=cast.partner_id, program_id=cast.program.pk, list_price=Money(1_000_01, "EUR"), at=at)

    assert price == Money(800_01, "EUR")


def test_values_of_metrics_end_and_add_up(cast, at):
    from openprm.tiering.models import MetricValue
    from openprm.tiering.queries.facts import value_on

    rows = [
        MetricValue(metric="x", amount=Decimal(2), starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 1)),
        MetricValue(metric="x", amount=Decimal(3), starts_on=date(2026, 3, 1)),
    ]

    asked = [date(2025, 12, 31), date(2026, 2, 1), date(2026, 4, 1), date(2026, 6, 1)]
    assert [value_on(rows, day, is_summed=True) for day in asked] == [None, 2, 5, 3]
    assert [value_on(rows, day, is_summed=False) for day in asked] == [None, 2, 3, 3]


def test_a_renewal_is_no_new_business_and_both_add_up_to_what_was_won(cast, at):
    catalogue, seller = make_catalogue(), cast.other_partner_rep
    other = {"deal_type": "renewal", "customer_name": "Vega Glass", "customer_domain": "vega-glass.example"}
    for amount_minor, draft in ((150_000_00, {}), (40_000_00, other)):
        made = make_approved(seller, cast.vendor_admin, catalogue, at=at, **draft)
        with scope(cast.vendor_admin):
            deals.mark_won(actor=cast.vendor_admin, registration_id=made, amount_minor=amount_minor, at=at + timedelta(days=1))

    with system_scope():
        read = DealFacts().read(
            partner_ids=[cast.other_partner_id, cast.partner_id], program_id=cast.program.pk, since=at - timedelta(days=365), until=at + timedelta(days=9)
        )
    (facts,) = read.values()
    assert {name: int(facts[name]) for name in ("revenue_won", "won_deals", "new_revenue_won", "new_deals_won", "renewal_revenue_won", "renewals_won")} == {
        "revenue_won": 190_000,
        "won_deals": 2,
        "new_revenue_won": 150_000,
        "new_deals_won": 1,
        "renewal_revenue_won": 40_000,
        "renewals_won": 1,
    }
