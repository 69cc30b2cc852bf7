"""What a person or a program types for a plan, brought into the table of the rulebook. Bad input names its field."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from openprm.rulebook.ports import Row, Table
from openprm.rulebook.rules.cells import one_of
from openprm.rulebook.rules.language import gettext as _

from .bands import PER_CENT
from .model import RateRow, Terms
from .table import CLAUSES, INPUTS, OUTPUTS, Problem, major, plain_number, problems, table_of, terms_of

WORD = re.compile(r"^[\w .\-&/]{1,80}$")
HEAD = tuple(name for name in CLAUSES if name != "condition")
MOST_RATES, MOST_CONDITIONS = 100, 10


@dataclass(frozen=True)
class RateDraft:
    """One paying row as text. `low` and `high` end the band; lists name any of."""

    tier: Sequence[str] = ()
    partner_type: Sequence[str] = ()
    country: Sequence[str] = ()
    product_line: Sequence[str] = ()
    channel: Sequence[str] = ()
    new_customer: str = ""
    by: str = "amount"
    low: str = ""
    high: str = ""
    rate: str = ""
    fixed: str = ""
    points: str = ""

    @property
    def is_empty(self) -> bool:
        return self == RateDraft(by=self.by)


@dataclass(frozen=True)
class TermsDraft:
    """The head of a plan as text by term (see `table.CLAUSES`), its conditions as "code:argument", and its rows."""

    head: Mapping[str, str] = field(default_factory=dict)
    conditions: Sequence[str] = ()
    rates: Sequence[RateDraft] = ()


def table_from(draft: TermsDraft) -> tuple[Table, tuple[tuple[str, str], ...]]:
    """The table, and what is wrong with the draft as (field, sentence)."""
    rows = [_rate_row(one, place) for place, one in enumerate(draft.rates[:MOST_RATES], start=1)]
    rows += [Row(CLAUSES[term], {}, _term(term, value)) for term, value in draft.head.items() if term in HEAD and str(value).strip()]
    rows += [Row(f"Q.{place}", {}, _term("condition", value)) for place, value in enumerate(draft.conditions[:MOST_CONDITIONS], start=1)]
    table = Table(INPUTS, OUTPUTS, tuple(rows), "collect")
    bad = [*_shape(draft), *_words(draft)]
    if not bad:
        bad = [(_field(table, len(draft.rates), problem), problem[2]) for problem in problems(table)]
    return table, tuple(bad)


def draft_from(terms: Terms) -> TermsDraft:
    """Typed terms as a person would type them."""
    heads = {row.then["term"].strip('"'): row.then["value"].strip('"') for row in table_of(terms).rows if "term" in row.then}
    conditions = tuple(f"{one.code}:{one.argument}" if one.argument else one.code for one in terms.conditions)
    return TermsDraft({name: value for name, value in heads.items() if name != "condition"}, conditions, tuple(_as_draft(row, terms) for row in terms.rates))


def _shape(draft: TermsDraft) -> list[tuple[str, str]]:
    found = [(f"head.{term}", _("There is no such term.")) for term in draft.head if term not in HEAD]
    if len(draft.rates) > MOST_RATES:
        found.append(("rates", _("A plan has at most %(most)d rows.") % {"most": MOST_RATES}))
    if len(draft.conditions) > MOST_CONDITIONS:
        found.append(("conditions", _("A plan has at most %(most)d conditions.") % {"most": MOST_CONDITIONS}))
    return found


def _words(draft: TermsDraft) -> list[tuple[str, str]]:
    """Words that could not stand in a cell; they are named, never run."""
    found = []
    for place, one in enumerate(draft.rates[:MOST_RATES]):
        for name in ("tier", "partner_type", "country", "product_line", "channel"):
            if any(not WORD.match(str(word)) for word in getattr(one, name)):
                found.append((f"rates[{place}].{name}", _("Use letters, digits, spaces, dots and dashes here.")))
        if one.new_customer not in ("", "true", "false"):
            found.append((f"rates[{place}].new_customer", _("Choose yes, no or both.")))
        if one.by not in ("amount", "growth"):
            found.append((f"rates[{place}].by", _("A band is by amount or by growth.")))
    for term, value in draft.head.items():
        if '"' in str(value) or len(str(value)) > 120:
            found.append((f"head.{term}", _("Use letters, digits, spaces, dots and dashes here.")))
    return found


def _field(table: Table, rates: int, problem: Problem) -> str:
    place, column, _message = problem
    if place is None:
        return "rates"
    if place < rates:
        return f"rates[{place}].{'low' if column in ('amount', 'growth') else column}"
    term = table.rows[place].then.get("term", "").strip('"')
    return "conditions" if term == "condition" else f"head.{term}"


def _term(term: str, value: str) -> dict[str, str]:
    return {"term": f'"{term}"', "value": f'"{str(value).strip()}"'}


def _rate_row(one: RateDraft, place: int) -> Row:
    when = {name: one_of(*getattr(one, name)) for name in ("tier", "partner_type", "country", "product_line", "channel") if getattr(one, name)}
    if one.new_customer:
        when["new_customer"] = one.new_customer
    if one.low.strip() or one.high.strip():
        when[one.by] = f"[{one.low.strip() or '0'}..{one.high.strip()})" if one.high.strip() else f">= {one.low.strip()}"
    then = {name: getattr(one, name).strip() for name in ("rate", "fixed", "points") if getattr(one, name).strip()}
    return Row(f"R{place}", when, then)


def _as_draft(row: RateRow, terms: Terms) -> RateDraft:
    made = RateDraft(
        by=row.by, rate=plain_number(row.rate) if row.rate is not None else "", points=plain_number(row.points) if row.points is not None else "",
        fixed=major(row.fixed, terms.currency) if row.fixed is not None else "",
    )  # fmt: skip
    show = (lambda place: plain_number(Decimal(place) / PER_CENT)) if row.by == "growth" else (lambda place: major(place, terms.currency))
    listed = {name: _listed(row.when[name]) for name in ("tier", "partner_type", "country", "product_line", "channel") if name in row.when}
    return replace(
        made, **listed, new_customer=row.when.get("new_customer", ""), low=show(row.low) if row.low else "", high=show(row.high) if row.high is not None else ""
    )


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(re.findall(r'"([^"]*)"', cell))


def checked(draft: TermsDraft) -> Terms:
    """The typed terms of a sound draft. Raises BadTerms."""
    return terms_of(table_from(draft)[0])
