from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from openprm.compliance import queries, services
from openprm.compliance.models import Certificate, GatePolicy, QuestionnaireVersion, Reply, Verification
from openprm.compliance.rules import cases, gates, questions
from openprm.compliance.rules.defaults import ESG
from openprm.compliance.testing import answer, make_case, make_certificate, make_verification, pdf
from openprm.kernel.errors import Invalid, NotAllowed, NotFound
from openprm.kernel.scope import scope, system_scope
from openprm.kernel.testing import queued_jobs, run_queued_jobs
from openprm.partners import queries as partners

pytestmark = pytest.mark.django_db


def _iso_policy(cast, at, **values):
    line = {"lapse": "certificate", "subject": "iso-27001", "actions": ["deals"], "is_active": True, **values}
    with scope(cast.vendor_admin):
        services.save_policy(actor=cast.vendor_admin, values=line, at=at)
    run_queued_jobs(only="compliance.refresh_gates")


def _closed(partner_id, at):
    with system_scope():
        return {gate.action: gate.reason for gate in partners.gates(partner_id, at)}


def test_a_certificate_closes_deals_at_the_end_of_its_last_day_and_the_next_one_opens_them(cast, at):
    make_case(cast.partner_id, at)
    _iso_policy(cast, at)
    first = make_certificate(cast.partner_admin, cast.partner_id, at, days=10)
    with scope(cast.partner_manager):
        services.check_certificate(actor=cast.partner_manager, certificate_id=first, verified=True, at=at)
    with system_scope():
        end = Certificate.objects.get(pk=first).valid_until
    assert (end.date(), end.hour) == ((at + timedelta(days=10)).date(), 22), "midnight in Helsinki"
    assert "deals" not in _closed(cast.partner_id, end - timedelta(seconds=1))
    assert _closed(cast.partner_id, end)["deals"] == "Your certificate ISO/IEC 27001 has run out."

    with system_scope():
        assert services.expire(at=end) == 1
        assert Certificate.objects.get(pk=first).state == "expired"
    later = end + timedelta(days=1)
    second = make_certificate(cast.partner_admin, cast.partner_id, later, days=365)
    assert "deals" in _closed(cast.partner_id, later), "it counts once it is checked"
    with scope(cast.partner_manager):
        services.check_certificate(actor=cast.partner_manager, certificate_id=second, verified=True, at=later)
    assert "deals" not in _closed(cast.partner_id, later)


def test_a_certificate_that_is_taken_back_closes_at_once(cast, at):
    make_case(cast.partner_id, at)
    _iso_policy(cast, at)
    certificate_id = make_certificate(cast.partner_admin, cast.partner_id, at)
    with scope(cast.partner_manager):
        services.check_certificate(actor=cast.partner_manager, certificate_id=certificate_id, verified=True, at=at)
        later = at + timedelta(days=3)
        services.check_certificate(actor=cast.partner_manager, certificate_id=certificate_id, verified=False, note="The issuer withdrew it.", at=later)
    assert "deals" in _closed(cast.partner_id, later)
    assert "compliance.tell_lapsed" in {name for name, _payload in queued_jobs()}


def test_a_missing_certificate_closes_only_for_the_partners_the_policy_names(cast, at):
    make_case(cast.partner_id, at)
    _iso_policy(cast, at, includes_missing=True, grace_days=14, partner_types=["msp"])
    assert "deals" not in _closed(cast.partner_id, at + timedelta(days=60))
    with system_scope():
        policy = GatePolicy.objects.get(lapse="certificate")
    with scope(cast.vendor_admin):
        line = {"lapse": "certificate", "subject": "iso-27001", "actions": ["deals"], "includes_missing": True, "grace_days": 14}
        services.save_policy(actor=cast.vendor_admin, policy_id=policy.pk, values=line, version=policy.version, at=at)
    run_queued_jobs(only="compliance.refresh_gates")
    assert "deals" not in _closed(cast.partner_id, at + timedelta(days=13))
    assert _closed(cast.partner_id, at + timedelta(days=15))["deals"] == "Your certificate ISO/IEC 27001 is missing."


