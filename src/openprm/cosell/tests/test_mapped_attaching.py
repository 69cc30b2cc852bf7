"""A partner that knows the company is brought into a deal from account mapping."""

import pytest

from openprm.cosell.models import Engagement, Invitation
from openprm.deals.models import Registration
from openprm.deals.testing import make_approved, make_catalogue
from openprm.kernel.errors import Invalid, NotAllowed
from openprm.kernel.scope import scope, system_scope
from openprm.leads.testing import make_lead
from openprm.mapping import queries, services
from openprm.mapping.models import Look
from openprm.mapping.testing import connect, make_list, run_match

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(cast, at):
    """A deal of one partner at a company that another one shows among its customers."""
    made = make_approved(cast.partner_rep, cast.vendor_admin, make_catalogue(), at=at, customer_name="Abloom Oy", customer_domain="abloom.com")
    with system_scope():
        registration = Registration.objects.get(pk=getattr(made, "registration_id", made))
    make_list(cast.vendor_admin, ["Abloom"], level="overlaps")
    make_list(cast.other_partner_admin, ["Abloom"], level="overlaps")
    connect(cast.vendor_admin, cast.other_partner_admin)
    run_match(cast.other_partner_id)
    return registration


def test_is_offered_beside_the_deal_and_invited_from_there(cast, at, deal):
    page = cast.client("vendor_admin")
    shown = page.get(f"/app/deals/{deal.pk}/").content.decode()
    assert "Partners that know this company" in shown
    assert "Invite Sintra Systems to this deal" in shown

    done = page.post(f"/app/account-mapping/attach/registration/{deal.pk}/", {"partner": str(cast.other_partner_id)})

    with system_scope():
        engagement = Engagement.objects.get()
        assert (engagement.registration_id, engagement.host_id) == (deal.pk, cast.vendor.pk)
        assert Invitation.objects.get().receiver_id == cast.other_partner_id
        assert Look.objects.filter(what="panel").count() == 1
    assert done.headers["Location"].endswith(f"/app/co-selling/{engagement.pk}/")


def test_is_recommended_for_the_open_deal_and_the_holder_is_not(cast, at, deal):
    with scope(cast.vendor_admin):
        found = queries.recommended(cast.vendor_admin, at)
    assert [(one.deal_id, [partner.partner_id for partner in one.partners]) for one in found] == [(deal.pk, [cast.other_partner_id])]


def test_must_show_that_it_knows_the_company(cast, at, deal):
    asked = {"target": "registration", "object_id": deal.pk, "at": at}
    with scope(cast.vendor_admin), pytest.raises(Invalid, match="does not show you"):
        services.bring_in(actor=cast.vendor_admin, partner_id=cast.partner_id, **asked)
    with scope(cast.vendor_reader), pytest.raises(NotAllowed):
        services.bring_in(actor=cast.vendor_reader, partner_id=cast.other_partner_id, **asked)
    with scope(cast.partner_rep), pytest.raises(NotAllowed):
        services.bring_in(actor=cast.partner_rep, partner_id=cast.other_partner_id, **asked)
    with system_scope():
        assert Engagement.objects.count() == 0


def test_a_partner_reads_beside_its_deal_whether_the_vendor_knows_the_company(cast, at, deal):
    page = cast.client("partner_rep")
    assert "knows this company" not in page.get(f"/portal/deals/{deal.pk}/").content.decode()
    make_list(cast.partner_admin, ["Abloom"], name="Mine")
    connect(cast.vendor_admin, cast.partner_admin)
    run_match(cast.partner_id)
    assert "knows this company" in page.get(f"/portal/deals/{deal.pk}/").content.decode()


@pytest.fixture
def lead(cast, at):
    """A lead of a company that one partner shows among its customers."""
    made = make_lead(at=at, route=False, company_name="Abloom Oy", company_domain="abloom.com")
    make_list(cast.vendor_admin, ["Abloom"], level="overlaps")
    make_list(cast.other_partner_admin, ["Abloom"], level="overlaps")
    connect(cast.vendor_admin, cast.other_partner_admin)
    run_match(cast.other_partner_id)
    return made.lead_id


def test_is_offered_beside_a_lead_and_invited_from_there(cast, lead):
    page = cast.client("vendor_admin")
    shown = page.get(f"/app/leads/{lead}/").content.decode()
    assert "Partners that know this company" in shown
    assert f"/app/account-mapping/attach/lead/{lead}/" in shown

    page.post(f"/app/account-mapping/attach/lead/{lead}/", {"partner": str(cast.other_partner_id)})

    with system_scope():
        assert Engagement.objects.get().lead_id == lead
        assert Invitation.objects.get().receiver_id == cast.other_partner_id


def test_nobody_is_brought_into_a_lead_by_who_may_not_or_who_does_not_know_the_company(cast, lead):
    address = f"/app/account-mapping/attach/lead/{lead}/"
    assert "/attach/lead/" not in cast.client("vendor_reader").get(f"/app/leads/{lead}/").content.decode()
    assert cast.client("vendor_reader").post(address, {"partner": str(cast.other_partner_id)}).status_code == 403
    assert cast.client("vendor_admin").post(address, {"partner": str(cast.partner_id)}).status_code == 422
    assert cast.client("vendor_admin").post(address, {"partner": "nobody"}).status_code == 404
    assert cast.client("vendor_admin").post(address.replace("lead", "invoice"), {"partner": str(cast.other_partner_id)}).status_code == 404
    with system_scope():
        assert (Engagement.objects.count(), Invitation.objects.count()) == (0, 0)
