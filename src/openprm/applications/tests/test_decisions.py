"""The answer to an application: by a person, by a rule, all of it or nothing."""

from datetime import date, timedelta

import pytest

from openprm.applications import links, queries, services
from openprm.applications.models import Application
from openprm.applications.services import surroundings
from openprm.applications.testing import make_application, stored
from openprm.audit import queries as audit
from openprm.identity.models import Invitation, Organization
from openprm.inbox import queries as inbox
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Stale
from openprm.kernel.scope import scope, system_scope
from openprm.partners import services as partnering
from openprm.partners.models import Enrollment, Partner
from openprm.promises import queries as promises
from openprm.promises import services as promise_services
from openprm.recruitment import queries as recruitment
from openprm.recruitment.testing import make_profile, make_prospect
from openprm.rulebook import services as rulebook
from openprm.rulebook.ports import Row, Table

pytestmark = pytest.mark.django_db


def _partners() -> int:
    with system_scope():
        return Partner.objects.count()


def _rules(cast, at, *rows):
    table = Table(inputs=("score", "type", "country"), outputs=("decision", "decider"), rows=rows)
    with scope(cast.vendor_admin) as admin:
        draft_id = rulebook.create_draft(actor=admin, kind="applications.decision", program_id=cast.program.pk, at=at)
        rulebook.save_draft(actor=admin, draft_id=draft_id, table=table, at=at)
        rulebook.publish(actor=admin, draft_id=draft_id, effective_at=at, at=at)


def test_an_approval_makes_the_partner_enrolls_it_and_invites_the_person(cast, at, run_jobs, outbox):
    pk = make_application(at=at)

    with scope(cast.partner_manager) as manager:
        partner_id = services.approve(actor=manager, application_id=pk, message="Good to have you.", at=at + timedelta(hours=4))

    with system_scope():
        organization = Organization.objects.get(pk=partner_id)
        enrollment = Enrollment.objects.select_related("tier").get(partner_id=partner_id)
        invitation = Invitation.objects.get(organization_id=partner_id)
        clock = promises.clock(pk, "applications.decision", at + timedelta(days=1))
        partner = Partner.objects.get(pk=partner_id)
    application = stored(pk)
    assert (organization.name, organization.domain, organization.country) == ("Fjordlink AS", "fjordlink.example", "NO")
    assert (partner.type, partner.manager_id) == ("si", cast.users["partner_manager"].pk)
    assert (enrollment.program_id, enrollment.tier.code, enrollment.status) == (cast.program.pk, "silver", "approved")
    assert (invitation.email, invitation.role, invitation.name) == ("siri@fjordlink.example", "partner_admin", "Siri Nygaard")
    assert (application.state, application.partner_id, application.decided_by_id) == ("approved", partner_id, cast.users["partner_manager"].pk)
    assert clock.state == "kept"
    run_jobs()
    assert "Welcome to Halden Resell" in [mail.subject for mail in outbox]


def test_the_partners_timeline_keeps_the_application(cast, at):
    pk = make_application(at=at)

    with scope(cast.partner_manager) as manager:
        partner_id = services.approve(actor=manager, application_id=pk, at=at)
        entry = next(one for one in audit.timeline(manager, partner_id) if one.verb == "application.approved")
        came = queries.of_partner(manager, partner_id)

    assert entry.data["application"] == stored(pk).number
    assert (came.number, came.program) == (stored(pk).number, "Halden Resell")


def test_an_approved_application_is_not_approved_again(cast, at):
    pk = make_application(at=at)
    with scope(cast.partner_manager) as manager:
        services.approve(actor=manager, application_id=pk, at=at)
    before = _partners()

    with scope(cast.vendor_admin) as admin, pytest.raises(Conflict):
        services.approve(actor=admin, application_id=pk, at=at)

    assert _partners() == before


def test_an_approval_that_fails_half_way_leaves_nothing(cast, at, monkeypatch):
    pk, before = make_application(at=at), _partners()

    def broken(**_values):
        raise RuntimeError("the last step fails")

    monkeypatch.setattr(surroundings, "welcome", broken)
    with pytest.raises(RuntimeError), scope(cast.partner_manager) as manager:
        services.approve(actor=manager, application_id=pk, at=at)

    with system_scope():
        assert not Invitation.objects.filter(email="siri@fjordlink.example").exists()
        assert promises.clock(pk, "applications.decision", at).state == "running"
    assert _partners() == before
    assert (stored(pk).state, stored(pk).partner_id) == ("submitted", None)


