"""Runs again and again: only what changed is computed anew, and the result is that of a full run; locked months tell corrections beside."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from openprm.accounts.testing import make_account
from openprm.analytics.session import session
from openprm.attribution import queries, services
from openprm.attribution.models import CorrectedPart, Correction, Credit, LateTouch, Month, Result, Run, Touch
from openprm.attribution.rulekinds import TOUCHES
from openprm.attribution.rules.journeys import Deal
from openprm.attribution.services import candidates, running
from openprm.attribution.testing import OCTOBER, make_run, make_touch, make_win
from openprm.attribution.tests.naive import belongs
from openprm.attribution.transfer import CorrectionExporter
from openprm.deals.models import Opportunity
from openprm.kernel.errors import Invalid
from openprm.kernel.ids import new_id
from openprm.kernel.scope import scope, system_scope
from openprm.rulebook import services as rulebook
from openprm.rulebook.ports import Row, Table

pytestmark = pytest.mark.django_db
LATER = timedelta(days=1)


def _said(run_id) -> list:
    """Everything a run says, without the ids of its rows."""
    with system_scope():
        results = (
            Result.objects.filter(run=run_id).order_by("closed_at", "deal_id").values_list("deal_id", "customer", "outcome", "base_minor", "judged", "line")
        )
        credits = (
            Credit.objects.filter(run=run_id).order_by("deal_id", "partner_id").values_list("deal_id", "partner_id", "basis_points", "credit_minor", "evidence")
        )
        late = LateTouch.objects.filter(run=run_id).order_by("deal_id", "touch_id").values_list("deal_id", "touch_id")
        run = Run.objects.get(pk=run_id)
        return [list(results), list(credits), list(late), run.result_sha256, run.deal_count, run.influenced_minor, run.unattributed_minor, run.late_count]


def _full(monkeypatch, at):
    with monkeypatch.context() as patched:
        patched.setattr(running, "difference", lambda *_given: None)
        return make_run(at=at)


@pytest.fixture
def won(cast, at):
    """Six deals of two customers each; every second one has a touch."""
    accounts = [make_account(name=f"Customer {place}", partner_id=cast.partner_id) for place in range(6)]
    made = [make_win(one, minor=10_000_00 * (place + 1), closed_on=date(2026, 10, 3 + place)) for place, one in enumerate(accounts)]
    for one in accounts[::2]:
        make_touch(cast.partner_id, one, at=at)
    return accounts, made, make_run(at=at)


def test_a_second_run_computes_only_deals_before_which_something_changed(cast, at, won, monkeypatch):
    accounts, made, _first = won
    make_touch(cast.other_partner_id, accounts[1], at=at + LATER)
    asked = []
    before = candidates.before
    monkeypatch.setattr(candidates, "before", lambda deals, *more: asked.extend(one.id for one in deals) or before(deals, *more))

    # what committed late is read again: touches of the last hours before the run
    again = make_run(at=at + 2 * LATER)

    assert again.is_new
    assert set(asked) == {made[0], made[1], made[2], made[4]}
    assert made[3] not in asked


def test_an_incremental_run_says_what_a_full_run_says(cast, at, won, monkeypatch):
    accounts, made, _first = won
    make_touch(cast.other_partner_id, accounts[1], at=at + LATER)
    with system_scope():
        Touch.objects.filter(account=accounts[2]).update(struck_at=at + LATER, struck_reason="Wrong.")
        Opportunity.objects.filter(pk=made[3]).update(amount_minor=77_00)
        Opportunity.objects.filter(pk=made[4]).update(closed_at=datetime(2026, 11, 2, tzinfo=UTC))
        services.move_to_account(ids=list(Touch.objects.filter(account=accounts[0]).values_list("pk", flat=True)), to_account_id=accounts[5], at=at + LATER)
        Opportunity.objects.filter(pk=made[0]).update(account_id=accounts[5])
    make_win(accounts[1], closed_on=date(2026, 10, 30))

    again = make_run(at=at + 2 * LATER)
    incremental = _said(again.run_id)
    with system_scope():
        Month.objects.filter(month=OCTOBER).update(run=won[2].run_id)
    full = _full(monkeypatch, at + 2 * LATER)

    assert (again.is_new, full.run_id != again.run_id) == (True, True)
    assert incremental == _said(full.run_id)
    with scope(cast.vendor_reader) as actor:
        assert services.replay(actor=actor, run_id=again.run_id).is_equal


def test_nothing_new_writes_nothing(at, won, monkeypatch):
    monkeypatch.setattr("openprm.attribution.services.writing.write", lambda *_given: pytest.fail("it wrote"))

    assert not make_run(at=at + LATER).is_new


def test_another_configuration_computes_the_month_anew(cast, at, won):
    with scope(cast.finance_manager) as actor:
        services.publish_configuration(actor=actor, name="First", model="first", at=at + LATER)

    assert make_run(at=at + 2 * LATER).is_new


def test_the_database_finds_the_touches_that_the_definition_finds(cast, at):
    chance = random.Random(7)
    accounts = [make_account(name=f"Customer {place}") for place in range(3)]
    opportunity, registration = new_id(), new_id()
    for _count in range(60):
        about = chance.choice([None, None, opportunity, registration, new_id()])
        make_touch(
            cast.partner_id,
            chance.choice([*accounts, None] if about else accounts),
            at=at,
            occurred_at=at - timedelta(days=chance.randint(0, 500)),
            about=about,
        )
    common = {"program_id": None, "deal_type": "new", "is_won": True, "opened_at": at - timedelta(days=90), "base_minor": 1}
    deals = [
        Deal(id=opportunity, kind="opportunity", account_id=accounts[0], closed_at=at - timedelta(days=20), **common),
        Deal(id=registration, kind="registration", account_id=accounts[0], closed_at=at - timedelta(days=60), **common),
        Deal(id=new_id(), kind="registration", account_id=None, closed_at=at, **common),
    ]
    with system_scope():
        every = list(Touch.objects.all())
        for deal, touches in candidates.before(deals, 200, at):
            assert {one.id for one in touches} == {one.pk for one in every if belongs(one, deal, 200)}


def test_markov_divides_a_run_by_what_it_learned_from_the_whole_month_and_replays(cast, at, won):
    with scope(cast.finance_manager) as actor:
        services.publish_configuration(actor=actor, name="Markov", model="markov-per-deal", at=at + LATER)
    make_touch(cast.other_partner_id, won[0][0], at=at + LATER)

    made = make_run(at=at + 2 * LATER)

    with system_scope():
        rows = Credit.objects.filter(run=made.run_id, deal_id=won[1][0])
        assert sum(row.basis_points for row in rows) == 10_000
    with scope(cast.vendor_reader) as actor:
        assert services.replay(actor=actor, run_id=made.run_id).is_equal


@pytest.fixture
def locked(cast, at, won):
    with scope(cast.finance_manager) as actor:
        services.lock_month(actor=actor, month=OCTOBER, at=at)
    return won


def test_a_touch_after_the_lock_is_told_beside_the_locked_number_and_changes_nothing(cast, at, locked):
    accounts, made, run = locked
    before = _said(run.run_id)
    make_touch(cast.other_partner_id, accounts[1], at=at + LATER)
    make_touch(cast.other_partner_id, accounts[0], at=at + LATER, occurred_at=at - timedelta(days=65))

    with system_scope():
        assert services.correct(at=at + 2 * LATER) == 1
        assert services.correct(at=at + 3 * LATER) == 0

    with system_scope():
        row = Correction.objects.get()
        assert (row.deal_count, row.touch_count) == (2, 2)
        assert (row.influenced_minor, row.unattributed_minor) == (110_000_00, 100_000_00)
        parts = {(part.deal_id, part.partner_id): (part.locked_minor, part.found_minor) for part in CorrectedPart.objects.all()}
    assert parts == {
        (made[1], cast.other_partner_id): (0, 20_000_00),
        (made[0], cast.partner_id): (10_000_00, 5_000_00),
        (made[0], cast.other_partner_id): (0, 5_000_00),
    }
    assert _said(run.run_id) == before
    with scope(cast.vendor_reader) as actor:
        assert services.replay(actor=actor, run_id=run.run_id).is_equal
        assert queries.outcomes(actor, since=OCTOBER, until=date(2026, 11, 1)).influenced.minor == 90_000_00
    with scope(cast.other_partner_rep):
        assert {part.deal_id for part in CorrectedPart.objects.all()} == {made[0], made[1]}
        assert Correction.objects.count() == 0
    with scope(cast.partner_rep):
        assert [part.deal_id for part in CorrectedPart.objects.all()] == [made[0]]


def _lent(actor) -> set[tuple]:
    with scope(actor), session(actor=actor, datasets=["attribution.corrections"]) as data:
        table = data.table("attribution.corrections")
        return {
            (row["deal_id"], row["partner_id"], row["month"], row["locked_minor"], row["found_minor"], row["difference_minor"])
            for row in table.to_pyarrow().to_pylist()
        }


def _exported(actor, at) -> set[tuple]:
    exporter = CorrectionExporter()
    with scope(actor):
        names = [column.name for column in exporter.columns]
        rows = [dict(zip(names, row, strict=True)) for row in exporter.rows(actor=actor, filters={}, at=at)]
    return {(row["deal_id"], row["partner_id"], row["locked"], row["found"], row["difference"]) for row in rows}


def test_corrections_are_lent_to_analysis_and_exported_to_each_its_own(cast, at, locked):
    accounts, made, _run = locked
    touch = make_touch(cast.other_partner_id, accounts[0], at=at + LATER, occurred_at=at - timedelta(days=65))
    with system_scope():
        services.correct(at=at + 2 * LATER)
    mine = (str(made[0]), str(cast.partner_id), OCTOBER, 10_000_00, 5_000_00, -5_000_00)
    theirs = (str(made[0]), str(cast.other_partner_id), OCTOBER, 0, 5_000_00, 5_000_00)

    assert (_lent(cast.vendor_reader), _lent(cast.partner_rep), _lent(cast.other_partner_rep)) == ({mine, theirs}, {mine}, {theirs})
    assert _exported(cast.partner_rep, at) == {(made[0], cast.partner_id, Decimal(10_000), Decimal(5_000), Decimal(-5_000))}
    assert len(_exported(cast.vendor_reader, at)) == 2

    with system_scope():
        Touch.objects.filter(pk=touch).update(struck_at=at + 3 * LATER, struck_reason="Wrong.")
        services.correct(at=at + 4 * LATER)
    assert (_lent(cast.vendor_reader), _lent(cast.partner_rep), _exported(cast.partner_rep, at)) == (set(), set(), set())


def test_a_correction_that_is_struck_again_is_told_as_nothing(cast, at, locked):
    touch = make_touch(cast.other_partner_id, locked[0][1], at=at + LATER)
    with system_scope():
        services.correct(at=at + 2 * LATER)
        Touch.objects.filter(pk=touch).update(struck_at=at + 3 * LATER, struck_reason="Wrong.")
        assert services.correct(at=at + 4 * LATER) == 1
        assert (Correction.objects.order_by("-as_of").first().deal_count, Correction.objects.count()) == (0, 2)


def test_what_if_divides_a_past_month_by_another_configuration_and_writes_nothing(cast, at, locked):
    make_touch(cast.other_partner_id, locked[0][0], at=at - LATER, occurred_at=at - timedelta(days=50))
    with scope(cast.finance_manager) as actor:
        found = services.imagine(actor=actor, month=OCTOBER, model="first", window_days=500, at=at + LATER)

    assert (found.deals, found.changed) == (6, 0)
    assert found.partners == ((cast.partner_id, 90_000_00, 90_000_00),)
    with system_scope():
        assert Run.objects.count() == 1


def test_what_if_by_a_draft_of_the_rules(cast, at, locked):
    with scope(cast.vendor_admin) as actor:
        with pytest.raises(Invalid, match="draft"):
            services.imagine(actor=actor, month=OCTOBER, rules="draft", at=at)
        draft = rulebook.create_draft(actor=actor, kind=TOUCHES, at=at)
        table = Table(("kind",), ("counts",), (Row("T1", {"kind": '"demo"'}, {"counts": '"influence"'}), Row("T2", {}, {"counts": '"nothing"'})))
        rulebook.save_draft(actor=actor, draft_id=draft, table=table, at=at)
        found = services.imagine(actor=actor, month=OCTOBER, rules="draft", at=at)

    assert (found.after["influenced"], found.after["unattributed"], found.changed) == (0, 210_000_00, 3)
    assert found.partners == ((cast.partner_id, 90_000_00, 0),)
