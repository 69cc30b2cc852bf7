"""Many leads at once take the same decisions as one after the other, in a number of statements that does not grow with them."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from openprm.kernel.actor import SYSTEM
from openprm.kernel.scope import system_scope
from openprm.leads import services
from openprm.leads.models import Lead, Offer, Routing
from openprm.leads.testing import make_draft, make_receiver

pytestmark = pytest.mark.django_db
WAYS = (
    {"grade": "A"},
    {"grade": "C"},
    {"skills": ("mes",)},
    {"amount_minor": 300_000_00},
    {"latitude": 60.2, "longitude": 24.9},
    {"country": "PT"},
    {"country": "JP"},
)


def leads(count):
    for number in range(count):
        company = {"company_name": f"Customer {number}", "company_domain": f"c{number}.example", "contact_email": f"a@c{number}.example"}
        yield make_draft(**company, **WAYS[number % len(WAYS)])


def receive(count, at):
    with system_scope():
        return [one.lead_id for one in services.receive_leads(actor=SYSTEM, drafts=list(leads(count)), at=at)]


def outcome():
    """Every decision by the lead's company: who was chosen, in which order, by which clause, with which score."""
    names = dict(Lead.objects.values_list("pk", "person__company_name"))
    return {
        names[row.lead_id]: (row.method, row.clause, row.tallies, row.candidates, sorted(map(str, row.chosen)))
        for row in Routing.objects.all()
    } | {f"{names[one.lead_id]} {one.partner_id}": (one.state, one.score, one.position, one.reasons) for one in Offer.objects.all()}  # fmt: skip


@pytest.fixture
def receivers(cast):
    make_receiver(cast.partner.pk, countries=["FI", "PT"], skills=["mes"], latitude=60.2, longitude=25.0, weight=3, max_open=12)
    make_receiver(cast.other_partner.pk, countries=["FI", "PT"], latitude=61.0, longitude=24.0, weight=1, max_open=30)


def test_many_leads_at_once_are_decided_as_one_by_one(cast, receivers, at):
    ids = receive(40, at)
    with system_scope():
        with transaction.atomic():
            made = services.route_leads(actor=SYSTEM, at=at)
            together = outcome()
            transaction.set_rollback(True)
        assert Routing.objects.count() == 0
        for lead_id in sorted(ids):
            services.route_leads(actor=SYSTEM, lead_ids=[lead_id], at=at)
        singly = outcome()

    assert len(together) == 40 + made.offers
    assert singly == together
    assert {method for method, *_rest in (together[f"Customer {number}"] for number in range(7))} == {"geography", "claim", "fit"}


def test_the_number_of_statements_does_not_grow_with_the_leads(cast, receivers, at):
    counts = []
    for number, size in enumerate((2, 3, 8)):
        with system_scope():
            for draft in leads(size):
                company = {"company_name": f"{draft.company_name} {number}", "company_domain": f"d{number}-{draft.company_domain}", "grade": "A"}
                services.receive_lead(actor=SYSTEM, draft=make_draft(**company, contact_email=f"{number}{draft.contact_email}"), route=False, at=at)
            with CaptureQueriesContext(connection) as seen:
                services.route_leads(actor=SYSTEM, at=at + timedelta(days=number))
        counts.append(len(seen))

    assert max(counts) - min(counts) <= 1, "one more where the queue or the memory fills for the first time"
