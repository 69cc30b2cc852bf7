from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from openprm.compliance import queries, services
from openprm.compliance.models import CaseDecision, Flag, RiskCase
from openprm.compliance.testing import answer, ask, make_case, make_list, pdf, stored
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Stale
from openprm.kernel.scope import scope, system_scope
from openprm.kernel.testing import queued_jobs, run_queued_jobs
from openprm.partners import queries as partners
from openprm.partners import services as partner_services
from openprm.promises import queries as promises
from openprm.ui.paging import PageRequest

pytestmark = pytest.mark.django_db


def _flag_ids(case_id):
    with system_scope():
        return list(Flag.objects.filter(case_id=case_id, state="open").values_list("pk", flat=True))


def _clear(actor, flag_id, at, outcome="cleared"):
    with scope(actor):
        services.resolve_flag(
            actor=actor, flag_id=flag_id, outcome=outcome, evidence="The register shows other people.", file=("extract.pdf", pdf(str(flag_id))), at=at
        )


def test_a_partner_gets_its_case_when_it_is_created_rated_by_a_clause(cast, at):
    with scope(cast.vendor_admin):
        partner_id = partner_services.create_partner(actor=cast.vendor_admin, name="Sahel Connect", country="ML", type="referral", at=at)
    run_queued_jobs(only="compliance.open_case")

    with scope(cast.vendor_admin):
        case = queries.case_for_vendor(cast.vendor_admin, queries.case_of_partner(cast.vendor_admin, partner_id), at)
    assert (case.state, case.risk, case.clause, case.questionnaire_code, case.references_needed, case.approver, case.renewal_months) == (
        "open", "medium", "C5", "standard", 1, "partner_manager", 24,
    )  # fmt: skip


def test_opening_a_case_twice_is_one_case(cast, at):
    assert make_case(cast.partner_id, at) == make_case(cast.partner_id, at)
    with scope(cast.partner_manager):
        assert services.open_cases(actor=cast.partner_manager, at=at) == 1
        assert services.open_cases(actor=cast.partner_manager, at=at) == 0


@pytest.mark.parametrize(
    ("facts", "risk", "clause"),
    [
        ({"country": "FI", "type": "reseller"}, "low", "C10"),
        ({"country": "FI", "type": "reseller", "government": "official"}, "high", "C1"),
        ({"country": "NG", "type": "reseller", "compensation": "success_fee"}, "high", "C2"),
        ({"country": "NG", "type": "reseller", "government": "sells_to"}, "high", "C3"),
        ({"country": "PL", "type": "si", "ownership": "state"}, "high", "C4"),
        ({"country": "NG", "type": "reseller"}, "medium", "C5"),
        ({"country": "DE", "type": "reseller", "compensation": "success_fee"}, "medium", "C7"),
        ({"country": "PL", "type": "reseller"}, "medium", "C9"),
        ({"country": "PL", "type": "affiliate"}, "low", "C10"),
    ],
)
def test_the_published_rule_rates_a_company_before_it_is_a_partner(at, facts, risk, clause):
    found = services.risk_preview(**facts, at=at)

    assert (found.risk, found.clause) == (risk, clause)
    assert clause == "C10" or found.reasons


def test_a_preview_of_a_type_that_is_none_says_which_field(at):
    with pytest.raises(Invalid) as refused:
        services.risk_preview(country="FI", type="pirate", at=at)
    assert [problem.field for problem in refused.value.problems] == ["type"]


def test_a_low_risk_partner_goes_from_open_to_approved(cast, at):
    make_list(at=at)
    case_id = make_case(cast.partner_id, at)
    reply_id = ask(cast.partner_manager, case_id, at)
    answer(cast.partner_admin, reply_id, at, ownership_kind="private")
    assert stored(case_id).state == "flags_cleared"

    with scope(cast.partner_manager):
        until = services.approve(actor=cast.partner_manager, case_id=case_id, note="All good.", at=at)

    assert (until.year, until.month, until.day) == (at.year + 3, at.month, at.day)
    assert stored(case_id).state == "approved"
    assert "compliance.tell_cleared" in {name for name, _payload in queued_jobs()}


