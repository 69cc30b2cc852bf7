"""Replaying tier rules over what really happened: months, sums, points, forgiveness and cost."""

from datetime import UTC, datetime, timedelta

import pytest

from openprm.deals import services as deals
from openprm.deals.testing import make_approved, make_catalogue
from openprm.kernel.scope import scope, system_scope
from openprm.partners import services as partner_services
from openprm.rulebook import queries as rulebook_queries
from openprm.rulebook import services as rulebook
from openprm.rulebook.ports import Row, Table
from openprm.tiering.testing import LADDER, enter, publish_rules
from openprm.tiering.whatif import TierHistory

STRICT = Table(LADDER.inputs, LADDER.outputs, (Row("T1", {"revenue_won": ">= 100000"}, {"tier": '"gold"'}), Row("T2", {}, {"tier": '"silver"'})))


@pytest.fixture
def won_in_may(cast, at):
    """The other partner (Silver) won 150,000 in May 2026, the first partner (Gold) nothing; Gold gives 20 %, Silver 10 %."""
    with system_scope():
        for code, percent in (("gold", 20), ("silver", 10)):
            tier = cast.program.tiers.get(code=code)
            partner_services.update_tier(actor=cast.vendor_admin, tier_id=tier.pk, changes={"benefits": {"discount_percent": percent}}, at=at)
    day = datetime(2026, 5, 4, 10, tzinfo=UTC)
    registration_id = make_approved(cast.other_partner_rep, cast.vendor_admin, make_catalogue(), at=day)
    with scope(cast.vendor_admin):
        deals.mark_won(actor=cast.vendor_admin, registration_id=registration_id, amount_minor=150_000_00, at=day + timedelta(days=1))


@pytest.mark.django_db
def test_every_month_of_every_member_is_a_case(cast, won_in_may, at):
    source = TierHistory()
    with system_scope():
        subjects = source.subjects(program_id=cast.program.pk, at=at)
        rows = source.history(subject_ids=[key for key, _name in subjects], program_id=cast.program.pk, months=24, at=at).to_pylist()

    assert sorted(name for _key, name in subjects) == ["Kallio Digital", "Sintra Systems"]
    assert len(rows) == 2 * 23  # enrolled since January 2025, up to November 2026
    sums = {
        row["at"].isoformat(): (row["revenue_won"], row["month_revenue"], row["won_deals"]) for row in rows if row["partner_id"] == str(cast.other_partner_id)
    }
    assert sums["2026-04-01"] == (0, 0, 0)
    assert sums["2026-05-01"] == (150_000, 150_000, 1)
    assert sums["2026-11-01"] == (150_000, 0, 1)
    last = next(row for row in rows if row["partner_id"] == str(cast.other_partner_id) and row["at"].isoformat() == "2026-11-01")
    assert [last[name] for name in ("new_revenue_won", "new_deals_won", "renewal_revenue_won", "renewals_won")] == [150_000, 1, 0, 0]


@pytest.mark.django_db
def test_the_replay_says_who_moves_and_what_it_costs(cast, won_in_may, as_actor, at):
    publish_rules(program_id=cast.program.pk, table=Table(("revenue_won",), ("tier",), (Row("T1", {}, {"tier": '"silver"'}),)))
    with system_scope():
        draft_id = rulebook.create_draft(actor=cast.vendor_admin, kind="tiering.tier", program_id=cast.program.pk, at=at)
        rulebook.save_draft(actor=cast.vendor_admin, draft_id=draft_id, table=STRICT, at=at)
        replay_id = rulebook.begin_replay(actor=cast.vendor_admin, draft_id=draft_id, at=at)
        assert rulebook.advance_replay(replay_id=replay_id, at=at) is True
        found = rulebook_queries.replay(actor=cast.vendor_admin, replay_id=replay_id, at=at)

    assert (found.tally.up, found.tally.down, found.tally.same) == (1, 0, 1)
    assert found.tally.moves == {("Silver", "Gold"): 1}
    assert (found.cost_before.minor, found.cost_after.minor) == (15_000_00, 30_000_00)
    assert found.cases == 46


