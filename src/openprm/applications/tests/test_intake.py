"""An application in the hands of its writer."""

from datetime import timedelta

import pytest

from openprm.applications import links, queries, services
from openprm.applications.models import Application, Finding, Visit
from openprm.applications.testing import COMPANY, make_application, make_draft, make_finished, stored
from openprm.applications.words import CORE
from openprm.kernel.errors import Conflict, Invalid, NotFound, TooMany
from openprm.kernel.scope import scope, system_scope
from openprm.partners.models import Partner
from openprm.promises import queries as promises

pytestmark = pytest.mark.django_db


def _count() -> int:
    with system_scope():
        return Application.objects.count()


def _problems(refusal) -> dict[str, str]:
    return {problem.field: problem.message for problem in refusal.value.problems}


def test_a_confirmed_application_waits_for_a_partner_manager_under_a_promise(cast, at):
    application = stored(make_application(at=at))

    with system_scope():
        clock = promises.clock(application.pk, "applications.decision", at)
    assert (application.state, application.decider, application.clause) == ("submitted", "partner_manager", "A4")
    assert application.domain == "fjordlink.example"
    assert clock.state == "running"
    assert (clock.due_at - at).days == 3


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("email", "siri@gmail.com", "mail provider"),
        ("email", "siri", "full e-mail address"),
        ("company_name", "Fjordlink " * 900, "has 8999 characters; at most 120 fit"),
        ("company_name", "<script>alert(1)</script>", "looks like program code"),
        ("company_name", "  ", "cannot be empty"),
        ("website", "not a web address", "with its ending"),
        ("website", "facebook.com/fjordlink", "somebody else's site"),
        ("country", "XX", "country from the list"),
        ("type", "wizard", "from the list"),
        ("contact_name", "<img src=x onerror='x'>", "looks like program code"),
    ],
)
def test_what_cannot_be_used_is_refused_beside_its_field_and_nothing_is_kept(cast, at, field, value, says):
    with pytest.raises(Invalid) as refusal:
        make_draft(at=at, **{field: value})

    assert says in _problems(refusal)[field]
    assert _count() == 0


def test_all_problems_come_at_once(cast, at):
    with pytest.raises(Invalid) as refusal:
        make_draft(at=at, company_name="", email="siri@gmail.com", country="")

    assert set(_problems(refusal)) == {"company_name", "email", "country"}


@pytest.mark.parametrize(
    ("number", "says"), [("FI2077474", "not a valid number of FI"), ("12345678", "two letters of the country"), ("NO000", "not a valid number of NO")]
)
def test_a_wrong_company_number_is_refused(cast, at, number, says):
    token = links.open_token(make_draft(at=at))

    with pytest.raises(Invalid) as refusal:
        services.save_page(token=token, number=2, given={"employees": "42", "industries": ["energy"], "company_number": number}, at=at)

    assert says in _problems(refusal)["company_number"]
    assert queries.own_application(token, at).values.get("employees") is None


@pytest.mark.parametrize(("number", "kept"), [("FI 2077474-0", "FI20774740"), ("fi20774740", "FI20774740")])
def test_a_company_number_is_kept_in_its_plain_form(cast, at, number, kept):
    token = links.open_token(make_draft(at=at))

    services.save_page(token=token, number=2, given={"employees": "42", "industries": ["energy"], "company_number": number}, at=at)

    assert queries.own_application(token, at).values["company_number"] == kept


@pytest.mark.parametrize("employees", ["many", "0", "-3", "4.5", "99999999999999"])
def test_a_number_must_be_a_number(cast, at, employees):
    token = links.open_token(make_draft(at=at))

    with pytest.raises(Invalid) as refusal:
        services.save_page(token=token, number=2, given={"employees": employees, "industries": ["energy"]}, at=at)

    assert set(_problems(refusal)) == {"employees"}


def test_an_application_can_be_left_and_taken_up_by_the_mailed_link(cast, at, run_jobs, outbox):
    token = links.open_token(make_draft(at=at))

    services.save_page(token=token, number=2, given={"employees": "42"}, later=True, at=at)
    run_jobs()

    own = queries.own_application(token, at + timedelta(days=3))
    assert (own.page, own.values["employees"]) == (2, 42)
    assert [mail.subject for mail in outbox] == ["Your application to Halden Software"]
    assert token in outbox[0].body


