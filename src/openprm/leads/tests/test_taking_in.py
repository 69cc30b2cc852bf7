"""Consent in front of the door, points, and the way back: withdrawal and erasure."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from openprm.inbox.models import Notification
from openprm.kernel.errors import Invalid, NotAllowed, NotFound
from openprm.kernel.scope import scope, system_scope
from openprm.kernel.testing import run_queued_jobs
from openprm.leads import queries, services
from openprm.leads.models import Arrival, Lead, LeadPerson
from openprm.leads.rules.consent import ConsentGiven, Ground
from openprm.leads.services import ConsentMissing, ConsentUnusable, Incoming, links
from openprm.leads.testing import make_draft, make_receiver, offer_lead, stored

pytestmark = pytest.mark.django_db


def agreed(at, ground=Ground.OPT_IN, **more):
    values = {"text": "You may call me.", "text_version": "2026-03", "given_at": at - timedelta(days=1), "source": "Fair", **more}
    return ConsentGiven(ground=ground, **values)


def take(actor, at, *, consent=None, points=None, route=False, **changes):
    with scope(actor):
        return services.take_in(actor=actor, draft=make_draft(**changes), consent=consent, points=points, route=route, at=at)


def counts():
    with system_scope():
        return Lead.objects.count(), LeadPerson.objects.count(), Arrival.objects.count()


def test_a_lead_without_the_consent_of_its_country_is_refused_with_the_clause_and_logged(cast, at, caplog):
    with caplog.at_level(logging.WARNING, logger="openprm.leads"), pytest.raises(ConsentMissing) as refusal:
        take(cast.vendor_admin, at, country="DE")

    assert refusal.value.field == "consent"
    assert "Germany" in refusal.value.message
    assert "rule C3" in refusal.value.message
    assert "no consent came with it" in refusal.value.message
    assert "double_opt_in" in refusal.value.message
    assert counts() == (0, 0, 0)
    (line,) = [record for record in caplog.records if record.name == "openprm.leads"]
    assert (line.country, line.code) == ("DE", "consent_missing")
    assert line.getMessage().startswith(
        "lead refused: source=manual, source_detail=, country=DE, code=consent_missing, why=We cannot take this lead from Germany."
    )
    assert "ostrava" not in str(line.__dict__).lower()


@pytest.mark.parametrize(
    ("country", "ground"), [("DE", Ground.OPT_IN), ("DE", Ground.INTEREST), ("AT", Ground.INTEREST), ("FI", Ground.NONE), ("", Ground.INTEREST)]
)
def test_a_weaker_ground_than_asked_for_is_refused(cast, at, country, ground):
    with pytest.raises(ConsentMissing):
        take(cast.vendor_admin, at, country=country, consent=agreed(at, ground))

    assert counts() == (0, 0, 0)


@pytest.mark.parametrize(
    ("country", "ground", "clause"), [("DE", Ground.DOUBLE_OPT_IN, "C3"), ("AT", Ground.OPT_IN, "C4"), ("FI", Ground.INTEREST, "C5"), ("US", Ground.NONE, "C6")]
)
def test_a_lead_with_its_ground_is_taken_in_and_the_words_are_kept(cast, at, country, ground, clause):
    taken = take(cast.vendor_admin, at, country=country, consent=agreed(at, ground, network_address="203.0.113.7"))

    with scope(cast.vendor_admin):
        (kept,) = queries.arrivals(cast.vendor_admin, taken.received.lead_id)
    assert (kept.ground, kept.clause, kept.consent_text, kept.text_version) == (ground, clause, "You may call me.", "2026-03")
    assert (kept.given_at, kept.network_address, kept.proof) == (at - timedelta(days=1), "203.0.113.7", "Fair")


@pytest.mark.parametrize("country", ["", "XX", "UK", "ZZ"])
def test_a_country_that_is_none_gets_the_stricter_law(cast, at, country):
    with pytest.raises(ConsentMissing, match="rule C2"):
        take(cast.vendor_admin, at, country=country)

    assert counts() == (0, 0, 0)


def test_a_company_without_a_person_needs_no_consent(cast, at):
    taken = take(cast.vendor_admin, at, country="DE", contact_name="", contact_email="", contact_phone="")

    assert taken.ruled.clause == "C1"


def test_a_consent_without_its_words_is_refused_field_by_field(cast, at):
    with pytest.raises(ConsentUnusable) as refusal:
        take(cast.vendor_admin, at, consent=ConsentGiven(ground=Ground.OPT_IN))

    assert [problem.field for problem in refusal.value.problems] == ["consent.text", "consent.text_version", "consent.given_at"]
    assert counts() == (0, 0, 0)


def test_a_wrong_address_or_endless_words_are_refused(cast, at):
    with pytest.raises(ConsentUnusable) as refusal:
        take(cast.vendor_admin, at, consent=agreed(at, network_address="not an address", text="x" * 4001))

    assert [problem.field for problem in refusal.value.problems] == ["consent.text", "consent.network_address"]


def test_a_reader_takes_nothing_in(cast, at):
    with pytest.raises(NotAllowed):
        take(cast.vendor_reader, at, consent=agreed(at))
    with pytest.raises(NotAllowed):
        take(cast.partner_rep, at, consent=agreed(at))

    assert counts() == (0, 0, 0)


def test_points_make_the_grade_unless_they_came_with_the_lead(cast, at):
    computed = take(cast.vendor_admin, at, consent=agreed(at))
    given = take(cast.vendor_admin, at, consent=agreed(at), points=12, company_name="Other", company_domain="other.example", contact_email="a@other.example")

    assert (computed.points, computed.grade) == (20 + 10 + 10 + 5, "C")  # 40,000 euro, 800 people, a telephone number
    assert (given.points, given.grade) == (12, "D")
    assert stored(given.received.lead_id).grade == "D"
    with pytest.raises(Invalid, match="0 to 100"):
        take(cast.vendor_admin, at, consent=agreed(at), points=101)


def test_the_same_person_joins_its_older_lead_and_the_new_consent_is_kept_beside_the_old(cast, at):
    first = take(cast.vendor_admin, at, consent=agreed(at))
    again = take(cast.vendor_admin, at + timedelta(days=80), consent=agreed(at, text_version="2026-07"), title="Something else")

    assert again.received.was_known
    assert again.received.lead_id == first.received.lead_id
    with system_scope():
        rows = list(Arrival.objects.order_by("received_at").values_list("was_known", "text_version"))
    assert rows == [(False, "2026-03"), (True, "2026-07")]


def test_after_the_window_the_same_person_is_a_new_lead(cast, at):
    first = take(cast.vendor_admin, at, consent=agreed(at))
    again = take(cast.vendor_admin, at + timedelta(days=91), consent=agreed(at))

    assert (again.received.was_known, again.received.lead_id == first.received.lead_id) == (False, False)


def test_a_customer_that_may_not_be_passed_on_is_kept_from_partners(cast, at):
    make_receiver(cast.partner.pk, countries=["FI"])
    taken = take(cast.vendor_admin, at, consent=agreed(at, may_share=False), route=True)

    assert (taken.received.status, taken.received.offered_to) == ("nurture", ())


def test_many_at_once_name_the_bad_one_by_its_place_and_take_none(cast, at):
    good = Incoming(draft=make_draft(), consent=agreed(at))
    bad = Incoming(draft=replace(make_draft(), country="DE"))

    with scope(cast.vendor_admin), pytest.raises(Invalid) as refusal:
        services.take_in_many(actor=cast.vendor_admin, incoming=[good, bad], at=at)

    assert [problem.field for problem in refusal.value.problems] == ["leads[1].consent"]
    assert counts() == (0, 0, 0)


def test_each_for_itself_takes_the_good_ones(cast, at):
    good = Incoming(draft=make_draft(), consent=agreed(at))
    bad = Incoming(draft=replace(make_draft(), country="DE"))

    with scope(cast.vendor_admin):
        told = services.take_in_each(actor=cast.vendor_admin, incoming=[bad, good, good], route=False, at=at)

    assert isinstance(told[0], ConsentMissing)
    assert [one.received.was_known for one in told[1:]] == [False, True]
    assert counts() == (1, 1, 2)


def test_a_withdrawn_consent_erases_the_person_ends_the_lead_and_tells_the_partner(cast, at):
    make_receiver(cast.partner.pk, countries=["FI"])
    taken = take(cast.vendor_admin, at, consent=agreed(at, network_address="203.0.113.7"))
    lead_id = taken.received.lead_id
    offer_lead(lead_id, cast.partner.pk, at=at)
    with scope(cast.partner_rep):
        services.open_lead(actor=cast.partner_rep, lead_id=lead_id, at=at)
        services.accept_lead(actor=cast.partner_rep, lead_id=lead_id, at=at)
    token = links.token_of(lead_id, links.WITHDRAW)
    assert services.held_by_link(token).contact_name == "Petra Malá"

    services.withdraw(token=token, at=at + timedelta(hours=1))
    services.withdraw(token=token, at=at + timedelta(hours=2))
    run_queued_jobs()

    lead = stored(lead_id)
    assert (lead.status, lead.erased_at) == ("lost", at + timedelta(hours=1))
    assert (lead.person.company_name, lead.person.contact_email, lead.person.message) == ("", "", "")
    with system_scope():
        arrival = Arrival.objects.get(lead=lead_id)
        told = list(Notification.objects.filter(kind="leads.withdrawn").values_list("user__name", flat=True))
    assert (arrival.withdrawn_at, arrival.network_address) == (at + timedelta(hours=1), None)
    assert cast.partner_rep.name in told
    assert services.held_by_link(token).is_erased


def test_a_forged_link_withdraws_nothing(cast, at):
    taken = take(cast.vendor_admin, at, consent=agreed(at))
    good = links.token_of(taken.received.lead_id, links.WITHDRAW)

    for token in ("", "nonsense", good[:-1] + ("a" if good[-1] != "a" else "b"), links.token_of(taken.received.lead_id, links.CONFIRM)):
        with pytest.raises(NotFound):
            services.withdraw(token=token, at=at)

    assert stored(taken.received.lead_id).erased_at is None


def test_what_closed_two_years_ago_is_erased_by_itself(cast, at):
    taken = take(cast.vendor_admin, at, consent=agreed(at))
    with scope(cast.vendor_admin):
        services.close_lost(actor=cast.vendor_admin, lead_id=taken.received.lead_id, reason="no_need", note="", at=at)

    assert services.forget_old(at=at + timedelta(days=729)) == 0
    assert services.forget_old(at=at + timedelta(days=731)) == 1
    assert stored(taken.received.lead_id).person.contact_email == ""
    assert services.forget_old(at=at + timedelta(days=732)) == 0


def test_the_partner_reads_the_ground_and_not_the_address_or_the_points(cast, at):
    taken = take(cast.vendor_admin, at, consent=agreed(at, network_address="203.0.113.7"))
    offer_lead(taken.received.lead_id, cast.partner.pk, at=at)

    with scope(cast.partner_rep):
        (seen,) = queries.arrivals(cast.partner_rep, taken.received.lead_id)
    assert (seen.ground, seen.consent_text, seen.network_address, seen.points, seen.source_detail) == ("opt_in", "You may call me.", "", None, "")
    with scope(cast.other_partner_rep), pytest.raises(NotFound):
        queries.arrivals(cast.other_partner_rep, taken.received.lead_id)
