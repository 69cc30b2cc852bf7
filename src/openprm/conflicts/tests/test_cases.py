"""The life of a case: the sentinel, the hearing, the decision, the appeal."""

from datetime import timedelta

import pytest

from openprm.conflicts import queries, services
from openprm.conflicts.models import Appeal, CaseFact, ConflictCase, Remedy, Ruling, Statement
from openprm.conflicts.testing import (
    REASONS,
    answer,
    decide,
    heed,
    made,
    make_alarm,
    make_case,
    make_decided,
    make_rejected,
    pass_time,
    speak,
    take_up,
    touch,
)
from openprm.deals.testing import make_approved, make_catalogue, stored
from openprm.kernel.clock import now
from openprm.kernel.errors import Invalid, NotAllowed, NotFound, Stale
from openprm.kernel.scope import scope, system_scope
from openprm.kernel.testing import run_queued_jobs

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def catalogue(db):
    return make_catalogue()


def test_a_direct_touch_opens_a_case_by_itself(cast, catalogue, at):
    case_id, registration_id = make_alarm(cast, catalogue, at)

    case = made(case_id)
    assert (case.type, case.origin, case.state) == ("direct_vs_partner", "sentinel", "open")
    assert (case.partner_id, case.rep_id, case.registration_id) == (cast.partner_id, cast.marketing_manager.user_id, registration_id)
    assert case.number.startswith("CC-")


def test_a_second_touch_of_the_same_person_belongs_to_the_same_case(cast, catalogue, at):
    case_id, registration_id = make_alarm(cast, catalogue, at)
    rep, account_id = cast.marketing_manager, stored(registration_id).account_id

    again = touch(rep, account_id, at + DAY, kind="email")
    assert heed(again, rep, at + DAY) == (case_id,)
    assert heed(again, rep, at + DAY) == (case_id,)

    with system_scope():
        assert ConflictCase.objects.count() == 1
        assert CaseFact.objects.filter(case=case_id, kind="touch", reader=None).count() == 2


def test_a_published_exception_opens_nothing(cast, catalogue, at):
    registration_id = make_approved(cast.partner_rep, cast.partner_manager, catalogue, at=at - 10 * DAY)
    rep, account_id = cast.marketing_manager, stored(registration_id).account_id

    assert heed(touch(rep, account_id, at), rep, at, purpose="support") == ()
    assert heed(touch(rep, account_id, at, about=registration_id), rep, at) == ()
    assert heed(touch(rep, account_id, at, direction="in"), rep, at) == ()
    with system_scope():
        assert not ConflictCase.objects.exists()


def test_an_unprotected_customer_may_be_called(cast, catalogue, at):
    registration_id = make_rejected(cast.partner_rep, cast.partner_manager, catalogue, at=at - 10 * DAY)
    rep = cast.marketing_manager

    assert heed(touch(rep, stored(registration_id).account_id, at), rep, at) == ()


def test_the_partner_reads_that_it_happened_and_not_what_was_written(cast, catalogue, at):
    case_id, _registration = make_alarm(cast, catalogue, at)

    with scope(cast.partner_rep):
        words = " ".join(fact.text for fact in queries.case_for_partner(cast.partner_rep, case_id, at).facts)
    with scope(cast.vendor_admin):
        inside = " ".join(fact.text for fact in queries.case_for_vendor(cast.vendor_admin, case_id, at).facts)

    assert "Direct contact with the customer: a call." in words
    assert "Called the buyer" not in words
    assert "earlier case" not in words
    assert "Called the buyer" in inside


def test_a_partner_disputes_its_rejection(cast, catalogue, at):
    registration_id = make_rejected(cast.partner_rep, cast.partner_manager, catalogue, at=at - 3 * DAY)

    case_id = make_case(cast.partner_rep, registration_id, at)

    case = made(case_id)
    assert (case.type, case.origin, case.rep_id) == ("rejection", "partner", cast.partner_manager.user_id)
    with pytest.raises(services.AlreadyDisputed, match="already"):
        make_case(cast.partner_rep, registration_id, at)
    with system_scope():
        assert ConflictCase.objects.count() == 1


