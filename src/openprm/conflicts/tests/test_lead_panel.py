"""The page of a lead leads to a case about it, on both sides, to those who may open one."""

import pytest
from django.urls import reverse

from openprm.conflicts.testing import make_case
from openprm.kernel.scope import scope
from openprm.leads import services
from openprm.leads.testing import make_lead, offer_lead

pytestmark = pytest.mark.django_db


def _lead(cast, at):
    """A lead that the partner has taken."""
    lead_id = make_lead(at=at, route=False).lead_id
    offer_lead(lead_id, cast.partner_id, at=at)
    with scope(cast.partner_rep) as actor:
        services.open_lead(actor=actor, lead_id=lead_id, at=at)
        services.accept_lead(actor=actor, lead_id=lead_id, at=at)
    return lead_id


def _page(cast, person: str, name: str, lead_id) -> str:
    return cast.client(person).get(reverse(name, args=[lead_id])).content.decode()


def test_both_sides_open_a_case_from_the_page_of_a_lead(cast, at):
    lead_id = _lead(cast, at)

    assert reverse("conflicts:open_lead", args=[lead_id]) in _page(cast, "partner_manager", "leads:lead", lead_id)
    assert reverse("conflicts:portal_open_lead", args=[lead_id]) in _page(cast, "partner_rep", "leads:portal_lead", lead_id)


def test_who_may_not_open_one_is_shown_no_way(cast, at):
    lead_id = _lead(cast, at)

    assert reverse("conflicts:open_lead", args=[lead_id]) not in _page(cast, "vendor_reader", "leads:lead", lead_id)


def test_a_case_about_a_lead_stands_on_its_page(cast, at):
    lead_id = _lead(cast, at)
    case_id = make_case(cast.partner_rep, None, at, type="lead", lead_id=lead_id)

    assert reverse("conflicts:portal_case", args=[case_id]) in _page(cast, "partner_rep", "leads:portal_lead", lead_id)
    assert reverse("conflicts:case", args=[case_id]) in _page(cast, "partner_manager", "leads:lead", lead_id)
