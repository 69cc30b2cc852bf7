"""Real connections, real commits: what must stay true when many act at once."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from openprm.audit.models import Event
from openprm.identity.models import Membership, Organization, User
from openprm.kernel.actor import SYSTEM, Actor, Side
from openprm.kernel.errors import Refusal
from openprm.kernel.scope import scope, system_scope
from openprm.leads import services
from openprm.leads.models import Lead, Offer
from openprm.leads.testing import make_draft, make_lead, offers_of, stored
from openprm.partners.models import Enrollment, Partner
from openprm.promises.models import PromiseClock

pytestmark = pytest.mark.usefixtures("committed_db")
AT_ONCE = 100
WIDTH = 50


def at_once(work):
    """Run all pieces on a connection each, begun together; a refusal is an answer, anything else rises."""
    work = list(work)
    gate = threading.Barrier(len(work))

    def run(piece):
        gate.wait(120)
        try:
            return piece()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(work)) as pool:
        return [future.result(240) for future in [pool.submit(run, piece) for piece in work]]


def sellers(cast, count):
    """`count` partners of Finland, each with one seller."""
    found = []
    with system_scope():
        for number in range(count):
            name = f"Partner {number:03d}"
            organization = Organization.objects.create(kind="partner", name=name, domain=f"partner{number}.example", country="FI")
            partner = Partner.objects.create(organization=organization, type="reseller", motion="transact")
            Enrollment.objects.create(partner=partner, program=cast.program, tier=cast.tier, status="approved", since="2024-01-01T00:00:00Z")
            user = User.objects.create(email=f"seller{number}@partner{number}.example", name=f"Seller {number}")
            Membership.objects.create(user=user, organization=organization, side="partner", role="partner_sales")
            found.append(
                Actor(
                    side=Side.PARTNER,
                    name=user.name,
                    user_id=user.pk,
                    organization_id=organization.pk,
                    partner_ids=(organization.pk,),
                    roles=frozenset({"partner_sales"}),
                )
            )
    return found


def claiming(actor, lead_id, at):
    def piece():
        with scope(actor):
            return services.accept_lead(actor=actor, lead_id=lead_id, at=at)

    return piece


def test_of_a_hundred_simultaneous_claims_one_wins_and_the_others_are_told_at_once(cast, at):
    people = sellers(cast, WIDTH)
    made = make_lead(at=at, grade="C")
    with system_scope():
        Offer.objects.filter(lead_id=made.lead_id).delete()
        routing = Lead.objects.get(pk=made.lead_id).routings.get()
        Offer.objects.bulk_create(
            Offer(lead_id=made.lead_id, partner_id=one.partner_id, routing=routing, method="claim", offered_at=at, open_by=at.replace(day=25)) for one in people
        )

    answers = at_once(claiming(actor, made.lead_id, at) for actor in people * (AT_ONCE // WIDTH))

    outcome = Counter(type(answer).__name__ for answer in answers)
    winner = stored(made.lead_id).partner_id
    assert set(outcome) == {"Changed", "LeadTaken"}
    assert outcome["Changed"] in (1, 2), "the winner's second click changes nothing"
    assert outcome["Changed"] + outcome["LeadTaken"] == AT_ONCE
    assert Counter(offer.state for offer in offers_of(made.lead_id)) == {"accepted": 1, "taken": WIDTH - 1}
    with system_scope():
        assert Offer.objects.get(lead_id=made.lead_id, state="accepted").partner_id == winner
        assert Event.objects.filter(verb="lead.accepted", subject_id=made.lead_id).count() == 1
        assert PromiseClock.objects.filter(subject_id=made.lead_id, code="leads.convert").count() == 1


def test_twins_that_come_in_at_once_make_one_lead(cast, at):
    def coming():
        with system_scope():
            return services.receive_lead(actor=SYSTEM, draft=make_draft(), at=at)

    answers = at_once([coming] * 12)

    assert Counter(answer.was_known for answer in answers) == {False: 1, True: 11}
    with system_scope():
        assert Lead.objects.count() == 1