def test_only_its_own_registration_and_only_in_a_fitting_state(cast, catalogue, at):
    registration_id = make_approved(cast.partner_rep, cast.partner_manager, catalogue, at=at - 3 * DAY)

    with pytest.raises(NotFound):
        make_case(cast.other_partner_rep, registration_id, at, type="direct_vs_partner")
    with pytest.raises(Invalid, match="not in a state"):
        make_case(cast.partner_rep, registration_id, at, type="rejection")
    with pytest.raises(Invalid, match="Write something"):
        make_case(cast.partner_rep, registration_id, at, type="direct_vs_partner", claim="  ")
    with pytest.raises(NotAllowed):
        make_case(cast.partner_reader, registration_id, at, type="direct_vs_partner")
    with system_scope():
        assert not ConflictCase.objects.exists()


def test_each_side_reads_the_other_when_both_have_spoken(cast, catalogue, at):
    case_id, _registration = make_alarm(cast, catalogue, at)

    speak(cast.marketing_manager, case_id, "I returned a call.", at + HOUR)
    with scope(cast.partner_rep):
        sealed = queries.case_for_partner(cast.partner_rep, case_id, at + HOUR)
    assert (sealed.respondent.statements, sealed.respondent.has_hidden) == ((), True)

    speak(cast.partner_rep, case_id, "Nobody asked us.", at + 2 * HOUR)
    with scope(cast.partner_rep):
        opened = queries.case_for_partner(cast.partner_rep, case_id, at + 2 * HOUR)
    assert [one.text for one in opened.respondent.statements] == ["I returned a call."]
    assert [one.author for one in opened.respondent.statements] == [""]


def test_silence_does_not_hold_the_case_up(cast, catalogue, at):
    case_id, _registration = make_alarm(cast, catalogue, at)
    speak(cast.partner_rep, case_id, "Nobody asked us.", at + HOUR)

    pass_time(made(case_id).statements_due_at)

    assert made(case_id).revealed_at == made(case_id).statements_due_at
    with scope(cast.marketing_manager):
        seen = queries.case_for_vendor(cast.marketing_manager, case_id, at + 8 * DAY)
    assert [one.text for one in seen.claimant.statements] == ["Nobody asked us."]


def test_the_person_it_is_about_does_not_read_ahead(cast, catalogue, at):
    case_id, _registration = make_alarm(cast, catalogue, at)
    speak(cast.partner_rep, case_id, "Nobody asked us.", at + HOUR)

    for reader, expected in ((cast.marketing_manager, 0), (cast.vendor_reader, 0), (cast.vendor_admin, 1)):
        with scope(reader):
            assert len(queries.case_for_vendor(reader, case_id, at + HOUR).claimant.statements) == expected


@pytest.mark.parametrize("who", ["partner_manager", "marketing_manager", "vendor_reader"])
def test_who_is_tied_or_has_no_right_cannot_take_a_case(cast, catalogue, at, who):
    case_id, _registration = make_alarm(cast, catalogue, at)

    with pytest.raises(NotAllowed):
        take_up(getattr(cast, who), case_id, at + HOUR)
    assert made(case_id).state == "open"


def test_the_system_proposes_somebody_without_ties(cast, catalogue, at):
    case_id, _registration = make_alarm(cast, catalogue, at)

    with scope(cast.partner_manager):
        services.assign(actor=cast.partner_manager, case_id=case_id, at=at + HOUR)

    case = made(case_id)
    assert case.state == "in_review"
    assert case.reviewer_id in (cast.vendor_admin.user_id, cast.finance_manager.user_id)
    with scope(cast.partner_manager), pytest.raises(Invalid, match="decided the registration"):
        services.assign(actor=cast.partner_manager, case_id=case_id, reviewer_id=cast.partner_manager.user_id, at=at + HOUR)


def test_a_decision_waits_for_both_sides(cast, catalogue, at):
    case_id, _registration = make_alarm(cast, catalogue, at)
    take_up(cast.vendor_admin, case_id, at + HOUR)

    with pytest.raises(NotAllowed, match="Both sides"):
        decide(cast.vendor_admin, case_id, at + HOUR)
    with system_scope():
        assert not Ruling.objects.exists()


def test_a_founded_case_brings_what_the_table_says(cast, catalogue, at):
    case_id = make_decided(cast, catalogue, at)

    case, ends = made(case_id), None
    with system_scope():
        given = {one.code: one for one in Remedy.objects.filter(case=case_id)}
        ends = stored(case.registration_id).protected_until
    assert set(given) == {"apology", "withdraw_rep", "extend"}
    assert (given["extend"].days, given["extend"].clause) == (30, "M3")
    assert given["extend"].done["until"] == ends.isoformat()
    assert (case.state, case.finding, case.appeal_until) == ("decided", "founded", at + DAY + 14 * DAY)


