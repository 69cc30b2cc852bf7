"""The pages of both sides, walked as people walk them."""

import re
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from openprm.deals import queries, services
from openprm.deals.queries.boards import MOST_CARDS
from openprm.deals.rules.lifecycle import OPEN_STAGES
from openprm.deals.testing import make_approved, make_catalogue, make_draft, make_registration, stored
from openprm.identity.models import Membership
from openprm.kernel.actor import SYSTEM
from openprm.kernel.scope import scope

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%minimal\n"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def catalogue(cast):
    return make_catalogue()


@pytest.fixture
def now(monkeypatch, at):
    monkeypatch.setattr("openprm.kernel.http.now", lambda: at)
    return at


def registered(cast, catalogue, at, **changes):
    return make_registration(cast.partner_rep, catalogue, at=at, **changes)


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def people_on(cast, deal, at):
    with scope(cast.partner_rep):
        people = queries.registration_for_partner(cast.partner_rep, deal.registration_id, at).collaborators
    return [person.name for person in people]


def form_values(catalogue, **changes) -> dict:
    return {
        "customer_name": "Ostrava Steelworks a.s.",
        "customer_domain": "ostravasteel.example",
        "customer_country": "CZ",
        "contact_name": "Petra Malá",
        "contact_email": "petra@ostravasteel.example",
        "currency": "EUR",
        "expected_close_date": "2027-03-31",
        "deal_type": "new",
        "rows": "1",
        "lines-0-product_id": str(catalogue.mes_core.pk),
        "lines-0-quantity": "3",
        "lines-0-amount": "240,000.00",
        "action": "submit",
        **changes,
    }


