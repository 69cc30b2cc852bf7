"""A plan as one table of the rulebook, and back: rows with a rate, an amount or points pay; rows with a term are the head of the plan."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation

from openprm.kernel.money import LARGEST_MINOR, currencies, minor_units
from openprm.rulebook.ports import Fact, Row, Table
from openprm.rulebook.rules.cells import BadCell, plain_number, read_condition
from openprm.rulebook.rules.language import gettext as _

from .bands import FACTS, PER_CENT, groups
from .model import BANDS, BASES, CAPS, EVENTS, LIMITS, SPANS, Condition, RateRow, Terms

INPUTS = (*FACTS, "amount", "growth")
OUTPUTS = ("rate", "fixed", "points", "term", "value")
CLAUSES = {
    "currency": "T.currency", "event": "T.event", "basis": "T.basis", "bands": "T.bands", "span": "T.span", "duration_months": "T.duration",
    "rep_share": "T.rep", "fee_percent": "T.fee", "hold_days": "T.hold", "minimum": "T.minimum", "stackable": "T.stackable", "true_up": "T.true-up",
    "point_value": "T.point", "cap.event": "C.event", "cap.partner_month": "C.month", "cap.partner_year": "C.year", "cap.partner_total": "C.total",
    "limit.day": "L.day", "limit.week": "L.week", "limit.month": "L.month", "limit.total": "L.total", "condition": "Q",
}  # fmt: skip
CONDITION = re.compile(r"^[a-z_]{1,30}(:[A-Za-z0-9 _.\-]{0,80})?$")
MOST_DAYS, MOST_MONTHS = 730, 240
Problem = tuple[int | None, str, str]


class BadTerms(ValueError):
    """The table is no plan; `problems` name the row (None for the whole), the column and the reason."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(message for _row, _column, message in self.problems))


def problems(table: Table) -> tuple[Problem, ...]:
    """Everything that keeps the table from being a plan: negative rates, bands that overlap or leave a gap, terms that mean nothing."""
    try:
        terms_of(table)
    except BadTerms as bad:
        return bad.problems
    return ()


def terms_of(table: Table) -> Terms:
    """The typed plan that a table says. Raises BadTerms."""
    head, found = _head(table)
    rates: list[RateRow] = []
    for place, row in enumerate(table.rows):
        if not row.then.get("term"):
            try:
                rates.append(_rate(row, head.get("currency", "EUR")))
            except BadTerms as bad:
                found += [(place, column, message) for _none, column, message in bad.problems]
    if not rates and not found:
        found.append((None, "", _("A plan pays something: add a row with a rate, an amount or points.")))
    if not found:
        terms = _typed(head, tuple(rates))
        found = list(_band_problems(terms, {row.id: place for place, row in enumerate(table.rows)}))
    if found:
        raise BadTerms(found)
    return terms


def table_of(terms: Terms) -> Table:
    """The table that says these terms; `terms_of` reads it back."""
    heads = [Row(_clause(term, place), {}, {"term": f'"{term}"', "value": f'"{value}"'}) for place, (term, value) in enumerate(_said(terms), start=1)]
    return Table(INPUTS, OUTPUTS, (*(_rate_row(row, terms.currency) for row in terms.rates), *heads), "collect")


def major(minor: int, currency: str) -> str:
    return plain_number(Decimal(minor).scaleb(-minor_units(currency)))


def minor_of(text: str, currency: str, *, field: str = "value") -> int:
    """Minor units of an amount in plain digits. Raises BadTerms for what is none, is below zero, or is finer than the currency."""
    amount = _number(text, field).scaleb(minor_units(currency))
    if amount != amount.to_integral_value() or amount > LARGEST_MINOR:
        raise BadTerms([(None, field, _("“%(text)s” is no amount in %(currency)s.") % {"text": text[:40], "currency": currency})])
    return int(amount)


def _head(table: Table) -> tuple[dict, list[Problem]]:
    """The terms as they are written, with what is wrong with them."""
    head: dict = {"conditions": []}
    found: list[Problem] = []
    for place, row in enumerate(table.rows):
        term, value = row.then.get("term", "").strip('"'), row.then.get("value", "").strip('"').strip()
        if not term:
            continue
        if any(row.cell(name) for name in table.inputs):
            found.append((place, "term", _("A term of the plan applies always: clear the conditions of this row.")))
        if term in head:
            found.append((place, "term", _("This term stands twice; keep one.")))
        if term == "condition":
            head["conditions"].append(value)
        else:
            head[term] = value
        if message := _why_bad(term, value, head.get("currency", "EUR")):
            found.append((place, "value", message))
    return head, found


