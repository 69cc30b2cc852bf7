"""A draft is replayed over the real history, part by part, and published only after somebody saw what it does."""

from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from unittest.mock import patch
from uuid import UUID

import ibis
import pyarrow as pa
import pytest

from openprm.kernel.errors import NotAllowed, NotFound
from openprm.kernel.scope import system_scope
from openprm.rulebook import queries, services
from openprm.rulebook.engine.replay import months_back
from openprm.rulebook.rules.replay import Month, Subject, Tally
from openprm.rulebook.testing import make_row, make_table
from openprm.ui.paging import PageRequest

pytestmark = pytest.mark.django_db

NAMES = tuple((UUID(int=number), f"Partner {number}") for number in range(1, 6))
STRICT = make_table(
    make_row("R1", {"conflict": '"direct"'}, "reject"),
    make_row("R2", {"amount": "<= 20000", "conflict": '"none"'}, "approve", 90),
    make_row("R3", {}, "review"),
)


class History:
    """Five partners, three months; partner n had a case of n times 10,000 in every month. An approval costs a tenth."""

    kind, subject_label, answer_label, cost_about = "sample.decision", "Partner", "Decision", "A tenth of what was approved."
    currency, months, is_required = "EUR", 3, True

    def subjects(self, *, program_id, at):
        return NAMES

    def history(self, *, subject_ids, program_id, months, at):
        rows = [(one.int, month) for one in subject_ids for month in months_back(at.date(), months)]
        return pa.table(
            {
                "subject": [str(UUID(int=number)) for number, _month in rows],
                "at": pa.array([month for _number, month in rows], type=pa.date32()),
                "amount": pa.array([Decimal(number * 10_000) for number, _month in rows], type=pa.decimal128(38, 9)),
                "conflict": ["none"] * len(rows),
            }
        )

    def settle(self, rows):
        rank = ibis.cases((rows.decision == "approve", 2), (rows.decision == "review", 1), else_=0)
        cost = ibis.ifelse(rows.decision == "approve", rows.amount * 10, 0).cast("int64")
        return rows.select("subject", "at", answer=rows.decision, rank=rank, cost_minor=cost)


@contextmanager
def history_kept(source=None):
    with patch("openprm.rulebook.queries.replays.registry.filling", lambda port: (source or History(),)):
        yield


@pytest.fixture
def draft(rules, cast, as_actor, at):
    """A draft that approves up to 20,000 where the rules in force approve up to 50,000."""
    with history_kept(), as_actor(cast.vendor_admin):
        draft_id = services.create_draft(actor=cast.vendor_admin, kind="sample.decision", at=at)
        services.save_draft(actor=cast.vendor_admin, draft_id=draft_id, table=STRICT, at=at)
        yield draft_id


def replayed(cast, draft_id, at, most=2):
    replay_id = services.begin_replay(actor=cast.vendor_admin, draft_id=draft_id, at=at)
    with system_scope():
        while not services.advance_replay(replay_id=replay_id, at=at, most=most):
            pass
    return queries.replay(actor=cast.vendor_admin, replay_id=replay_id, at=at)


def test_it_says_who_moves_and_what_it_would_have_cost(draft, cast, at):
    found = replayed(cast, draft, at)

    assert (found.state, found.percent, found.total, found.cases) == ("done", 100, 5, 15)
    assert (found.tally.up, found.tally.down, found.tally.same) == (0, 3, 2)
    assert found.tally.moves == {("approve", "review"): 3}
    assert (found.tally.cost_before, found.tally.cost_after, found.cost.minor) == (4_500_000, 900_000, -3_600_000)
    assert [(month.month, month.worse) for month in found.tally.months] == [("2026-09-01", 3), ("2026-10-01", 3), ("2026-11-01", 3)]


def test_winners_and_losers_have_names(draft, cast, at):
    found = replayed(cast, draft, at)

    page = queries.replay_subjects(
        actor=cast.vendor_admin, replay_id=found.id, filters={"direction": ("down",)}, page=PageRequest(key="what-if", sort="cost", descending=False)
    )

    assert [(row.label, row.before, row.after, row.cost.minor, row.months_worse) for row in page.rows] == [
        ("Partner 5", "approve", "review", -1_500_000, 3),
        ("Partner 4", "approve", "review", -1_200_000, 3),
        ("Partner 3", "approve", "review", -900_000, 3),
    ]


def test_progress_is_seen_between_the_parts(draft, cast, at):
    replay_id = services.begin_replay(actor=cast.vendor_admin, draft_id=draft, at=at)

    with system_scope():
        assert services.advance_replay(replay_id=replay_id, at=at, most=2) is False

    found = queries.replay(actor=cast.vendor_admin, replay_id=replay_id, at=at)
    assert (found.state, found.percent, found.done) == ("running", 40, 2)


