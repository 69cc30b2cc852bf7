"""Which touches stand before a deal, what they make of it, and who gets which part."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from openprm.attribution.engine.models import Settings
from openprm.attribution.rules import canonical, months, uplift
from openprm.attribution.rules.comparison import gaps
from openprm.attribution.rules.journeys import Deal, Judged, Touch, day_number, is_late, micros, moment_of, points_by_model, settle, split
from openprm.attribution.rules.uplift import Case, compare
from openprm.attribution.rules.words import COMPARED

CLOSE = datetime(2026, 10, 20, 12, tzinfo=UTC)
A, B, C = (UUID(int=place) for place in (1, 2, 3))
ACCOUNT, DEAL = UUID(int=10), UUID(int=20)


def _deal(**more) -> Deal:
    values = {"kind": "opportunity", "account_id": ACCOUNT, "program_id": None, "deal_type": "new", "is_won": True}
    return Deal(**({"id": DEAL, "opened_at": CLOSE - timedelta(days=80), "closed_at": CLOSE, "base_minor": 1000} | values | more))


def _touch(partner=A, days=30, number=100, **more) -> Touch:
    values = {"kind": "meeting", "is_verified": True}
    return Touch(**({"id": UUID(int=number), "partner_id": partner, "occurred_at": CLOSE - timedelta(days=days)} | values | more))


def _judged(partner, days, counts="influence") -> Judged:
    return Judged(touch=_touch(partner, days, number=1000 * partner.int + days), counts=counts, clause="T2")


def test_days_are_those_of_the_calendar():
    evening = datetime(2026, 10, 1, 23, 59, 59, 999_999, tzinfo=UTC)

    assert day_number(datetime(2026, 10, 2, 0, 0, tzinfo=UTC)) - day_number(evening) == 1
    assert day_number(datetime(2026, 9, 30, tzinfo=UTC)) - day_number(evening) == -1
    assert day_number(evening.astimezone(timezone(timedelta(hours=9)))) == day_number(evening)
    assert moment_of(micros(evening)) == evening


def test_a_claim_is_late_from_the_day_after_its_time():
    opened = _deal().opened_at

    assert not is_late(_touch(claimed_at=opened + timedelta(days=14)), _deal(), 14)
    assert is_late(_touch(claimed_at=opened + timedelta(days=15)), _deal(), 14)
    assert not is_late(_touch(), _deal(), 14)


def test_the_introduction_makes_a_deal_sourced_and_the_money_is_divided_to_the_last_cent():
    found = settle([(_deal(), [_judged(A, 60, "introduction"), _judged(B, 30), _judged(C, 1)])], "u-shaped", Settings())[0]

    assert found.outcome == "sourced"
    assert [(part.partner_id, part.outcome, part.points, part.minor) for part in found.parts] == [
        (A, "sourced", 4000, 400), (B, "influenced", 2000, 200), (C, "influenced", 4000, 400),
    ]  # fmt: skip


def test_what_does_not_count_and_what_is_late_gives_nothing():
    found = settle([(_deal(), [_judged(A, 60, "nothing"), _judged(B, 30, "late")])], "linear", Settings())[0]

    assert (found.outcome, found.parts) == ("unattributed", ())
    assert [one.touch.partner_id for one in found.late] == [B]


def test_a_lost_deal_is_divided_among_nobody():
    assert settle([(_deal(is_won=False), [_judged(A, 3)])], "linear", Settings())[0].parts == ()


@given(st.integers(0, 10**12), st.lists(st.integers(1, 1000), min_size=1, max_size=12))
def test_an_amount_is_divided_whole(minor, weights):
    raw = [10_000 * one // sum(weights) for one in weights]
    raw[0] += 10_000 - sum(raw)
    parts = split(minor, {UUID(int=place): points for place, points in enumerate(raw)})

    assert sum(parts.values()) == minor
    assert all(abs(parts[UUID(int=place)] * 10_000 - minor * points) < 10_000 for place, points in enumerate(raw))


def test_models_that_disagree_leave_a_gap():
    by_model = points_by_model([_judged(A, 60), _judged(B, 30), _judged(B, 10)], COMPARED, Settings())

    assert by_model["first"] == {A: 10_000}
    assert by_model["last"] == {B: 10_000}
    assert by_model["shapley"] == {A: 5000, B: 5000}
    assert (gaps(by_model)[A].low, gaps(by_model)[A].high, gaps(by_model)[A].low_model, gaps(by_model)[A].high_model) == (0, 10_000, "last", "first")


def test_the_same_result_has_the_same_bytes_whatever_order_it_came_in():
    one, other = _deal(), _deal(id=UUID(int=19), closed_at=CLOSE - timedelta(days=1))
    journeys = [(one, [_judged(A, 60), _judged(B, 30)]), (other, [_judged(C, 40)])]

    first = canonical.result(settle(journeys, "time-decay", Settings()))
    assert first == canonical.result(settle(list(reversed(journeys)), "time-decay", Settings()))
    assert first.count(b"\n") == 2


def test_months_go_over_the_turn_of_the_year():
    assert months.next_month(datetime(2026, 12, 1).date()) == datetime(2027, 1, 1).date()
    assert months.back(datetime(2026, 2, 1).date(), 3) == datetime(2025, 11, 1).date()


def _cases(count: int, *, with_partner: bool, won: int, stratum=("FI", "0")) -> list[Case]:
    return [Case(stratum=stratum, with_partner=with_partner, is_won=place < won, minor=1000, days=40) for place in range(count)]


def test_few_deals_are_refused():
    found = compare([*_cases(29, with_partner=True, won=20), *_cases(300, with_partner=False, won=100)])

    assert [one.refused for one in found] == ["few", "few", "few"]


def test_sides_that_never_meet_are_refused():
    found = compare([*_cases(100, with_partner=True, won=50), *_cases(100, with_partner=False, won=50, stratum=("SE", "0"))])

    assert found[0].refused == "apart"


def test_the_difference_is_taken_within_groups_that_are_alike():
    easy, hard = ("FI", "0"), ("FI", "3")
    cases = [
        *_cases(90, with_partner=True, won=72, stratum=easy), *_cases(10, with_partner=True, won=2, stratum=hard),
        *_cases(10, with_partner=False, won=8, stratum=easy), *_cases(90, with_partner=False, won=18, stratum=hard),
    ]  # fmt: skip
    rate = compare(cases)[0]

    assert (rate.refused, rate.strata, rate.with_count) == ("", 2, 100)
    assert abs(rate.difference) < 1e-12
    assert rate.low < 0 < rate.high


def test_the_interval_of_a_rate_is_that_of_agresti_and_caffo():
    rate = compare([*_cases(50, with_partner=True, won=30), *_cases(50, with_partner=False, won=20)])[0]
    a, b = 31 / 52, 21 / 52
    error = uplift.Z95 * ((a * (1 - a) + b * (1 - b)) / 50) ** 0.5

    assert abs(rate.difference - 0.2) < 1e-12
    assert abs(rate.high - rate.difference - error) < 1e-12
