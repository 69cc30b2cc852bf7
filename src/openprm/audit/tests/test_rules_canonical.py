import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openprm.audit.rules.canonical import NotCanonical, canonical, clean_text, difference, plain, stamp

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("value", "spelling"),
    [
        ({"b": 1, "a": [True, None, "x"]}, b'{"a":[true,null,"x"],"b":1}'),
        ('€\u0007"\\\n\u2028', '"€\\u0007\\"\\\\\\n\u2028"'.encode()),
        ({"\ufb33": 1, "\U0001f600": 2, "\u20ac": 3, "1": 4}, '{"1":4,"€":3,"😀":2,"\ufb33":1}'.encode()),
        ((), b"[]"),
    ],
)
def test_the_spelling_is_that_of_rfc_8785(value, spelling):
    assert canonical(value) == spelling


@pytest.mark.parametrize("value", [1.5, float("nan"), 2**53, -(2**53), {1: "x"}, b"bytes", "\ud800", {"a": [object()]}])
def test_a_value_without_one_spelling_is_refused(value):
    with pytest.raises(NotCanonical):
        canonical(value)


@given(JSON)
def test_the_spelling_reads_back_as_the_value(value):
    assert json.loads(canonical(value)) == value


@given(st.dictionaries(TEXT, JSON, max_size=6), st.randoms())
def test_the_order_of_keys_changes_nothing(value, random):
    keys = list(value)
    random.shuffle(keys)

    assert canonical({key: value[key] for key in keys}) == canonical(value)


@given(JSON, JSON)
def test_different_values_have_different_spellings(one, other):
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)

    assert (canonical(one) == canonical(other)) == same


@given(
    st.recursive(
        st.floats() | st.integers() | st.text(st.characters()) | st.dates() | st.uuids(), lambda x: st.lists(x) | st.dictionaries(st.text(st.characters()), x)
    )
)
def test_plain_makes_anything_canonical(value):
    canonical(plain(value))


def test_plain_keeps_what_json_has_and_spells_the_rest():
    value = {"id": UUID(int=7), "rate": Decimal("1.10"), "big": 2**60, "at": datetime(2026, 11, 23, 10, tzinfo=UTC), "nul": "a\x00b"}

    assert plain(value) == {
        "id": "00000000-0000-0000-0000-000000000007",
        "rate": "1.10",
        "big": "1152921504606846976",
        "at": "2026-11-23T10:00:00.000000Z",
        "nul": "ab",
    }


def test_a_moment_is_spelt_in_utc_with_microseconds():
    helsinki = timezone(timedelta(hours=2))

    assert stamp(datetime(2026, 11, 23, 12, 0, 0, 5, tzinfo=helsinki)) == "2026-11-23T10:00:00.000005Z"


def test_a_broken_character_becomes_the_replacement_character():
    assert clean_text("a\ud800b") == "a\ufffdb"


def test_difference_holds_only_the_fields_that_differ():
    assert difference({"a": 1, "b": 2, "gone": 3}, {"a": 1, "b": 5, "new": 4}) == {"b": [2, 5], "gone": [3, None], "new": [None, 4]}
