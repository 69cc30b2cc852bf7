"""The customer's right to leave: asked, told, noticed, objected to, released."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from openprm.deals import services as deals
from openprm.deals.models import ChoiceLink, CustomerChoice, ProtectionGrant
from openprm.deals.queries import customer_choice as queries
from openprm.deals.services import customer_choice
from openprm.deals.testing import make_approved, make_catalogue, make_draft, make_registration, stored
from openprm.inbox import queries as inbox
from openprm.inbox.models import Notification
from openprm.kernel.clock import now
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from openprm.kernel.scope import scope, system_scope
from openprm.kernel.testing import queued_jobs, run_queued_jobs

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LETTER = ("letter.pdf", b"%PDF-1.7 we would like to change")


@pytest.fixture
def catalogue(cast):
    return make_catalogue()


@pytest.fixture
def deal(cast, catalogue, at):
    return make_approved(cast.partner_rep, cast.vendor_admin, catalogue, at=at)


def _told(cast, deal, at, **values):
    with scope(cast.partner_manager) as actor:
        told = {"contact_name": "Petra Malá", "reason": "We want somebody nearer.", "letter": LETTER, "successor": "Sintra Systems", **values}
        return customer_choice.record_choice(actor=actor, registration_id=deal, at=at, **told)


def _row(choice_id):
    with system_scope():
        return CustomerChoice.objects.get(pk=choice_id)


def _release(at):
    with system_scope():
        return customer_choice.release_chosen(at=at)


def _link(cast, deal, at):
    with scope(cast.partner_manager) as actor:
        return customer_choice.ask_customer(actor=actor, registration_id=deal, at=at)


class TestTheLetter:
    def test_begins_the_notice_by_the_published_rule(self, cast, deal, at):
        row = _row(_told(cast, deal, at))

        assert (row.state, row.notice_days, row.releases_at, row.work_done, row.clause) == ("notice", 14, at + 14 * DAY, "credit", "C1")
        assert stored(deal).status == "approved"

    def test_needs_the_paper(self, cast, deal, at):
        with pytest.raises(Invalid, match="needs proof"):
            _told(cast, deal, at, letter=None)
        with pytest.raises(Invalid, match="Only PDF"):
            _told(cast, deal, at, letter=("letter.pdf", b"MZ\x00"))

        with system_scope():
            assert CustomerChoice.objects.count() == 0

    def test_is_recorded_once(self, cast, deal, at):
        _told(cast, deal, at)

        with pytest.raises(Conflict, match="recorded already"):
            _told(cast, deal, at + DAY)

    def test_is_the_vendors_alone(self, cast, deal, at):
        choice_id = _told(cast, deal, at)

        with scope(cast.partner_rep) as actor:
            found = queries.choice(actor, choice_id)
            assert (found.reason, found.number) == ("We want somebody nearer.", stored(deal).number)
            assert not hasattr(found, "successor")
            with pytest.raises(NotFound):
                queries.open_letter(actor, choice_id)
            with connection.cursor() as cursor:
                cursor.execute("select count(*) from deals_choiceletter")
                assert cursor.fetchone() == (0,)
        with scope(cast.other_partner_rep) as actor, pytest.raises(NotFound):
            queries.choice(actor, choice_id)

    def test_tells_both_sides(self, cast, deal, at):
        _told(cast, deal, at)
        run_queued_jobs()

        with system_scope():
            told = Notification.objects.filter(kind="deals.customer_left")
            assert {row.user_id for row in told} == {cast.partner_rep.user_id, cast.partner_manager.user_id}
            assert "14 days of notice" in told[0].body

    def test_is_not_a_partners_to_record(self, cast, deal, at):
        with scope(cast.partner_rep) as actor, pytest.raises(NotAllowed):
            customer_choice.record_choice(actor=actor, registration_id=deal, contact_name="P", reason="R", letter=LETTER, at=at)


class TestTheRelease:
    def test_comes_when_the_notice_is_over_and_not_before(self, cast, deal, at):
        choice_id = _told(cast, deal, at)

        assert _release(at + 14 * DAY - timedelta(seconds=1)) == 0
        assert stored(deal).status == "approved"
        assert _release(at + 14 * DAY) == 1
        assert _release(at + 14 * DAY) == 0

        row = stored(deal)
        assert (row.status, row.protected_until, row.ended_reason) == ("canceled", None, "The customer chose to work with somebody else.")
        assert _row(choice_id).state == "released"
        with system_scope():
            assert ProtectionGrant.objects.get(registration=deal).status == "released"

    def test_lets_the_successor_register(self, cast, catalogue, deal, at):
        _told(cast, deal, at)
        _release(at + 14 * DAY)

        made = make_registration(cast.other_partner_rep, catalogue, at=at + 15 * DAY)
        if made.status != "approved":
            with scope(cast.vendor_admin) as actor:
                deals.approve(actor=actor, registration_id=made.registration_id, at=at + 15 * DAY)

        assert stored(made.registration_id).status == "approved"
        assert stored(made.registration_id).protected_until is not None

    def test_of_a_deal_that_has_ended_is_dropped(self, cast, deal, at):
        choice_id = _told(cast, deal, at)
        with scope(cast.partner_rep) as actor:
            deals.mark_won(actor=actor, registration_id=deal, at=at + DAY)

        _release(at + 14 * DAY)

        assert (stored(deal).status, _row(choice_id).state) == ("closed_won", "dropped")


class TestTheObjection:
    def _object(self, cast, choice_id, at, who="partner_rep"):
        with scope(getattr(cast, who)) as actor:
            customer_choice.object_to_choice(actor=actor, choice_id=choice_id, reason="Petra asked us for an offer yesterday.", at=at)

    def test_stops_the_release_until_it_is_decided(self, cast, deal, at):
        choice_id = _told(cast, deal, at)
        self._object(cast, choice_id, at + 3 * DAY)

        assert _release(at + 30 * DAY) == 0
        with scope(cast.partner_manager) as actor:
            waiting = [one for one in inbox.decisions(actor, limit=20, at=at + 4 * DAY) if one.key == f"deals.choice:{choice_id}"]
        assert [(one.title, one.due_at) for one in waiting] == [("Ostrava Steelworks a.s. wants to leave, the partner objects", at + 14 * DAY)]
        assert [name for name, _payload in queued_jobs()].count("deals.tell_choice_objected") == 1

        with scope(cast.vendor_admin) as actor:
            customer_choice.settle_choice(actor=actor, choice_id=choice_id, stands=True, reason="We called Petra: she wants to change.", at=at + 30 * DAY)
        assert (_row(choice_id).state, stored(deal).status) == ("released", "canceled")

    def test_that_stands_before_the_notice_is_over_waits_for_its_end(self, cast, deal, at):
        choice_id = _told(cast, deal, at)
        self._object(cast, choice_id, at + 3 * DAY)
        with scope(cast.vendor_admin) as actor:
            customer_choice.settle_choice(actor=actor, choice_id=choice_id, stands=True, reason="She wants to change.", at=at + 5 * DAY)

        assert (_row(choice_id).state, stored(deal).status) == ("notice", "approved")
        with scope(cast.partner_rep) as actor, pytest.raises(NotAllowed, match="it was decided"):
            customer_choice.object_to_choice(actor=actor, choice_id=choice_id, reason="Again.", at=at + 6 * DAY)
        assert _release(at + 14 * DAY) == 1

    def test_that_is_right_drops_the_choice(self, cast, deal, at):
        choice_id = _told(cast, deal, at)
        self._object(cast, choice_id, at + 3 * DAY)
        with scope(cast.vendor_admin) as actor:
            customer_choice.settle_choice(actor=actor, choice_id=choice_id, stands=False, reason="It was a misunderstanding.", at=at + 5 * DAY)

        assert _release(at + 30 * DAY) == 0
        assert (_row(choice_id).state, stored(deal).status) == ("dropped", "approved")

    def test_is_too_late_after_the_notice(self, cast, deal, at):
        choice_id = _told(cast, deal, at)

        with pytest.raises(NotAllowed, match="The notice is over"):
            self._object(cast, choice_id, at + 14 * DAY)

    def test_is_for_the_partner_alone(self, cast, deal, at):
        choice_id = _told(cast, deal, at)

        with pytest.raises(NotFound):
            self._object(cast, choice_id, at, who="other_partner_rep")
        with pytest.raises(NotAllowed):
            self._object(cast, choice_id, at, who="partner_manager")

        assert _row(choice_id).state == "notice"


class TestTheLink:
    def test_goes_to_the_contact_at_the_customers_own_domain(self, cast, deal, at):
        _link(cast, deal, at)
        run_queued_jobs(only="deals.mail_customer")

        (letter,) = mail.outbox
        assert letter.to == ['"Petra Malá" <petra.mala@ostravasteel.example>']
        assert "/choice/" in letter.body

    @pytest.mark.parametrize("email", ["petra@gmail.com", "petra@kallio.example"])
    def test_goes_nowhere_else(self, cast, catalogue, at, email):
        deal = make_approved(cast.partner_rep, cast.vendor_admin, catalogue, at=at, contact_email=email)

        with pytest.raises(Conflict, match="with the customer's letter instead"):
            _link(cast, deal, at)

        with system_scope():
            assert ChoiceLink.objects.count() == 0

    def test_lets_the_customer_leave_once(self, cast, deal, at):
        token = queries.token_of(_link(cast, deal, at))
        with system_scope():
            assert customer_choice.answer_by_link(token=token, leave=True, contact_name="Petra", reason="Too far.", at=at + DAY) == "leave"
            with pytest.raises(Conflict, match="used already"):
                customer_choice.answer_by_link(token=token, leave=False, contact_name="Petra", at=at + DAY)

            row = CustomerChoice.objects.get()
        assert (row.told_by, row.contact_email, row.reason) == ("customer", "petra.mala@ostravasteel.example", "Too far.")

    def test_lets_the_customer_stay(self, cast, deal, at):
        token = queries.token_of(_link(cast, deal, at))
        with system_scope():
            customer_choice.answer_by_link(token=token, leave=False, contact_name="Petra", at=at + DAY)
            assert CustomerChoice.objects.count() == 0

        assert stored(deal).status == "approved"

    @pytest.mark.parametrize("change", ["late", "newer", "forged"])
    def test_does_not_work(self, cast, deal, at, change):
        token, moment = queries.token_of(_link(cast, deal, at)), at + DAY
        if change == "late":
            moment = at + 30 * DAY
        if change == "newer":
            _link(cast, deal, at + timedelta(hours=1))
        if change == "forged":
            token = token[:-1] + ("A" if token[-1] != "A" else "B")

        with system_scope(), pytest.raises(NotFound, match="does not work"):
            customer_choice.answer_by_link(token=token, leave=True, contact_name="P", reason="R", at=moment)

    def test_of_a_deal_that_holds_nobody_says_so(self, cast, deal, at):
        token = queries.token_of(_link(cast, deal, at))
        with scope(cast.partner_manager) as actor:
            deals.release_protection(actor=actor, registration_id=deal, reason="Agreed.", at=at)

        with system_scope(), pytest.raises(Conflict, match="free to work"):
            customer_choice.answer_by_link(token=token, leave=True, contact_name="P", reason="R", at=at + DAY)


class TestPages:
    def test_a_visitor_says_it_on_the_public_page(self, cast, catalogue):
        deal = make_approved(cast.partner_rep, cast.vendor_admin, catalogue, at=now() - DAY)
        url = reverse("deals:choice", args=[queries.token_of(_link(cast, deal, now()))])
        client = cast.client("stranger")

        page = client.get(url)
        assert page.status_code == 200
        assert "Kallio Digital" in page.content.decode()
        assert page["Referrer-Policy"] == "no-referrer"
        assert client.post(url, {"answer": "leave", "contact_name": "Petra", "reason": ""}).status_code == 422
        assert client.post(url, {"answer": "leave", "contact_name": "Petra", "reason": "<script>x</script>"}).status_code == 303
        assert "Thank you" in client.get(url).content.decode()
        with system_scope():
            assert CustomerChoice.objects.get().reason == "<script>x</script>"

    def test_both_sides_act_on_the_deal(self, cast, catalogue):
        deal = make_approved(cast.partner_rep, cast.vendor_admin, catalogue, at=now() - DAY)
        letter = SimpleUploadedFile("letter.pdf", LETTER[1])
        sent = {"contact_name": "Petra", "reason": "<b>Nearer</b>", "letter": letter, "successor": "Sintra"}

        assert cast.client("partner_manager").post(reverse("deals:choice_tell", args=[deal]), sent).status_code == 303
        with system_scope():
            choice = CustomerChoice.objects.get()
        rep = cast.client("partner_rep")
        page = rep.get(reverse("deals:portal_registration", args=[deal])).content.decode()
        assert "&lt;b&gt;Nearer&lt;/b&gt;" in page
        assert "Sintra" not in page
        assert rep.post(reverse("deals:portal_choice_object", args=[choice.pk]), {"reason": "No."}).status_code == 303
        settle = {"reason": "Yes.", "decision": "dropped", "version": "2"}
        assert cast.client("vendor_admin").post(reverse("deals:choice_settle", args=[choice.pk]), settle).status_code == 303
        assert _row(choice.pk).state == "dropped"


def test_a_draft_cannot_be_asked_about(cast, catalogue, at):
    with scope(cast.vendor_admin) as actor:
        saved = deals.save_draft(actor=actor, draft=make_draft(catalogue), partner_id=cast.partner_id, at=at)
        with pytest.raises(NotAllowed):
            customer_choice.ask_customer(actor=actor, registration_id=saved.registration_id, at=at)


def test_the_api_settles_with_the_version_that_was_read(cast, catalogue):
    deal = make_approved(cast.partner_rep, cast.vendor_admin, catalogue, at=now() - DAY)
    client, url = cast.client("vendor_admin"), "/api/v1/customer-choices"
    sent = {"contact_name": "Petra", "reason": "Nearer.", "letter": SimpleUploadedFile("letter.pdf", LETTER[1])}
    made = client.post(f"/api/v1/registrations/{deal}/choice", sent)
    assert (made.status_code, made.json()["state"], made.json()["letter"]) == (201, "notice", "letter.pdf")
    one = f"{url}/{made.json()['id']}"

    body = {"stands": False, "reason": "A mistake."}
    assert client.post(f"{one}/settle", body, content_type="application/json", headers={"If-Match": '"9"'}).status_code == 412
    settled = client.post(f"{one}/settle", body, content_type="application/json", headers={"If-Match": made["ETag"]})

    assert (settled.status_code, settled.json()["state"]) == (200, "dropped")
    assert [row["state"] for row in client.get(url).json()["items"]] == ["dropped"]
    assert cast.client("partner_rep").get(one).json()["letter"] == ""
