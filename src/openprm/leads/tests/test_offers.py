"""From the first offer to the answer, with real rows."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from openprm.inbox.models import Notification
from openprm.kernel.actor import SYSTEM
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from openprm.kernel.scope import scope, system_scope
from openprm.leads import services
from openprm.leads.models import LeadPerson, Offer, Receiver
from openprm.leads.services import AskedBefore, LeadTaken, PartnerCannotReceive
from openprm.leads.testing import make_lead, make_receiver, offer_lead, offers_of, routings_of, stored
from openprm.partners import services as partners
from openprm.promises.services import mark_overdue

pytestmark = pytest.mark.django_db


@pytest.fixture
def both(cast):
    """Two partners in Finland: the first is the heavier one, so that chance has no say."""
    make_receiver(cast.partner.pk, countries=["FI"], weight=1)
    make_receiver(cast.other_partner.pk, countries=["FI"], weight=0)
    return cast


def act(actor, service, **values):
    with scope(actor):
        return service(actor=actor, **values)


def test_a_lead_goes_to_the_partner_that_the_rule_chooses_and_both_sides_can_read_why(both, at):
    made = make_lead(at=at)

    (offer,), (routing,) = offers_of(made.lead_id), routings_of(made.lead_id)
    assert (made.status, made.offered_to) == ("offered", (both.partner.pk,))
    assert (offer.state, offer.method, offer.clause, offer.rule_version) == ("offered", "geography", "L4", 1)
    assert offer.reasons == {"tier": 2, "skills": 0, "open": 0, "most": 10, "ring": 4, "weight": 1, "of": 2}
    assert routing.inputs["amount"] == "40000"
    assert [(row["partner"], row["why_not"]) for row in routing.candidates] == [(str(both.partner.pk), ""), (str(both.other_partner.pk), "")]
    assert routing.seed == f"{made.lead_id}:1"


def test_the_customer_is_hidden_from_the_partners_database_role_until_the_opening_is_recorded(both, at):
    made = make_lead(at=at)

    with scope(both.partner_rep):
        assert list(LeadPerson.objects.values_list("company_name", flat=True)) == []
    with scope(both.other_partner_rep):
        assert Offer.objects.count() == 0
    act(both.partner_rep, services.open_lead, lead_id=made.lead_id, at=at)

    with scope(both.partner_rep):
        assert list(LeadPerson.objects.values_list("company_name", flat=True)) == ["Ostrava Steelworks"]
    with scope(both.other_partner_rep):
        assert LeadPerson.objects.count() == 0


def test_opening_is_the_proof_of_receipt_and_starts_the_clock_once(both, at):
    made = make_lead(at=at)
    act(both.partner_rep, services.open_lead, lead_id=made.lead_id, at=at)
    act(both.partner_admin, services.open_lead, lead_id=made.lead_id, at=at + timedelta(hours=3))

    (offer,) = offers_of(made.lead_id)
    assert (offer.state, offer.opened_at, offer.opened_by_id) == ("opened", at, both.partner_rep.user_id)
    assert offer.accept_by > at
    with system_scope(), pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.filter(pk=offer.pk).update(opened_at=at + timedelta(days=1))


def test_a_stranger_gets_the_same_answer_as_for_a_lead_that_is_not_there(both, at):
    made = make_lead(at=at)

    for service in (services.open_lead, services.accept_lead):
        with pytest.raises(NotFound):
            act(both.other_partner_rep, service, lead_id=made.lead_id, at=at)
    with pytest.raises(NotFound):
        act(both.other_partner_rep, services.decline_lead, lead_id=made.lead_id, reason="no_need", at=at)
    assert offers_of(made.lead_id)[0].state == "offered"


def test_a_reader_may_not_answer(both, at):
    made = make_lead(at=at)

    with pytest.raises(NotAllowed):
        act(both.partner_reader, services.accept_lead, lead_id=made.lead_id, at=at)
    assert stored(made.lead_id).status == "offered"


def test_accepting_takes_the_lead_and_starts_the_time_to_convert(both, at):
    made = make_lead(at=at)
    act(both.partner_rep, services.accept_lead, lead_id=made.lead_id, at=at)
    act(both.partner_rep, services.accept_lead, lead_id=made.lead_id, at=at)

    lead, (offer,) = stored(made.lead_id), offers_of(made.lead_id)
    assert (lead.status, lead.partner_id, lead.accepted_at) == ("accepted", both.partner.pk, at)
    assert (offer.state, offer.opened_at, offer.convert_by) == ("accepted", at, at + timedelta(days=30))


def test_a_no_goes_to_the_next_partner_and_never_comes_back(both, at):
    made = make_lead(at=at)
    act(both.partner_rep, services.decline_lead, lead_id=made.lead_id, reason="no_capacity", was_contacted=False, comment="Full until March", at=at)

    first, second = offers_of(made.lead_id)
    assert (first.partner_id, first.state, first.decline_reason, first.was_contacted, first.comment) == (
        both.partner.pk, "declined", "no_capacity", False, "Full until March",
    )  # fmt: skip
    assert (second.partner_id, second.state) == (both.other_partner.pk, "offered")
    assert routings_of(made.lead_id)[1].tallies == {"declined": 1, "eligible": 1}

    act(both.other_partner_rep, services.decline_lead, lead_id=made.lead_id, reason="outside_area", at=at)
    assert (stored(made.lead_id).status, len(offers_of(made.lead_id))) == ("declined", 2)
    with pytest.raises(AskedBefore):
        act(both.vendor_admin, services.assign_lead, lead_id=made.lead_id, partner_id=both.partner.pk, reason="Please", at=at)


def test_the_database_refuses_a_second_offer_to_a_decliner(both, at):
    made = make_lead(at=at)
    act(both.partner_rep, services.decline_lead, lead_id=made.lead_id, reason="no_capacity", at=at)
    (first, _second) = offers_of(made.lead_id)

    with system_scope(), pytest.raises(IntegrityError, match="never_offered_to_a_decliner"), transaction.atomic():
        Offer.objects.create(lead_id=made.lead_id, partner_id=both.partner.pk, routing_id=first.routing_id, method="manual", offered_at=at, open_by=at)


def test_after_a_no_the_customer_is_hidden_again(both, at):
    made = make_lead(at=at)
    act(both.partner_rep, services.open_lead, lead_id=made.lead_id, at=at)
    act(both.partner_rep, services.decline_lead, lead_id=made.lead_id, reason="no_need", at=at)

    with scope(both.partner_rep):
        assert LeadPerson.objects.count() == 0


def test_spam_waits_for_a_person_instead_of_the_next_partner(both, at):
    made = make_lead(at=at)
    act(both.partner_rep, services.decline_lead, lead_id=made.lead_id, reason="spam", at=at)

    assert (stored(made.lead_id).status, len(offers_of(made.lead_id))) == ("declined", 1)


def test_another_reason_needs_words(both, at):
    made = make_lead(at=at)

    with pytest.raises(Invalid) as refused:
        act(both.partner_rep, services.decline_lead, lead_id=made.lead_id, reason="other", at=at)
    assert refused.value.problems[0].field == "comment"
    assert offers_of(made.lead_id)[0].state == "offered"


def test_a_lead_that_nobody_opens_goes_to_the_next_and_at_last_to_a_person(both, at):
    made = make_lead(at=at)
    with system_scope():
        assert services.pull_back_unopened(at=at + timedelta(days=1)) == 0
        assert services.pull_back_unopened(at=at + timedelta(days=2)) == 1
    first, second = offers_of(made.lead_id)
    assert (first.state, second.partner_id, second.state) == ("expired", both.other_partner.pk, "offered")

    with system_scope():
        services.pull_back_unopened(at=at + timedelta(days=9))
    lead = stored(made.lead_id)
    assert (lead.status, lead.partner_id, lead.status_reason) == ("expired", None, "No partner fits. Most often: had this lead and let it pass (2).")


@pytest.mark.parametrize(("accepts", "days", "why"), [(False, 5, "unanswered"), (True, 31, "unconverted")])
def test_a_broken_promise_pulls_the_lead_back(both, at, accepts, days, why, run_jobs):
    made = make_lead(at=at)
    act(both.partner_rep, services.accept_lead if accepts else services.open_lead, lead_id=made.lead_id, at=at)
    late = at + timedelta(days=days)
    with system_scope():
        mark_overdue(at=late)
    run_jobs()

    first, second = offers_of(made.lead_id)
    assert (first.state, second.partner_id, stored(made.lead_id).status) == ("expired", both.other_partner.pk, "offered")
    with pytest.raises(LeadTaken):
        act(both.partner_rep, services.accept_lead, lead_id=made.lead_id, at=late)


def test_a_partner_whose_gate_is_closed_is_passed_by_with_the_reason(both, at):
    with system_scope():
        partners.close_gate(
            actor=SYSTEM,
            partner_id=both.partner.pk,
            actions=["leads"],
            source="compliance",
            key="x",
            reason="A certificate has ended.",
            cure="Renew it.",
            at=at,
        )
    made = make_lead(at=at)

    assert made.offered_to == (both.other_partner.pk,)
    assert routings_of(made.lead_id)[0].tallies == {"closed": 1, "eligible": 1}
    with pytest.raises(PartnerCannotReceive, match=r"A certificate has ended\. Renew it\."):
        act(both.vendor_admin, services.assign_lead, lead_id=made.lead_id, partner_id=both.partner.pk, reason="Still", at=at)


def test_a_partner_that_is_not_active_is_passed_by(both, at):
    with system_scope():
        partners.change_status(actor=SYSTEM, partner_id=both.partner.pk, status="suspended", at=at)

    assert make_lead(at=at).offered_to == (both.other_partner.pk,)


def test_a_lead_without_a_fitting_partner_waits_for_a_person(both, at):
    made = make_lead(at=at, country="JP", contact_email="a@jp.example", company_domain="jp.example")

    assert (made.status, made.offered_to) == ("unrouted", ())
    assert stored(made.lead_id).status_reason == "No partner fits. Most often: does not serve the country (2)."


def test_a_person_may_choose_a_partner_with_a_reason_and_take_the_lead_back(both, at):
    made = make_lead(at=at)
    act(both.partner_manager, services.assign_lead, lead_id=made.lead_id, partner_id=both.other_partner.pk, reason="They know the plant", at=at)

    first, second = offers_of(made.lead_id)
    assert (first.state, second.partner_id, second.method) == ("withdrawn", both.other_partner.pk, "manual")
    assert routings_of(made.lead_id)[1].by_name == "Erik Berg"
    with pytest.raises(Conflict):
        act(both.partner_manager, services.assign_lead, lead_id=made.lead_id, partner_id=both.other_partner.pk, reason="Again", at=at)
    with pytest.raises(NotAllowed):
        act(both.vendor_reader, services.assign_lead, lead_id=made.lead_id, partner_id=both.partner.pk, reason="Hm", at=at)


def test_who_let_it_pass_may_be_asked_again_by_hand(both, at):
    made = make_lead(at=at)
    with system_scope():
        services.pull_back_unopened(at=at + timedelta(days=9))
    offer_lead(made.lead_id, both.partner.pk, at=at + timedelta(days=9))

    assert [offer.state for offer in offers_of(made.lead_id)] == ["expired", "withdrawn", "offered"]


def test_first_claim_asks_all_and_the_first_has_it(both, at):
    made = make_lead(at=at, grade="C")
    assert set(made.offered_to) == {both.partner.pk, both.other_partner.pk}
    with pytest.raises(NotAllowed, match="Claim it"):
        act(both.partner_rep, services.open_lead, lead_id=made.lead_id, at=at)

    act(both.other_partner_rep, services.accept_lead, lead_id=made.lead_id, at=at)

    assert {offer.partner_id: offer.state for offer in offers_of(made.lead_id)} == {both.partner.pk: "taken", both.other_partner.pk: "accepted"}
    with pytest.raises(LeadTaken):
        act(both.partner_rep, services.accept_lead, lead_id=made.lead_id, at=at)


def test_without_consent_to_share_nobody_is_offered_the_lead(both, at):
    made = make_lead(at=at, may_share=False)

    assert (made.status, offers_of(made.lead_id)) == ("nurture", [])
    with pytest.raises(NotAllowed, match="did not agree"):
        act(both.vendor_admin, services.route_again, lead_id=made.lead_id, reason="Try", at=at)


def test_the_database_refuses_a_jump_in_the_life_of_a_lead(both, at):
    made = make_lead(at=at)

    with system_scope(), pytest.raises(IntegrityError, match="cannot go from offered to converted"), transaction.atomic():
        stored_row = stored(made.lead_id)
        stored_row.status = "converted"
        stored_row.save()


def test_a_partners_database_role_writes_nothing(both, at):
    made = make_lead(at=at)

    with scope(both.partner_rep):
        assert Offer.objects.filter(lead_id=made.lead_id).update(state="accepted") == 0
        assert Receiver.objects.update(weight=100) == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            Offer.objects.create(lead_id=made.lead_id, partner_id=both.partner.pk, routing_id=made.lead_id, method="manual", offered_at=at, open_by=at)


def test_the_news_of_an_offer_names_no_customer(both, at, run_jobs):
    make_lead(at=at)
    run_jobs()

    with system_scope():
        told = list(Notification.objects.filter(kind="leads.offered", user_id=both.partner_rep.user_id))
    assert [(one.title, "Ostrava" in one.body) for one in told] == [("A lead for you from Tampere, FI", False)]


def test_the_leads_of_a_partner_that_is_suspended_go_to_the_next(both, at, run_jobs):
    made = make_lead(at=at)
    act(both.partner_rep, services.accept_lead, lead_id=made.lead_id, at=at)
    with system_scope():
        partners.change_status(actor=SYSTEM, partner_id=both.partner.pk, status="suspended", at=at)
    run_jobs()

    assert [(offer.partner_id, offer.state) for offer in offers_of(made.lead_id)] == [
        (both.partner.pk, "withdrawn"), (both.other_partner.pk, "offered"),
    ]  # fmt: skip