def test_both_sides_are_reminded_at_60_30_and_7_days(cast, at):
    make_case(cast.partner_id, at)
    certificate_id = make_certificate(cast.partner_admin, cast.partner_id, at, days=90)
    with scope(cast.partner_manager):
        services.check_certificate(actor=cast.partner_manager, certificate_id=certificate_id, verified=True, at=at)
    told = {}
    with system_scope():
        for left in (80, 61, 59, 45, 30, 29, 8, 7, 6, 1):
            told[left] = services.remind(at=at + timedelta(days=90 - left))
    assert [left for left, count in told.items() if count] == [59, 30, 7]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "diploma"}, "kind"),
        ({"issued_on": date(2027, 1, 1), "expires_on": date(2028, 1, 1)}, "issued_on"),
        ({"issued_on": date(2020, 1, 1), "expires_on": date(2021, 1, 1)}, "expires_on"),
        ({"issued_on": date(2026, 1, 1), "expires_on": date(2025, 1, 1)}, "expires_on"),
        ({"issuer": " "}, "issuer"),
        ({"issuer": "x" * 201}, "issuer"),
    ],
)
def test_a_certificate_that_cannot_be_is_refused_with_its_field(cast, at, values, field):
    with pytest.raises(Invalid) as refused:
        make_certificate(cast.partner_admin, cast.partner_id, at, **values)
    assert [problem.field for problem in refused.value.problems] == [field]
    with system_scope():
        assert not Certificate.objects.exists()


def test_a_partner_cannot_verify_its_own_certificate(cast, at):
    certificate_id = make_certificate(cast.partner_admin, cast.partner_id, at)
    with scope(cast.partner_admin):
        with pytest.raises(NotAllowed):
            services.check_certificate(actor=cast.partner_admin, certificate_id=certificate_id, verified=True, at=at)
        with pytest.raises(IntegrityError), transaction.atomic():
            Certificate.objects.filter(pk=certificate_id).update(state="verified", verified_at=at)
    with scope(cast.other_partner_admin), pytest.raises(NotFound):
        queries.certificate(cast.other_partner_admin, certificate_id, at)


def test_payouts_stay_closed_until_the_business_is_verified(cast, at):
    make_case(cast.partner_id, at)
    assert _closed(cast.partner_id, at) == {"payouts": "Business verification is not approved yet."}
    verification_id = make_verification(cast.partner_admin, cast.partner_id, at)
    with scope(cast.partner_manager):
        services.decide_verification(
            actor=cast.partner_manager, verification_id=verification_id, outcome="resubmission", message="The extract is too old.", at=at
        )
    assert "payouts" in _closed(cast.partner_id, at)
    with scope(cast.partner_admin):
        services.attach_to_verification(actor=cast.partner_admin, verification_id=verification_id, name="new.pdf", content=pdf("new"), at=at)
        services.submit_verification(actor=cast.partner_admin, verification_id=verification_id, at=at)
    with scope(cast.partner_manager):
        services.decide_verification(actor=cast.partner_manager, verification_id=verification_id, outcome="approved", at=at)
    assert _closed(cast.partner_id, at) == {}
    with system_scope():
        until = Verification.objects.get().approved_until
        assert services.expire(at=until) == 1
        assert Verification.objects.get().state == "expired"
    assert _closed(cast.partner_id, until) == {"payouts": "Business verification has run out."}


def test_a_partner_cannot_approve_its_own_verification(cast, at):
    verification_id = make_verification(cast.partner_admin, cast.partner_id, at)
    with scope(cast.partner_admin), pytest.raises(IntegrityError), transaction.atomic():
        Verification.objects.filter(pk=verification_id).update(state="approved", approved_until=at)
    with scope(cast.partner_admin), pytest.raises(NotAllowed):
        services.save_verification(actor=cast.partner_admin, verification_id=verification_id, values={"legal_name": "Other"}, at=at)


def test_esg_answers_are_scored_accepted_and_carried_over(cast, at):
    with scope(cast.partner_manager):
        reply_id = services.request_esg(actor=cast.partner_manager, partner_id=cast.partner_id, at=at)
        with pytest.raises(services.AlreadyAsked):
            services.request_esg(actor=cast.partner_manager, partner_id=cast.partner_id, at=at)
    answer(cast.partner_admin, reply_id, at, emissions="partly", board="nobody")
    with scope(cast.partner_manager):
        until = services.accept_esg(actor=cast.partner_manager, reply_id=reply_id, at=at)
        found = queries.reply(cast.partner_manager, reply_id, at)
    assert (found.score, {str(label): points for label, points in found.category_scores}) == (
        78, {"Environment": 75, "Social": 100, "Governance": 60},
    )  # fmt: skip
    assert until.year == at.year + 1
    with system_scope():
        assert [services.renew_esg(at=until - timedelta(days=days)) for days in (61, 59, 58)] == [0, 1, 0]
        assert Reply.objects.get(state="sent").answers["board"] == "nobody"


