"""A lead passed on in every direction, followed by who passed it on, never read by anybody else."""

from datetime import timedelta

import pytest

from openprm.inbox.models import Notification
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Stale
from openprm.kernel.scope import scope, system_scope
from openprm.kernel.testing import run_queued_jobs
from openprm.leads import queries, services
from openprm.leads.intake.leaving import EXPORT
from openprm.leads.models import Lead, Referral
from openprm.leads.rules.consent import ConsentGiven, Ground
from openprm.leads.services import AnsweredAlready, CannotReceive, ConsentMissing
from openprm.leads.testing import make_draft, make_receiver, offers_of, stored
from openprm.partners import services as partners
from openprm.promises import queries as promises

pytestmark = pytest.mark.django_db


def refer(actor, at, *, target_id=None, consent=None, note="They know me from a fair.", **changes):
    given = consent or ConsentGiven(ground=Ground.OPT_IN, text="Pass me on.", text_version="1", given_at=at, source="Mail")
    with scope(actor):
        return services.refer_lead(actor=actor, draft=make_draft(**changes), consent=given, target_id=target_id, note=note, at=at)


@pytest.fixture
def listed(cast, monkeypatch):
    """The second partner stands in the public directory."""
    monkeypatch.setattr(
        "openprm.leads.services.referrals.directory.slug_of_partner", lambda partner_id: "other" if partner_id == cast.other_partner.pk else None
    )
    make_receiver(cast.other_partner.pk, countries=["FI"])
    make_receiver(cast.partner.pk, countries=["FI"])


def rows():
    with system_scope():
        return list(Referral.objects.all())


def test_a_partner_refers_to_the_vendor_who_has_three_working_days(cast, at):
    made = refer(cast.partner_rep, at)

    (row,) = rows()
    assert (row.direction, row.state, row.referrer_id, row.target_id) == ("to_vendor", "waiting", cast.partner.pk, None)
    lead = stored(made.lead_id)
    assert (lead.source, lead.status, lead.referrer_id, lead.kept_from) == ("referral", "new", cast.partner.pk, [cast.partner.pk])
    with system_scope():
        assert promises.clock(row.pk, "leads.referral", at).due_at > at + timedelta(days=2)
    with scope(cast.vendor_admin):
        assert [one.company_name for one in queries.waiting_referrals(cast.vendor_admin, at)] == ["Ostrava Steelworks"]


def test_the_referrer_follows_how_far_it_is_and_nobody_else_does(cast, at):
    made = refer(cast.partner_rep, at)

    with scope(cast.partner_rep):
        own = queries.own_referral(cast.partner_rep, made.referral_id, at)
        assert Lead.objects.count() == 0
    assert (own.outcome, own.company_name, own.number, own.note) == ("waiting", "Ostrava Steelworks", made.number, "They know me from a fair.")
    assert not hasattr(own, "holder")
    with scope(cast.other_partner_rep), pytest.raises(NotFound):
        queries.own_referral(cast.other_partner_rep, made.referral_id, at)


def test_taken_up_it_is_routed_by_the_rules_but_never_to_the_referrer(cast, at, listed):
    made = refer(cast.partner_rep, at)

    with scope(cast.vendor_admin):
        services.take_up_referral(actor=cast.vendor_admin, referral_id=made.referral_id, version=1, at=at)

    assert [offer.partner_id for offer in offers_of(made.lead_id)] == [cast.other_partner.pk]
    with scope(cast.partner_rep):
        assert queries.own_referral(cast.partner_rep, made.referral_id, at).outcome == "offered"
    with system_scope():
        assert promises.clock(made.referral_id, "leads.referral", at).state == "kept"
    run_queued_jobs()
    with system_scope():
        assert Notification.objects.filter(kind="leads.referral_taken_up", user=cast.partner_rep.user_id).count() == 1


def test_declined_the_referrer_reads_why_and_the_lead_is_closed(cast, at):
    made = refer(cast.partner_rep, at)

    with scope(cast.vendor_admin), pytest.raises(Invalid):
        services.decline_referral(actor=cast.vendor_admin, referral_id=made.referral_id, reason="  ", at=at)
    assert rows()[0].state == "waiting"
    with scope(cast.vendor_admin):
        services.decline_referral(actor=cast.vendor_admin, referral_id=made.referral_id, reason="We sell nothing there.", at=at)

    with scope(cast.partner_rep):
        own = queries.own_referral(cast.partner_rep, made.referral_id, at)
    assert (own.outcome, own.answer) == ("declined", "We sell nothing there.")
    assert stored(made.lead_id).status == "lost"


def test_a_referral_is_answered_once(cast, at):
    made = refer(cast.partner_rep, at)
    with scope(cast.vendor_admin):
        with pytest.raises(Stale):
            services.decline_referral(actor=cast.vendor_admin, referral_id=made.referral_id, reason="No", version=7, at=at)
        services.decline_referral(actor=cast.vendor_admin, referral_id=made.referral_id, reason="No", at=at)
        with pytest.raises(AnsweredAlready):
            services.take_up_referral(actor=cast.vendor_admin, referral_id=made.referral_id, at=at)

    assert rows()[0].state == "declined"


