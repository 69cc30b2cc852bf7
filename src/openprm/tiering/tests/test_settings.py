"""Policies, metrics and entered values: what is wrong is refused with the reason, and nothing changes."""

from datetime import date
from decimal import Decimal

import pytest

from openprm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Stale
from openprm.kernel.scope import scope, system_scope
from openprm.rulebook import services as rulebook
from openprm.rulebook.ports import Row, Table
from openprm.tiering import queries, services
from openprm.tiering.models import BenefitNote, Metric, MetricValue, Standing, TierPolicy
from openprm.tiering.testing import enter, publish_rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(cast):
    with scope(cast.vendor_admin) as actor:
        yield actor


def add(actor, at, code="attach_rate", **values):
    return services.create_metric(actor=actor, code=code, label=code, at=at, **values)


def test_a_computed_metric_is_a_fact_that_rules_may_ask(admin, cast, at):
    add(admin, at, kind="computed", formula="certifications * 10 + 5")
    table = Table(("attach_rate",), ("tier",), (Row("T1", {"attach_rate": ">= 25"}, {"tier": '"gold"'}), Row("T2", {}, {"tier": '"silver"'})))
    publish_rules(program_id=cast.program.pk, table=table)
    enter(partner_id=cast.other_partner_id, metric="certifications", amount=2)

    [found] = services.refresh(partner_id=cast.other_partner_id, at=at)

    assert (found.before, found.after) == ("silver", "gold")
    with system_scope():
        assert Standing.objects.get(partner_id=cast.other_partner_id).facts["attach_rate"] == "25"


def test_a_rule_with_an_unknown_fact_is_refused(admin, cast, at):
    draft_id = rulebook.create_draft(actor=admin, kind="tiering.tier", program_id=cast.program.pk, at=at)
    table = Table(("moon_phase",), ("tier",), (Row("T1", {"moon_phase": ">= 1"}, {"tier": '"gold"'}), Row("T2", {}, {"tier": '"silver"'})))

    with pytest.raises(rulebook.TableHasProblems, match="knows no fact “moon_phase”"):
        rulebook.save_draft(actor=admin, draft_id=draft_id, table=table, at=at)


def test_a_rule_with_an_unknown_tier_is_refused(admin, cast, at):
    draft_id = rulebook.create_draft(actor=admin, kind="tiering.tier", program_id=cast.program.pk, at=at)

    with pytest.raises(rulebook.TableHasProblems, match="“diamond” is not an answer of Tier"):
        rulebook.save_draft(actor=admin, draft_id=draft_id, table=Table(("revenue_won",), ("tier",), (Row("T1", {}, {"tier": '"diamond"'}),)), at=at)


def test_a_metric_of_an_unknown_fact_is_refused(admin, at):
    with pytest.raises(Invalid, match="There is no fact “wonn_deals”") as refusal:
        add(admin, at, kind="computed", formula="wonn_deals / 2")

    assert (refusal.value.field, Metric.objects.count()) == ("formula", 0)


def test_a_circle_of_metrics_is_refused_with_its_path(admin, at):
    add(admin, at, code="one", kind="computed", formula="won_deals + 1")
    add(admin, at, code="two", kind="computed", formula="one * 2")
    metric_id = Metric.objects.get(code="one").pk

    with pytest.raises(Invalid, match="one → two → one"):
        services.update_metric(actor=admin, metric_id=metric_id, changes={"formula": "two - 1"}, at=at)
    with pytest.raises(Invalid, match="self → self"):
        add(admin, at, code="self", kind="computed", formula="self + 1")

    assert {row.code: row.formula for row in Metric.objects.all()} == {"one": "won_deals + 1", "two": "one * 2"}


@pytest.mark.parametrize("formula", ["__import__('os').system('true')", "won_deals; 1", "<script>alert(1)</script>", ""])
def test_what_is_no_formula_is_refused(admin, at, formula):
    with pytest.raises(Invalid, match="This is no formula"):
        add(admin, at, kind="computed", formula=formula)
    assert Metric.objects.count() == 0


@pytest.mark.parametrize("code", ["points", "revenue_won", "Attach", "1a", "a-b", "a" * 41, ""])
def test_a_code_is_a_name_that_is_free(admin, at, code):
    with pytest.raises(Invalid, match="A code is small letters"):
        add(admin, at, code=code)


def test_a_code_exists_once(admin, at):
    add(admin, at)

    with pytest.raises(Invalid, match="is not taken"):
        add(admin, at)