def test_an_application_with_gaps_is_not_sent(cast, at):
    token = links.open_token(make_draft(at=at))

    with pytest.raises(Invalid) as refusal:
        services.finish(token=token, at=at)

    assert set(_problems(refusal)) == {"employees", "industries", "skills", "plan", "privacy"}
    assert queries.own_application(token, at).state == "draft"


def test_nothing_counts_before_the_address_is_confirmed(cast, at, run_jobs, outbox):
    application = make_finished(at=at)
    run_jobs()

    with scope(cast.partner_manager) as manager:
        assert queries.waiting(manager, at) == []
    assert stored(application.pk).submitted_at is None
    assert [mail.subject for mail in outbox] == ["Confirm your application to Halden Software"]
    assert links.confirm_token(application) in outbox[0].body


def test_the_link_in_the_browser_does_not_confirm(cast, at):
    application = make_finished(at=at)

    with pytest.raises(NotFound):
        services.confirm(token=links.open_token(application), at=at)

    assert stored(application.pk).state == "unconfirmed"


def test_links_from_before_the_confirmation_show_nothing_any_more(cast, at):
    application = make_finished(at=at)
    before = links.open_token(application)

    services.confirm(token=links.confirm_token(application), at=at)

    with pytest.raises(NotFound):
        queries.own_application(before, at)


def test_another_address_must_be_proven_anew(cast, at):
    application = make_finished(at=at)
    mailed = links.confirm_token(application)

    services.save_page(token=links.open_token(application), number=1, given={**COMPANY, "email": "boss@fjordlink.example"}, at=at)

    with pytest.raises(NotFound):
        services.confirm(token=mailed, at=at)


@pytest.mark.parametrize("token", ["", "x", "a1.1-signature", "0" * 400, "00000000000000000000000000000000.0-"])
def test_a_made_up_link_opens_nothing(cast, at, token):
    with pytest.raises(NotFound):
        queries.own_application(token, at)


def test_a_duplicate_of_a_partner_is_held_and_tells_the_stranger_nothing(cast, at, run_jobs, outbox):
    with system_scope():
        partners = Partner.objects.count()
    application = stored(make_application(at=at, company_name="Kallio Digital Oy", website="kallio.example", email="new@kallio.example"))
    run_jobs()

    with system_scope():
        found = [(one.kind, one.name, one.reason) for one in Finding.objects.filter(application=application)]
        assert Partner.objects.count() == partners
        assert promises.clock(application.pk, "applications.decision", at) is None
    assert (application.state, application.duplicate) == ("held", "certain")
    assert found == [("partner", "Kallio Digital", "domain")]
    own = queries.own_application(links.open_token(application), at)
    assert own.clause_text == ""
    assert "Kallio Digital" not in "".join(mail.body for mail in outbox if "new@kallio.example" in mail.to[0]).replace("Kallio Digital Oy", "")
    assert any("A person looks at this first" in mail.body for mail in outbox)


def test_an_address_of_another_domain_gets_the_same_words_whether_the_company_is_known_or_not(cast, at):
    known = stored(make_application(at=at, company_name="Kallio Digital Oy", website="kallio.example", email="x@stranger.example"))
    new = stored(make_application(at=at, company_name="Lumen Oy", website="lumen.example", email="y@stranger.example"))

    shown = [queries.own_application(links.open_token(one), at) for one in (known, new)]

    assert [str(one.state_label) for one in shown] == ["A person looks at it first"] * 2
    assert [one.state for one in shown] == ["held", "held"]


def test_a_second_application_of_one_company_is_held(cast, at):
    make_application(at=at)
    second = stored(make_application(at=at, email="other@fjordlink.example"))

    assert second.state == "held"


def test_the_same_name_elsewhere_goes_on_with_a_finding(cast, at):
    application = stored(make_application(at=at, company_name="KALLIO-DIGITAL OY", website="kallio-sweden.example", email="a@kallio-sweden.example"))

    assert (application.state, application.duplicate) == ("submitted", "possible")


def test_a_person_may_begin_so_many_a_day(cast, at):
    for _time in range(4):
        make_draft(at=at)

    with pytest.raises(TooMany):
        make_draft(at=at)

    assert _count() == 4
    make_draft(at=at + timedelta(days=1, minutes=1))


