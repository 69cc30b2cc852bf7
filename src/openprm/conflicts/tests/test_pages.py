"""Every page of both sides: what it shows, what it hides, and what each form does."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from openprm.conflicts import services
from openprm.conflicts.models import ConflictCase, Evidence, Precedent
from openprm.conflicts.testing import (
    CLAUSE,
    PDF,
    REASONS,
    WOULD_CHANGE,
    decide,
    made,
    make_alarm,
    make_case,
    make_decided,
    make_rejected,
    pass_time,
    speak,
    take_up,
)
from openprm.conflicts.tests import showcase
from openprm.deals.testing import make_approved, make_catalogue, stored
from openprm.kernel.clock import now
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SECRET = "The buyer rang me at home on Sunday."
NOTE = "The mail of September is in the shared mailbox"


def text(response):
    return response.content.decode()


def at_(name, pk):
    return reverse(f"conflicts:{name}", args=[pk])


@pytest.fixture
def shown(cast):
    with system_scope():
        showcase.make_showcase(cast)


@pytest.fixture
def alarm(cast):
    return make_alarm(cast, make_catalogue(), now() - timedelta(hours=6))[0]


def test_the_vendor_reads_every_page(cast, shown):
    client = cast.client("vendor_admin")
    pages = {
        reverse("conflicts:cases"): ("Direct touch", "Alarms of the sentinel", "Days to a decision", "Kallio Digital"),
        at_("case", showcase.OPEN): ("Opened by the sentinel", "Nobody told us of the meeting.", "Who may, and who may not", "Internal notes"),
        at_("case", showcase.HEARD): ("We learned of the call from the buyer.", "I took it for a direct lead and called.", NOTE, "Decide"),
        at_("decide", showcase.HEARD): ("What follows, by the published table", "M1", "T5", "What would have changed it"),
        at_("case", showcase.DECIDED): ("The claim stands", "The partner’s protection ran", "A partner on either side can appeal until"),
        at_("case", showcase.APPEALED): ("Waits for the second reviewer", "The customer asked in September about something else", "Answer the appeal"),
        at_("case", showcase.CLOSED): ("The appeal", "The decision", "Read the precedent"),
        reverse("conflicts:precedents"): ("How cases end", "A call after the customer had asked"),
        at_("precedent", showcase.PRECEDENT): ("A call after the customer had asked", "Withdraw it"),
    }
    for url, words in pages.items():
        response = client.get(url)
        assert response.status_code == 200, url
        for word in words:
            assert word in text(response), (url, word)


def test_the_partner_reads_its_pages_and_never_what_is_internal(cast, shown):
    client = cast.client("partner_rep")
    pages = {
        reverse("conflicts:portal_cases"): ("Your side", "What a decision brings"),
        at_("portal_case", showcase.OPEN): ("Nobody told us of the meeting.", "You get a decision by", "How it goes on"),
        at_("portal_case", showcase.HEARD): ("I took it for a direct lead and called.",),
        at_("portal_case", showcase.DECIDED): ("The claim stands", "You can appeal", "What follows"),
        at_("portal_case", showcase.APPEALED): ("Your appeal",),
        at_("portal_case", showcase.CLOSED): ("The appeal", "The decision"),
        reverse("conflicts:portal_precedents"): ("How cases end", "Fewer than three cases"),
        at_("portal_precedent", showcase.PRECEDENT): ("Why it was decided so",),
    }
    for url, words in pages.items():
        response = client.get(url)
        assert response.status_code == 200, url
        for word in words:
            assert word in text(response), (url, word)
        for word in (NOTE, "Internal notes", "Withdraw it", "Who may, and who may not", "Called the buyer about the renewal"):
            assert word not in text(response), (url, word)


def test_a_third_partner_finds_no_case_and_no_name_in_a_precedent(cast, shown):
    client = cast.client("other_partner_rep")

    for pk in (showcase.OPEN, showcase.HEARD, showcase.DECIDED, showcase.APPEALED, showcase.CLOSED):
        assert client.get(at_("portal_case", pk)).status_code == 404
    listed = client.get(reverse("conflicts:portal_cases"))
    assert "No conflicts" in text(listed)
    read = text(client.get(at_("portal_precedent", showcase.PRECEDENT)))
    for word in ("Kallio", "Norrland", "Ostrava"):
        assert word not in text(listed) + read


def test_a_sealed_statement_is_not_shown_to_the_other_side(cast, alarm):
    speak(cast.marketing_manager, alarm, SECRET, now() - timedelta(hours=5))
    partner, author, reviewer = (cast.client(name) for name in ("partner_rep", "marketing_manager", "vendor_admin"))

    sealed = text(partner.get(at_("portal_case", alarm)))
    assert SECRET not in sealed
    assert "Not open yet" in sealed
    assert SECRET in text(reviewer.get(at_("case", alarm)))

    partner.post(at_("portal_speak", alarm), {"text": "Nobody asked us."})
    assert SECRET in text(partner.get(at_("portal_case", alarm)))
    assert "Nobody asked us." in text(author.get(at_("case", alarm)))


def test_a_script_in_a_statement_is_shown_as_text(cast, alarm):
    client = cast.client("partner_rep")

    client.post(at_("portal_speak", alarm), {"text": "<script>alert(1)</script> Nobody asked."})

    assert "<script>alert(1)" not in text(client.get(at_("portal_case", alarm)))
    assert "<script>alert(1)" not in text(cast.client("vendor_admin").get(at_("case", alarm)))


def test_a_partner_opens_adds_to_and_withdraws_its_case(cast):
    registration_id = make_rejected(cast.partner_rep, cast.partner_manager, make_catalogue(), at=now() - DAY)
    client = cast.client("partner_rep")
    form = at_("portal_open", registration_id)

    assert "Open a case about" in text(client.get(form))
    empty = client.post(form, {"type": "rejection", "claim": ""})
    assert empty.status_code == 422
    opened = client.post(form, {"type": "rejection", "claim": "The wrong territory was read."})
    assert opened.status_code == 303
    with system_scope():
        case = ConflictCase.objects.get()

    sent = SimpleUploadedFile("mail.pdf", PDF, content_type="application/pdf")
    assert client.post(at_("portal_speak", case.pk), {"text": "Here is the mail.", "file": sent}).status_code == 303
    page = text(client.get(at_("portal_case", case.pk)))
    assert "The wrong territory was read." in page
    assert "mail.pdf" in page

    assert client.post(at_("portal_withdraw", case.pk), {"reason": ""}).status_code == 422
    assert client.post(at_("portal_withdraw", case.pk), {"reason": "We agreed."}).status_code == 303
    assert made(case.pk).ending == "withdrawn"


def test_a_reviewer_takes_up_notes_and_decides(cast, alarm):
    speak(cast.marketing_manager, alarm, "I returned a call.", now() - timedelta(hours=5))
    speak(cast.partner_rep, alarm, "Nobody asked us.", now() - timedelta(hours=4))
    client = cast.client("vendor_admin")

    assert client.post(at_("take_up", alarm), {"version": made(alarm).version}).status_code == 303
    assert client.post(at_("note", alarm), {"text": "I asked for the mail."}).status_code == 303
    assert "I asked for the mail." in text(client.get(at_("case", alarm)))

    decision = {"finding": "founded", "clause": CLAUSE, "reasons": REASONS, "would_change": WOULD_CHANGE, "remedies_founded": ["M1", "M3"]}
    refused = client.post(at_("decide", alarm), decision | {"reasons": "", "version": made(alarm).version})
    assert refused.status_code == 422
    assert made(alarm).state == "in_review"
    stale = client.post(at_("decide", alarm), decision | {"version": made(alarm).version + 7})
    assert stale.status_code in {409, 412}
    done = client.post(at_("decide", alarm), decision | {"version": made(alarm).version})
    assert done.status_code == 303
    page = text(client.get(at_("case", alarm)))
    assert "The claim stands" in page
    assert made(alarm).state == "decided"


def test_a_vendor_names_a_reviewer_speaks_and_closes_a_false_alarm(cast, alarm):
    admin = cast.client("vendor_admin")

    assert admin.post(at_("assign", alarm), {"reviewer_id": "", "version": made(alarm).version}).status_code == 303
    assert made(alarm).reviewer_id is not None
    assert cast.client("marketing_manager").post(at_("speak", alarm), {"text": SECRET}).status_code == 303
    assert admin.post(at_("dismiss", alarm), {"reason": "", "version": made(alarm).version}).status_code == 422
    name = next(one for one in ("vendor_admin", "finance_manager", "partner_manager") if cast.users[one].pk == made(alarm).reviewer_id)
    closed = cast.client(name).post(at_("dismiss", alarm), {"reason": "It was support.", "version": made(alarm).version})
    assert closed.status_code == 303
    assert made(alarm).ending == "false_alarm"
    assert "It was support." in text(cast.client("partner_rep").get(at_("portal_case", alarm)))


def test_a_partner_appeals_and_a_second_reviewer_answers(cast):
    at = now() - 3 * DAY
    case_id = make_decided(cast, make_catalogue(), at, finding="unfounded")
    partner, first, second = (cast.client(name) for name in ("partner_rep", "vendor_admin", "finance_manager"))

    assert partner.post(at_("portal_appeal", case_id), {"text": ""}).status_code == 422
    assert partner.post(at_("portal_appeal", case_id), {"text": "Ask the buyer.", "version": made(case_id).version}).status_code == 303
    assert first.get(at_("answer_appeal", case_id)).status_code == 403
    assert "Ask the buyer." in text(second.get(at_("answer_appeal", case_id)))
    given = {"result": "changed", "finding": "founded", "clause": CLAUSE, "reasons": REASONS, "would_change": WOULD_CHANGE, "remedies_founded": ["M1"]}
    assert second.post(at_("answer_appeal", case_id), given | {"version": made(case_id).version}).status_code == 303
    page = text(partner.get(at_("portal_case", case_id)))
    assert "Your appeal" in page
    assert made(case_id).finding == "founded"


def test_a_precedent_is_prepared_checked_published_and_withdrawn(cast):
    at = now() - 30 * DAY
    case_id = make_decided(cast, make_catalogue(), at)
    pass_time(now())
    client = cast.client("vendor_admin")

    assert client.post(at_("prepare", case_id)).status_code == 303
    with system_scope():
        draft = Precedent.objects.get()
    assert "No known name is in the text" in text(client.get(at_("precedent", draft.pk)))
    words = {"title": "A call", "what_happened": "Kallio Digital was passed over.", "reasons": REASONS, "would_change": WOULD_CHANGE}
    held = client.post(at_("precedent_save", draft.pk), words | {"do": "publish", "version": draft.version})
    assert held.status_code in {409, 422}
    assert "Kallio" in text(held)
    assert cast.client("partner_rep").get(at_("portal_precedent", draft.pk)).status_code == 404
    with system_scope():
        draft.refresh_from_db()
    words["what_happened"] = "A partner was passed over."
    assert client.post(at_("precedent_save", draft.pk), words | {"do": "publish", "version": draft.version}).status_code == 303
    assert "A partner was passed over." in text(cast.client("other_partner_rep").get(at_("portal_precedent", draft.pk)))
    assert client.post(at_("precedent_withdraw", draft.pk)).status_code == 303
    assert cast.client("other_partner_rep").get(at_("portal_precedent", draft.pk)).status_code == 404


def test_evidence_is_sent_as_a_download_and_only_when_it_is_open(cast, alarm):
    with scope(cast.marketing_manager):
        services.add_evidence(actor=cast.marketing_manager, case_id=alarm, name="call.pdf", content=PDF, at=now() - timedelta(hours=5))
    with system_scope():
        evidence_id = Evidence.objects.get().pk

    assert cast.client("partner_rep").get(at_("portal_file", evidence_id)).status_code == 404
    assert cast.client("other_partner_rep").get(at_("portal_file", evidence_id)).status_code == 404
    sent = cast.client("vendor_admin").get(at_("file", evidence_id))
    assert sent.status_code == 200
    assert sent["Content-Disposition"].startswith("attachment")
    assert sent["X-Content-Type-Options"] == "nosniff"


def test_the_lists_filter_and_export(cast, shown):
    client, partner = cast.client("vendor_admin"), cast.client("partner_rep")

    assert "1 to 1 of 1" in text(client.get(reverse("conflicts:cases") + "?q=ostrava"))
    assert "1 to 1 of 1" in text(client.get(reverse("conflicts:cases") + "?tab=appealed"))
    assert b"CC-" in b"".join(client.get(reverse("conflicts:cases") + "?export=csv"))
    assert client.get(reverse("conflicts:cases") + "?partner=nonsense&q=%00&state=x").status_code in {200, 400, 422}
    assert cast.users["finance_manager"].name.encode() not in b"".join(partner.get(reverse("conflicts:portal_cases") + "?export=csv"))
    assert partner.get("/portal/").status_code == 200
    assert client.get("/app/").status_code == 200


def test_the_registration_pages_offer_the_case(cast):
    registration_id = make_rejected(cast.partner_rep, cast.partner_manager, make_catalogue(), at=now() - DAY)
    partner, vendor = cast.client("partner_rep"), cast.client("vendor_admin")
    assert at_("portal_open", registration_id) in text(partner.get(reverse("deals:portal_registration", args=[registration_id])))

    case_id = make_case(cast.partner_rep, registration_id, now() - timedelta(hours=3))

    assert at_("portal_case", case_id) in text(partner.get(reverse("deals:portal_registration", args=[registration_id])))
    assert at_("case", case_id) in text(vendor.get(reverse("deals:registration", args=[registration_id])))


def test_two_partners_read_no_name_of_each_other_anywhere(cast):
    at, catalogue = now() - DAY, make_catalogue()
    first = make_approved(cast.partner_rep, cast.partner_manager, catalogue, at=at - 9 * DAY)
    second = make_rejected(cast.other_partner_rep, cast.partner_manager, catalogue, at=at - 3 * DAY)
    case_id = make_case(cast.other_partner_rep, second, at, type="partner_vs_partner")
    speak(cast.partner_rep, case_id, "Our protection runs.", at + timedelta(hours=1))
    take_up(cast.vendor_admin, case_id, at + timedelta(hours=2))
    decide(cast.vendor_admin, case_id, at + timedelta(hours=3), finding="unfounded")
    hidden = {"partner_rep": ("Sintra", stored(second).number), "other_partner_rep": ("Kallio", stored(first).number)}
    pages = (at_("portal_case", case_id), reverse("conflicts:portal_cases"), f"/api/v1/conflict-cases/{case_id}", "/portal/", "/portal/audit/")

    for name, words in hidden.items():
        client = cast.client(name)
        for url in pages:
            response = client.get(url)
            assert response.status_code == 200, url
            for word in words:
                assert word not in text(response), (name, url, word)
