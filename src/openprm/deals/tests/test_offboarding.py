"""What becomes of deals when their partner leaves: handed over, released, and never half of it."""

import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from openprm.audit.models import Event
from openprm.deals import services
from openprm.deals.models import Note, Opportunity, ProtectionGrant, Registration
from openprm.deals.testing import make_approved, make_catalogue, make_draft, make_registration, stored
from openprm.inbox.models import Notification
from openprm.kernel.errors import Refusal
from openprm.kernel.scope import scope, system_scope
from openprm.offboarding import services as offboarding
from openprm.offboarding.models import Export, Offboarding
from openprm.offboarding.testing import make_offboarding
from openprm.partners import services as partner_services

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OTHER = {"customer_name": "Turku Shipyard", "customer_domain": "turkushipyard.example", "customer_country": "FI", "title": "Turku Shipyard, MES"}


@pytest.fixture
def catalogue(cast):
    return make_catalogue()


@pytest.fixture
def case(cast, catalogue, at):
    return make_offboarding(cast.vendor_admin, cast.partner_id, at=at)


def approve(cast, catalogue, at, **changes):
    return make_approved(cast.partner_rep, cast.partner_manager, catalogue, at=at, **changes)


def settle(cast, case, at, choice="release", to=None, items=None):
    with scope(cast.vendor_admin) as who:
        offboarding.decide_step(actor=who, offboarding_id=case, code="deals", choice=choice, partner_id=to, items=items, at=at)
        return offboarding.run_step(actor=who, offboarding_id=case, code="deals", at=at)


def step(case):
    with system_scope():
        return Offboarding.objects.get(pk=case).steps.get(code="deals")


def taken(cast):
    with system_scope():
        return Registration.objects.get(partner=cast.other_partner_id)


@pytest.mark.django_db
def test_a_released_deal_frees_its_customer(cast, catalogue, case, at):
    deal = approve(cast, catalogue, at)

    assert settle(cast, case, at + DAY) == "done"

    assert (stored(deal).status, stored(deal).protected_until) == ("canceled", None)
    with system_scope():
        assert ProtectionGrant.objects.filter(status__in=ProtectionGrant.LIVE).count() == 0
        assert Opportunity.objects.get(registration=deal).is_registered is False
    again = make_approved(cast.other_partner_rep, cast.partner_manager, catalogue, at=at + 2 * DAY)
    assert stored(again).status == "approved"


@pytest.mark.django_db
def test_a_deal_that_waits_is_withdrawn_and_a_draft_is_thrown_away(cast, catalogue, case, at):
    waits = make_registration(cast.partner_rep, catalogue, at=at).registration_id
    with scope(cast.partner_rep) as who:
        draft = services.save_draft(actor=who, draft=make_draft(catalogue, **OTHER), at=at).registration_id

    settle(cast, case, at + DAY)

    assert (stored(waits).status, stored(draft).status) == ("withdrawn", "canceled")
    assert step(case).note == "Handed over: 0. Released or withdrawn: 1. Drafts thrown away: 1."


@pytest.mark.django_db
def test_a_handed_over_deal_keeps_the_protection_that_is_left(cast, catalogue, case, at, run_jobs):
    deal = approve(cast, catalogue, at)
    until = stored(deal).protected_until

    assert settle(cast, case, at + DAY, "hand_over", cast.other_partner_id) == "done"

    new = taken(cast)
    assert (new.status, new.protected_until, new.amount_minor, new.account_id) == ("approved", until, stored(deal).amount_minor, stored(deal).account_id)
    assert new.number != stored(deal).number
    assert stored(deal).status == "canceled"
    with system_scope():
        old, fresh = ProtectionGrant.objects.get(registration=deal), ProtectionGrant.objects.get(registration=new)
        assert (old.status, old.ended_at) == ("released", at + DAY)
        assert (fresh.status, fresh.partner_id, fresh.starts_at, fresh.ends_at) == ("active", cast.other_partner_id, at + DAY, until)
        opportunity = Opportunity.objects.get(registration=new)
        assert (opportunity.partner_id, opportunity.registered_partner_id) == (cast.other_partner_id, cast.other_partner_id)
        run_jobs()
        told = set(Notification.objects.filter(kind="deals.taken_over").values_list("user_id", flat=True))
        assert told == {cast.other_partner_admin.user_id, cast.other_partner_rep.user_id}
        assert Notification.objects.filter(kind="deals.canceled", user=cast.partner_rep.user_id).count() == 1


@pytest.mark.django_db
def test_neither_partner_reads_who_the_other_is(cast, catalogue, case, at):
    deal = approve(cast, catalogue, at)
    with scope(cast.partner_rep) as who:
        services.add_note(actor=who, registration_id=deal, body="Their buyer is Petra.", at=at)

    settle(cast, case, at + DAY, "hand_over", cast.other_partner_id)

    new = taken(cast)
    with scope(cast.partner_rep):
        assert Registration.objects.filter(pk=new.pk).count() == 0
        own = "".join(f"{row.note}{row.data}{row.changes}" for row in Event.objects.defer(*Event.VENDOR_ONLY).filter(subject_id=deal))
        assert new.number not in own
    with scope(cast.other_partner_rep):
        assert Note.objects.count() == 0
        theirs = "".join(f"{row.note}{row.data}{row.changes}{row.subject_label}" for row in Event.objects.defer(*Event.VENDOR_ONLY).all())
        assert "Kallio" not in theirs
        assert stored(deal).number not in theirs


@pytest.mark.django_db
def test_a_deal_that_waits_is_decided_anew_for_the_receiver(cast, catalogue, case, at):
    waits = make_registration(cast.partner_rep, catalogue, at=at).registration_id

    settle(cast, case, at + DAY, "hand_over", cast.other_partner_id)

    assert stored(waits).status == "withdrawn"
    assert (taken(cast).status, taken(cast).submitted_at) == ("submitted", at + DAY)


