"""The table of states in Python and the triggers of the database say the same."""

import re
from importlib import import_module

from openprm.leads.rules.clocks import open_by
from openprm.leads.rules.lifecycle import FINAL, OFFER_TRANSITIONS, TRANSITIONS, may_follow, offer_may_follow
from openprm.leads.testing import SOME_DAY


def _pairs(text):
    return set(re.findall(r"'(\w+)>(\w+)'", text))


def test_the_trigger_allows_what_the_table_allows_and_nothing_else():
    life = import_module("openprm.leads.migrations.0003_guards").LIFE
    leads, offers = life.split("leads_offer_life", 1)

    assert _pairs(leads) == {(now, then) for now, following in TRANSITIONS.items() for then in following}
    assert _pairs(offers) == {(now, then) for now, following in OFFER_TRANSITIONS.items() for then in following}


def test_nothing_follows_the_end():
    assert {"won", "lost"} == FINAL
    assert not may_follow("lost", "offered")
    assert not offer_may_follow("declined", "accepted")


def test_a_weekend_does_not_count_for_opening():
    friday = SOME_DAY.replace(day=27)

    assert open_by(SOME_DAY, 2) == SOME_DAY.replace(day=25)
    assert open_by(friday, 1) == SOME_DAY.replace(day=30)
    assert open_by(friday.replace(day=28), 1) == SOME_DAY.replace(day=30)
