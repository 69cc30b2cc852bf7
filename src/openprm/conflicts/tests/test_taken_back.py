"""A later decision replaces what an earlier one gave: by new facts, the old ones stay as they were written."""

from datetime import timedelta

import pytest

from openprm.conflicts import queries, services
from openprm.conflicts.models import Remedy
from openprm.conflicts.testing import answer, decide, made, make_decided, take_up
from openprm.deals import services as deals
from openprm.deals.testing import make_catalogue, stored
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def catalogue(db):
    return make_catalogue()


def _until(case_id):
    return stored(made(case_id).registration_id).protected_until


def _appealed(cast, catalogue, at, finding: str):
    case_id = make_decided(cast, catalogue, at, finding=finding)
    until = _until(case_id)
    with scope(cast.partner_rep):
        services.appeal(actor=cast.partner_rep, case_id=case_id, text="Look at the calls again.", at=at + 2 * DAY)
    return case_id, until


def _remedies(case_id):
    with system_scope():
        return [(row.code, row.days, row.done.get("code")) for row in Remedy.objects.filter(case=case_id).order_by("at", "pk")]


def test_days_of_the_first_decision_are_taken_back_when_the_appeal_finds_nothing(cast, catalogue, at):
    case_id, until = _appealed(cast, catalogue, at, "partly")

    answer(cast.finance_manager, case_id, at + 3 * DAY, result="changed", finding="unfounded")

    assert _until(case_id) == until - 15 * DAY
    assert _remedies(case_id) == [("apology", 0, None), ("extend", 15, None), ("taken_back", 15, "extend")]


def test_days_are_replaced_by_those_of_the_new_finding(cast, catalogue, at):
    case_id, until = _appealed(cast, catalogue, at, "partly")

    answer(cast.finance_manager, case_id, at + 3 * DAY, result="changed", finding="founded")

    assert _until(case_id) == until + 15 * DAY
    assert sorted(_remedies(case_id)) == [
        ("apology", 0, None),
        ("extend", 15, None),
        ("extend", 30, None),
        ("taken_back", 15, "extend"),
        ("withdraw_rep", 0, None),
    ]


def test_an_upheld_decision_keeps_what_it_gave(cast, catalogue, at):
    case_id, until = _appealed(cast, catalogue, at, "founded")

    answer(cast.finance_manager, case_id, at + 3 * DAY, result="upheld")

    assert _until(case_id) == until
    assert "taken_back" not in {code for code, _days, _of in _remedies(case_id)}


def test_a_second_hearing_takes_back_what_the_first_gave(cast, catalogue, at):
    case_id, until = _appealed(cast, catalogue, at, "founded")
    answer(cast.finance_manager, case_id, at + 3 * DAY, result="remanded")
    assert _until(case_id) == until

    take_up(cast.finance_manager, case_id, at + 4 * DAY)
    decide(cast.finance_manager, case_id, at + 5 * DAY, finding="unfounded")

    assert _until(case_id) == until - 30 * DAY


def test_a_week_stays_in_every_case(cast, catalogue, at):
    case_id = make_decided(cast, catalogue, at, finding="founded")
    registration_id = made(case_id).registration_id
    late = _until(case_id) - 5 * DAY

    with system_scope():
        assert deals.take_days_back(registration_id=registration_id, days=30, reason="Appeal", at=late) == late + 5 * DAY
        assert deals.take_days_back(registration_id=registration_id, days=400, reason="Appeal", at=late - 20 * DAY) == late - 13 * DAY


def test_both_sides_read_what_was_taken_back(cast, catalogue, at):
    case_id, _before = _appealed(cast, catalogue, at, "partly")
    answer(cast.finance_manager, case_id, at + 3 * DAY, result="changed", finding="unfounded")

    for actor, read in ((cast.partner_rep, queries.case_for_partner), (cast.vendor_admin, queries.case_for_vendor)):
        with scope(actor):
            rulings = read(actor, case_id, at + 4 * DAY).rulings
        assert [one.label for one in rulings[-1].remedies] == ["Taken back: Longer protection"]
