"""What becomes of a lead: a registration with everything it knew, an end with its reason, and forgetting the person."""

import pytest
from django.db import IntegrityError, transaction

from openprm.deals import services as deals
from openprm.deals.testing import make_approved, make_catalogue
from openprm.deals.testing import stored as deal_of
from openprm.kernel.actor import SYSTEM
from openprm.kernel.errors import Invalid, NotAllowed
from openprm.kernel.scope import scope, system_scope
from openprm.leads import services
from openprm.leads.models import LeadPerson
from openprm.leads.testing import make_lead, make_receiver, offers_of, routings_of, stored
from openprm.promises.models import PromiseClock

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue(cast):
    return make_catalogue()


@pytest.fixture
def held(cast, catalogue, at):
    """A lead that the first partner accepted."""
    make_receiver(cast.partner.pk, countries=["FI"])
    make_receiver(cast.other_partner.pk, countries=["PT"])
    made = make_lead(at=at, product_line_id=catalogue.mes.pk)
    with scope(cast.partner_rep):
        return services.accept_lead(actor=cast.partner_rep, lead_id=made.lead_id, at=at)


def convert(cast, held, at, **values):
    with scope(cast.partner_rep):
        return services.convert_lead(actor=cast.partner_rep, lead_id=held.lead_id, at=at, **values)


def test_a_lead_becomes_a_registration_without_typing_anything_again(cast, catalogue, held, at):
    made = convert(cast, held, at)

    lead, deal = stored(held.lead_id), deal_of(made.registration_id)
    assert (lead.status, lead.registration_id) == ("converted", deal.pk)
    assert (deal.partner_id, deal.customer_name, deal.customer_domain, deal.customer_country) == (
        cast.partner.pk, "Ostrava Steelworks", "ostravasteel.example", "FI",
    )  # fmt: skip
    assert (deal.contact_name, deal.contact_email, deal.title, deal.amount_minor) == (
        "Petra Malá", "petra.mala@ostravasteel.example", "MES for two plants", 40_000_00,
    )  # fmt: skip
    with system_scope():
        assert list(deal.lines.values_list("product_id", flat=True)) == [catalogue.mes_core.pk]
        assert PromiseClock.objects.get(subject_id=lead.pk, code="leads.convert").state == "kept"


def test_a_registration_that_cannot_be_submitted_leaves_the_lead_as_it_was(cast, held, at):
    from dataclasses import replace

    with scope(cast.partner_rep):
        draft = replace(services.draft_of(actor=cast.partner_rep, lead_id=held.lead_id, at=at), lines=())
    with pytest.raises(Invalid):
        convert(cast, held, at, draft=draft)

    assert (stored(held.lead_id).status, stored(held.lead_id).registration_id) == ("accepted", None)


def test_a_lead_is_locked_after_its_conversion(cast, held, at):
    convert(cast, held, at)

    with pytest.raises(NotAllowed, match="converted already"):
        convert(cast, held, at)
    with pytest.raises(NotAllowed, match="follows the registered deal"), scope(cast.partner_rep):
        services.close_lost(actor=cast.partner_rep, lead_id=held.lead_id, reason="no_need", at=at)
    with system_scope(), pytest.raises(IntegrityError, match="is locked"), transaction.atomic():
        LeadPerson.objects.filter(lead_id=held.lead_id).update(company_name="Somebody else")


@pytest.mark.parametrize(("outcome", "status", "reason"), [("won", "won", "deal_won"), ("lost", "lost", "deal_lost"), ("cancel", "lost", "deal_ended")])
def test_a_lead_follows_the_outcome_of_its_deal(cast, held, at, run_jobs, outcome, status, reason):
    made = convert(cast, held, at)
    with scope(cast.vendor_admin):
        if deal_of(made.registration_id).status != "approved":
            deals.approve(actor=cast.vendor_admin, registration_id=made.registration_id, at=at)
        act = {
            "won": lambda: deals.mark_won(actor=cast.vendor_admin, registration_id=made.registration_id, at=at),
            "lost": lambda: deals.mark_lost(actor=cast.vendor_admin, registration_id=made.registration_id, reason="price", at=at),
            "cancel": lambda: deals.cancel(actor=cast.vendor_admin, registration_id=made.registration_id, reason="Project stopped", at=at),
        }[outcome]
        act()
    run_jobs()

    lead = stored(held.lead_id)
    assert (lead.status, lead.closed_reason) == (status, reason)
    assert offers_of(held.lead_id)[0].state == "ended"


def test_a_partner_closes_what_it_accepted_with_a_reason(cast, held, at):
    with scope(cast.partner_rep), pytest.raises(Invalid):
        services.close_lost(actor=cast.partner_rep, lead_id=held.lead_id, reason="other", at=at)
    with scope(cast.partner_rep):
        services.close_lost(actor=cast.partner_rep, lead_id=held.lead_id, reason="no_budget", note="Next year", at=at)

    lead = stored(held.lead_id)
    assert (lead.status, lead.closed_reason, lead.closed_note, lead.closed_at) == ("lost", "no_budget", "Next year", at)


def test_won_without_a_registration_needs_an_explanation(cast, held, at):
    with scope(cast.partner_rep), pytest.raises(Invalid):
        services.close_won(actor=cast.partner_rep, lead_id=held.lead_id, note=" ", at=at)
    with scope(cast.partner_rep):
        services.close_won(actor=cast.partner_rep, lead_id=held.lead_id, note="A training day", at=at)

    assert (stored(held.lead_id).status, stored(held.lead_id).closed_reason) == ("won", "sold")


def test_a_lead_of_a_protected_customer_goes_to_the_partner_it_is_protected_for(cast, catalogue, at):
    make_receiver(cast.partner.pk, countries=["FI"])
    make_receiver(cast.other_partner.pk, countries=["PT"])
    make_approved(cast.other_partner_rep, cast.vendor_admin, catalogue, at=at)

    made = make_lead(at=at.replace(hour=12))

    assert made.offered_to == (cast.other_partner.pk,)
    assert routings_of(made.lead_id)[0].candidates[0]["holds_protection"] is True
    assert routings_of(made.lead_id)[0].tallies == {"protected": 1, "eligible": 1}


def test_erasing_blanks_the_person_and_keeps_the_figures(cast, held, at):
    with system_scope():
        services.erase_lead(actor=SYSTEM, lead_id=held.lead_id, reason="Asked by mail", at=at)

    lead = stored(held.lead_id)
    assert (lead.status, lead.closed_reason, lead.erased_at) == ("lost", "erased", at)
    assert (lead.person.company_name, lead.person.contact_email, lead.person.message, lead.city) == ("", "", "", "")
    assert (lead.country, lead.amount_minor) == ("FI", 40_000_00)


def test_a_converted_lead_can_be_erased_and_stays_converted(cast, held, at):
    convert(cast, held, at)
    with system_scope():
        services.erase_lead(actor=SYSTEM, lead_id=held.lead_id, reason="Asked by mail", at=at)

    assert (stored(held.lead_id).status, stored(held.lead_id).person.contact_name) == ("converted", "")