def test_a_remedy_that_the_table_does_not_name_is_refused(cast, catalogue, at):
    case_id, registration_id = make_alarm(cast, catalogue, at)
    speak(cast.marketing_manager, case_id, "I returned a call.", at + HOUR)
    speak(cast.partner_rep, case_id, "Nobody asked us.", at + HOUR)
    take_up(cast.vendor_admin, case_id, at + HOUR)
    before = stored(registration_id).protected_until

    with pytest.raises(Invalid, match="does not name M12"):
        decide(cast.vendor_admin, case_id, at + DAY, remedies_chosen=["M12"])
    with pytest.raises(Invalid, match="clause"):
        decide(cast.vendor_admin, case_id, at + DAY, clause="made.up|X1")

    assert made(case_id).state == "in_review"
    assert stored(registration_id).protected_until == before


def test_an_appeal_goes_to_a_second_reviewer_and_never_the_first(cast, catalogue, at):
    case_id = make_decided(cast, catalogue, at, finding="unfounded")

    with scope(cast.partner_rep):
        services.appeal(actor=cast.partner_rep, case_id=case_id, text="The exception does not hold.", at=at + 2 * DAY)

    case = made(case_id)
    assert (case.state, case.first_reviewer_id, case.appeal_reviewer_id) == ("appealed", cast.vendor_admin.user_id, cast.finance_manager.user_id)
    with pytest.raises(NotAllowed, match="decided this case before"):
        answer(cast.vendor_admin, case_id, at + 3 * DAY)
    with pytest.raises(NotAllowed, match="decided this case before"):
        take_up(cast.vendor_admin, case_id, at + 3 * DAY)
    assert made(case_id).state == "appealed"


def test_an_appeal_that_changes_the_decision_leaves_the_first_as_it_was(cast, catalogue, at):
    case_id = make_decided(cast, catalogue, at, finding="unfounded")
    with scope(cast.partner_rep):
        services.appeal(actor=cast.partner_rep, case_id=case_id, text="The exception does not hold.", at=at + 2 * DAY)

    answer(cast.finance_manager, case_id, at + 3 * DAY, result="changed", finding="founded")

    with system_scope():
        first, second = Ruling.objects.filter(case=case_id).order_by("at")
        codes = set(Remedy.objects.filter(case=case_id).values_list("code", flat=True))
    assert (first.finding, first.reasons, second.finding, second.appeal_result) == ("unfounded", REASONS, "founded", "changed")
    assert codes == {"apology", "withdraw_rep", "extend"}
    assert (made(case_id).state, made(case_id).ending, made(case_id).finding) == ("closed", "decided", "founded")


def test_a_case_that_is_sent_back_is_decided_by_somebody_who_did_not_decide_before(cast, catalogue, at):
    case_id = make_decided(cast, catalogue, at, finding="unfounded")
    with scope(cast.partner_rep):
        services.appeal(actor=cast.partner_rep, case_id=case_id, text="Nobody asked the buyer.", at=at + 2 * DAY)
    answer(cast.finance_manager, case_id, at + 3 * DAY, result="remanded")

    with pytest.raises(NotAllowed):
        take_up(cast.vendor_admin, case_id, at + 4 * DAY)
    take_up(cast.finance_manager, case_id, at + 4 * DAY)
    decide(cast.finance_manager, case_id, at + 5 * DAY, finding="partly")

    case = made(case_id)
    assert (case.state, case.ending, case.finding, case.round) == ("closed", "decided", "partly", 2)


def test_a_case_is_appealed_once_and_in_time(cast, catalogue, at):
    case_id = make_decided(cast, catalogue, at, finding="unfounded")

    with scope(cast.partner_rep), pytest.raises(NotAllowed, match="over"):
        services.appeal(actor=cast.partner_rep, case_id=case_id, text="Too late.", at=at + 16 * DAY)
    with scope(cast.partner_reader), pytest.raises(NotAllowed):
        services.appeal(actor=cast.partner_reader, case_id=case_id, text="Not mine to say.", at=at + 2 * DAY)
    with scope(cast.partner_rep):
        services.appeal(actor=cast.partner_rep, case_id=case_id, text="In time.", at=at + 2 * DAY)
        with pytest.raises(NotAllowed, match="already"):
            services.appeal(actor=cast.partner_rep, case_id=case_id, text="Once more.", at=at + 3 * DAY)
    with system_scope():
        assert Appeal.objects.count() == 1