def test_a_red_answer_waits_for_evidence_and_another_person(cast, at):
    make_list(at=at)
    case_id = make_case(cast.partner_id, at)
    answer(cast.partner_admin, ask(cast.partner_manager, case_id, at), at, convicted="yes")
    (flag_id,) = _flag_ids(case_id)

    with scope(cast.partner_manager), pytest.raises(services.EvidenceNeeded):
        services.resolve_flag(actor=cast.partner_manager, flag_id=flag_id, outcome="cleared", evidence="Trust me.", at=at)
    assert _flag_ids(case_id) == [flag_id]
    with scope(cast.partner_manager), pytest.raises(Invalid):
        services.resolve_flag(actor=cast.partner_manager, flag_id=flag_id, outcome="cleared", evidence=" ", file=("e.pdf", pdf("e")), at=at)
    with scope(cast.vendor_admin), pytest.raises(NotAllowed):
        services.approve(actor=cast.vendor_admin, case_id=case_id, at=at)

    _clear(cast.partner_manager, flag_id, at)
    assert stored(case_id).state == "flags_cleared"
    with scope(cast.partner_manager), pytest.raises(services.FourEyes):
        services.approve(actor=cast.partner_manager, case_id=case_id, at=at)
    assert stored(case_id).state == "flags_cleared"
    with scope(cast.vendor_admin):
        services.approve(actor=cast.vendor_admin, case_id=case_id, at=at)
    assert stored(case_id).state == "approved"


def test_the_database_refuses_four_hands_of_one_person_and_open_flags(cast, at):
    make_list(at=at)
    case_id = make_case(cast.partner_id, at)
    answer(cast.partner_admin, ask(cast.partner_manager, case_id, at), at, convicted="yes")
    with system_scope(), pytest.raises(IntegrityError), transaction.atomic():
        RiskCase.objects.filter(pk=case_id).update(state="flags_cleared")
    (flag_id,) = _flag_ids(case_id)
    with system_scope(), pytest.raises(IntegrityError), transaction.atomic():
        Flag.objects.filter(pk=flag_id).update(state="cleared")
    _clear(cast.partner_manager, flag_id, at)
    with system_scope(), pytest.raises(IntegrityError), transaction.atomic():
        Flag.objects.filter(pk=flag_id).update(evidence="Never mind.")
    with system_scope(), pytest.raises(IntegrityError), transaction.atomic():
        CaseDecision.objects.create(
            case_id=case_id, partner_id=cast.partner_id, cycle=1, outcome="approved", risk="low", decided_by=cast.partner_manager.user_id,
            decided_by_name="Erik Berg", at=at,
        )  # fmt: skip
    with system_scope(), pytest.raises(IntegrityError), transaction.atomic():
        RiskCase.objects.filter(pk=case_id).update(state="lapsed")


def test_answers_can_lead_to_a_deeper_class(cast, at):
    make_list(at=at)
    case_id = make_case(cast.partner_id, at)
    answer(cast.partner_admin, ask(cast.partner_manager, case_id, at), at, official="yes")

    case = stored(case_id)
    assert (case.state, case.risk, case.clause, case.questionnaire_code, case.approver) == ("screening", "high", "C1", "enhanced", "vendor_admin")
    with system_scope():
        assert sorted(Flag.objects.filter(case_id=case_id).values_list("source", flat=True)) == ["answer", "answer"]


def test_in_a_high_class_an_administrator_approves_and_references_are_needed(cast, at):
    make_list(at=at)
    case_id = make_case(cast.partner_id, at)
    with scope(cast.partner_manager):
        assert services.set_factors(actor=cast.partner_manager, case_id=case_id, factors={"government": "official"}, at=at) == "high"
    answer(cast.partner_admin, ask(cast.partner_manager, case_id, at), at, official="no")
    for flag_id in _flag_ids(case_id):
        _clear(cast.partner_manager, flag_id, at)
    assert stored(case_id).state == "screening"
    with scope(cast.partner_manager):
        for name in ("Petra Novak", "Jan Wolski"):
            services.add_reference(actor=cast.partner_manager, case_id=case_id, name=name, outcome="positive", note="Delivers on time.", at=at)
    assert stored(case_id).state == "flags_cleared"
    with scope(cast.partner_manager), pytest.raises(NotAllowed):
        services.approve(actor=cast.partner_manager, case_id=case_id, at=at)
    with scope(cast.vendor_admin):
        services.approve(actor=cast.vendor_admin, case_id=case_id, at=at)


def test_a_bad_reference_is_a_red_flag(cast, at):
    case_id = make_case(cast.partner_id, at)
    with scope(cast.partner_manager):
        services.add_reference(actor=cast.partner_manager, case_id=case_id, name="Petra Novak", outcome="negative", note="Asked for cash.", at=at)
    with system_scope():
        assert list(Flag.objects.values_list("title", "source")) == [("Petra Novak speaks against the partner", "manual")]


def test_a_declined_partner_loses_what_the_policy_names_and_can_begin_again(cast, at):
    case_id = make_case(cast.partner_id, at)
    with scope(cast.partner_manager):
        services.decline(actor=cast.partner_manager, case_id=case_id, note="The owners are not named.", at=at)
    with system_scope():
        closed = {gate.action for gate in partners.gates(cast.partner_id, at) if gate.reason == "Your due diligence was declined."}
        assert closed == {"deals", "leads", "funds", "payouts"}
    with scope(cast.partner_manager):
        services.reopen(actor=cast.partner_manager, case_id=case_id, at=at)
    with system_scope():
        assert {gate.action for gate in partners.gates(cast.partner_id, at)} == {"payouts"}
    assert (stored(case_id).state, stored(case_id).cycle) == ("open", 2)