class TestRegister:
    def test_one_page_submits_a_deal(self, cast, catalogue, now):
        response = cast.client("partner_rep").post(reverse("deals:portal_register"), form_values(catalogue))

        assert response.status_code == 303
        with scope(cast.partner_rep):
            deal = queries.registration_for_partner(cast.partner_rep, response["Location"].rstrip("/").rsplit("/", 1)[-1], now)
        assert (deal.customer_name, deal.amount.minor, deal.status in {"submitted", "pending_approval", "approved"}) == (
            "Ostrava Steelworks a.s.",
            240_000_00,
            True,
        )
        assert deal.title.startswith("Ostrava Steelworks a.s., ")

    def test_what_is_missing_stands_beside_its_field(self, cast, catalogue, now):
        values = form_values(catalogue, contact_email="", contact_name="", **{"lines-0-amount": "many"})
        response = cast.client("partner_rep").post(reverse("deals:portal_register"), values)

        assert response.status_code == 422
        assert 'id="id_lines-0-amount_error"' in response.content.decode()
        with scope(cast.partner_rep):
            assert queries.portal_summary(cast.partner_rep, now).open_deals == 0

    def test_a_missing_contact_is_named_by_the_service_beside_its_field(self, cast, catalogue, now):
        response = cast.client("partner_rep").post(reverse("deals:portal_register"), form_values(catalogue, contact_email=""))
        assert response.status_code == 422
        assert 'id="id_contact_email_error"' in response.content.decode()

    def test_a_draft_may_be_half_empty_and_is_continued(self, cast, catalogue, now):
        client = cast.client("partner_rep")
        saved = client.post(reverse("deals:portal_register"), form_values(catalogue, action="draft", contact_email="", expected_close_date=""))
        assert saved.status_code == 303
        registration_id = saved["Location"].rstrip("/").rsplit("/", 1)[-1]

        page = client.get(reverse("deals:portal_edit", args=[registration_id]))
        assert page.status_code == 200
        assert "Ostrava Steelworks a.s." in page.content.decode()
        sent = client.post(reverse("deals:portal_edit", args=[registration_id]), form_values(catalogue))
        assert sent.status_code == 303
        assert stored(registration_id).status != "draft"

    def test_typing_keeps_a_draft_without_a_click(self, cast, catalogue, now):
        client = cast.client("partner_rep")
        first = client.post(reverse("deals:portal_autosave"), form_values(catalogue, contact_email=""))
        registration_id = re.search(r'name="registration_id" value="([^"]+)"', first.content.decode())[1]
        version = re.search(r'name="version" value="(\d+)"', first.content.decode())[1]

        again = client.post(reverse("deals:portal_autosave"), form_values(catalogue, registration_id=registration_id, version=version, customer_city="Ostrava"))

        assert registration_id in again.content.decode()
        assert stored(registration_id).customer_city == "Ostrava"

    def test_the_preview_says_who_decides(self, cast, catalogue, now):
        response = cast.client("partner_rep").post(reverse("deals:portal_preview"), form_values(catalogue))
        assert response.status_code == 200
        assert "Answered by" in text_of(response) or "Approved at once" in text_of(response) or "A person decides" in text_of(response)

    def test_another_product_is_one_button_without_script(self, cast, catalogue, now):
        response = cast.client("partner_rep").post(reverse("deals:portal_register"), form_values(catalogue, action="add_line"))
        assert 'name="lines-1-product_id"' in response.content.decode()
        assert 'value="240,000.00"' in response.content.decode()

    def test_files_are_sent_with_the_form(self, cast, catalogue, now):
        values = form_values(catalogue) | {"files": [SimpleUploadedFile("survey.pdf", PDF)]}
        response = cast.client("partner_rep").post(reverse("deals:portal_register"), values)
        page = cast.client("partner_rep").get(response["Location"])
        assert "survey.pdf" in page.content.decode()

    def test_a_program_as_a_file_is_refused_and_the_draft_is_kept(self, cast, catalogue, now):
        values = form_values(catalogue) | {"files": [SimpleUploadedFile("evil.pdf", b"MZ\x90\x00\x03")]}
        response = cast.client("partner_rep").post(reverse("deals:portal_register"), values)
        assert response.status_code == 422
        assert 'name="registration_id"' in response.content.decode()

    @pytest.mark.parametrize(
        "junk", [{"rows": "999999"}, {"rows": "x"}, {"lines-0-product_id": "x"}, {"currency": "ZZZ"}, {"version": "9" * 40}, {"customer_name": "\x00"}]
    )
    def test_hostile_values_are_refused_not_raised(self, cast, catalogue, now, junk):
        assert cast.client("partner_rep").post(reverse("deals:portal_register"), form_values(catalogue, **junk)).status_code in (303, 422)