def test_a_decision_that_nobody_appeals_becomes_final(cast, catalogue, at):
    case_id = make_decided(cast, catalogue, at)

    pass_time(at + 14 * DAY)
    assert made(case_id).state == "decided"
    pass_time(at + 15 * DAY)
    assert (made(case_id).state, made(case_id).ending) == ("closed", "decided")


def test_a_false_alarm_is_closed_with_a_reason_and_counted(cast, catalogue, at):
    case_id, _registration = make_alarm(cast, catalogue, at)

    with scope(cast.vendor_admin):
        with pytest.raises(Invalid):
            services.dismiss(actor=cast.vendor_admin, case_id=case_id, reason=" ", at=at + HOUR)
        services.dismiss(actor=cast.vendor_admin, case_id=case_id, reason="The call was about an open support case.", at=at + HOUR)
        everything = queries.figures(cast.vendor_admin, at + HOUR)[0]

    assert (made(case_id).state, made(case_id).ending) == ("closed", "false_alarm")
    assert (everything.settled, everything.false_alarms, everything.won_rate) == (1, 1, None)


def test_a_partner_withdraws_its_own_case(cast, catalogue, at):
    registration_id = make_rejected(cast.partner_rep, cast.partner_manager, catalogue, at=at - 3 * DAY)
    case_id = make_case(cast.partner_rep, registration_id, at)

    with scope(cast.partner_rep):
        with pytest.raises(Stale):
            services.withdraw(actor=cast.partner_rep, case_id=case_id, reason="Settled by phone.", version=99, at=at + HOUR)
        services.withdraw(actor=cast.partner_rep, case_id=case_id, reason="Settled by phone.", at=at + HOUR)

    assert (made(case_id).state, made(case_id).ending) == ("closed", "withdrawn")
    with pytest.raises(NotAllowed):
        speak(cast.partner_rep, case_id, "One more thing.", at + 2 * HOUR)


