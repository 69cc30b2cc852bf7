"""A partner's whole way, over all rooms: it applies, is taken in, signs, gets going, wins its first deal, rises, and leaves."""

from datetime import timedelta

import pytest

from openprm.agreements import queries as agreements
from openprm.agreements.testing import make_document, make_version, sign
from openprm.applications import services as applications
from openprm.applications.testing import make_application, stored
from openprm.compliance.models import RiskCase
from openprm.deals import services as deals
from openprm.deals.testing import make_catalogue, make_draft
from openprm.directory.models import Badge
from openprm.identity import queries as identity
from openprm.identity import services as people
from openprm.kernel.actor import SYSTEM
from openprm.kernel.errors import NotAllowed
from openprm.kernel.scope import scope, system_scope
from openprm.offboarding import services as offboarding
from openprm.onboarding import queries as onboarding
from openprm.partners import queries as partners
from openprm.promises import queries as promises
from openprm.recruitment.testing import make_profile
from openprm.rulebook.ports import Row, Table
from openprm.tiering.testing import publish_rules

pytestmark = pytest.mark.django_db
LADDER = Table(inputs=("won_deals",), outputs=("tier",), rows=(Row("T1", {"won_deals": ">= 1"}, {"tier": '"gold"'}), Row("T2", {}, {"tier": '"silver"'})))


@pytest.fixture
def program(cast, at):
    """A program with an ideal partner profile, tier rules and a charter that deals wait for."""
    make_profile(cast.program.pk, at=at - timedelta(days=60))
    publish_rules(program_id=cast.program.pk, table=LADDER, at=at - timedelta(days=20))
    return make_version(make_document(at=at - timedelta(days=10)), blocks=("deals",), grace_days=0, at=at - timedelta(days=10), ask=False)


def taken_in(cast, at, run_jobs):
    """The application of Fjordlink approved by the partner manager, and its person signed up."""
    application_id = make_application(at=at)
    with scope(cast.partner_manager) as manager:
        partner_id = applications.approve(actor=manager, application_id=application_id, message="Welcome.", at=at)
    run_jobs()
    with system_scope():
        user_id = people.add_person(actor=SYSTEM, organization_id=partner_id, email="siri@fjordlink.example", name="Siri Nygaard", role="partner_admin", at=at)
        run_jobs()
        return application_id, partner_id, identity.actor_of(user_id)


def register(actor, catalogue, at, name="Vega"):
    with scope(actor):
        return deals.register(actor=actor, draft=make_draft(catalogue, customer_name=name, customer_domain=f"{name.lower()}.example"), at=at)


def win(cast, actor, registration_id, at):
    for one in (cast.partner_manager, cast.vendor_admin):
        with scope(one):
            if deals.approve(actor=one, registration_id=registration_id, at=at).final:
                break
    with scope(actor):
        deals.mark_won(actor=actor, registration_id=registration_id, at=at + timedelta(days=20))


def test_a_company_becomes_a_partner_wins_rises_and_leaves(cast, at, program, run_jobs, outbox):
    catalogue = make_catalogue()
    application_id, partner_id, siri = taken_in(cast, at, run_jobs)

    assert stored(application_id).score is not None
    assert any("fjordlink.example" in address for mail in outbox for address in mail.to)
    with system_scope():
        assert partners.enrollment(partner_id, at).tier_code == "silver"
        assert RiskCase.objects.filter(partner=partner_id).count() == 1
        assert Badge.objects.filter(partner=partner_id).count() >= 1

    with scope(siri):
        plan = onboarding.plans_of_partner(siri, at)[0]
        assert (plan.percent < 100, agreements.is_anything_open(partner_id)) == (True, True)
    with pytest.raises(NotAllowed, match="Partner charter"):
        register(siri, catalogue, at + timedelta(hours=1))

    sign(siri, program, at=at + timedelta(hours=2))
    run_jobs()
    made = register(siri, catalogue, at + timedelta(hours=3))
    with system_scope():
        clock = promises.clock(made.registration_id, "deals.decision", at + timedelta(hours=3))
        assert (clock.due_at - at) < timedelta(days=2)

    win(cast, siri, made.registration_id, at + timedelta(hours=4))
    run_jobs()
    later = at + timedelta(days=21)
    with system_scope():
        assert partners.enrollment(partner_id, later).tier_code == "gold"
        assert not onboarding.awaits_first_deal(partner_id, later)

    with scope(cast.vendor_admin) as admin:
        case = offboarding.open_offboarding(actor=admin, partner_id=partner_id, kind="mutual", reason="It was bought.", at=later)
        offboarding.run_step(actor=admin, offboarding_id=case, code="access", at=later)
    with system_scope():
        assert [one.name for one in identity.people(cast.vendor_admin, partner_id) if one.state == "active"] == []
        assert identity.people(cast.vendor_admin, cast.partner_id) != []