class TestPartnerDetail:
    def test_shows_the_promise_and_the_history(self, cast, catalogue, now):
        deal = registered(cast, catalogue, now)
        page = cast.client("partner_rep").get(reverse("deals:portal_registration", args=[deal.registration_id]))
        assert page.status_code == 200
        assert deal.number in page.content.decode()
        assert "registered the deal" in text_of(page)

    def test_internal_notes_never_reach_it(self, cast, catalogue, now):
        deal = registered(cast, catalogue, now)
        with scope(cast.partner_manager):
            services.add_note(
                actor=cast.partner_manager, registration_id=deal.registration_id, body="Sintra has not called since August.", visibility="internal", at=now
            )
        page = cast.client("partner_rep").get(reverse("deals:portal_registration", args=[deal.registration_id]))
        assert "Sintra has not called" not in page.content.decode()

    def test_answers_a_question_in_place(self, cast, catalogue, now):
        deal = registered(cast, catalogue, now)
        with scope(cast.partner_manager):
            services.return_for_information(
                actor=cast.partner_manager, registration_id=deal.registration_id, fields=["contact_phone"], message="Whom can we call?", at=now
            )
        client = cast.client("partner_rep")
        page = client.get(reverse("deals:portal_registration", args=[deal.registration_id]))
        assert "Whom can we call?" in page.content.decode()
        assert 'name="contact_phone"' in page.content.decode()
        assert 'name="customer_name"' not in page.content.decode()

        sent = client.post(
            reverse("deals:portal_answer", args=[deal.registration_id]),
            {"contact_phone": "+420 555 0100", "action": "send", "version": str(stored(deal.registration_id).version)},
        )

        assert sent.status_code == 303
        assert stored(deal.registration_id).contact_phone == "+420 555 0100"
        assert stored(deal.registration_id).resubmit_count == 1

    def test_withdrawing_needs_a_reason_and_shows_the_dialog_again(self, cast, catalogue, now):
        deal = registered(cast, catalogue, now)
        if stored(deal.registration_id).status == "approved":
            pytest.skip("the default rules approve this one at once")
        response = cast.client("partner_rep").post(reverse("deals:portal_withdraw", args=[deal.registration_id]), {"reason": ""})
        assert response.status_code == 422
        assert re.search(r'<dialog[^>]*id="withdraw"[^>]* open', response.content.decode())

    def test_a_dialog_opens_without_script(self, cast, catalogue, now):
        registration_id = make_approved(cast.partner_rep, cast.vendor_admin, catalogue, at=now)
        response = cast.client("partner_rep").get(reverse("deals:portal_registration", args=[registration_id]) + "?do=lost")
        assert re.search(r'<dialog[^>]*id="lost"[^>]* open', response.content.decode())

    def test_moves_wins_and_says_so(self, cast, catalogue, now):
        registration_id = make_approved(cast.partner_rep, cast.vendor_admin, catalogue, at=now)
        client = cast.client("partner_rep")
        assert client.post(reverse("deals:portal_stage", args=[registration_id]), {"stage": "qualified"}).status_code == 303
        assert client.post(reverse("deals:portal_won", args=[registration_id]), {"amount": "100.00"}).status_code == 303
        assert (stored(registration_id).status, stored(registration_id).stage) == ("closed_won", "launched")


class TestPeople:
    def test_a_colleague_is_added_and_taken_off_without_script(self, cast, catalogue, now):
        deal, juho = registered(cast, catalogue, now), cast.users["partner_technical"]
        client, one = cast.client("partner_rep"), [deal.registration_id]
        assert f'<option value="{juho.pk}">Juho Mäki</option>' in client.get(reverse("deals:portal_registration", args=one)).content.decode()

        added = client.post(reverse("deals:portal_person_add", args=one), {"user_id": str(juho.pk)})

        assert (added.status_code, added["Location"]) == (303, reverse("deals:portal_registration", args=one) + "#people")
        page = client.get(reverse("deals:portal_registration", args=one)).content.decode()
        assert "Take Juho Mäki off this deal" in page
        assert f'<option value="{juho.pk}">' not in page
        assert client.post(reverse("deals:portal_person_remove", args=[*one, juho.pk])).status_code == 303
        assert "Take Juho Mäki off this deal" not in client.get(reverse("deals:portal_registration", args=one)).content.decode()

    def test_the_collaborator_opens_the_deal_once_added(self, cast, catalogue, now):
        deal = registered(cast, catalogue, now)
        page, collaborator = reverse("deals:portal_registration", args=[deal.registration_id]), cast.client("partner_collaborator")
        assert collaborator.get(page).status_code == 404
        cast.client("partner_rep").post(
            reverse("deals:portal_person_add", args=[deal.registration_id]), {"user_id": str(cast.users["partner_collaborator"].pk)}
        )
        opened = collaborator.get(page)
        assert opened.status_code == 200
        assert "Add a colleague" not in text_of(opened)

    @pytest.mark.parametrize("person", ["other_partner_rep", "vendor_admin", None])
    def test_only_a_person_of_the_team_joins(self, cast, catalogue, now, person):
        deal = registered(cast, catalogue, now)
        asked = str(cast.users[person].pk) if person else "nobody"
        response = cast.client("partner_rep").post(reverse("deals:portal_person_add", args=[deal.registration_id]), {"user_id": asked})
        assert response.status_code == 422
        assert 'id="colleague-e"' in response.content.decode()
        assert people_on(cast, deal, now) == ["Aino Laine"]

    def test_a_disabled_colleague_is_neither_offered_nor_taken(self, cast, catalogue, now):
        deal, juho = registered(cast, catalogue, now), cast.users["partner_technical"]
        with scope(SYSTEM):
            Membership.objects.filter(user=juho).update(state="disabled")
        client = cast.client("partner_rep")
        assert str(juho.pk) not in client.get(reverse("deals:portal_registration", args=[deal.registration_id])).content.decode()
        assert client.post(reverse("deals:portal_person_add", args=[deal.registration_id]), {"user_id": str(juho.pk)}).status_code == 422
        assert people_on(cast, deal, now) == ["Aino Laine"]

    def test_the_vendor_reads_who_works_on_it(self, cast, catalogue, now):
        deal = registered(cast, catalogue, now)
        cast.client("partner_rep").post(reverse("deals:portal_person_add", args=[deal.registration_id]), {"user_id": str(cast.users["partner_technical"].pk)})
        page = cast.client("vendor_admin").get(reverse("deals:registration", args=[deal.registration_id]))
        assert "People on this deal" in text_of(page)
        assert "Juho Mäki" in text_of(page)
        assert "off this deal" not in page.content.decode()