def test_a_company_that_became_a_partner_meanwhile_is_not_added_twice(cast, at):
    pk = make_application(at=at)
    with scope(cast.partner_manager) as manager:
        first = services.approve(actor=manager, application_id=pk, at=at)
    with scope(cast.partner_manager) as manager:
        tail = partnering.create_partner(actor=manager, name="Lumen", domain="lumen.example", at=at)
    second = make_application(at=at, company_name="Lumen Oy", website="www.lumen.example", email="a@lumen.example")
    with scope(cast.partner_manager) as manager:
        services.take_up(actor=manager, application_id=second, at=at)
    before = _partners()

    with scope(cast.partner_manager) as manager, pytest.raises(services.CompanyIsPartner) as refusal:
        services.approve(actor=manager, application_id=second, at=at)

    assert "Lumen has the web domain lumen.example" in refusal.value.message
    assert _partners() == before
    with scope(cast.partner_manager) as manager:
        joined = services.approve(actor=manager, application_id=second, into_partner_id=tail, at=at)
    assert joined == tail
    assert first != tail
    assert _partners() == before


def test_a_rejection_says_why_and_when_to_come_again(cast, at, run_jobs, outbox):
    pk = make_application(at=at)

    with scope(cast.partner_manager) as manager:
        services.reject(actor=manager, application_id=pk, reason="not_the_right_fit", message="We look for makers of machines.", at=at)
    run_jobs()

    application = stored(pk)
    assert (application.state, application.reason, application.reapply_from_date) == ("rejected", "not_the_right_fit", date(2027, 2, 21))
    own = queries.own_application(links.open_token(application), at)
    assert (own.message, own.again) == ("We look for makers of machines.", "From 21 February 2027")
    assert any("We look for makers of machines." in mail.body for mail in outbox)


@pytest.mark.parametrize(
    ("values", "field"),
    [({"reason": "because"}, "reason"), ({"message": " "}, "message"), ({"reapply": "someday"}, "reapply"), ({"message": "x" * 2001}, "message")],
)
def test_a_rejection_without_its_words_changes_nothing(cast, at, values, field):
    pk = make_application(at=at)

    with scope(cast.partner_manager) as manager, pytest.raises(Invalid) as refusal:
        services.reject(**{"actor": manager, "application_id": pk, "reason": "other", "message": "No.", "reapply": "standard", "at": at, **values})

    assert [problem.field for problem in refusal.value.problems] == [field]
    assert stored(pk).state == "submitted"


def test_a_rejected_company_comes_again_on_its_day_and_not_before(cast, at):
    pk = make_application(at=at)
    with scope(cast.partner_manager) as manager:
        services.reject(actor=manager, application_id=pk, reason="other", message="Later.", at=at)

    with pytest.raises(services.TooSoon) as refusal:
        make_application(at=at + timedelta(days=30), email="again@fjordlink.example")

    assert "21 February 2027" in refusal.value.message
    assert stored(make_application(at=at + timedelta(days=90), email="again@fjordlink.example")).state == "submitted"


def test_never_means_never_and_at_once_means_at_once(cast, at):
    for reapply, name in (("never", "one"), ("instant", "two")):
        pk = make_application(at=at, company_name=name, website=f"{name}.example", email=f"a@{name}.example")
        with scope(cast.partner_manager) as manager:
            services.reject(actor=manager, application_id=pk, reason="other", message="No.", reapply=reapply, at=at)

    with pytest.raises(services.TooSoon):
        make_application(at=at + timedelta(days=900), company_name="one", website="one.example", email="b@one.example")

    assert stored(make_application(at=at, company_name="two", website="two.example", email="b@two.example")).state == "submitted"


def test_the_clock_rests_while_the_applicant_is_asked(cast, at):
    pk = make_application(at=at)

    with scope(cast.partner_manager) as manager:
        services.ask_for_more(actor=manager, application_id=pk, fields=["plan"], message="Which customers?", at=at)

    with system_scope():
        assert promises.clock(pk, "applications.decision", at + timedelta(days=30)).state == "paused"
    assert stored(pk).asked_fields == ["plan"]


@pytest.mark.parametrize(
    ("fields", "message", "field"), [([], "Why?", "fields"), (["shoe_size"], "Why?", "fields"), (["email"], "Why?", "fields"), (["plan"], " ", "message")]
)
def test_a_question_must_be_one(cast, at, fields, message, field):
    pk = make_application(at=at)

    with scope(cast.partner_manager) as manager, pytest.raises(Invalid) as refusal:
        services.ask_for_more(actor=manager, application_id=pk, fields=fields, message=message, at=at)

    assert [problem.field for problem in refusal.value.problems] == [field]
    assert stored(pk).state == "submitted"