def test_evidence_is_judged_by_its_content(cast, catalogue, at, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    case_id, _registration = make_alarm(cast, catalogue, at)

    with scope(cast.partner_rep):
        first = services.add_evidence(actor=cast.partner_rep, case_id=case_id, name="mail.exe", content=b"%PDF-1.4 invitation", at=at)
        assert services.add_evidence(actor=cast.partner_rep, case_id=case_id, name="again.pdf", content=b"%PDF-1.4 invitation", at=at) == first
        with pytest.raises(Invalid, match="Only PDF"):
            services.add_evidence(actor=cast.partner_rep, case_id=case_id, name="a.pdf", content=b"<script>alert(1)</script>", at=at)
        seen = queries.case_for_partner(cast.partner_rep, case_id, at).claimant.evidence
    assert [one.name for one in seen] == ["mail.pdf"]


def test_two_partners_are_heard_without_knowing_each_other(cast, catalogue, at):
    first = make_approved(cast.partner_rep, cast.partner_manager, catalogue, at=at - 9 * DAY)
    second = make_rejected(cast.other_partner_rep, cast.partner_manager, catalogue, at=at - 3 * DAY)
    with system_scope():
        assert stored(first).account_id == stored(second).account_id

    case_id = make_case(cast.other_partner_rep, second, at, type="partner_vs_partner", claim="Sintra was there a year earlier.")

    case = made(case_id)
    assert (case.partner_id, case.other_partner_id, case.other_registration_id) == (cast.other_partner_id, cast.partner_id, first)
    with scope(cast.partner_rep):
        seen = queries.case_for_partner(cast.partner_rep, case_id, at)
    assert (seen.claimant.name, seen.respondent.name, seen.claimant.statements) == ("The other side", "Your side", ())
    assert "Sintra" not in repr(seen)


def test_a_decision_between_two_partners_names_neither(cast, catalogue, at):
    make_approved(cast.partner_rep, cast.partner_manager, catalogue, at=at - 9 * DAY)
    second = make_rejected(cast.other_partner_rep, cast.partner_manager, catalogue, at=at - 3 * DAY)
    case_id = make_case(cast.other_partner_rep, second, at, type="partner_vs_partner")
    speak(cast.partner_rep, case_id, "Our protection runs.", at + HOUR)
    take_up(cast.vendor_admin, case_id, at + HOUR)

    with pytest.raises(Invalid, match="neither knows the other"):
        decide(cast.vendor_admin, case_id, at + DAY, finding="unfounded", reasons="Kallio Digital was first.")
    decide(cast.vendor_admin, case_id, at + DAY, finding="unfounded")
    assert made(case_id).state == "decided"


def test_our_delay_brings_the_partner_time(cast, catalogue, at):
    case_id, registration_id = make_alarm(cast, catalogue, at)
    before = stored(registration_id).protected_until

    with system_scope():
        assert services.remedy_lateness(subject_id=case_id, code="conflicts.decision", at=at + 15 * DAY) == "extend"
        assert services.remedy_lateness(subject_id=case_id, code="conflicts.decision", at=at + 16 * DAY) == ""
        assert services.remedy_lateness(subject_id=case_id, code="conflicts.statement", at=at + 16 * DAY) == ""

    assert stored(registration_id).protected_until == before + 14 * DAY


def test_the_database_refuses_the_first_reviewer_on_its_own(cast, catalogue, at):
    case_id = make_decided(cast, catalogue, at, finding="unfounded")
    first = made(case_id).first_reviewer_id

    with scope(cast.vendor_admin), pytest.raises(Exception, match="never answered by who decided first"):
        Ruling.objects.create(
            case_id=case_id, kind="appeal", round=1, finding="unfounded", appeal_result="upheld", reasons="x", would_change="x", clause="T5",
            clause_kind="conflicts.sentinel", by_id=first, by_name="x", at=at,
        )  # fmt: skip
    with scope(cast.vendor_admin), pytest.raises(Exception, match="appeal_goes_to_a_second_reviewer"):
        ConflictCase.objects.filter(pk=case_id).update(appeal_reviewer_id=first)
    with scope(cast.vendor_admin), pytest.raises(Exception, match=r"(?i)change|append"):
        Ruling.objects.filter(case=case_id).update(reasons="rewritten")
    with system_scope():
        assert Ruling.objects.get(case=case_id).reasons == REASONS


def test_statements_stay_as_they_were_said(cast, catalogue, at):
    case_id, _registration = make_alarm(cast, catalogue, at)
    speak(cast.partner_rep, case_id, "Nobody asked us.", at)

    with system_scope(), pytest.raises(Exception, match="stays as it was said"):
        Statement.objects.filter(case=case_id).update(text="We agreed to it.")
    with system_scope():
        assert Statement.objects.get(case=case_id).text == "Nobody asked us."


def test_a_missing_reason_changes_nothing(cast, catalogue, at):
    case_id, _registration = make_alarm(cast, catalogue, at)
    speak(cast.marketing_manager, case_id, "I returned a call.", at + HOUR)
    speak(cast.partner_rep, case_id, "Nobody asked us.", at + HOUR)
    take_up(cast.vendor_admin, case_id, at + HOUR)

    for field in ("reasons", "would_change"):
        with pytest.raises(Invalid):
            decide(cast.vendor_admin, case_id, at + DAY, **{field: ""})
    assert made(case_id).state == "in_review"


def test_the_purpose_that_a_crm_tells_is_the_exception(cast, catalogue):
    registration_id = make_approved(cast.partner_rep, cast.partner_manager, catalogue, at=now() - 10 * DAY)
    account_id = stored(registration_id).account_id
    said = {
        "kind": "call",
        "occurred_at": (now() - HOUR).isoformat(),
        "account_id": str(account_id),
        "person_email": cast.marketing_manager.email,
        "source": "crm",
    }
    client = cast.client("partner_manager")

    for purpose in ("support", "sales"):
        body = said | {"purpose": purpose, "summary": "Called.", "external_id": purpose}
        answer = client.post("/api/v1/activities", body, content_type="application/json", headers={"Idempotency-Key": purpose})
        assert (answer.status_code, answer.json()["purpose"]) == (201, purpose)
        run_queued_jobs()
        with system_scope():
            assert ConflictCase.objects.count() == (0 if purpose == "support" else 1)