@pytest.mark.django_db
def test_rules_that_keep_leave_everybody_in_the_tier_held_today(cast, won_in_may, at):
    publish_rules(program_id=cast.program.pk, table=STRICT)
    with system_scope():
        draft_id = rulebook.create_draft(actor=cast.vendor_admin, kind="tiering.tier", program_id=cast.program.pk, at=at)
        keep = Table(("revenue_won",), ("tier",), (Row("T1", {}, {"tier": '"keep"'}),))
        rulebook.save_draft(actor=cast.vendor_admin, draft_id=draft_id, table=keep, at=at)
        replay_id = rulebook.begin_replay(actor=cast.vendor_admin, draft_id=draft_id, at=at)
        rulebook.advance_replay(replay_id=replay_id, at=at)
        found = rulebook_queries.replay(actor=cast.vendor_admin, replay_id=replay_id, at=at)

    assert found.tally.moves == {("Silver", "Gold"): 1, ("Gold", "Silver"): 1}


@pytest.mark.django_db
def test_entered_values_count_in_the_months_in_which_they_held(cast, at):
    enter(partner_id=cast.partner_id, metric="certifications", amount=2, since=datetime(2026, 3, 15).date(), until=datetime(2026, 6, 1).date())
    enter(partner_id=cast.partner_id, metric="certifications", amount=1, since=datetime(2026, 5, 1).date())
    source = TierHistory()
    with system_scope():
        keys = [key for key, name in source.subjects(program_id=cast.program.pk, at=at) if name == "Kallio Digital"]
        rows = source.history(subject_ids=keys, program_id=cast.program.pk, months=12, at=at).to_pylist()

    held = {row["at"].isoformat()[:7]: row["certifications"] for row in rows}
    assert [held[month] for month in ("2026-02", "2026-03", "2026-05", "2026-06", "2026-11")] == [None, 2, 3, 1, 1]


@pytest.mark.django_db
def test_other_points_are_replayed_through_the_tier_rules(cast, won_in_may, at):
    asks = Table(("points",), ("tier",), (Row("T1", {"points": ">= 30"}, {"tier": '"gold"'}), Row("T2", {}, {"tier": '"silver"'})))
    publish_rules(program_id=cast.program.pk, table=asks)
    generous = {"metric": '"revenue_won"', "full_at": "100000", "points": "40", "floored": "false"}
    stingy = generous | {"points": "20"}
    publish_rules(program_id=cast.program.pk, kind="tiering.points", table=points_table(generous))
    with system_scope():
        draft_id = rulebook.create_draft(actor=cast.vendor_admin, kind="tiering.points", program_id=cast.program.pk, at=at)
        rulebook.save_draft(actor=cast.vendor_admin, draft_id=draft_id, table=points_table(stingy), at=at)
        replay_id = rulebook.begin_replay(actor=cast.vendor_admin, draft_id=draft_id, at=at)
        rulebook.advance_replay(replay_id=replay_id, at=at)
        found = rulebook_queries.replay(actor=cast.vendor_admin, replay_id=replay_id, at=at)

    assert found.tally.moves == {("Gold", "Silver"): 1}
    assert (found.cost_before.minor, found.cost_after.minor) == (30_000_00, 15_000_00)


def points_table(then):
    return Table(("track",), ("metric", "full_at", "points", "floored"), (Row("P1", {}, then),), hit="collect")


@pytest.mark.django_db
def test_shorter_protection_is_replayed_deal_by_deal(cast, won_in_may, at):
    then = {"extension_days": "0", "starts": '"approval"'}
    shorter = Table(("tier_rank",), ("days", "extension_days", "starts"), (Row("P1", {}, {"days": "30", **then}),))
    with system_scope():
        draft_id = rulebook.create_draft(actor=cast.vendor_admin, kind="deals.protection", at=at)
        rulebook.save_draft(actor=cast.vendor_admin, draft_id=draft_id, table=shorter, at=at)
        replay_id = rulebook.begin_replay(actor=cast.vendor_admin, draft_id=draft_id, at=at)
        rulebook.advance_replay(replay_id=replay_id, at=at)
        found = rulebook_queries.replay(actor=cast.vendor_admin, replay_id=replay_id, at=at)

    assert (found.tally.down, found.tally.up, found.tally.moves) == (1, 0, {("60", "30"): 1})
    assert (found.cost_before.minor, found.cost_after.minor) == (24_657_53, 12_328_77)
