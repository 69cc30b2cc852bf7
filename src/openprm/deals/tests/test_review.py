from datetime import timedelta

import pytest

from openprm.deals import services
from openprm.deals.models import ApprovalStep, Decision, Finding, Opportunity, ProtectionGrant
from openprm.deals.rules.draft import LineDraft, merged
from openprm.deals.testing import make_approved, make_catalogue, make_draft, make_registration, stored
from openprm.inbox.models import Notification
from openprm.kernel.errors import Invalid, NotAllowed, NotFound
from openprm.kernel.scope import scope, system_scope
from openprm.promises import queries as promises

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def catalogue(db):
    return make_catalogue()


@pytest.fixture
def waiting(cast, catalogue, at):
    return make_registration(cast.partner_rep, catalogue, at=at).registration_id


def act(actor, function, registration_id, **values):
    with scope(actor):
        return function(actor=actor, registration_id=registration_id, **values)


def clock(registration_id, code, at):
    with system_scope():
        return promises.clock(registration_id, code, at)


def test_taking_a_review_up_is_seen_by_both(cast, waiting, at):
    act(cast.partner_manager, services.start_review, waiting, at=at)

    row = stored(waiting)
    assert (row.status, row.reviewer_id, row.review_started_at) == ("under_review", cast.users["partner_manager"].pk, at)
    with scope(cast.vendor_admin), pytest.raises(NotAllowed, match="reviews"):
        services.start_review(actor=cast.vendor_admin, registration_id=waiting, at=at)


def test_approval_opens_one_protection_per_product_line_and_keeps_the_promise(cast, catalogue, at):
    lines = tuple(LineDraft(product_id=product.pk, amount_minor=30_000_00) for product in (catalogue.mes_core, catalogue.edge_gateway))
    made = make_registration(cast.partner_rep, catalogue, at=at, lines=lines)

    done = act(cast.partner_manager, services.approve, made.registration_id, reason="Fits", at=at + HOUR)

    assert (done.final, done.status, done.protected_until) == (True, "approved", at + HOUR + timedelta(days=90))
    with system_scope():
        grants = set(ProtectionGrant.objects.filter(registration_id=made.registration_id).values_list("product_line_id", "status"))
        decision = Decision.objects.get(registration_id=made.registration_id, kind="approved")
    assert grants == {(catalogue.mes.pk, "active"), (catalogue.edge.pk, "active")}
    assert (decision.by_name, decision.reason, decision.outcome["protection"]["days"]) == ("Erik Berg", "Fits", 90)
    assert clock(made.registration_id, "deals.decision", at + HOUR).state == "kept"


def test_a_second_claim_cannot_be_approved_while_the_first_is_protected(cast, catalogue, at):
    make_approved(cast.other_partner_rep, cast.partner_manager, catalogue, at=at - timedelta(days=3))
    later = make_registration(cast.partner_rep, catalogue, at=at).registration_id

    with scope(cast.partner_manager), pytest.raises(services.AccountAlreadyProtected, match="Ostrava Steelworks"):
        services.approve(actor=cast.partner_manager, registration_id=later, at=at)

    row = stored(later)
    assert (row.status, row.protected_until, row.decided_at) == ("submitted", None, None)
    with system_scope():
        assert ProtectionGrant.objects.filter(registration_id=later).count() == 0
        assert Opportunity.objects.filter(registration_id=later).count() == 0
        assert ApprovalStep.objects.get(registration_id=later).state == "waiting"
        assert not Decision.objects.filter(registration_id=later, kind="approved").exists()


def test_two_partners_hold_different_products_of_one_customer(cast, catalogue, at):
    make_approved(cast.other_partner_rep, cast.partner_manager, catalogue, at=at - timedelta(days=3))
    lines = (LineDraft(product_id=catalogue.edge_gateway.pk, amount_minor=50_000_00),)
    other = make_registration(cast.partner_rep, catalogue, at=at, lines=lines).registration_id

    assert act(cast.partner_manager, services.approve, other, at=at).final


def test_a_chain_asks_one_after_the_other_and_nobody_takes_two_steps(cast, catalogue, at):
    lines = (LineDraft(product_id=catalogue.mes_core.pk, amount_minor=300_000_00),)
    made = make_registration(cast.partner_rep, catalogue, at=at, lines=lines).registration_id

    first = act(cast.partner_manager, services.approve, made, at=at)
    with scope(cast.partner_manager), pytest.raises(NotAllowed, match="second person"):
        services.approve(actor=cast.partner_manager, registration_id=made, at=at)
    last = act(cast.vendor_admin, services.approve, made, at=at + HOUR)

    assert (first.final, first.status, first.next_roles) == (False, "pending_approval", ("vendor_admin",))
    assert (last.final, last.status) == (True, "approved")