def _why_bad(term: str, value: str, currency: str) -> str:
    allowed = {"event": EVENTS, "basis": BASES, "bands": BANDS, "span": SPANS, "stackable": ("true", "false"), "true_up": ("quarter",)}.get(term)
    if allowed is not None:
        return "" if value in allowed else _("“%(value)s” is not one of: %(choices)s.") % {"value": value[:40], "choices": ", ".join(allowed)}
    if term == "currency":
        return "" if value in currencies() else _("“%(code)s” is not a currency code. Use three letters, for example EUR.") % {"code": value[:10]}
    if term == "condition":
        return "" if CONDITION.match(value) else _("Write a condition as code:argument, for example certificate:cloud-pro.")
    return _why_bad_number(term, value, currency)


def _why_bad_number(term: str, value: str, currency: str) -> str:
    try:
        if term in ("minimum", "point_value") or term.startswith(("cap.", "limit.")):
            minor_of(value, currency if currency in currencies() else "EUR")
            return ""
        number, most = _number(value, "value"), {"hold_days": MOST_DAYS, "duration_months": MOST_MONTHS}.get(term, 100)
    except BadTerms as bad:
        return bad.problems[0][2]
    if number > most:
        return _("%(number)s is more than %(most)s, the most that is possible here.") % {"number": value[:30], "most": most}
    if term in ("hold_days", "duration_months") and number != number.to_integral_value():
        return _("Write a whole number.")
    return ""


