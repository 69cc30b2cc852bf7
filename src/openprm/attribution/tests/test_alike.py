"""Questions that no clause tells apart share an answer, and the answer is that of each by itself."""

import random

import pytest

from openprm.attribution.rulekinds import CLAIM_WINDOW, TOUCHES
from openprm.kernel.money import Money
from openprm.kernel.scope import system_scope
from openprm.rulebook import services

pytestmark = pytest.mark.django_db


def test_the_bare_answers_are_those_of_the_full_evaluation(cast, at):
    chance = random.Random(3)
    with system_scope():
        asker = services.Asker(kind=TOUCHES, program_id=None, at=at)
        for _count in range(60):
            asked = {
                "kind": chance.choice(["registration", "meeting", "introduction"]), "days_before_creation": chance.choice([-1, 0, 15, 30, 31, 90]),
                "days_before_close": chance.choice([0, 1, 200, 365, 366]), "verified": chance.random() < 0.8, "deal": "opportunity",
                "deal_type": chance.choice(["new", "renewal"]),
            }  # fmt: skip
            full = services.evaluate(kind=TOUCHES, program_id=None, inputs=asked, at=at)
            bare = asker.answer(asked)
            assert (bare.outcome, bare.clause, bare.version_id) == (full.outcome, full.clause, full.version_id)


def test_amounts_at_the_edge_of_a_clause_are_told_apart(cast, at):
    with system_scope():
        asker = services.Asker(kind=CLAIM_WINDOW, program_id=None, at=at)
        said = [asker.answer({"amount": Money(minor, "EUR"), "deal": "opportunity", "deal_type": "new"}).clause for minor in (99_999_99, 100_000_00, 1)]
    assert said == ["C2", "C1", "C2"]