class TestVendorDetail:
    def test_explains_the_check_and_offers_the_decision(self, cast, catalogue, now):
        deal = registered(cast, catalogue, now)
        page = cast.client("partner_manager").get(reverse("deals:registration", args=[deal.registration_id]))
        assert page.status_code == 200
        assert "Conflict check" in text_of(page)
        assert "Kallio Digital" in text_of(page)

    def test_a_reader_sees_no_decision(self, cast, catalogue, now):
        deal = registered(cast, catalogue, now)
        page = cast.client("vendor_reader").get(reverse("deals:registration", args=[deal.registration_id]))
        assert page.status_code == 200
        assert "decision-bar" not in page.content.decode()

    def test_a_rejection_without_words_comes_back_beside_the_field(self, cast, catalogue, now):
        deal = registered(cast, catalogue, now)
        before = stored(deal.registration_id).status
        response = cast.client("vendor_admin").post(reverse("deals:registration_reject", args=[deal.registration_id]), {"reason": "", "clause": ""})
        assert response.status_code == 422
        assert 'id="id_reject_reason_error"' in response.content.decode() or "id_reason_error" in response.content.decode()
        assert stored(deal.registration_id).status == before

    def test_a_stale_version_decides_nothing(self, cast, catalogue, now):
        deal = registered(cast, catalogue, now)
        before = stored(deal.registration_id)
        response = cast.client("vendor_admin").post(reverse("deals:registration_reject", args=[deal.registration_id]), {"reason": "No.", "version": "1"})
        assert response.status_code in (412, 303)
        if response.status_code == 412:
            assert stored(deal.registration_id).status == before.status

    def test_notes_tasks_and_files(self, cast, catalogue, now):
        deal = registered(cast, catalogue, now)
        client, one = cast.client("partner_manager"), [deal.registration_id]
        assert client.post(reverse("deals:registration_note", args=one), {"body": "Spoke with Petra."}).status_code == 303
        assert client.post(reverse("deals:registration_note", args=one), {"body": ""}).status_code == 422
        assert client.post(reverse("deals:registration_task", args=one), {"title": "Call Petra", "due_date": "2026-11-30"}).status_code == 303
        assert (
            client.post(reverse("deals:registration_document", args=one), {"file": SimpleUploadedFile("a.pdf", PDF), "visibility": "internal"}).status_code
            == 303
        )
        page = text_of(client.get(reverse("deals:registration", args=one)))
        assert all(word in page for word in ("Spoke with Petra.", "Call Petra", "a.pdf"))
        partner_page = text_of(cast.client("partner_rep").get(reverse("deals:portal_registration", args=one)))
        assert not any(word in partner_page for word in ("Spoke with Petra.", "Call Petra", "a.pdf"))