def test_a_partner_refers_to_another_by_way_of_the_vendor(cast, at, listed):
    made = refer(cast.partner_rep, at, target_id=cast.other_partner.pk)
    assert offers_of(made.lead_id) == []

    with scope(cast.vendor_admin):
        services.take_up_referral(actor=cast.vendor_admin, referral_id=made.referral_id, to_target=True, at=at)

    (offer,) = offers_of(made.lead_id)
    assert (offer.partner_id, offer.method, rows()[0].direction) == (cast.other_partner.pk, "manual", "to_partner")


def test_partners_know_each_other_by_the_directory_alone(cast, at):
    with pytest.raises(NotFound):
        refer(cast.partner_rep, at, target_id=cast.other_partner.pk)

    assert rows() == []


def test_the_vendor_refers_to_a_partner_at_once(cast, at, listed):
    made = refer(cast.vendor_admin, at, target_id=cast.partner.pk)

    (row,) = rows()
    assert (row.direction, row.state, row.referrer_id) == ("from_vendor", "taken_up", None)
    assert [offer.partner_id for offer in offers_of(made.lead_id)] == [cast.partner.pk]
    with pytest.raises(Invalid):
        refer(cast.vendor_admin, at, contact_email="x@y.example", company_name="Y", company_domain="y.example")


def test_a_partner_that_left_is_sent_nothing(cast, at, listed):
    with scope(cast.vendor_admin):
        partners.change_status(actor=cast.vendor_admin, partner_id=cast.other_partner.pk, status="suspended", reason="Unpaid", at=at)

    with pytest.raises(CannotReceive, match="not an active partner"):
        refer(cast.vendor_admin, at, target_id=cast.other_partner.pk)
    assert rows() == []
    with system_scope():
        assert Lead.objects.count() == 0


def test_a_known_lead_is_said_to_be_known_and_credits_nobody(cast, at):
    first = refer(cast.partner_rep, at)
    again = refer(cast.other_partner_rep, at + timedelta(hours=1))

    assert (again.is_known, again.lead_id) == (True, first.lead_id)
    with scope(cast.other_partner_rep):
        assert queries.own_referral(cast.other_partner_rep, again.referral_id, at).outcome == "known"
    with system_scope():
        assert promises.clock(again.referral_id, "leads.referral", at) is None


def test_a_referral_needs_the_consent_of_the_country_too(cast, at):
    with pytest.raises(ConsentMissing):
        refer(cast.partner_rep, at, country="DE")

    assert rows() == []


def test_a_partner_does_not_refer_itself_and_a_reader_refers_nothing(cast, at):
    with scope(cast.partner_rep):
        from openprm.identity import queries as identity

        own = identity.organization(cast.partner_rep, cast.partner.pk).domain
    if own:
        with pytest.raises(Invalid, match="your own company"):
            refer(cast.partner_rep, at, company_domain=own, contact_email=f"a@{own}")
    with pytest.raises(NotAllowed):
        refer(cast.partner_reader, at)
    with pytest.raises(NotAllowed):
        refer(cast.vendor_reader, at, target_id=cast.partner.pk)

    assert rows() == []


def test_a_lead_that_a_person_routes_by_hand_answers_its_referral(cast, at, listed):
    made = refer(cast.partner_rep, at)
    with scope(cast.vendor_admin):
        services.assign_lead(actor=cast.vendor_admin, lead_id=made.lead_id, partner_id=cast.other_partner.pk, reason="Near", at=at)
    run_queued_jobs()

    assert rows()[0].state == "taken_up"


def test_the_referrer_hears_that_its_lead_is_lost_and_not_why(cast, at, listed):
    made = refer(cast.partner_rep, at)
    with scope(cast.vendor_admin):
        services.take_up_referral(actor=cast.vendor_admin, referral_id=made.referral_id, at=at)
        services.close_lost(actor=cast.vendor_admin, lead_id=made.lead_id, reason="no_budget", note="Secret words", at=at)
    run_queued_jobs()

    with scope(cast.partner_rep):
        assert queries.own_referral(cast.partner_rep, made.referral_id, at).outcome == "lost"
    with system_scope():
        (told,) = Notification.objects.filter(kind="leads.referral_lost", user=cast.partner_rep.user_id)
    assert "Secret" not in f"{told.title} {told.body}"


def test_an_answer_to_a_gone_partner_names_the_conflict(cast, at, listed):
    made = refer(cast.partner_rep, at, target_id=cast.other_partner.pk)
    with scope(cast.vendor_admin):
        partners.change_status(actor=cast.vendor_admin, partner_id=cast.other_partner.pk, status="suspended", reason="Unpaid", at=at)
        with pytest.raises(Conflict):
            services.take_up_referral(actor=cast.vendor_admin, referral_id=made.referral_id, to_target=True, at=at)

    assert rows()[0].state == "waiting"


def test_a_leaving_partner_takes_its_referrals_along(cast, at):
    refer(cast.partner_rep, at)

    with scope(cast.partner_admin):
        (line,) = EXPORT.rows(cast.partner_admin)
    assert tuple(line) == EXPORT.columns
    assert (line["company_name"], line["state"], line["outcome"]) == ("Ostrava Steelworks", "waiting", "waiting")
    with scope(cast.other_partner_rep):
        assert list(EXPORT.rows(cast.other_partner_rep)) == []