def test_an_administrator_who_stands_in_for_the_first_step_cannot_take_the_second(cast, catalogue, at):
    lines = (LineDraft(product_id=catalogue.mes_core.pk, amount_minor=300_000_00),)
    made = make_registration(cast.partner_rep, catalogue, at=at, lines=lines).registration_id
    act(cast.vendor_admin, services.approve, made, at=at)

    with scope(cast.vendor_admin), pytest.raises(NotAllowed):
        services.approve(actor=cast.vendor_admin, registration_id=made, at=at)
    assert stored(made).status == "pending_approval"


@pytest.mark.parametrize("name", ["vendor_reader", "finance_manager"])
def test_who_has_no_step_cannot_approve(cast, waiting, at, name):
    actor = getattr(cast, name)
    with scope(actor), pytest.raises(NotAllowed):
        services.approve(actor=actor, registration_id=waiting, at=at)
    assert stored(waiting).status == "submitted"


@pytest.mark.parametrize("function", [services.approve, services.start_review])
def test_a_partner_decides_nothing(cast, waiting, at, function):
    with scope(cast.partner_rep), pytest.raises(NotAllowed):
        function(actor=cast.partner_rep, registration_id=waiting, at=at)
    with scope(cast.other_partner_rep), pytest.raises(NotFound):
        function(actor=cast.other_partner_rep, registration_id=waiting, at=at)
    assert stored(waiting).status == "submitted"


def test_a_return_opens_the_named_fields_only_and_rests_the_promise(cast, catalogue, waiting, at):
    act(cast.partner_manager, services.return_for_information, waiting, fields=["contact_email", "lines"], message="Who decides?", at=at + HOUR)

    row = stored(waiting)
    assert (row.status, row.returned_fields, row.returned_message) == ("returned", ["contact_email", "lines"], "Who decides?")
    assert clock(waiting, "deals.decision", at + HOUR).state == "paused"
    assert clock(waiting, "deals.information", at + HOUR).state == "running"
    draft = make_draft(catalogue, title="Another title", contact_email="jan@ostravasteel.example")
    with scope(cast.partner_rep), pytest.raises(services.Locked, match="Deal name"):
        services.resubmit(actor=cast.partner_rep, registration_id=waiting, draft=draft, at=at + 2 * HOUR)
    assert stored(waiting).status == "returned"


def test_an_answer_lets_the_clock_go_on_and_tells_what_changed(cast, catalogue, waiting, at, run_jobs):
    act(cast.partner_manager, services.return_for_information, waiting, fields=["contact_email"], message="Who decides?", at=at + HOUR)
    draft = make_draft(catalogue, contact_email="jan@ostravasteel.example")

    done = act(cast.partner_rep, services.resubmit, waiting, draft=draft, at=at + 5 * HOUR)

    row = stored(waiting)
    assert (done.status, row.resubmit_count, row.returned_fields, row.contact_email) == ("submitted", 1, [], "jan@ostravasteel.example")
    assert (clock(waiting, "deals.decision", at + 5 * HOUR).state, clock(waiting, "deals.information", at + 5 * HOUR).state) == ("running", "kept")
    assert done.due_at > at + timedelta(days=2)
    with system_scope():
        run_jobs()
        told = Notification.objects.get(user_id=cast.users["partner_manager"].pk, kind="deals.resubmitted")
    assert "Contact's e-mail" in told.body


def test_a_registration_goes_back_at_most_three_times(cast, waiting, at):
    for number in range(3):
        act(cast.partner_manager, services.return_for_information, waiting, fields=["title"], message="Again", at=at + number * HOUR)
        act(cast.partner_rep, services.resubmit, waiting, at=at + number * HOUR)
    act(cast.partner_manager, services.return_for_information, waiting, fields=["title"], message="Again", at=at + 4 * HOUR)

    with scope(cast.partner_rep), pytest.raises(NotAllowed, match="3 times"):
        services.resubmit(actor=cast.partner_rep, registration_id=waiting, at=at + 5 * HOUR)
    assert (stored(waiting).status, stored(waiting).resubmit_count) == ("returned", 3)


@pytest.mark.parametrize(
    ("fields", "message", "wrong"), [([], "Why?", "fields"), (["status"], "Why?", "fields"), (["title"], " ", "message"), (["title"], "x" * 2001, "message")]
)
def test_a_return_without_fields_or_words_is_refused(cast, waiting, at, fields, message, wrong):
    with scope(cast.partner_manager), pytest.raises(Invalid) as refused:
        services.return_for_information(actor=cast.partner_manager, registration_id=waiting, fields=fields, message=message, at=at)
    assert {problem.field for problem in refused.value.problems} == {wrong}
    assert stored(waiting).status == "submitted"