class TestLists:
    def test_vendor_filters_and_exports(self, cast, catalogue, now):
        deal = registered(cast, catalogue, now, customer_name="=cmd|' /C calc'!A0")
        client = cast.client("vendor_reader")
        page = client.get(reverse("deals:registrations"), {"q": deal.number})
        assert deal.number in page.content.decode()
        csv = client.get(reverse("deals:registrations"), {"export": "csv"}).content.decode()
        assert "'=cmd|" in csv
        assert client.get(reverse("deals:registrations"), {"export": "xlsx"}).content[:2] == b"PK"

    def test_bulk_approval_names_what_was_refused(self, cast, catalogue, now):
        deal = registered(cast, catalogue, now)
        response = cast.client("vendor_admin").post(
            reverse("deals:registrations"), {"action": "approve", "ids": [str(deal.registration_id), str(uuid4())]}, follow=True
        )
        assert response.status_code == 200

    @pytest.mark.parametrize(
        "query", ["?status=nonsense", "?after=forged", "?sort=drop", "?amount_min=x", "?q=%00", "?rows=9999999999", "?closes_from=2026-13-45"]
    )
    def test_junk_in_the_address_breaks_nothing(self, cast, catalogue, now, query):
        for name in ("deals:registrations", "deals:opportunities"):
            assert cast.client("vendor_admin").get(reverse(name) + query).status_code == 200
        assert cast.client("partner_rep").get(reverse("deals:portal_registrations") + query).status_code == 200

    def test_the_old_address_of_the_pipeline_leads_to_its_page(self, cast):
        answer = cast.client("vendor_admin").get(reverse("deals:pipeline") + "?q=kallio")
        assert (answer.status_code, answer.url) == (303, reverse("pipeline:pipeline") + "?q=kallio")

    def test_boards_of_both_sides(self, cast, catalogue, now):
        make_approved(cast.partner_rep, cast.vendor_admin, catalogue, at=now)
        assert "data-move-url" in cast.client("vendor_admin").get(reverse("pipeline:pipeline")).content.decode()
        assert "data-move-url" in cast.client("partner_rep").get(reverse("deals:portal_board")).content.decode()

    def test_a_full_lane_leads_to_the_list_that_shows_all(self, cast, catalogue, now, monkeypatch):
        for room in ("deals", "pipeline"):
            monkeypatch.setattr(f"openprm.{room}.queries.boards.MOST_CARDS", 1)
        for number in range(3):
            made = {"customer_name": f"Customer {number} Oy", "customer_domain": f"customer{number}.example"}
            make_approved(cast.partner_rep, cast.vendor_admin, catalogue, at=now, **made)

        for person, board, listed in (
            ("vendor_admin", "pipeline:pipeline", "deals:registrations"),
            ("partner_rep", "deals:portal_board", "deals:portal_registrations"),
        ):
            page = cast.client(person).get(reverse(board)).content.decode()
            assert page.count('class="deal-card"') == 1
            link = re.search(rf'href="({reverse(listed)}\?[^"]+)" aria-label="and 2 more in [^"]+">and 2 more<', page)[1].replace("&amp;", "&")
            assert link == reverse(listed) + "?status=approved&stage=qualified"
            shown = cast.client(person).get(link).content.decode()
            assert all(f"Customer {number} Oy" in shown for number in range(3))

    def test_a_board_full_of_cards_stays_below_300_kb(self, cast, catalogue, now):
        sizes = []
        for name, domain in (("Northern Lights Precision Castings Oy", "nlpc.example"), ("Sundsvall Paper Machinery Aktiebolag", "supama.example")):
            made = {"customer_name": name, "customer_domain": domain}
            make_approved(cast.partner_rep, cast.vendor_admin, catalogue, at=now, **made)
            pages = (("vendor_admin", "pipeline:pipeline"), ("partner_rep", "deals:portal_board"))
            sizes.append([len(cast.client(person).get(reverse(board)).content) for person, board in pages])

        lanes = len(OPEN_STAGES) + 1
        assert [size + lanes * MOST_CARDS * (after - size) < 300_000 for size, after in zip(*sizes, strict=True)] == [True, True]

    def test_empty_lists_say_what_comes(self, cast, now):
        assert "No registrations yet" in text_of(cast.client("vendor_admin").get(reverse("deals:registrations")))
        assert "No deals yet" in text_of(cast.client("partner_rep").get(reverse("deals:portal_registrations")))
        assert "No deals yet" in text_of(cast.client("partner_rep").get(reverse("deals:portal_board")))
        assert "No deal in the pipeline" in text_of(cast.client("vendor_admin").get(reverse("pipeline:pipeline")))
        assert "No opportunities yet" in text_of(cast.client("vendor_admin").get(reverse("deals:opportunities")))