def test_submitted_answers_stay_as_they_are_and_go_back_only_with_a_word(cast, at):
    with scope(cast.partner_manager):
        reply_id = services.request_esg(actor=cast.partner_manager, partner_id=cast.partner_id, at=at)
    answer(cast.partner_admin, reply_id, at)
    with scope(cast.partner_admin):
        with pytest.raises(NotAllowed):
            services.save_answers(actor=cast.partner_admin, reply_id=reply_id, answers={}, at=at)
        with pytest.raises(IntegrityError), transaction.atomic():
            Reply.objects.filter(pk=reply_id).update(answers={})
    with scope(cast.partner_manager):
        with pytest.raises(Invalid):
            services.return_reply(actor=cast.partner_manager, reply_id=reply_id, message="", at=at)
        services.return_reply(actor=cast.partner_manager, reply_id=reply_id, message="Which year is the report from?", at=at)
    with scope(cast.partner_admin):
        services.save_answers(actor=cast.partner_admin, reply_id=reply_id, answers={}, at=at)


def test_a_published_questionnaire_stays_and_who_answers_keeps_its_version(cast, at):
    with scope(cast.vendor_admin):
        reply_id = services.request_esg(actor=cast.vendor_admin, partner_id=cast.partner_id, at=at)
        questionnaire_id = next(one.id for one in queries.questionnaires(cast.vendor_admin) if one.code == "esg")
        draft_id = services.start_draft(actor=cast.vendor_admin, questionnaire_id=questionnaire_id, at=at)
        services.remove_question(actor=cast.vendor_admin, draft_id=draft_id, question_id="emissions", at=at)
        assert services.publish_draft(actor=cast.vendor_admin, draft_id=draft_id, at=at) == 2
        assert queries.reply(cast.vendor_admin, reply_id, at).number == 1
        with pytest.raises(IntegrityError), transaction.atomic():
            QuestionnaireVersion.objects.filter(pk=draft_id).update(questions=[])


def test_the_score_is_the_weighted_share_of_what_could_be_had():
    asked = questions.read(ESG)
    full = {
        one.id: [option.value for option in one.options] if one.type == "choices" else max(one.options, key=lambda o: o.points).value
        for one in asked
        if one.best
    }
    assert questions.score(asked, full).total == 100
    assert questions.score(asked, {}).total == 0
    assert questions.score(asked, {"emissions": "yes"}).total == 19
    assert questions.score((), {}) is None


def test_options_are_read_as_people_write_them():
    read = questions.read_options("Yes | 5 | red | official\nNo\n\nPartly | -3")
    assert [(one.value, one.points, one.red, one.fact) for one in read] == [("yes", 5, True, "official"), ("no", 0, False, ""), ("partly", -3, False, "")]
    assert questions.read_options(questions.write_options(read)) == read


@pytest.mark.parametrize(
    ("left", "told", "step"), [(61, (), None), (60, (), 60), (60, (60,), None), (29, (60,), 30), (5, (), 7), (5, (7,), None), (-1, (), None)]
)
def test_a_reminder_is_told_once_for_each_step(left, told, step):
    assert cases.reminder_due(left, told) == step


def test_months_later_keeps_to_the_month(at):
    assert cases.months_later(at.replace(month=8, day=31), 6).date() == date(2027, 2, 28)
    assert cases.months_later(at, 13).date() == date(2027, 12, 23)


def test_a_policy_without_actions_wants_nothing(at):
    standing = gates.Standing(partner_type="msp", known_since=at, due_diligence=gates.Cover(at))
    assert gates.wanted([gates.Policy(id=1, lapse="due_diligence")], standing) == ()
    (wanted,) = gates.wanted([gates.Policy(id=1, lapse="due_diligence", actions=("deals",), grace_days=2)], standing)
    assert (wanted.since, wanted.missing) == (at + timedelta(days=2), False)
