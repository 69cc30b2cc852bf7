import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openprm.agreements.engine import markup
from openprm.agreements.rules import calendar, canonical, states, strokes
from openprm.agreements.rules.differences import Piece, compare
from openprm.agreements.rules.states import Held

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


class Dated:
    def __init__(self, number, days, state="published"):
        self.number, self.effective_at, self.state = number, NOW + timedelta(days=days), state


def test_a_text_has_one_spelling_whatever_the_editor_sent():
    windows = "## 1. Term\r\n\r\n\r\n\r\nOne year.  \r\nCafe\u0301\x07\r\n"

    assert canonical.clean(windows) == "## 1. Term\n\nOne year.\nCafé"


def test_the_hash_is_that_of_the_file_people_download():
    assert canonical.document_bytes("Charter", "One.\r\n") == b"# Charter\n\nOne.\n"
    assert canonical.hash_of("Charter", "One.") == hashlib.sha256(b"# Charter\n\nOne.\n").hexdigest()


@given(st.text(max_size=300))
def test_cleaning_twice_changes_nothing(text):
    once = canonical.clean(text)

    assert canonical.clean(once) == once


def test_a_signature_has_one_canonical_json():
    assert canonical.signature_bytes({"b": "ø", "a": 1}) == '{"a":1,"b":"ø"}'.encode()


@pytest.mark.parametrize(
    ("is_first", "expected_days"),
    [(True, 0), (False, 30)],
)
def test_a_change_waits_for_the_notice_and_a_first_version_does_not(is_first, expected_days):
    assert calendar.earliest_effect(at=NOW, notice_days=30, is_first=is_first) == NOW + timedelta(days=expected_days)


def test_the_grace_begins_when_the_version_takes_effect_or_when_it_is_asked():
    in_a_month, a_month_ago = NOW + timedelta(days=30), NOW - timedelta(days=30)

    assert calendar.due(asked_at=NOW, effective_at=in_a_month, grace_days=14) == NOW + timedelta(days=44)
    assert calendar.due(asked_at=NOW, effective_at=a_month_ago, grace_days=14) == NOW + timedelta(days=14)


def test_a_change_does_not_open_a_door_that_an_unsigned_version_closed():
    late, in_a_month = NOW - timedelta(days=5), NOW + timedelta(days=30)

    assert calendar.due_after(before=late, takes_over_at=in_a_month, due_at=in_a_month + timedelta(days=14)) == in_a_month
    assert calendar.due_after(before=None, takes_over_at=in_a_month, due_at=in_a_month + timedelta(days=14)) == in_a_month + timedelta(days=14)


@pytest.mark.parametrize(
    ("days_to_due", "reminded_days_ago", "expected"),
    [
        (8, None, False),
        (7, None, True),
        (6, 1, False),
        (1, 6, True),
        (0, 1, True),
        (-6, 6, False),
        (-7, 7, True),
        (-8, 1, False),
    ],
)
def test_reminders_come_a_week_and_a_day_before_and_then_weekly(days_to_due, reminded_days_ago, expected):
    reminded_at = NOW - timedelta(days=reminded_days_ago) if reminded_days_ago is not None else None

    found = calendar.should_remind(asked_at=NOW - timedelta(days=60), due_at=NOW + timedelta(days=days_to_due), reminded_at=reminded_at, at=NOW)

    assert found is expected


@pytest.mark.parametrize(
    ("held", "again", "expected"),
    [
        ([], {1: True, 2: True}, [1, 2]),
        ([Held(1, "accepted")], {1: True, 2: True}, [2]),
        ([Held(1, "accepted")], {1: True, 2: False}, []),
        ([Held(1, "sent")], {1: True, 2: True}, [2]),
        ([Held(1, "superseded"), Held(2, "accepted")], {1: True, 2: True}, []),
        ([Held(2, "accepted")], {1: True, 2: True}, []),
    ],
)
def test_a_partner_is_asked_for_what_is_in_force_and_for_announced_changes(held, again, expected):
    versions = [Dated(1, -10), Dated(2, 20)]

    assert states.numbers_to_ask(versions, again, held, NOW) == expected