def test_a_declined_partner_is_asked_nothing_any_more(cast, at):
    case_id = make_case(cast.partner_id, at)
    reply_id = ask(cast.partner_manager, case_id, at)
    with scope(cast.partner_manager):
        services.decline(actor=cast.partner_manager, case_id=case_id, note="We stop here.", at=at)
        assert queries.reply(cast.partner_manager, reply_id, at).state == "withdrawn"
        assert promises.clock(reply_id, "compliance.answers", at).state == "canceled"


def test_the_list_costs_three_queries(cast, at, django_assert_num_queries):
    for partner_id in (cast.partner_id, cast.other_partner_id):
        make_case(partner_id, at)
    page = PageRequest(key="compliance.cases", sort="risk")
    with scope(cast.vendor_reader), django_assert_num_queries(3):
        found = queries.cases(cast.vendor_reader, filters={}, page=page, at=at)
    assert [row.partner for row in found.rows] == ["Sintra Systems", "Kallio Digital"]


def test_a_decline_needs_a_reason_that_the_partner_reads(cast, at):
    case_id = make_case(cast.partner_id, at)
    with scope(cast.partner_manager), pytest.raises(Invalid):
        services.decline(actor=cast.partner_manager, case_id=case_id, note="", at=at)
    assert stored(case_id).state == "open"


def test_who_saw_an_older_version_changes_nothing(cast, at):
    case_id = make_case(cast.partner_id, at)
    with scope(cast.partner_manager), pytest.raises(Stale):
        services.set_factors(actor=cast.partner_manager, case_id=case_id, factors={"government": "official"}, version=7, at=at)
    assert stored(case_id).government == "none"


def test_strangers_and_partners_see_no_flags_and_no_foreign_case(cast, at):
    case_id = make_case(cast.partner_id, at)
    with scope(cast.partner_manager):
        services.raise_flag(actor=cast.partner_manager, case_id=case_id, title="A letter without a name", at=at)
    with scope(cast.partner_admin):
        assert queries.partner_case(cast.partner_admin, at).state == "open"
        assert Flag.objects.count() == 0
        with pytest.raises(NotFound):
            queries.case_for_vendor(cast.partner_admin, case_id, at)
    with scope(cast.other_partner_admin):
        assert queries.partner_case(cast.other_partner_admin, at) is None
        assert RiskCase.objects.count() == 0
    with scope(cast.partner_admin), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update compliance_riskcase set state = 'approved', approved_until = now() returning id")
        assert cursor.fetchall() == [], "row-level security lets a partner update nothing"
        raise DatabaseError


def test_a_renewal_is_due_before_the_end_and_a_lapse_closes_at_its_moment(cast, at):
    make_list(at=at)
    case_id = make_case(cast.partner_id, at)
    answer(cast.partner_admin, ask(cast.partner_manager, case_id, at), at)
    with scope(cast.partner_manager):
        until = services.approve(actor=cast.partner_manager, case_id=case_id, at=at)
    with system_scope():
        assert partners.why_closed(cast.partner_id, "deals", until - timedelta(minutes=1)) is None
        assert "Your due diligence has run out." in partners.why_closed(cast.partner_id, "deals", until)

        assert services.remind(at=until - timedelta(days=61)) == 0
        assert services.remind(at=until - timedelta(days=59)) == 1
        assert services.remind(at=until - timedelta(days=58)) == 0
        assert stored(case_id).state == "renewal_due"
        found = queries.case_for_vendor(cast.vendor_admin, case_id, until - timedelta(days=58))
        assert (found.offers_questionnaire, found.still_needs) == (True, ("The questionnaire is not answered.", "The names are not screened."))
        assert services.remind(at=until - timedelta(days=6)) == 1
        assert services.expire(at=until + timedelta(minutes=1)) == 1
        assert services.expire(at=until + timedelta(minutes=2)) == 0
    assert stored(case_id).state == "lapsed"

    later = until + timedelta(days=2)
    answer(cast.partner_admin, ask(cast.partner_manager, case_id, later), later)
    assert (stored(case_id).state, stored(case_id).cycle) == ("flags_cleared", 2)
    with scope(cast.vendor_admin):
        services.approve(actor=cast.vendor_admin, case_id=case_id, at=later)
    with system_scope():
        assert partners.why_closed(cast.partner_id, "deals", later) is None


def test_screening_against_no_list_is_refused(cast, at):
    case_id = make_case(cast.partner_id, at)
    with scope(cast.partner_manager), pytest.raises(Conflict):
        services.screen_case(actor=cast.partner_manager, case_id=case_id, at=at)
    assert stored(case_id).state == "open"
