"""What strangers and the vendor's people see."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from openprm.applications import links, queries, services
from openprm.applications.models import Application, Visit
from openprm.applications.pages.questions import opened_stamp
from openprm.applications.testing import BUSINESS, COMPANY, TOGETHER, make_application, make_draft, make_finished, stored
from openprm.kernel.clock import now
from openprm.kernel.scope import scope, system_scope
from openprm.partners.testing import make_program

pytestmark = pytest.mark.django_db
APPLY = "/programs/resell/apply/"


def _typed(**values):
    return {**COMPANY, "opened": opened_stamp(now() - timedelta(seconds=40)), "fax": "", "source": "fair", "ref": "", **values}


def _count() -> int:
    with system_scope():
        return Application.objects.count()


def test_a_stranger_reads_the_programs_without_signing_in(cast):
    make_program(code="build", name="Halden Build")
    response = Client().get("/partners/")

    assert response.status_code == 200
    assert [name for name in ("Halden Resell", "Halden Build") if name in response.text] == ["Halden Resell", "Halden Build"]
    assert 'property="og:title"' in response.text


def test_a_program_shows_its_tiers_promises_and_rules_and_no_number_that_was_not_counted(cast):
    response = Client().get("/programs/resell/")

    for words in ("Silver", "Gold", "Answer applications in 3 working days", "A deal you register stays yours for", "Deal decisions"):
        assert words in response.text
    assert "Partners in it" not in response.text


@pytest.mark.parametrize("address", ["/programs/nowhere/", "/programs/nowhere/apply/"])
def test_a_program_that_is_not_there_is_a_page_that_says_so(cast, address):
    assert Client().get(address).status_code == 404


def test_a_program_kept_inside_is_seen_by_nobody_outside(cast, at):
    with scope(cast.vendor_admin) as admin:
        services.update_program_page(actor=admin, program_id=cast.program.pk, changes={"is_public": False}, at=at)

    assert Client().get("/programs/resell/").status_code == 404
    assert "Halden Resell" not in Client().get("/partners/").text


def test_a_visit_is_counted_with_its_source_and_the_form_keeps_source_and_code(cast):
    client = Client()

    page = client.get("/programs/resell/?ref=K4LLIO&utm_source=fair")
    form = client.get(APPLY + "?ref=K4LLIO&utm_source=fair")

    with system_scope():
        assert list(Visit.objects.values_list("source", flat=True)) == ["fair"]
    assert "/programs/resell/apply/?ref=K4LLIO&amp;utm_source=fair" in page.text
    assert 'name="source" value="fair"' in form.text
    assert 'name="ref" value="K4LLIO"' in form.text


def test_a_whole_application_works_without_javascript(cast, run_jobs, outbox):
    client = Client()
    second = client.post(APPLY, _typed())
    assert second.status_code == 303
    third = client.post(second.url, {**BUSINESS, "then": "next"})
    check = client.post(third.url, {**TOGETHER, "then": "next"})
    assert check.url.endswith("/check/")
    assert "We connect plants" in client.get(check.url).text
    waiting = client.post(check.url)
    assert "Look into your mail" in client.get(waiting.url).text
    run_jobs()
    mailed = re.search(r"http\S+/confirm/", outbox[0].body)[0]
    path = mailed[mailed.index("/applications/") :]
    assert client.get(path).status_code == 200
    with system_scope():
        assert Application.objects.get().state == "unconfirmed"

    done = client.post(path)

    page = client.get(done.url)
    assert "Your application is in" in page.text
    assert "a partner manager of Halden Software" in page.text
    assert "You get an answer by" in page.text
    with system_scope():
        application = Application.objects.get()
    assert (application.state, application.source) == ("submitted", "fair")


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("email", "siri@gmail.com", "mail provider"),
        ("company_name", "<script>alert(1)</script>", "program code"),
        ("company_name", "x" * 9000, "at most 120 fit"),
    ],
)
def test_bad_input_comes_back_with_a_sentence_beside_its_field(cast, field, value, says):
    response = Client().post(APPLY, _typed(**{field: value}))

    assert response.status_code == 422
    assert re.search(rf'id="id_{field}_error"[^>]*>.*?{says}', response.text, re.S)
    assert "<script>alert" not in response.text
    assert _count() == 0


def test_a_machine_that_fills_everything_in_gets_a_thank_you_and_leaves_nothing(cast):
    response = Client().post(APPLY, _typed(fax="+47 1234"))

    assert response.status_code == 303
    assert response.url == "/programs/resell/"
    assert _count() == 0


@pytest.mark.parametrize("opened", ["", "made-up", opened_stamp(now() - timedelta(days=2))], ids=["none", "made up", "two days old"])
def test_a_form_without_a_fresh_stamp_is_asked_again(cast, opened):
    response = Client().post(APPLY, _typed(opened=opened))

    assert response.status_code == 422
    assert "open for too long" in response.text
    assert 'value="Fjordlink AS"' in response.text
    assert _count() == 0


def test_a_form_that_comes_back_at_once_is_asked_again(cast):
    response = Client().post(APPLY, _typed(opened=opened_stamp(now())))

    assert response.status_code == 422
    assert "very quick" in response.text
    assert _count() == 0


def test_a_link_opens_where_the_writer_stopped(cast):
    token = links.open_token(make_draft())

    assert Client().get(f"/applications/{token}/").url == f"/applications/{token}/page/2/"


def test_a_sent_application_is_not_written_on(cast):
    token = links.open_token(stored(make_application()))

    assert Client().get(f"/applications/{token}/page/2/").url == f"/applications/{token}/"


def test_an_answered_question_comes_back_to_the_vendor(cast, at):
    pk = make_application(at=at)
    with scope(cast.partner_manager) as manager:
        services.ask_for_more(actor=manager, application_id=pk, fields=["plan"], message="Which customers?", at=at)
    token = links.open_token(stored(pk))

    shown = Client().get(f"/applications/{token}/")
    empty = Client().post(f"/applications/{token}/answer/", {"plan": " "})
    sent = Client().post(f"/applications/{token}/answer/", {"plan": "Paper mills."})

    assert "Which customers?" in shown.text
    assert empty.status_code == 422
    assert sent.status_code == 303
    assert stored(pk).answers["plan"] == "Paper mills."


def test_the_vendor_reads_everything_and_decides(cast, at):
    pk = make_application(at=at)
    client = cast.client("partner_manager")

    page = client.get(f"/app/applications/{pk}/")
    refused = client.post(f"/app/applications/{pk}/reject/", {"reason": "other", "message": "", "reapply": "standard"})
    approved = client.post(f"/app/applications/{pk}/approve/", {"message": "Welcome.", "version": stored(pk).version})

    assert "Make Fjordlink AS a partner?" in page.text
    assert refused.status_code == 422
    assert approved.status_code == 303
    assert stored(pk).state == "approved"


def test_the_list_filters_and_exports(cast, at):
    make_application(at=at)
    make_application(at=at, company_name="=cmd()", website="evil.example", email="a@evil.example")
    client = cast.client("vendor_reader")

    assert "Fjordlink AS" in client.get("/app/applications/?state=submitted").text
    assert "Fjordlink AS" not in client.get("/app/applications/?state=rejected").text
    sheet = client.get("/app/applications/?export=csv").content.decode()
    assert "Fjordlink AS" in sheet
    assert "\n=cmd" not in sheet


def test_an_unfinished_application_is_nobodys_but_its_writers(cast, at):
    draft, unconfirmed = make_draft(at=at), make_finished(at=at, email="x@fjordlink.example")
    client = cast.client("vendor_admin")

    assert [client.get(f"/app/applications/{one.pk}/").status_code for one in (draft, unconfirmed)] == [404, 404]
    assert "Fjordlink" not in client.get("/app/applications/").text


def test_the_funnel_counts_every_step(cast, at):
    client = cast.client("vendor_admin")
    with scope(cast.vendor_admin) as admin:
        services.count_visit(program_id=cast.program.pk, source="fair", network_address="192.0.2.1", browser="", at=at)
        services.count_visit(program_id=cast.program.pk, source="fair", network_address="192.0.2.2", browser="", at=at)
        make_draft(at=at, source="fair", email="d@fjordlink.example")
        services.approve(actor=admin, application_id=make_application(at=at, source="fair"), at=at)
        lines = queries.funnel_lines(admin, since=at.date(), until=at.date())

    assert [(line.source, line.visited, line.started, line.submitted, line.approved) for line in lines] == [("fair", 2, 2, 1, 1)]
    assert client.get("/app/applications/funnel/?days=90").status_code == 200


def test_the_form_is_built_question_by_question(cast, at):
    client, place = cast.client("vendor_admin"), f"/app/applications/forms/{cast.program.pk}/"
    question = {"label": "Which clouds?", "kind": "choices", "page": "More", "choices": "AWS\nAzure", "code": "clouds", "fact": "technologies"}

    added = client.post(place + "questions/new/", question)
    moved = client.post(place, {"action": "up", "code": "clouds"})
    removed = client.post(place, {"action": "remove", "code": "founded"})
    published = client.post(place, {"action": "publish"})

    assert [answer.status_code for answer in (added, moved, removed, published)] == [303, 303, 303, 303]
    with scope(cast.vendor_admin) as admin:
        form = queries.form(admin, cast.program.pk, at)
    codes = [field.code for field in form.fields]
    assert (form.published_number, "founded" in codes, "clouds" in codes) == (2, False, True)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"code": "email"}, "asked twice"),
        ({"code": "Bad code"}, "small letters"),
        ({"choices": "AWS"}, "at least two"),
        ({"label": "<b>x</b>"}, "plain text"),
        ({"kind": "money", "choices": ""}, "needs a currency"),
    ],
)
def test_a_question_that_cannot_be_asked_changes_nothing(cast, at, change, says):
    question = {"label": "Which clouds?", "kind": "choices", "page": "More", "choices": "AWS\nAzure", "code": "clouds", **change}

    response = cast.client("vendor_admin").post(f"/app/applications/forms/{cast.program.pk}/questions/new/", question)

    assert response.status_code == 422
    assert says in response.text
    with scope(cast.vendor_admin) as admin:
        assert "clouds" not in [field.code for field in queries.form(admin, cast.program.pk, at).fields]


def test_a_form_offers_the_types_of_partner_that_the_program_is_made_for(cast, at):
    with scope(cast.vendor_admin) as admin:
        services.update_program_page(actor=admin, program_id=cast.program.pk, changes={"types": ["si", "msp"]}, at=at)

    page = Client().get(APPLY).text
    refused = Client().post(APPLY, _typed(type="affiliate"))

    assert ("System integrator" in page, "Affiliate" in page) == (True, False)
    assert refused.status_code == 422
    assert "not made for this type" in refused.text
    assert _count() == 0


def test_the_public_page_is_written_by_an_administrator(cast):
    client, place = cast.client("vendor_admin"), f"/app/applications/forms/{cast.program.pk}/page/"
    words = {
        "headline": "Sell what factories run on",
        "faq": "Does it cost anything?\nNo.\nNothing at all.",
        "requirements": "Two people\n\nOne engineer",
        "reapply_days": "60",
        "is_public": "on",
        "is_open": "on",
    }

    saved = client.post(place, words)
    refused = client.post(place, {**words, "headline": "<script>x</script>"})

    page = Client().get("/programs/resell/").text
    assert saved.status_code == 303
    assert refused.status_code == 422
    for text in ("Sell what factories run on", "Does it cost anything?", "Nothing at all.", "One engineer"):
        assert text in page
    assert "<script>x" not in page