def test_an_address_may_begin_so_many_an_hour(cast, at):
    for number in range(12):
        make_draft(at=at, address="192.0.2.7", email=f"p{number}@fjordlink.example")

    with pytest.raises(TooMany):
        make_draft(at=at, address="192.0.2.7", email="p99@fjordlink.example")

    make_draft(at=at, address="192.0.2.8", email="p99@fjordlink.example")


def test_links_are_mailed_so_often_a_day(cast, at):
    token = links.open_token(make_draft(at=at))
    for _time in range(6):
        services.mail_link(token=token, at=at)

    with pytest.raises(TooMany):
        services.mail_link(token=token, at=at)


def test_a_running_application_keeps_the_questions_it_began_with(cast, at):
    application = make_draft(at=at)
    with scope(cast.vendor_admin) as admin:
        services.save_field(
            actor=admin, program_id=cast.program.pk, values={"code": "why", "kind": "text", "label": "Why us?", "page": "More", "required": True}, at=at
        )
        services.publish_form(actor=admin, program_id=cast.program.pk, at=at)

    own = queries.own_application(links.open_token(application), at)
    later = make_draft(at=at, email="late@fjordlink.example")

    assert [title for title, _fields in own.pages] == ["Your company", "Your business", "Working together"]
    assert stored(later.pk).form.number == 2
    assert stored(application.pk).form.number == 1


def test_an_answer_to_a_question_goes_on_where_the_clock_stopped(cast, at):
    pk = make_application(at=at)
    with scope(cast.partner_manager) as manager:
        services.ask_for_more(actor=manager, application_id=pk, fields=["plan"], message="Which customers?", at=at + timedelta(hours=1))
    token = links.open_token(stored(pk))

    services.answer(token=token, given={"plan": "Paper mills in the north.", "employees": "9000"}, at=at + timedelta(days=7))

    application = stored(pk)
    with system_scope():
        clock = promises.clock(pk, "applications.decision", at + timedelta(days=7))
    assert (application.state, application.answers["plan"], application.answers["employees"]) == ("submitted", "Paper mills in the north.", 42)
    assert clock.state == "running"
    assert clock.due_at > at + timedelta(days=8)


def test_nobody_answers_what_was_not_asked(cast, at):
    token = links.open_token(stored(make_application(at=at)))

    with pytest.raises(Conflict):
        services.answer(token=token, given={"plan": "More"}, at=at)


def test_a_withdrawn_application_is_decided_no_more(cast, at):
    pk = make_application(at=at)

    services.withdraw(token=links.open_token(stored(pk)), at=at)

    with scope(cast.partner_manager) as manager, pytest.raises(Conflict):
        services.approve(actor=manager, application_id=pk, at=at)
    with system_scope():
        assert promises.clock(pk, "applications.decision", at).state == "canceled"
    assert stored(pk).partner_id is None


def test_what_was_never_sent_is_forgotten_after_a_month(cast, at):
    make_draft(at=at)
    sent = make_application(at=at, email="sent@fjordlink.example")

    with system_scope():
        Application.objects.update(updated_at=at)
        forgotten = services.forget_unfinished(at=at + timedelta(days=31))

    assert forgotten == 1
    assert stored(sent).state == "submitted"


def test_a_visitor_counts_once_a_day_and_leaves_no_trace(cast, at):
    for moment in (at, at + timedelta(hours=2), at + timedelta(days=1)):
        services.count_visit(program_id=cast.program.pk, source="fair", network_address="192.0.2.1", browser="Firefox", at=moment)

    with system_scope():
        visits = list(Visit.objects.values_list("visitor", flat=True))
    assert len(visits) == 2
    assert len(set(visits)) == 2


def test_a_program_that_allows_it_takes_free_mail(cast, at):
    with scope(cast.vendor_admin) as admin:
        services.update_program_page(actor=admin, program_id=cast.program.pk, changes={"allows_free_mail": True}, at=at)

    assert stored(make_application(at=at, email="siri@gmail.com")).state == "submitted"


def test_a_closed_program_takes_nothing(cast, at):
    with scope(cast.vendor_admin) as admin:
        services.update_program_page(actor=admin, program_id=cast.program.pk, changes={"is_open": False}, at=at)

    with pytest.raises(Conflict):
        make_draft(at=at)

    assert _count() == 0


def test_the_fixed_questions_are_always_asked(cast, at):
    own = queries.own_application(links.open_token(make_draft(at=at)), at)

    assert tuple(field.code for field in own.pages[0][1]) == tuple(field.code for field in CORE)
