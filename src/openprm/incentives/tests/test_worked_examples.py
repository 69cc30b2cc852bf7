"""Every example in docs/algorithms/commission.md, computed again."""

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from openprm.incentives.rules.calculate import lines_for
from openprm.incentives.rules.draft import RateDraft, TermsDraft, draft_from, table_from
from openprm.incentives.rules.model import EarnEvent, PlanTerms, Spent
from openprm.incentives.rules.table import table_of, terms_of
from openprm.kernel.money import Money

DOCUMENT = Path(__file__).parents[4] / "docs/algorithms/commission.md"
EXAMPLES = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)]
REP = UUID(int=7)


def _plan(example):
    table, bad = table_from(TermsDraft(example["head"], (), tuple(RateDraft(**row) for row in example["rates"])))
    assert bad == ()
    return PlanTerms(UUID(int=1), UUID(int=1), 1, "plan", "Plan", "commission", terms_of(table))


def _event(given):
    net = Money(given["net"], "EUR") if "net" in given else None
    share, rep = Decimal(given.get("credited_share", "1")), REP if given.get("rep") else None
    code, facts = given.get("code", "deal_won"), given.get("facts", {})
    return EarnEvent(code, UUID(int=2), "k", UUID(int=3), date(2026, 11, 23), user_id=rep, net=net, credited_share=share, facts=facts)


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_the_calculator_pays_what_the_document_says(example):
    lines = lines_for(_plan(example), _event(example["event"]), Spent.from_json(example.get("spent", {})))
    assert [[line.line_key, line.recipient, line.amount.minor] for line in lines] == example["pays"]


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_terms_come_back_from_their_table_and_from_what_a_person_types(example):
    terms = _plan(example).terms
    assert terms_of(table_of(terms)) == terms
    assert terms_of(table_from(draft_from(terms))[0]) == terms


def test_the_document_has_its_examples():
    assert len(EXAMPLES) == 15
