import pytest

from openprm.inbox import panels, queries
from openprm.kernel.scope import scope

pytestmark = pytest.mark.django_db


def test_the_soonest_promise_comes_first(cast, at):
    with scope(cast.partner_manager):
        found = queries.decisions(cast.partner_manager, at)

    assert [decision.title for decision in found] == ["Ostrava Steelworks", "Sintra stays Gold", "Atrium Hospitals"]


def test_each_says_how_pressing_it_is(cast, at):
    with scope(cast.partner_manager):
        assert [one.due_tone for one in queries.waiting(cast.partner_manager, at)] == ["bad", "", ""]


def test_a_decision_knows_its_neighbours(cast, at):
    with scope(cast.partner_manager):
        place = queries.neighbours(cast.partner_manager, "d:2", at)

    assert (place.position, place.total, place.previous_url, place.next_url) == (2, 3, "/app/deals/1/", "/app/deals/3/")


def test_what_no_longer_waits_has_no_neighbours(cast, at):
    with scope(cast.partner_manager):
        assert queries.neighbours(cast.partner_manager, "d:gone", at) is None


def test_the_home_panels_hold_what_waits(cast, at):
    with scope(cast.partner_manager):
        vendor = panels.needs_decision(cast.partner_manager, at)
    with scope(cast.partner_rep):
        partner = panels.waiting_for_you(cast.partner_rep, at)

    assert (vendor["total"], vendor["waiting"][0].decision.title) == (3, "Ostrava Steelworks")
    assert (partner["total"], partner["waiting"][0].decision.title) == (1, "Answer about Ostrava")


def test_the_queue_is_a_page(cast):
    page = cast.client("partner_manager").get("/app/decisions/")

    text = page.content.decode()
    assert page.status_code == 200
    assert text.index("Ostrava Steelworks") < text.index("Sintra stays Gold") < text.index("Atrium Hospitals")
    assert 'action="/app/deals/3/approve/"' in text
    assert '<span class="count-hot">3</span>' in text
    assert "Ostrava Steelworks, €240" in text