def test_whoever_skipped_a_change_is_asked_although_the_newest_needs_no_signature():
    versions = [Dated(1, -300), Dated(2, -100), Dated(3, -1)]

    assert states.numbers_to_ask(versions, {1: True, 2: True, 3: False}, [Held(1, "accepted"), Held(2, "superseded")], NOW) == [3]


def test_a_withdrawn_version_is_never_in_force():
    assert states.in_force([Dated(1, -10), Dated(2, -5, "withdrawn")], NOW).number == 1


def test_changed_words_stand_side_by_side_and_the_rest_is_folded():
    before = "## 1. Term\n\nFirst.\n\nSecond.\n\nWe pay within thirty days of the invoice.\n\nLast."
    after = "## 1. Term\n\nFirst.\n\nSecond.\n\nWe pay within sixty working days of the invoice.\n\nLast."

    found = compare(before, after)

    assert (found.words_added, found.words_removed, found.changed) == (2, 1, 1)
    assert [(passage.shape, passage.count) for passage in found.passages] == [("folded", 2), ("text", 0), ("text", 0), ("text", 0)]
    assert found.passages[2].pieces == (
        Piece("same", "We pay within "),
        Piece("del", "thirty"),
        Piece("ins", "sixty working"),
        Piece("same", " days of the invoice."),
    )


def test_equal_texts_differ_in_nothing():
    assert compare("One.\n\nTwo.", "One.\n\nTwo.").is_same


@given(st.lists(st.sampled_from(["We pay.", "You sell.", "- item one", "## Term", "A longer sentence of words here."]), max_size=8), st.data())
def test_the_pieces_that_stay_and_come_make_the_new_text(paragraphs, data):
    after = data.draw(st.permutations(paragraphs))

    found = compare("\n\n".join(paragraphs), "\n\n".join(after))

    new = [" ".join("".join(piece.text for piece in passage.pieces if piece.kind != "del").split()) for passage in found.passages if passage.shape != "folded"]
    folded = sum(passage.count for passage in found.passages)
    assert folded + sum(bool(text) for text in new) == len(after)


def test_a_comparison_of_long_hostile_texts_stays_quick():
    before, after = "word " * 30_000, "other " * 30_000

    found = compare(before, after)

    assert (found.words_removed, found.words_added) == (30_000, 30_000)


def test_drawn_strokes_are_read_strictly():
    assert strokes.read("[[[10,10],[200,90]],[[20,20],[21,21]]]") == (((10, 10), (200, 90)), ((20, 20), (21, 21)))
    assert strokes.read("") == ()
    assert strokes.path([[[10, 10], [200, 90]], [[5, 5]]]) == "M10 10 L200 90 M5 5 L5 5"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("<svg>", "form"),
        ('{"a":1}', "form"),
        ("[[[1,2,3]]]", "form"),
        ("[[[1.5,2]]]", "form"),
        ("[[[true,2]]]", "form"),
        ("[[[1,-2],[100,100]]]", "size"),
        ("[[[601,2]]]", "size"),
        ("[" * 5000, "form"),
        ("[[[1,1],[2,2]]]", "empty"),
        ("[[" + ",".join(["[1,1]"] * 4001) + "]]", "size"),
        ("x" * 60_001, "size"),
    ],
)
def test_what_is_no_drawing_is_refused(text, problem):
    with pytest.raises(strokes.BadStrokes, match=problem):
        strokes.read(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        ("![x](https://track.example/p.png)", "<p></p>"),
        ("# One\n\n### Two", "<h3>One</h3>\n<h4>Two</h4>"),
        ("a <b onclick=x>b</b>", "a &lt;b onclick=x&gt;b&lt;/b&gt;"),
    ],
)
def test_markup_holds_words_and_their_shape_only(text, expected):
    assert expected in markup.html(text)
    assert "<script" not in markup.html(text)


def test_a_clause_that_only_got_another_number_is_the_same_clause():
    found = compare("## 3. Term\n\nOne year.", "## 3. Payouts\n\nEach month.\n\n## 4. Term\n\nOne year.")

    assert [passage.pieces for passage in found.passages if passage.is_changed] == [
        (Piece("ins", "3. Payouts"),),
        (Piece("ins", "Each month."),),
        (Piece("del", "3"), Piece("ins", "4"), Piece("same", ". Term")),
    ]