def test_a_rejection_cites_its_clause_and_is_final(cast, waiting, at):
    act(cast.partner_manager, services.reject, waiting, reason="We sell there ourselves", at=at)

    with system_scope():
        decision = Decision.objects.get(registration_id=waiting, kind="rejected")
    assert (stored(waiting).status, decision.clause, decision.reason, decision.by_name) == ("rejected", "D6", "We sell there ourselves", "Erik Berg")
    assert clock(waiting, "deals.decision", at).state == "kept"
    with scope(cast.partner_manager), pytest.raises(NotAllowed, match="rejected"):
        services.approve(actor=cast.partner_manager, registration_id=waiting, at=at)


def test_a_rejection_needs_a_reason(cast, waiting, at):
    with scope(cast.partner_manager), pytest.raises(Invalid):
        services.reject(actor=cast.partner_manager, registration_id=waiting, reason="  ", at=at)
    assert stored(waiting).status == "submitted"


def test_a_withdrawal_is_final_and_needs_a_reason(cast, waiting, at):
    with scope(cast.partner_rep), pytest.raises(Invalid):
        services.withdraw(actor=cast.partner_rep, registration_id=waiting, reason="", at=at)

    act(cast.partner_rep, services.withdraw, waiting, reason="Customer stopped", at=at)

    assert (stored(waiting).status, stored(waiting).ended_reason) == ("withdrawn", "Customer stopped")
    assert clock(waiting, "deals.decision", at).state == "canceled"
    with scope(cast.partner_rep), pytest.raises(NotAllowed):
        services.withdraw(actor=cast.partner_rep, registration_id=waiting, reason="Again", at=at)


def test_nothing_is_withdrawn_after_approval(cast, waiting, at):
    act(cast.partner_manager, services.approve, waiting, at=at)

    with scope(cast.partner_rep), pytest.raises(NotAllowed, match="approved"):
        services.withdraw(actor=cast.partner_rep, registration_id=waiting, reason="Too late", at=at)
    assert stored(waiting).status == "approved"


def test_settling_the_customer_checks_again(cast, catalogue, at):
    make_approved(cast.other_partner_rep, cast.partner_manager, catalogue, at=at - timedelta(days=3))
    held = stored(make_registration(cast.other_partner_rep, catalogue, at=at, customer_name="Vega", customer_domain="vega.example").registration_id)
    vague = make_registration(cast.partner_rep, catalogue, at=at, customer_name="Ostrava Steelwork", customer_domain="").registration_id
    account_id = stored(held.pk).account_id

    act(cast.partner_manager, services.resolve_account, vague, account_id=account_id, at=at)

    row = stored(vague)
    assert (row.account_id, row.candidate_ids, row.verdict, row.finding_kinds) == (account_id, [], "possible", ["other_registration"])
    with system_scope():
        assert Finding.objects.filter(registration_id=vague).count() == 1


def test_settling_needs_one_answer(cast, waiting, at):
    with scope(cast.partner_manager), pytest.raises(Invalid):
        services.resolve_account(actor=cast.partner_manager, registration_id=waiting, at=at)


def test_bulk_approval_takes_what_it_can_and_says_why_not(cast, catalogue, at):
    first = make_registration(cast.partner_rep, catalogue, at=at).registration_id
    twin = make_registration(cast.other_partner_rep, catalogue, at=at).registration_id
    with scope(cast.partner_manager):
        result = services.bulk_approve(actor=cast.partner_manager, registration_ids=[first, twin], at=at)

    assert [one.registration_id for one in result.approved] == [first]
    assert [(one.registration_id, one.number) for one in result.refused] == [(twin, stored(twin).number)]
    assert (stored(first).status, stored(twin).status) == ("approved", "submitted")


def test_news_reach_both_sides(cast, waiting, at, run_jobs, outbox):
    with system_scope():
        run_jobs()
    act(cast.partner_manager, services.approve, waiting, at=at)
    with system_scope():
        run_jobs()
        manager = set(Notification.objects.filter(user_id=cast.users["partner_manager"].pk).values_list("kind", flat=True))
        rep = set(Notification.objects.filter(user_id=cast.users["partner_rep"].pk).values_list("kind", flat=True))

    assert (manager, rep) == ({"deals.submitted"}, {"deals.approved"})
    assert any("partner.rep@kallio.example" in mail.to[0] for mail in outbox)


def test_the_window_is_that_of_the_rules_in_force_at_submission(cast, catalogue, at, monkeypatch):
    from openprm.deals.services import routing

    asked = []
    real = routing.ask
    monkeypatch.setattr(routing, "ask", lambda kind, facts, at: (asked.append((kind, at)), real(kind, facts, at))[1])
    made = make_registration(cast.partner_rep, catalogue, at=at).registration_id
    act(cast.partner_manager, services.approve, made, at=at + timedelta(days=1))

    assert ("deals.protection", at) in asked


def test_a_merged_draft_keeps_the_rest(catalogue):
    draft = make_draft(catalogue)

    assert merged(draft, {"title": "New"}).customer_name == draft.customer_name