@pytest.mark.django_db
def test_each_deal_can_be_decided_by_itself(cast, catalogue, case, at):
    first, second = approve(cast, catalogue, at), approve(cast, catalogue, at, **OTHER)

    settle(cast, case, at + DAY, items={str(first): {"choice": "hand_over", "partner_id": str(cast.other_partner_id)}})

    assert (stored(first).status, stored(second).status) == ("canceled", "canceled")
    assert taken(cast).customer_name == "Ostrava Steelworks a.s."
    assert step(case).note == "Handed over: 1. Released or withdrawn: 1. Drafts thrown away: 0."


@pytest.mark.django_db
def test_one_deal_that_cannot_go_over_holds_all_of_them_back(cast, catalogue, case, at):
    approved = approve(cast, catalogue, at)
    waits = make_registration(cast.partner_rep, catalogue, at=at + HOUR, **OTHER)
    with system_scope():
        partner_services.close_gate(
            actor=cast.vendor_admin, partner_id=cast.other_partner_id, actions=("deals",), source="compliance", key="one",
            reason="A certificate has expired.", cure="Upload a new one.", at=at,
        )  # fmt: skip

    assert settle(cast, case, at + DAY, "hand_over", cast.other_partner_id) == "failed"

    assert f"{waits.number} for Turku Shipyard cannot be handed over: A certificate has expired." in step(case).note
    assert (stored(approved).status, stored(waits.registration_id).status) == ("approved", "submitted")
    with system_scope():
        assert Registration.objects.filter(partner=cast.other_partner_id).count() == 0
        assert ProtectionGrant.objects.filter(status="active", partner=cast.partner_id).count() == 1


@pytest.mark.django_db
def test_running_it_again_settles_what_came_in_meanwhile(cast, catalogue, case, at):
    settle(cast, case, at)
    late = make_registration(cast.partner_rep, catalogue, at=at + DAY).registration_id

    with scope(cast.vendor_admin) as who:
        assert offboarding.run_step(actor=who, offboarding_id=case, code="deals", at=at + 2 * DAY) == "done"

    assert stored(late).status == "withdrawn"


@pytest.mark.django_db
def test_the_export_holds_the_partners_deals_and_none_of_another(cast, catalogue, case, at):
    approve(cast, catalogue, at)
    make_registration(cast.other_partner_rep, catalogue, at=at, **OTHER)
    with scope(cast.partner_admin):
        own = {"registrations": Registration.objects.count(), "protections": ProtectionGrant.objects.count(), "opportunities": Opportunity.objects.count()}

    with system_scope():
        offboarding.make_export(offboarding_id=case, at=at + DAY)
        export = Export.objects.get()

    told = {part["code"]: part["rows"] for part in export.parts}
    assert own == {"registrations": 1, "protections": 1, "opportunities": 1}
    assert {code: told[code] for code in own} == own
    with default_storage.open(export.storage_key) as file, zipfile.ZipFile(file) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert "Ostrava Steelworks" in everything
    assert "Turku" not in everything


@pytest.mark.django_db
def test_the_names_of_authors_go_with_their_accounts(cast, catalogue, case, at):
    deal = approve(cast, catalogue, at)
    with scope(cast.partner_rep) as who:
        services.add_note(actor=who, registration_id=deal, body="Their buyer is Petra.", at=at)
    settle(cast, case, at)
    for code in ("money", "access", "membership", "retention"):
        with scope(cast.vendor_admin) as who:
            offboarding.run_step(actor=who, offboarding_id=case, code=code, at=at)
    with system_scope():
        offboarding.make_export(offboarding_id=case, at=at)
        offboarding.erase_people(offboarding_id=case, at=at + 365 * DAY)

        assert list(Note.objects.values_list("body", "author_name")) == [("Their buyer is Petra.", "")]
        assert (stored(deal).customer_name, stored(deal).amount_minor) == ("Ostrava Steelworks a.s.", 40_000_00)


def test_an_approval_and_the_leaving_at_once_leave_nothing_half_done(cast, committed_db, at):
    catalogue = make_catalogue()
    case = make_offboarding(cast.vendor_admin, cast.partner_id, at=at)
    names = [f"Works {number}" for number in range(6)]
    waiting = [
        make_registration(
            cast.partner_rep, catalogue, at=at, title=name, customer_name=name, customer_domain=f"works{number}.example", customer_country="FI"
        ).registration_id
        for number, name in enumerate(names)
    ]  # fmt: skip
    with scope(cast.vendor_admin) as who:
        offboarding.decide_step(actor=who, offboarding_id=case, code="deals", choice="release", at=at)
    gate = threading.Barrier(len(waiting) + 1)

    def piece(work):
        gate.wait(30)
        try:
            with scope(cast.vendor_admin) as who:
                return work(who)
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    approvals = [lambda who, deal=deal: services.approve(actor=who, registration_id=deal, at=at + HOUR) for deal in waiting]
    leaving = lambda who: offboarding.run_step(actor=who, offboarding_id=case, code="deals", at=at + HOUR)  # noqa: E731
    with ThreadPoolExecutor(len(waiting) + 1) as pool:
        answers = [future.result(60) for future in [pool.submit(piece, work) for work in (*approvals, leaving)]]

    assert answers[-1] == "done"
    with system_scope():
        statuses = set(Registration.objects.filter(partner=cast.partner_id).values_list("status", flat=True))
        assert statuses <= {"withdrawn", "canceled"}
        assert ProtectionGrant.objects.filter(status__in=ProtectionGrant.LIVE).count() == 0
        assert Opportunity.objects.filter(is_registered=True).count() == 0
