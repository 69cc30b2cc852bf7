"""Precedents: what the machine takes out, what a person checks, and what is never published."""

from datetime import timedelta

import pytest

from openprm.conflicts import queries, services
from openprm.conflicts.models import Precedent
from openprm.conflicts.rules.figures import Settled, figures
from openprm.conflicts.rules.redaction import Known, band, names_left, redact
from openprm.conflicts.testing import make_alarm, make_decided, pass_time, speak
from openprm.deals.testing import make_catalogue
from openprm.kernel.errors import Conflict, NotAllowed, NotFound
from openprm.kernel.scope import scope
from openprm.ui.paging import PageRequest

DAY = timedelta(days=1)
KNOWN = Known(
    companies={"Kallio Digital Oy": "the partner", "Ostrava Steelworks a.s.": "the customer", "Halden Software": "the vendor"},
    people={"Petra Malá": "a person at the customer", "Aino Laine": "a person of the partner"},
    places={"Czechia": "Eastern Europe", "Ostrava": "Eastern Europe"},
)
PAGE = PageRequest(key="test", sort="published", limit=10)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Kallio Digital met Ostrava Steelworks.", "the partner met the customer."),
        ("KALLIO’s people called ms Mala.", "the partner people called ms a person at the customer."),
        ("A visit in Ostrava, Czechia.", "A visit in Eastern Europe, Eastern Europe."),
        ("The offer was EUR 40,000.00.", "The offer was 10,000 to 50,000 EUR."),
        ("About 1.2m € in all.", "About 1,000,000 to 5,000,000 EUR in all."),
        ("See DR-000123 and aino.laine@kallio.example.", "See [a number] and [an e-mail address]."),
        ("Call +420 555 123 456 today.", "Call [a phone number] today."),
    ],
)
def test_names_places_and_amounts_are_taken_out(text, told):
    assert redact(text, KNOWN) == told
    assert names_left(redact(text, KNOWN), KNOWN) == ()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("The partner met the customer.", ()),
        ("kallio was first", ("Kallio",)),
        ("Ms Malá signed", ("Malá",)),
        ("Sintra Systems came later", ("Sintra Systems",)),
        ("It cost $ 12,345", ("$ 12,345",)),
        ("write to a@b.example", ("a@b.example", "b.example")),
        ("It cost under 10,000 EUR", ()),
    ],
)
def test_what_is_still_in_a_text_is_found(text, left):
    assert names_left(text, KNOWN, others=["Sintra Systems"]) == left


def test_an_amount_becomes_the_band_it_lies_in():
    assert band(999, "EUR") == "under 1,000 EUR"
    assert band(1_000, "EUR") == "1,000 to 10,000 EUR"
    assert band(10_000_000, "EUR") == "over 10,000,000 EUR"


@pytest.fixture
def draft(cast, at):
    """A draft of a closed case whose statements are full of names."""
    case_id = make_decided(cast, make_catalogue(), at, reasons="Aino Laine was not asked, and Kallio Digital’s protection ran in Czechia.")
    pass_time(at + 20 * DAY)
    with scope(cast.vendor_admin):
        return services.prepare(actor=cast.vendor_admin, case_id=case_id, at=at + 21 * DAY)


def _stored(cast, precedent_id):
    with scope(cast.vendor_admin):
        return Precedent.objects.get(pk=precedent_id)


def test_the_first_draft_holds_no_name(cast, at, draft):
    row = _stored(cast, draft)

    assert row.reasons == "a person of the partner was not asked, and the partner protection ran in Eastern Europe."
    assert row.state == "draft"
    assert row.amount_band == "10,000 to 50,000 EUR"
    with scope(cast.vendor_admin):
        assert services.names_left_in(actor=cast.vendor_admin, precedent_id=draft, at=at) == {}


