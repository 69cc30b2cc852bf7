"""A promise class takes a part of the published time."""

import pytest

from openprm.promises.rules.targets import at_pace, quickest


@pytest.mark.parametrize(
    ("seconds", "pace", "allowed"),
    [(57_600, "standard", 57_600), (57_600, "priority", 28_800), (57_600, "express", 14_400), (3, "express", 1), (3, "priority", 1)],
)
def test_a_class_takes_all_half_or_a_quarter_of_the_time(seconds, pace, allowed):
    assert at_pace(seconds, pace) == allowed


def test_of_two_classes_the_quicker_counts():
    assert quickest("standard", "express", "priority") == "express"
    assert quickest("standard") == "standard"
    assert quickest() == "standard"


def test_an_unknown_class_is_refused():
    with pytest.raises(ValueError, match="gold"):
        at_pace(10, "gold")