def test_somebody_elses_answer_is_not_overwritten(cast, at):
    pk = make_application(at=at)
    seen = stored(pk).version
    with scope(cast.partner_manager) as manager:
        services.ask_for_more(actor=manager, application_id=pk, fields=["plan"], message="Which customers?", at=at)

    with scope(cast.vendor_admin) as admin, pytest.raises(Stale):
        services.reject(actor=admin, application_id=pk, reason="other", message="No.", version=seen, at=at)

    assert stored(pk).state == "returned"


@pytest.mark.parametrize("person", ["vendor_reader", "marketing_manager", "finance_manager"])
def test_who_may_not_decide_does_not(cast, at, person):
    pk = make_application(at=at)

    with scope(getattr(cast, person)) as actor, pytest.raises(NotAllowed):
        services.approve(actor=actor, application_id=pk, at=at)

    assert stored(pk).state == "submitted"


@pytest.mark.parametrize("person", ["partner_admin", "partner_rep", "other_partner_rep"])
def test_a_partner_finds_no_application(cast, at, person):
    pk = make_application(at=at)

    with scope(getattr(cast, person)) as actor:
        assert Application.objects.count() == 0
        with pytest.raises(NotFound):
            services.approve(actor=actor, application_id=pk, at=at)
        with pytest.raises(NotFound):
            queries.application(actor, pk, at)


def test_a_rule_approves_and_the_applicant_reads_the_clause(cast, at, run_jobs, outbox):
    _rules(
        cast,
        at - timedelta(days=1),
        Row("A7", {"type": '"si"', "country": '"NO"'}, {"decision": '"approve"', "decider": '"nobody"'}),
        Row("A9", {}, {"decision": '"review"', "decider": '"vendor_admin"'}),
    )

    application = stored(make_application(at=at))
    run_jobs()

    assert (application.state, application.clause, application.decided_by_rule, application.decided_by_id) == ("approved", "A7", True, None)
    own = queries.own_application(links.open_token(application), at)
    assert own.by_rule
    assert "Norway" in own.clause_text or "NO" in own.clause_text
    with system_scope():
        assert Invitation.objects.filter(organization_id=application.partner_id, email="siri@fjordlink.example").exists()
        assert promises.clock(application.pk, "applications.decision", at).state == "kept"


def test_a_rule_rejects_with_its_clause_and_what_would_have_changed_it(cast, at):
    _rules(
        cast,
        at - timedelta(days=1),
        Row("A7", {"country": '"NO"'}, {"decision": '"reject_fit"', "decider": '"nobody"'}),
        Row("A9", {}, {"decision": '"review"', "decider": '"partner_manager"'}),
    )

    application = stored(make_application(at=at))

    assert (application.state, application.reason, application.reapply, application.clause) == ("rejected", "not_the_right_fit", "standard", "A7")
    assert application.message == application.clause_text


def test_a_rule_names_who_decides(cast, at):
    _rules(cast, at - timedelta(days=1), Row("A9", {}, {"decision": '"review"', "decider": '"vendor_admin"'}))
    pk = make_application(at=at)

    with scope(cast.partner_manager) as manager:
        assert queries.waiting(manager, at) == []
        with pytest.raises(NotAllowed):
            services.approve(actor=manager, application_id=pk, at=at)
    with scope(cast.vendor_admin) as admin:
        assert [row.id for row in queries.waiting(admin, at)] == [pk]


def test_what_a_rule_cannot_carry_out_a_person_does(cast, at, monkeypatch):
    _rules(cast, at - timedelta(days=1), Row("A7", {}, {"decision": '"approve"', "decider": '"nobody"'}))

    def refuse(**_values):
        raise Conflict("not now")

    monkeypatch.setattr(surroundings, "welcome", refuse)
    before = _partners()

    application = stored(make_application(at=at))

    assert (application.state, application.decider, application.partner_id) == ("submitted", "partner_manager", None)
    assert _partners() == before


def test_the_fit_is_explained_point_by_point(cast, at):
    make_profile(cast.program.pk, at=at - timedelta(days=9))

    pk = make_application(at=at, employees="84")

    with scope(cast.partner_manager) as manager:
        one = queries.application(manager, pk, at)
    assert (one.score, one.missing_percent, one.could_reach) == (80, 0, 80)
    assert [(line.label, line.points, line.most, line.state) for line in one.criteria] == [
        ("Employees", 30.0, 30.0, "met"), ("Industries", 30.0, 30.0, "met"), ("Skills", 0.0, 20.0, "missed"), ("Country", 20.0, 20.0, "met"),
    ]  # fmt: skip
    assert one.risk == "low"


