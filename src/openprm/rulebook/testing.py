"""A rule kind to test with, shaped like a real one, and builders for tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from unittest.mock import patch

from .ports import Choice, Fact, Outcome, Row, RuleKind, Table

CONFLICT = (
    Choice("none", "No conflict", "no conflict is found"),
    Choice("same_customer", "Same customer", "another partner works with the same customer"),
    Choice("direct", "Direct sale", "we already sell to this customer ourselves"),
)
DECISION = (
    Choice("approve", "Approve", "the registration is approved at once"),
    Choice("review", "Review", "a partner manager decides"),
    Choice("reject", "Reject", "the registration is rejected"),
)
FACTS = (
    Fact("amount", "Amount", "money", unit="EUR", phrase="the amount"),
    Fact("conflict", "Conflict", "choice", CONFLICT, phrase="the conflict"),
    Fact("tier", "Tier", "choice", (("gold", "Gold"), ("silver", "Silver"), ("bronze", "Bronze"))),
    Fact("country", "Customer's country", "text", phrase="the customer's country"),
    Fact("days_open", "Days since first contact", "number", unit="days", decimals=0, phrase="the first contact"),
    Fact("renewal", "Renewal", "bool", (Choice("true", phrase="it is a renewal"), Choice("false", phrase="it is new business"))),
    Fact("close_date", "Close date", "date", phrase="the expected close"),
    Fact("budget", "Budget left", "money", unit="EUR", phrase="the budget left"),
)
OUTCOMES = (
    Outcome("decision", "Decision", "choice", DECISION),
    Outcome("days", "Protection", "number", unit="days", decimals=0, phrase="protection lasts %(value)s"),
)


def make_row(clause: str, when: Mapping[str, str] | None = None, decision: str = "review", days: int | None = None, note: str = "") -> Row:
    then = {"decision": f'"{decision}"'} | ({} if days is None else {"days": str(days)})
    return Row(clause, dict(when or {}), then, note)


def make_table(*rows: Row, inputs: tuple[str, ...] = ("amount", "conflict"), hit: str = "first") -> Table:
    return Table(inputs, ("decision", "days"), rows or DEFAULT_ROWS, hit)


DEFAULT_ROWS = (
    make_row("R1", {"conflict": '"direct"'}, "reject"),
    make_row("R2", {"amount": "<= 50000", "conflict": '"none"'}, "approve", 90),
    make_row("R3", {}, "review", note="We answer within two working days."),
)


def make_kind(code: str = "sample.decision", **changes) -> RuleKind:
    """The sample kind; `changes` replace its parts."""
    parts = {
        "title": "Decision on a registration",
        "about": "Whether a deal registration is approved.",
        "inputs": FACTS,
        "outcomes": OUTCOMES,
        "default_table": make_table(),
        "notice_days": 14,
    } | changes
    return RuleKind(code=code, **parts)


@contextmanager
def kinds_in_use(*kinds: RuleKind) -> Iterator[None]:
    """For the length of the block, these are the only rule kinds that any domain contributed."""
    with patch("openprm.rulebook.queries.kinds.all_kinds", lambda: kinds), patch("openprm.rulebook.services.publication.all_kinds", lambda: kinds):
        yield
