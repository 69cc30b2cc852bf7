"""The open calculator: a proof is computed again without a database, and a changed file is caught."""

import json
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner

from openprm.earnings import queries, services
from openprm.earnings.commands import commission
from openprm.earnings.models import Statement
from openprm.earnings.rules.proof import Unreadable, check, digest, sealed
from openprm.earnings.testing import SOME_DAY, earn, lines_of, make_event
from openprm.incentives.rules.draft import RateDraft
from openprm.incentives.testing import make_plan, terms
from openprm.kernel.actor import SYSTEM
from openprm.kernel.errors import NotFound
from openprm.kernel.money import Money
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(cast):
    make_plan(terms=terms([RateDraft(rate="7.5")], rep_share="20"))
    event = make_event(cast.partner_id, minor=33_333_33, user_id=cast.partner_rep.user_id)
    earn(event)
    return lines_of(event)[0]


@pytest.fixture
def proof(cast, line) -> dict[str, Any]:
    with scope(cast.partner_admin):
        return json.loads(json.dumps(queries.proof(cast.partner_admin, line.pk)[1]))


def test_a_proof_is_equal_to_the_cent(proof, line):
    checked = check(proof)

    assert (checked.equal, checked.line["amount_minor"]) == (True, line.amount_minor)


@pytest.mark.parametrize(
    ("part", "change", "difference"),
    [
        ("line", {"amount_minor": 1}, "amount"),
        ("line", {"basis_minor": 1}, "basis"),
        ("line", {"currency": "SEK"}, "currency"),
        ("line", {"plan_number": 9}, "plan version"),
        ("line", {"label": "Something else"}, "digest of the line"),
        ("event", {"net": {"minor": 99_999_99, "currency": "EUR"}}, "amount"),
        ("event", {"tier": "platinum"}, "digest of the event"),
    ],
)
def test_a_changed_file_is_caught_and_the_first_difference_is_named(proof, part, change, difference):
    proof[part] |= change

    checked = check(proof)

    assert (checked.equal, checked.difference) == (False, difference)


def test_a_changed_rate_is_caught(proof):
    proof["plan"]["terms"]["rates"][0]["rate"] = "9"

    assert (check(proof).equal, check(proof).difference) == (False, "amount")


@pytest.mark.parametrize(
    "odd", [None, 7, [], {}, {"format": "x"}, {"format": "openprm-commission-proof/1"}, {"format": "openprm-commission-proof/1", "line": {}}]
)
def test_what_is_no_proof_is_refused(odd):
    with pytest.raises(Unreadable):
        check(odd)


def test_a_proof_without_its_plan_is_refused(proof):
    del proof["plan"]

    with pytest.raises(Unreadable):
        check(proof)


def test_the_command_says_equal_not_equal_and_unreadable(tmp_path, proof):
    good, bad, odd = tmp_path / "good.json", tmp_path / "bad.json", tmp_path / "odd.json"
    good.write_text(json.dumps(proof))
    proof["line"]["amount_minor"] += 1
    bad.write_text(json.dumps(proof))
    odd.write_text("{")

    run = CliRunner().invoke
    found = [run(commission, ["explain", str(path)]) for path in (good, bad, odd)]

    assert [one.exit_code for one in found] == [0, 1, 2]
    assert "Equal, to the cent." in found[0].output
    assert "NOT EQUAL: amount" in found[1].output


def test_a_correction_and_a_clawback_are_proved_too(cast, line):
    with system_scope():
        (made, *_rest) = services.correct(
            actor=SYSTEM, partner_id=cast.partner_id, source_key=line.source_key, changes={"net": Money(40_000_00, "EUR")}, why="The order grew.", at=SOME_DAY
        )
        services.approve(actor=SYSTEM, earning_id=line.pk, at=SOME_DAY)
        back = services.claw_back(actor=SYSTEM, earning_id=line.pk, reason="Returned", amount_minor=100, at=SOME_DAY)
        proofs = [queries.proof(SYSTEM, one)[1] for one in (made, back)]

    assert [check(json.loads(json.dumps(one))).equal for one in proofs] == [True, True]
    proofs[1]["original"]["line"]["amount_minor"] += 1
    assert "line that is taken back" in check(proofs[1]).difference


def test_a_line_by_hand_says_that_there_is_nothing_to_compute():
    line = {"number": "E-1", "kind": "adjustment", "amount_minor": 5, "currency": "EUR"}

    assert check(sealed({"line": line})).by_hand is True


def test_a_month_is_sealed_once_and_never_changes(cast, line):
    december = SOME_DAY.replace(month=12, day=1)
    with system_scope():
        assert services.seal_month(month=date(2026, 11, 1), at=SOME_DAY) == 0
        assert services.seal_month(month=date(2026, 11, 1), at=december) == 1
        assert services.seal_month(month=date(2026, 11, 1), at=december) == 0
        row = Statement.objects.get()

    assert (row.opening_minor, row.earned_minor, row.closing_minor, row.lines) == (0, 2_500_00, 2_500_00, 2)
    assert row.sha256 == digest(row.content)
    with scope(cast.other_partner_admin), pytest.raises(NotFound):
        queries.statement(cast.other_partner_admin, row.pk)
    first, again = (cast.client("partner_admin").get(f"/portal/earnings/statements/{row.pk}.pdf") for _again in range(2))
    assert (first.status_code, first.content[:5], first.content) == (200, b"%PDF-", again.content)


def test_a_month_opens_with_what_the_last_one_closed_with_and_names_what_was_struck(cast, line):
    december, january = SOME_DAY.replace(month=12, day=5), SOME_DAY.replace(year=2027, month=1, day=2)
    with system_scope():
        services.seal_month(month=date(2026, 11, 1), at=december)
        services.decline(actor=SYSTEM, earning_id=line.pk, reason="The order was placed before the plan.", at=december)
        services.seal_month(month=date(2026, 12, 1), at=january)
        first, second = Statement.objects.order_by("month")

    left = first.closing_minor - line.amount_minor
    assert (second.opening_minor, second.taken_back_minor, second.closing_minor) == (first.closing_minor, line.amount_minor, left)
    assert [one["number"] for one in second.content["struck"]] == [line.number]