def test_a_held_application_is_taken_up_and_then_promised(cast, at):
    pk = make_application(at=at, company_name="Kallio Digital Oy", website="kallio.example", email="new@kallio.example")

    with scope(cast.partner_manager) as manager:
        services.take_up(actor=manager, application_id=pk, at=at)

    with system_scope():
        assert promises.clock(pk, "applications.decision", at).state == "running"
    assert (stored(pk).state, stored(pk).decider) == ("submitted", "partner_manager")


def test_an_approved_application_converts_its_prospect(cast, at):
    prospect_id = make_prospect(name="Fjordlink", domain="fjordlink.example", program_id=cast.program.pk, at=at - timedelta(days=5))
    pk = make_application(at=at)

    with scope(cast.partner_manager) as manager:
        partner_id = services.approve(actor=manager, application_id=pk, at=at)
        prospect = recruitment.prospect_rows(manager, filters={}).get(pk=prospect_id)

    assert stored(pk).prospect_id == prospect_id
    assert prospect.stage == "converted"
    assert partner_id


def test_what_waits_stands_in_the_decision_queue_with_its_promise(cast, at):
    pk = make_application(at=at)

    with scope(cast.partner_manager) as manager:
        waiting = [one for one in inbox.decisions(manager, at) if one.key == f"applications.application:{pk}"]

    assert [(one.title, one.detail) for one in waiting] == [("Fjordlink AS", "Applies for Halden Resell")]
    assert waiting[0].due_at > at


def test_a_note_is_for_the_vendor_alone(cast, at):
    pk = make_application(at=at)
    with scope(cast.marketing_manager) as marketer:
        services.add_note(actor=marketer, application_id=pk, body="Met at the fair.", at=at)

    with scope(cast.vendor_reader) as reader:
        assert [note.body for note in queries.application(reader, pk, at).notes] == ["Met at the fair."]
        with pytest.raises(NotAllowed):
            services.add_note(actor=reader, application_id=pk, body="Me too.", at=at)


def test_an_application_entered_by_hand_goes_the_same_way(cast, at):
    given = {
        "company_name": "Fjordlink AS", "website": "fjordlink.example", "country": "NO", "type": "si", "contact_name": "Siri", "email": "siri@fjordlink.example",
        "employees": 42, "industries": ["energy"], "skills": ["support"], "plan": "Together.", "privacy": True,
    }  # fmt: skip

    with scope(cast.partner_manager) as manager:
        made = services.add_by_hand(actor=manager, program_id=cast.program.pk, given=given, source="fair", at=at)
        with pytest.raises(services.AlreadyKnown) as refusal:
            services.add_by_hand(actor=manager, program_id=cast.program.pk, given={**given, "email": "b@fjordlink.example"}, at=at)

    assert (stored(made.pk).state, stored(made.pk).source, stored(made.pk).entered_by_id) == ("submitted", "fair", cast.users["partner_manager"].pk)
    assert refusal.value.field == "website"


def test_a_late_answer_is_told_to_both_sides(cast, at, run_jobs, outbox):
    pk = make_application(at=at)
    late = at + timedelta(days=9)

    with system_scope():
        promise_services.mark_overdue(at=late)
    run_jobs()

    assert [mail.subject for mail in outbox if "siri@fjordlink.example" in mail.to[0] and "late" in mail.subject] == [
        f"Our answer to your application {stored(pk).number} is late"
    ]
    with scope(cast.partner_manager) as manager:
        assert "The answer to Fjordlink AS is late" in list(inbox.notification_rows(manager).values_list("title", flat=True))
    assert stored(pk).state == "submitted"


def test_an_answered_application_is_never_told_late(cast, at, run_jobs, outbox):
    pk = make_application(at=at)
    with scope(cast.partner_manager) as manager:
        services.approve(actor=manager, application_id=pk, at=at)

    with system_scope():
        promise_services.mark_overdue(at=at + timedelta(days=9))
    run_jobs()

    assert [mail.subject for mail in outbox if "late" in mail.subject] == []


def test_a_banned_company_cannot_apply_again(cast, at):
    from openprm.partners import services as partners

    with scope(cast.vendor_admin):
        partners.update_partner(actor=cast.vendor_admin, partner_id=cast.partner_id, changes={"domain": "fjordlink.example"}, at=at)
        partners.change_status(actor=cast.vendor_admin, partner_id=cast.partner_id, status="banned", reason="Forged invoices.", at=at)

    with pytest.raises(services.TooSoon, match="do not work with your company"):
        make_application(at=at)