class TestPrecheck:
    def test_answers_without_naming_anybody(self, cast, catalogue, now):
        make_approved(cast.partner_rep, cast.vendor_admin, catalogue, at=now)
        response = cast.client("other_partner_rep").post(
            reverse("deals:portal_precheck"), {"customer": make_draft(catalogue).customer_domain, "product_line_id": str(catalogue.mes.pk)}
        )
        words = text_of(response)
        assert response.status_code == 200
        assert "Protected" in words
        assert "Kallio" not in words

    def test_a_missing_product_line_is_said_beside_the_field(self, cast, catalogue, now):
        response = cast.client("partner_rep").post(reverse("deals:portal_precheck"), {"customer": "acme.example"})
        assert response.status_code == 422
        assert 'id="id_product_line_id_error"' in response.content.decode()


class TestCatalogue:
    @pytest.mark.parametrize("tab", ["lines", "products", "territories", "rates", "reviewers"])
    def test_every_tab_opens(self, cast, catalogue, now, tab):
        assert cast.client("vendor_admin").get(reverse("deals:catalogue", args=[tab])).status_code == 200

    def test_a_line_is_added_and_a_taken_code_refused(self, cast, catalogue, now):
        client = cast.client("vendor_admin")
        add = reverse("deals:catalogue_add", args=["lines"])
        assert client.post(add, {"name": "Cloud", "code": "cloud", "is_active": "on"}).status_code == 303
        refused = client.post(add, {"name": "Cloud again", "code": "cloud", "is_active": "on"})
        assert refused.status_code == 409
        assert "taken" in text_of(refused)

    def test_a_manager_reads_and_changes_nothing(self, cast, catalogue, now):
        client = cast.client("partner_manager")
        assert client.get(reverse("deals:catalogue", args=["lines"])).status_code == 200
        assert client.post(reverse("deals:catalogue_add", args=["lines"]), {"name": "Edge"}).status_code == 403


@pytest.mark.parametrize(("closes", "said"), [("2027-03-31", "31 Mar 2027"), ("2026-12-18", "Fri 18 Dec")])
def test_a_close_date_in_another_year_shows_the_year(cast, catalogue, now, closes, said):
    deal = registered(cast, catalogue, now, expected_close_date=date.fromisoformat(closes))
    for person, page in (("partner_rep", "deals:portal_registration"), ("partner_manager", "deals:registration")):
        assert f"Expected close {said} Stage" in text_of(cast.client(person).get(reverse(page, args=[deal.registration_id])))


def test_moments_are_written_in_the_readers_zone(cast, catalogue, monkeypatch):
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    monkeypatch.setattr("openprm.kernel.http.now", lambda: late)
    deal = registered(cast, catalogue, late)
    page = cast.client("partner_rep").get(reverse("deals:portal_registration", args=[deal.registration_id]))
    assert "24 Nov, 01:30" in text_of(page)