def test_a_part_that_is_run_again_after_the_end_counts_once(draft, cast, at):
    found = replayed(cast, draft, at)

    with system_scope():
        assert services.advance_replay(replay_id=found.id, at=at) is True

    assert queries.replay(actor=cast.vendor_admin, replay_id=found.id, at=at).tally == found.tally


def test_it_is_not_published_unseen(draft, cast, at):
    with pytest.raises(services.WhatIfMissing, match="Run the what-if first"):
        services.publish(actor=cast.vendor_admin, draft_id=draft, at=at)

    assert queries.draft(actor=cast.vendor_admin, draft_id=draft, at=at).revision == 2


def test_a_run_of_another_table_does_not_count(draft, cast, at):
    replayed(cast, draft, at)
    services.save_draft(actor=cast.vendor_admin, draft_id=draft, table=make_table(*STRICT.rows[:2], make_row("R3", {}, "reject")), at=at)

    with pytest.raises(services.WhatIfMissing):
        services.publish(actor=cast.vendor_admin, draft_id=draft, at=at)
    assert queries.newest_replay(actor=cast.vendor_admin, draft_id=draft, at=at).is_current is False


def test_after_the_run_it_is_published(draft, cast, at):
    replayed(cast, draft, at)

    version_id = services.publish(actor=cast.vendor_admin, draft_id=draft, at=at)

    assert queries.version(actor=cast.vendor_admin, version_id=version_id, at=at).version.number == 2


def test_a_draft_that_changes_under_the_run_ends_it(draft, cast, at):
    from openprm.rulebook.jobs import replay

    replay_id = services.begin_replay(actor=cast.vendor_admin, draft_id=draft, at=at)
    services.save_draft(actor=cast.vendor_admin, draft_id=draft, table=make_table(*STRICT.rows[:2], make_row("R3", {}, "reject")), at=at)

    with system_scope():
        replay(replay_id=replay_id, at=at)

    found = queries.replay(actor=cast.vendor_admin, replay_id=replay_id, at=at)
    assert (found.state, found.problem) == ("failed", "The draft was changed while it was replayed. Run the what-if again.")


def test_asking_again_while_it_runs_gives_the_same_run(draft, cast, at):
    first = services.begin_replay(actor=cast.vendor_admin, draft_id=draft, at=at)

    assert services.begin_replay(actor=cast.vendor_admin, draft_id=draft, at=at) == first


def test_a_run_that_was_given_up_makes_room_for_a_new_one(draft, cast, at):
    first = services.begin_replay(actor=cast.vendor_admin, draft_id=draft, at=at)

    second = services.begin_replay(actor=cast.vendor_admin, draft_id=draft, at=at + timedelta(days=400))

    assert second != first
    assert queries.replay(actor=cast.vendor_admin, replay_id=first, at=at).state == "failed"


def test_a_reader_may_not_ask_and_a_partner_does_not_see(draft, cast, as_actor, at):
    replay_id = services.begin_replay(actor=cast.vendor_admin, draft_id=draft, at=at)

    with pytest.raises(NotAllowed), as_actor(cast.vendor_reader):
        services.begin_replay(actor=cast.vendor_reader, draft_id=draft, at=at)
    with pytest.raises(NotFound), as_actor(cast.partner_admin):
        queries.replay(actor=cast.partner_admin, replay_id=replay_id, at=at)


def test_rules_without_a_history_cannot_be_replayed(rules, cast, as_actor, at):
    with as_actor(cast.vendor_admin):
        draft_id = services.create_draft(actor=cast.vendor_admin, kind="sample.inside", at=at)
        with pytest.raises(services.NoHistory):
            services.begin_replay(actor=cast.vendor_admin, draft_id=draft_id, at=at)


def test_tallies_of_two_parts_add_up():
    months = (Month("2026-10-01", 1, 0, 10, 20),)
    one = Tally.of([Subject("a", "silver", "gold", 1, 2, 10, 20, 1, 0)], months)
    other = Tally.of([Subject("b", "gold", "gold", 2, 2, 5, 5, 0, 0)], months)

    both = one.plus(other)

    assert (both.up, both.same, both.cost, both.months[0].cost_after) == (1, 1, 10, 40)
    assert Tally.from_json(both.as_json()) == both


def test_months_go_back_over_the_turn_of_the_year():
    assert months_back(date(2026, 2, 10), 3) == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