def test_somebody_else_saved_in_between(admin, at):
    metric_id = add(admin, at)
    services.update_metric(actor=admin, metric_id=metric_id, changes={"label": "Attach rate"}, version=1, at=at)

    with pytest.raises(Stale):
        services.update_metric(actor=admin, metric_id=metric_id, changes={"label": "Other"}, version=1, at=at)


def test_only_administrators_configure(cast, at):
    with scope(cast.partner_manager), pytest.raises(NotAllowed):
        services.save_policy(actor=cast.partner_manager, program_id=cast.program.pk, changes={"grace_days": 1}, at=at)
    with scope(cast.partner_admin), pytest.raises(NotAllowed):
        services.create_metric(actor=cast.partner_admin, code="x", label="x", at=at)
    with system_scope():
        assert (TierPolicy.objects.count(), Metric.objects.count()) == (0, 0)


def test_a_policy_keeps_to_sensible_days(admin, cast, at):
    with pytest.raises(Invalid, match="from 0 to 730"):
        services.save_policy(actor=admin, program_id=cast.program.pk, changes={"grace_days": 10_000}, at=at)
    assert TierPolicy.objects.count() == 0


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"metric": "revenue_won"}, "not a metric whose values are entered by hand"),
        ({"amount": "many"}, "Give a number"),
        ({"amount": Decimal("1.00001")}, "at most four decimals"),
        ({"amount": "NaN"}, "Give a number"),
        ({"ends_on": date(2025, 1, 1)}, "The end comes after the beginning"),
        ({"starts_on": date(1800, 1, 1)}, "between the year 2000"),
        ({"note": "x" * 301}, "too long"),
    ],
)
def test_a_value_that_cannot_be_is_refused(admin, cast, at, values, message):
    given = {"metric": "certifications", "amount": 2, "starts_on": date(2026, 1, 1), **values}

    with pytest.raises(Invalid, match=message):
        services.enter_value(actor=admin, partner_id=cast.partner_id, at=at, **given)
    assert MetricValue.objects.count() == 0


def test_a_value_of_that_day_stands_already(admin, cast, at):
    given = {"metric": "certifications", "amount": 2, "starts_on": date(2026, 1, 1)}
    services.enter_value(actor=admin, partner_id=cast.partner_id, at=at, **given)

    with pytest.raises(Conflict, match="There is a value from that day on"):
        services.enter_value(actor=admin, partner_id=cast.partner_id, at=at, **given)


def test_a_partner_says_that_a_benefit_did_not_come_and_the_vendor_answers(cast, at):
    ids = {"partner_id": cast.partner_id, "program_id": cast.program.pk, "benefit": "protection_days"}
    with scope(cast.partner_rep) as actor:
        services.say_of_benefit(actor=actor, said="not_met", note="Only 30 days.", at=at, **ids)
        found = {one.code: one for one in queries.health_of(actor, cast.partner_id, at)[0].benefits}["protection_days"]
        assert (found.state, found.severity, found.owner, found.detail, found.by_name) == ("not_met", "warning", "vendor", "Only 30 days.", "Aino Laine")
    with scope(cast.partner_manager) as actor:
        services.say_of_benefit(actor=actor, said="met", note="Extended today.", at=at.replace(hour=11), **ids)
        found = {one.code: one for one in queries.health_of(actor, cast.partner_id, at)[0].benefits}["protection_days"]
        assert (found.state, found.detail) == ("met", "Extended today.")


def test_a_partner_speaks_only_for_itself(cast, at):
    ids = {"partner_id": cast.other_partner_id, "program_id": cast.program.pk, "benefit": "protection_days"}
    with scope(cast.partner_rep) as actor, pytest.raises(NotFound):
        services.say_of_benefit(actor=actor, said="not_met", note="Ours.", at=at, **ids)
    with scope(cast.partner_reader) as actor, pytest.raises(NotAllowed):
        services.say_of_benefit(actor=actor, said="not_met", note="Ours.", at=at, **ids | {"partner_id": cast.partner_id})
    with system_scope():
        assert BenefitNote.objects.count() == 0


def test_a_word_on_a_benefit_stays(admin, cast, at):
    ids = {"partner_id": cast.partner_id, "program_id": cast.program.pk, "benefit": "protection_days"}
    services.say_of_benefit(actor=admin, said="met", note="Given.", at=at, **ids)

    with pytest.raises(Exception, match="cannot be changed or removed"):
        BenefitNote.objects.update(note="Never said.")
