"""A partner brings a partner: introduced, joined, rewarded from the first commission."""

from datetime import timedelta
from uuid import uuid4

import pytest

from openprm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from openprm.kernel.scope import scope, system_scope
from openprm.partners.testing import make_partner
from openprm.promises import queries as promises
from openprm.recruitment import queries, services
from openprm.recruitment.models import Prospect, Referral
from openprm.recruitment.testing import make_prospect

pytestmark = pytest.mark.django_db


def _introduce(actor, at, **values):
    with scope(actor):
        return services.introduce(actor=actor, at=at, **{"company": "Vireo Automation", "domain": "vireo.example", **values})


def _code(actor):
    with scope(actor):
        return services.referral_code(actor=actor)


def _stored(referral_id):
    with system_scope():
        return Referral.objects.get(pk=referral_id)


def test_an_introduction_becomes_a_prospect_and_starts_a_promise(cast, at):
    referral_id = _introduce(cast.partner_rep, at, contact_name="Ann", contact_email="ann@vireo.example")

    with system_scope():
        prospect = Prospect.objects.select_related("company").get()
        clock = promises.clock(referral_id, "recruitment.introduction", at)
    assert (prospect.company.name, prospect.source, prospect.owner_id) == ("Vireo Automation", "referral", cast.partner_manager.user_id)
    assert clock.state == "running"
    with scope(cast.partner_rep):
        (own,) = queries.own_referrals(cast.partner_rep, at)
    assert (own.company, own.state, own.answer_due_at) == ("Vireo Automation", "introduced", clock.due_at)


def test_a_partner_keeps_one_code(cast):
    assert _code(cast.partner_rep) == _code(cast.partner_admin)
    assert _code(cast.other_partner_rep) != _code(cast.partner_rep)


@pytest.mark.parametrize("values", [{"domain": "www.kallio.example"}, {"contact_email": "boss@kallio.example"}])
def test_a_partner_cannot_refer_itself(cast, at, values):
    with pytest.raises(services.SelfReferral):
        _introduce(cast.partner_rep, at, **values)

    with system_scope():
        assert not Referral.objects.exists()


def test_a_partner_cannot_refer_its_own_group(cast, at):
    make_partner(name="Kallio Baltics", domain="kalliobaltics.example", parent_id=cast.partner_id)

    with pytest.raises(services.SelfReferral):
        _introduce(cast.partner_rep, at, domain="kalliobaltics.example")


def test_a_company_that_is_known_is_not_referred_and_nobody_is_named(cast, at):
    make_prospect(domain="vireo.example")

    with pytest.raises(services.AlreadyReferred) as refused:
        _introduce(cast.partner_rep, at)

    assert "Northgate" not in refused.value.message
    with system_scope():
        assert not Referral.objects.exists()


def test_the_second_partner_comes_too_late(cast, at):
    _introduce(cast.partner_rep, at)

    with pytest.raises(services.AlreadyReferred):
        _introduce(cast.other_partner_rep, at)


@pytest.mark.parametrize("domain", ["", "gmail.com", "vireo"])
def test_an_introduction_needs_the_companys_own_domain(cast, at, domain):
    with pytest.raises(Invalid):
        _introduce(cast.partner_rep, at, domain=domain)


def test_a_reader_of_the_partner_introduces_nobody(cast, at):
    with pytest.raises(NotAllowed):
        _introduce(cast.partner_reader, at)


def test_a_partner_sees_only_its_own_referrals(cast, at):
    referral_id = _introduce(cast.partner_rep, at)

    with scope(cast.other_partner_rep):
        assert queries.own_referrals(cast.other_partner_rep, at) == ()
        assert not Referral.objects.filter(pk=referral_id).exists()
        with pytest.raises(NotAllowed):
            services.decline_referral(actor=cast.other_partner_rep, referral_id=referral_id, reason="No", at=at)


def test_declining_says_why_and_keeps_the_promise(cast, at):
    referral_id = _introduce(cast.partner_rep, at)

    with scope(cast.partner_manager):
        services.decline_referral(actor=cast.partner_manager, referral_id=referral_id, reason="Too far from our markets.", at=at + timedelta(hours=1))

    with scope(cast.partner_rep):
        (own,) = queries.own_referrals(cast.partner_rep, at)
        assert (own.state, own.declined_reason) == ("declined", "Too far from our markets.")
    with system_scope():
        assert (Prospect.objects.get().stage, Prospect.objects.get().lost_reason) == ("lost", "Too far from our markets.")
        assert promises.clock(referral_id, "recruitment.introduction", at + timedelta(hours=1)).state == "kept"


