"""Forecasts beside what came, by hand: for each partner and quarter, and several together by what was won."""

from datetime import date
from decimal import Decimal

import pytest

from openprm.kpis.definitions.facts import Segment
from openprm.kpis.rules.outcomes import Why
from openprm.kpis.rules.windows import Window
from openprm.kpis.tests.test_numbers import partner, registration, under, value

SPRING, SUMMER = (date(2026, 4, 1), date(2026, 7, 1)), (date(2026, 7, 1), date(2026, 10, 1))


def kept(partner_id, quarter, forecast, *, currency="EUR"):
    start, end = quarter
    return {
        "id": f"{partner_id}{start}",
        "partner_id": partner_id,
        "quarter_start": start,
        "quarter_end": end,
        "forecast_minor": forecast,
        "currency": currency,
    }


ROWS = {
    "pipeline.forecasts": [kept("p1", SPRING, 1500), kept("p2", SPRING, 300), kept("p1", SUMMER, 700)],
    "deals.registrations": [
        registration("a", net=1000, closed="04-01"), registration("b", net=200, closed="06-30"), registration("c", partner="p3", net=400, closed="05-05"),
        registration("d", net=700, closed="07-01"), registration("e", status="closed_lost", closed="05-06"), registration("f", net=9000, closed="2026-01-10"),
    ],
    "partners.partners": [partner("p1"), partner("p2"), partner("p3")],
}  # fmt: skip


def test_errors_of_partners_do_not_make_up_for_each_other():
    told = value("forecast_accuracy", ROWS)

    # Spring: p1 1,500 for 1,200, p2 300 for nothing, p3 nothing for 400. Summer: p1 700 for 700.
    assert told.n == 4
    assert {name: told.parts[name] for name in ("forecast", "won", "off")} == {"forecast": 2500, "won": 2300, "off": 1000}
    assert told.value == Decimal(100 * 1300) / 2300 // Decimal("0.000001") * Decimal("0.000001")
    assert told.parts["bias"] == Decimal("8.695652")
    assert [(row["name"], row["forecast_minor"], row["won_minor"], row["off_minor"]) for row in under("forecast_accuracy", ROWS)] == [
        ("P3", 0, 400, 400), ("P1", 1500, 1200, 300), ("P2", 300, 0, 300), ("P1", 700, 700, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(("who", "of"), [("p1", Decimal(75)), ("p3", Decimal(0))])
def test_one_partner_in_one_quarter_is_one_less_the_error_by_what_was_won(who, of):
    told = value("forecast_accuracy", ROWS, segment=Segment(partner=who), window=Window(date(2026, 4, 1), date(2026, 6, 30)))

    assert (told.value, told.n) == (of, 1)


def test_a_quarter_that_is_not_over_or_was_never_forecast_is_not_judged():
    assert value("forecast_accuracy", ROWS, window=Window(date(2026, 7, 1), date(2026, 9, 29))).why == Why.ZERO
    assert value("forecast_accuracy", ROWS, window=Window(date(2026, 7, 1), date(2026, 9, 30))).value == 100
    assert value("forecast_accuracy", ROWS, window=Window(date(2026, 1, 1), date(2026, 3, 31))).why == Why.ZERO
    assert value("forecast_accuracy", ROWS, segment=Segment(partner="p2")).why == Why.ZERO
