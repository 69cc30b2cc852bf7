"""Plans are published, change with notice, pay what they say, and refuse what cannot be."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from openprm.deals import services as deals
from openprm.deals.testing import make_approved, make_catalogue
from openprm.incentives import queries, services
from openprm.incentives.models import Plan
from openprm.incentives.rules.calculate import judge, lines_for
from openprm.incentives.rules.draft import RateDraft
from openprm.incentives.rules.model import EarnEvent, PlanTerms
from openprm.incentives.testing import make_plan, terms
from openprm.kernel.errors import Conflict, Invalid, NotAllowed
from openprm.kernel.money import Money
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)


def _event(cast, minor=100_000_00, **more):
    return EarnEvent("deal_won", uuid4(), "k", cast.partner_id, DAY, program_id=cast.program.pk, net=Money(minor, "EUR"), **more)


def _in_force(cast, on=DAY, **more):
    return queries.plans_in_force(program_id=cast.program.pk, partner_id=cast.partner_id, event_code="deal_won", on=on, **more)


def test_a_published_plan_pays_by_the_clause_it_cites(cast):
    make_plan(terms=terms([RateDraft(high="50000", rate="10"), RateDraft(low="50000", rate="12.5")]))
    [plan] = _in_force(cast)
    lines = lines_for(plan, _event(cast, 80_000_00))
    assert [(line.clause, line.amount, line.basis) for line in lines] == [
        ("R1", Money(5_000_00, "EUR"), Money(50_000_00, "EUR")),
        ("R2", Money(3_750_00, "EUR"), Money(30_000_00, "EUR")),
    ]


def test_a_plan_travels_in_a_file_and_pays_the_same(cast):
    make_plan(terms=terms([RateDraft(tier=("gold",), rate="10"), RateDraft(rate="5")], rep_share="30", hold_days="30"))
    [plan] = _in_force(cast)
    assert PlanTerms.from_json(plan.as_json()) == plan


@pytest.mark.parametrize(
    ("rates", "head", "field", "says"),
    [
        ([RateDraft(rate="-5")], {}, "rates[0].rate", "below zero"),
        ([RateDraft(rate="101")], {}, "rates[0].rate", "more than all of it"),
        ([RateDraft(rate="NaN")], {}, "rates[0].rate", ""),
        ([RateDraft(rate="5", fixed="10")], {}, "rates[0].rate", "one way"),
        ([RateDraft(high="50000", rate="5"), RateDraft(low="40000", rate="6")], {}, "rates[1].low", "R2 overlaps R1"),
        ([RateDraft(high="50000", rate="5"), RateDraft(low="60000", rate="6")], {}, "rates[1].low", "between 50000 and 60000"),
        ([RateDraft(low="10", rate="5")], {}, "rates[0].low", "between 0 and 10"),
        ([RateDraft(high="10", rate="5")], {}, "rates[0].low", "leave the last band open"),
        ([RateDraft(rate="5")], {"cap__event": "-1"}, "head.cap.event", "below zero"),
        ([RateDraft(rate="5")], {"limit__day": "ten"}, "head.limit.day", "not a number"),
        ([RateDraft(rate="5")], {"hold_days": "-3"}, "head.hold_days", "below zero"),
        ([RateDraft(rate="5")], {"rep_share": "130"}, "head.rep_share", "more than 100"),
        ([RateDraft(rate="5")], {"event": "rain"}, "head.event", "not one of"),
        ([RateDraft(points="5")], {}, "rates", "need a worth"),
        ([], {}, "rates", "pays something"),
        ([RateDraft(country=('x"; drop',), rate="5")], {}, "rates[0].country", "letters"),
    ],
)
def test_what_makes_no_plan_is_refused_by_its_field_and_changes_nothing(cast, at, rates, head, field, says):
    plan_id = make_plan()
    with scope(cast.finance_manager), pytest.raises(Invalid) as refused:
        services.save_terms(actor=cast.finance_manager, plan_id=plan_id, terms=terms(rates, **head), at=at)
    assert field in [problem.field for problem in refused.value.problems]
    assert says in " ".join(problem.message for problem in refused.value.problems)
    assert queries.draft_id_of(plan_id) is None


def test_a_plan_does_not_begin_in_the_past(cast, at):
    with scope(cast.finance_manager):
        plan_id = services.create_plan(actor=cast.finance_manager, code="late", name="Late", kind="commission", terms=terms(), at=at)
        with pytest.raises(Invalid, match="2026-11-22 is in the past"):
            services.publish_plan(actor=cast.finance_manager, plan_id=plan_id, starts_on=date(2026, 11, 22), at=at)
    assert _in_force(cast) == ()


def test_a_change_is_announced_ahead_and_what_happened_before_stays_under_the_old_terms(cast, at):
    plan_id = make_plan()
    with scope(cast.finance_manager):
        services.save_terms(actor=cast.finance_manager, plan_id=plan_id, terms=terms([RateDraft(rate="20")]), at=at)
        with pytest.raises(Invalid, match="14 days ahead"):
            services.publish_plan(actor=cast.finance_manager, plan_id=plan_id, starts_on=DAY + timedelta(days=13), at=at)
        services.publish_plan(actor=cast.finance_manager, plan_id=plan_id, at=at)
    before, after = _in_force(cast), _in_force(cast, DAY + timedelta(days=14))
    assert [plan.terms.rates[0].rate for plan in (*before, *after)] == [Decimal(10), Decimal(20)]
    assert (before[0].number, after[0].number, before[0].ends_on) == (1, 2, DAY + timedelta(days=14))


def test_an_ended_plan_pays_until_its_day(cast, at):
    plan_id = make_plan()
    with scope(cast.finance_manager):
        services.end_plan(actor=cast.finance_manager, plan_id=plan_id, ended_on=DAY, at=at)
    assert (len(_in_force(cast, DAY - timedelta(days=1))), _in_force(cast, DAY)) == (1, ())


def test_a_plan_for_named_partners_is_open_to_them_alone(cast):
    make_plan("named", partner_ids=(cast.other_partner_id,))
    make_plan("all")
    assert [plan.code for plan in _in_force(cast)] == ["all"]
    with scope(cast.partner_rep):
        assert [plan.code for plan, _about in queries.open_plans(cast.partner_id, DAY)] == ["all"]
        assert Plan.objects.count() == 0


def test_only_finance_and_administrators_write_plans(cast, at):
    with scope(cast.partner_manager), pytest.raises(NotAllowed):
        services.create_plan(actor=cast.partner_manager, code="x", name="X", kind="commission", at=at)
    with system_scope():
        assert Plan.objects.count() == 0


def test_two_plans_do_not_share_a_code(cast, at):
    make_plan("gold")
    with scope(cast.finance_manager), pytest.raises(Conflict):
        services.create_plan(actor=cast.finance_manager, code="gold", name="Gold", kind="commission", at=at)


def test_what_nobody_knows_is_held_and_what_is_false_is_not_paid(cast, at):
    make_plan(terms=terms(conditions=("certificate:cloud-pro",)))
    [plan] = _in_force(cast)
    asked = queries.with_conditions((plan,), _event(cast), at)
    [line] = lines_for(plan, asked)
    assert (line.amount, line.held_for) == (Money(10_000_00, "EUR"), "Not known yet: certificate cloud-pro")
    assert judge(plan, _event(cast, facts={"condition:certificate:cloud-pro": False})).lines == ()
    assert lines_for(plan, _event(cast, facts={"condition:certificate:cloud-pro": True}))[0].held_for == ""


def test_a_what_if_says_what_a_draft_costs_and_who_gains(cast, at):
    plan_id = make_plan()
    with scope(cast.finance_manager):
        services.save_terms(actor=cast.finance_manager, plan_id=plan_id, terms=terms([RateDraft(rate="12")]), at=at)
    won = make_approved(cast.partner_rep, cast.partner_manager, make_catalogue(), at=at - timedelta(days=30))
    with scope(cast.partner_rep):
        deals.mark_won(actor=cast.partner_rep, registration_id=won, at=at - timedelta(days=1))
    with scope(cast.finance_manager):
        run = queries.what_if(cast.finance_manager, plan_id, at)
    assert (run.before, run.after, run.gaining, run.losing) == (Money(4_000_00, "EUR"), Money(4_800_00, "EUR"), 1, 0)