def test_taking_up_keeps_the_promise_and_tells_the_partner(cast, at):
    referral_id = _introduce(cast.partner_rep, at)

    with scope(cast.partner_manager):
        services.accept_referral(actor=cast.partner_manager, referral_id=referral_id, at=at + timedelta(days=1))

    with scope(cast.partner_rep):
        (own,) = queries.own_referrals(cast.partner_rep, at + timedelta(days=1))
    assert (own.state_label, own.is_taken_up, own.answer_due_at) == ("In touch", True, None)
    with scope(cast.partner_manager), pytest.raises(Conflict, match="answered already"):
        services.accept_referral(actor=cast.partner_manager, referral_id=referral_id, at=at + timedelta(days=2))


def test_an_answer_is_given_once(cast, at):
    referral_id = _introduce(cast.partner_rep, at)
    with scope(cast.partner_manager):
        services.decline_referral(actor=cast.partner_manager, referral_id=referral_id, reason="No", at=at)

        with pytest.raises(Conflict):
            services.decline_referral(actor=cast.partner_manager, referral_id=referral_id, reason="No", at=at)


def test_an_application_with_a_code_counts_for_its_partner(cast, at):
    code, application_id = _code(cast.partner_rep), uuid4()

    first = services.claim_referral(code=code.lower(), company="Vireo", domain="vireo.example", application_id=application_id, at=at)
    again = services.claim_referral(code=code, company="Vireo", domain="vireo.example", application_id=application_id, at=at)

    assert first == again
    assert (_stored(first).partner_id, _stored(first).state) == (cast.partner_id, "applied")


def test_an_unknown_code_counts_for_nobody(cast, at):
    assert services.claim_referral(code="NOPE", company="Vireo", domain="vireo.example", application_id=uuid4(), at=at) is None


def test_an_own_code_on_an_own_application_is_refused(cast, at):
    code = _code(cast.partner_rep)

    with pytest.raises(services.SelfReferral):
        services.claim_referral(code=code, company="Kallio", domain="kallio.example", application_id=uuid4(), at=at)


def test_the_window_opens_with_the_first_commission_and_keeps_the_terms_of_the_day_it_joined(cast, at):
    application_id = uuid4()
    with scope(cast.vendor_admin):
        services.save_terms(actor=cast.vendor_admin, program_id=cast.program.pk, reward_percent=15, window_days=180, is_open=True, at=at)
    referral_id = services.claim_referral(code=_code(cast.partner_rep), company="Vireo", domain="vireo.example", application_id=application_id, at=at)
    new_partner = make_partner(name="Vireo", domain="vireo.example")
    services.referral_joined(application_id=application_id, partner_id=new_partner, program_id=cast.program.pk, at=at)
    with scope(cast.vendor_admin):
        services.save_terms(actor=cast.vendor_admin, program_id=cast.program.pk, reward_percent=5, window_days=30, is_open=True, at=at)
    first = at + timedelta(days=40)

    assert services.note_commission(partner_id=new_partner, at=first) == referral_id
    assert services.note_commission(partner_id=new_partner, at=first + timedelta(days=10)) == referral_id

    row = _stored(referral_id)
    assert (row.state, row.reward_percent, row.first_commission_at, row.window_ends_at) == ("earning", 15, first, first + timedelta(days=180))
    with system_scope():
        assert queries.referral_in_window(partner_id=new_partner, at=first + timedelta(days=179)) == referral_id
        assert services.note_commission(partner_id=new_partner, at=first + timedelta(days=180)) is None
        assert services.end_windows(at=first + timedelta(days=180)) == 1
    assert _stored(referral_id).state == "ended"


def test_converting_the_introduced_prospect_joins_the_referral(cast, at):
    referral_id = _introduce(cast.partner_rep, at)
    with system_scope():
        prospect_id = Prospect.objects.get().pk

    with scope(cast.partner_manager):
        partner_id = services.convert(actor=cast.partner_manager, prospect_id=prospect_id, invite=False, at=at)

    row = _stored(referral_id)
    assert (row.state, row.referred_id, row.reward_percent, row.window_days) == ("joined", partner_id, 10, 365)


def test_a_commission_of_somebody_nobody_brought_pays_nobody(cast, at):
    assert services.note_commission(partner_id=cast.partner_id, at=at) is None


def test_a_stranger_cannot_take_up_a_referral_that_is_not_there(cast, at):
    with scope(cast.partner_manager), pytest.raises(NotFound):
        services.accept_referral(actor=cast.partner_manager, referral_id=uuid4(), at=at)