@pytest.mark.parametrize("name", ["Kallio", "Aino", "Ostrava Steelworks", "Sintra Systems", "Halden Software", "Nora Lund", "Czechia"])
def test_nothing_is_published_while_a_known_name_is_in_it(cast, at, draft, name):
    with scope(cast.vendor_admin):
        services.save_draft(actor=cast.vendor_admin, precedent_id=draft, texts={"reasons": f"We believed {name} in this."}, at=at)
        with pytest.raises(services.NamesLeft, match="Still in the text"):
            services.publish_precedent(actor=cast.vendor_admin, precedent_id=draft, at=at)

    assert _stored(cast, draft).state == "draft"


def test_a_published_precedent_is_found_by_both_sides_and_by_its_words(cast, at, draft):
    with scope(cast.vendor_admin):
        number = services.publish_precedent(actor=cast.vendor_admin, precedent_id=draft, at=at)

    for reader in (cast.partner_rep, cast.other_partner_rep, cast.vendor_reader):
        with scope(reader):
            assert [row.number for row in queries.precedents(reader, search="protection ran", filters={}, page=PAGE).rows] == [number]
            assert queries.precedents(reader, search="helicopter", filters={}, page=PAGE).rows == ()
            assert [row.number for row in queries.precedents(reader, filters={"type": ("direct_vs_partner",)}, page=PAGE).rows] == [number]
            found = queries.precedent(reader, draft)
            assert (found.case_id, found.case_number) == (None, "")


def test_a_draft_is_for_reviewers_alone(cast, draft):
    for reader in (cast.partner_rep, cast.vendor_reader, cast.marketing_manager):
        with scope(reader), pytest.raises(NotFound):
            queries.precedent(reader, draft)


def test_published_words_stay(cast, at, draft):
    with scope(cast.vendor_admin):
        services.publish_precedent(actor=cast.vendor_admin, precedent_id=draft, at=at)
        with pytest.raises(Conflict, match="stay"):
            services.save_draft(actor=cast.vendor_admin, precedent_id=draft, texts={"title": "Other"}, at=at)
        services.withdraw_precedent(actor=cast.vendor_admin, precedent_id=draft, at=at)
    with scope(cast.partner_rep), pytest.raises(NotFound):
        queries.precedent(cast.partner_rep, draft)


def test_an_open_case_is_no_precedent(cast, at):
    case_id, _registration = make_alarm(cast, make_catalogue(), at)
    speak(cast.partner_rep, case_id, "Nobody asked us.", at)

    with scope(cast.vendor_admin), pytest.raises(NotAllowed):
        services.prepare(actor=cast.vendor_admin, case_id=case_id, at=at)


def test_a_new_case_shows_what_was_decided_before(cast, at, draft):
    with scope(cast.vendor_admin):
        number = services.publish_precedent(actor=cast.vendor_admin, precedent_id=draft, at=at)
        assert [row.number for row in queries.similar_of_type(cast.vendor_admin, "direct_vs_partner")] == [number]
        assert queries.similar_of_type(cast.vendor_admin, "rejection") == ()


def test_partners_do_not_get_figures_of_so_few_that_they_could_be_recognised(cast, at, draft):
    with scope(cast.vendor_admin):
        ours = queries.figures(cast.vendor_admin, at)[0]
    with scope(cast.partner_rep):
        theirs = queries.figures(cast.partner_rep, at)[0]

    assert (ours.settled, ours.won_rate, ours.median_days, ours.is_hidden) == (1, 100, 1.0, False)
    assert (theirs.settled, theirs.won_rate, theirs.is_hidden) == (0, None, True)


def test_a_line_left_out_cannot_be_had_by_subtraction(at):
    def settled(type_, count):
        case = {"ending": "decided", "finding": "founded", "appealed": False, "appeal_result": "", "opened_at": at, "settled_at": at + timedelta(days=3)}
        return [Settled(type=type_, **case) for _number in range(count)]

    cases = [*settled("lead", 1), *settled("rejection", 4), *settled("direct_vs_partner", 9)]
    types = ("lead", "rejection", "direct_vs_partner", "post_deal_credit")

    shown = {one.type: one.is_hidden for one in figures(cases, types, for_partners=True)}
    assert shown == {"": False, "lead": True, "rejection": True, "direct_vs_partner": False, "post_deal_credit": False}
    assert not any(one.is_hidden for one in figures(cases, types, for_partners=False))