def _number(text: str, field: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise BadTerms([(None, field, _("“%(text)s” is not a number. Write plain digits, for example 12.5.") % {"text": text[:40]})]) from None
    if not number.is_finite():
        raise BadTerms([(None, field, _("“%(text)s” is not a number. Write plain digits, for example 12.5.") % {"text": text[:40]})])
    if number < 0:
        raise BadTerms(
            [
                (
                    None,
                    field,
                    _("%(number)s is below zero. A plan pays zero or more; what was paid wrongly is taken back by a correction.") % {"number": text[:30]},
                )
            ]
        )
    return number


def _rate(row: Row, currency: str) -> RateRow:
    """One paying row. Raises BadTerms."""
    paid = [name for name in ("rate", "fixed", "points") if row.then.get(name, "").strip()]
    if len(paid) != 1:
        raise BadTerms([(None, "rate", _("Each row pays in one way: a rate in per cent, a fixed amount, or points."))])
    [way] = paid
    text = row.then[way].strip()
    number = _number(text, way)
    if way == "rate" and number > 100:
        raise BadTerms([(None, "rate", _("%(rate)s %% is more than all of it. A rate is between 0 and 100.") % {"rate": text[:30]})])
    if way == "rate" and number * PER_CENT != (number * PER_CENT).to_integral_value():
        raise BadTerms([(None, "rate", _("A rate has at most four decimal places."))])
    if row.cell("amount") and row.cell("growth"):
        raise BadTerms([(None, "growth", _("A row is banded by the amount or by the growth, not by both."))])
    by = "growth" if row.cell("growth") else "amount"
    low, high = _band(row.cell(by), by, currency)
    when = {name: row.cell(name) for name in FACTS if row.cell(name)}
    return RateRow(
        clause=row.id, when=when, by=by, low=low, high=high, rate=number if way == "rate" else None,
        fixed=minor_of(text, currency, field="fixed") if way == "fixed" else None, points=number if way == "points" else None,
    )  # type: ignore[arg-type]  # fmt: skip


def _band(cell: str, by: str, currency: str) -> tuple[int, int | None]:
    """'[0..50000)' in the places of the ladder. Raises BadTerms for anything but a half-open band."""
    if not cell:
        return 0, None
    wrong = BadTerms([(None, by, _("Write a band as [0..50000), < 50000 or >= 50000: it begins with its first value and ends before its last."))])
    try:
        condition = read_condition(cell, Fact(by, by, "number"))
    except BadCell as bad:
        raise BadTerms([(None, by, str(bad))]) from None
    scale = PER_CENT if by == "growth" else 10 ** minor_units(currency)
    places = [_place(value, scale, by) for value in condition.values if isinstance(value, Decimal)]
    if len(places) != len(condition.values):
        raise wrong
    match condition.op:
        case ">=":
            return places[0], None
        case "<" if places[0] > 0:
            return 0, places[0]
        case "range" if condition.ends == "[)" and places[0] < places[1]:
            return places[0], places[1]
    raise wrong


def _place(value: Decimal, scale: int, by: str) -> int:
    place = value * scale
    if value < 0 or place != place.to_integral_value():
        raise BadTerms(
            [(None, by, _("%(number)s cannot be the end of a band: use zero or more, no finer than the currency.") % {"number": plain_number(value)})]
        )
    return int(place)


def _typed(head: Mapping, rates: tuple[RateRow, ...]) -> Terms:
    currency = head.get("currency", "EUR")
    kept = {name: head[name] for name in ("event", "basis", "bands", "span", "true_up") if name in head}
    if any(row.rate is None for row in rates):
        kept["bands"] = "whole"
    months = head.get("duration_months")
    return Terms(
        currency=currency, **kept, rates=rates,
        caps={name: minor_of(head[f"cap.{name}"], currency) for name in CAPS if f"cap.{name}" in head},
        limits={name: minor_of(head[f"limit.{name}"], currency) for name in LIMITS if f"limit.{name}" in head},
        duration_months=int(months) if months is not None else None,
        rep_share=Decimal(head.get("rep_share", "0")), fee_percent=Decimal(head.get("fee_percent", "0")),
        conditions=tuple(Condition(*value.split(":", 1)) for value in head["conditions"]),
        hold_days=int(head.get("hold_days", "0")), minimum=minor_of(head["minimum"], currency) if "minimum" in head else 0,
        is_stackable=head.get("stackable", "true") == "true", point_value=minor_of(head["point_value"], currency) if "point_value" in head else 0,
    )  # fmt: skip


def _band_problems(terms: Terms, places: Mapping[str, int]) -> Iterator[Problem]:
    """Each ladder begins at zero, has no gap and no overlap, and ends open."""
    if any(row.points is not None for row in terms.rates) and not terms.point_value:
        yield None, "value", _("Points need a worth: add the term “worth of one point”.")
    if terms.true_up and (terms.event != "period" or any(row.rate is None for row in terms.rates)):
        yield None, "value", _("A true-up belongs to rebates by period with rates in per cent.")
    if terms.event == "usage" and terms.span == "event" and any(row.low or row.high is not None for row in terms.rates):
        yield None, "value", _("Usage comes in parts and is corrected by further lines: let its bands add up over the month, the quarter or the year.")
    for group in groups(terms.rates):
        reached, above = 0, None
        if len({row.by for row in group.rows}) > 1:
            yield places[group.rows[0].clause], "growth", _("Rows with the same conditions are banded in one way, by the amount or by the growth.")
            continue
        for row in group.rows:
            if above is not None and (reached is None or row.low < reached):
                yield places[row.clause], row.by, _("%(row)s overlaps %(above)s: one amount would have two rates.") % {"row": row.clause, "above": above}
            elif row.low > (reached or 0):
                yield places[row.clause], row.by, _gap(row, above, reached or 0, terms.currency)
            reached, above = row.high, row.clause
        if reached is not None:
            yield (
                places[group.rows[-1].clause],
                group.rows[-1].by,
                _("Nothing is said from where %(row)s ends: leave the last band open, with rate 0 if nothing is paid.") % {"row": above},
            )


def _gap(row: RateRow, above: str | None, reached: int, currency: str) -> str:
    end = plain_number(Decimal(reached) / PER_CENT) if row.by == "growth" else major(reached, currency)
    begin = plain_number(Decimal(row.low) / PER_CENT) if row.by == "growth" else major(row.low, currency)
    return _("Nothing is said between %(end)s and %(begin)s: begin %(row)s at %(end)s, or add a band with rate 0.") % {
        "row": row.clause,
        "end": end,
        "begin": begin,
    }


def _said(terms: Terms) -> Iterator[tuple[str, str]]:
    yield "currency", terms.currency
    yield from (("event", terms.event), ("basis", terms.basis), ("bands", terms.bands), ("span", terms.span))
    if terms.duration_months is not None:
        yield "duration_months", str(terms.duration_months)
    for name in ("rep_share", "fee_percent"):
        if getattr(terms, name):
            yield name, plain_number(getattr(terms, name))
    if terms.hold_days:
        yield "hold_days", str(terms.hold_days)
    for name in ("minimum", "point_value"):
        if getattr(terms, name):
            yield name, major(getattr(terms, name), terms.currency)
    if not terms.is_stackable:
        yield "stackable", "false"
    if terms.true_up:
        yield "true_up", terms.true_up
    yield from ((f"cap.{name}", major(minor, terms.currency)) for name, minor in terms.caps.items())
    yield from ((f"limit.{name}", major(minor, terms.currency)) for name, minor in terms.limits.items())
    yield from (("condition", f"{one.code}:{one.argument}" if one.argument else one.code) for one in terms.conditions)


def _clause(term: str, place: int) -> str:
    return f"Q.{place}" if term == "condition" else CLAUSES[term]


def _rate_row(row: RateRow, currency: str) -> Row:
    when = dict(row.when)
    if row.low or row.high is not None:
        low, high = _shown(row.low, row.by, currency), _shown(row.high, row.by, currency) if row.high is not None else ""
        when[row.by] = f"[{low}..{high})" if high else f">= {low}"
    if row.rate is not None:
        return Row(row.clause, when, {"rate": plain_number(row.rate)})
    if row.points is not None:
        return Row(row.clause, when, {"points": plain_number(row.points)})
    return Row(row.clause, when, {"fixed": major(row.fixed or 0, currency)})


def _shown(place: int, by: str, currency: str) -> str:
    return plain_number(Decimal(place) / PER_CENT) if by == "growth" else major(place, currency)
