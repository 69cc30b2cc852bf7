from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection

from openprm.accounts.testing import make_account
from openprm.audit.queries import timeline
from openprm.deals import services
from openprm.deals.models import ApprovalStep, Decision, Finding, ProtectionGrant, Registration
from openprm.deals.rules.draft import LineDraft
from openprm.deals.testing import make_approved, make_catalogue, make_draft, make_opportunity, make_registration, stored
from openprm.kernel.errors import Invalid, NotAllowed, NotFound, Stale
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue(db):
    return make_catalogue()


def submit_again(actor, made, at):
    with scope(actor):
        return services.submit(actor=actor, registration_id=made.registration_id, at=at)


def test_a_submitted_deal_waits_for_the_partner_manager(cast, catalogue, at):
    made = make_registration(cast.partner_rep, catalogue, at=at)

    assert (made.status, made.outcome, made.verdict, made.clause) == ("submitted", "review", "none", "D6")
    with system_scope():
        step = ApprovalStep.objects.get(registration_id=made.registration_id)
        routed = Decision.objects.get(registration_id=made.registration_id)
    assert (step.role, step.approver_id) == ("partner_manager", cast.users["partner_manager"].pk)
    assert (routed.kind, routed.clause, routed.automatic, routed.inputs["conflict"]) == ("routed", "D6", True, "none")
    assert routed.would_change
    assert made.due_at == datetime(2026, 11, 25, 10, 0, tzinfo=UTC)


def test_a_small_deal_of_an_experienced_partner_is_approved_at_once(cast, catalogue, at):
    lines = (LineDraft(product_id=catalogue.edge_gateway.pk, quantity=10, amount_minor=9_000_00),)

    made = make_registration(cast.partner_rep, catalogue, at=at, lines=lines)

    assert (made.status, made.outcome, made.clause, made.protected_until) == ("approved", "approve", "D5", at + timedelta(days=90))
    row = stored(made.registration_id)
    assert (row.stage, row.account_id is not None, row.base_amount_minor, row.fx_rate) == ("qualified", True, 9_000_00, Decimal(1))
    with system_scope():
        grant = ProtectionGrant.objects.get(registration=row)
        assert (grant.partner_id, grant.product_line_id, grant.territory_id) == (cast.partner_id, catalogue.edge.pk, catalogue.world.pk)
        assert (row.opportunity.is_registered, row.opportunity.registered_partner_id, row.opportunity.registered_until) == (
            True,
            cast.partner_id,
            made.protected_until,
        )


def test_a_direct_account_is_rejected_by_the_published_clause(cast, catalogue, at):
    make_account(name="Ostrava Steelworks", domain="ostravasteel.example", country="CZ", motion="direct")

    made = make_registration(cast.partner_rep, catalogue, at=at)

    assert (made.status, made.outcome, made.clause, made.verdict) == ("rejected", "reject", "D1", "blocking")
    with system_scope():
        assert Decision.objects.get(registration_id=made.registration_id, kind="rejected").clause == "D1"
        assert not ProtectionGrant.objects.exists()


def test_a_large_deal_needs_two_people_one_after_the_other(cast, catalogue, at):
    lines = (LineDraft(product_id=catalogue.mes_core.pk, amount_minor=300_000_00),)

    made = make_registration(cast.partner_rep, catalogue, at=at, lines=lines)

    with system_scope():
        steps = list(ApprovalStep.objects.filter(registration_id=made.registration_id).values_list("position", "role"))
    assert (made.clause, steps) == ("D2", [(1, "partner_manager"), (2, "vendor_admin")])


def test_an_unknown_customer_is_created_once_and_shared_with_the_partner(cast, catalogue, at):
    first = make_registration(cast.partner_rep, catalogue, at=at)

    second = make_registration(cast.other_partner_rep, catalogue, at=at)

    assert stored(first.registration_id).account_id == stored(second.registration_id).account_id is not None


def test_an_unmistakable_customer_is_linked_and_not_created_again(cast, catalogue, at):
    known = make_account(name="Ostrava Steelworks", domain="ostravasteel.example", country="CZ", motion="channel")

    made = make_registration(cast.partner_rep, catalogue, at=at)

    assert stored(made.registration_id).account_id == known


def test_a_vague_customer_is_left_for_a_person_to_settle(cast, catalogue, at):
    make_account(name="Ostrava Steel Works Group", domain="osg.example", country="CZ", motion="channel")
    make_account(name="Ostrava Steelwork", domain="ostrava-steelwork.example", country="CZ", motion="channel")

    made = make_registration(cast.partner_rep, catalogue, at=at, customer_domain="", customer_name="Ostrava Steelwoks")

    row = stored(made.registration_id)
    assert (made.status, made.verdict, row.account_id, row.finding_kinds) == ("submitted", "possible", None, ["unresolved_customer"])
    with scope(cast.partner_manager), pytest.raises(services.CustomerUnresolved):
        services.approve(actor=cast.partner_manager, registration_id=made.registration_id, at=at)
    assert stored(made.registration_id).status == "submitted"


def test_a_live_protection_of_another_blocks_and_is_named_to_the_vendor_only(cast, catalogue, at):
    held = make_approved(cast.other_partner_rep, cast.partner_manager, catalogue, at=at - timedelta(days=5))

    made = make_registration(cast.partner_rep, catalogue, at=at)

    assert (made.verdict, made.clause) == ("blocking", "D3")
    with scope(cast.partner_manager):
        finding = Finding.objects.get(registration_id=made.registration_id)
    assert (finding.kind, finding.other_partner_id, finding.other_registration_id) == ("other_protection", cast.other_partner_id, held)
    with scope(cast.partner_rep):
        assert list(Finding.objects.all()) == []


def test_an_open_registration_of_another_is_possible(cast, catalogue, at):
    make_registration(cast.other_partner_rep, catalogue, at=at - timedelta(hours=1))

    made = make_registration(cast.partner_rep, catalogue, at=at)

    assert (made.verdict, stored(made.registration_id).finding_kinds) == ("possible", ["other_registration"])


def test_a_direct_opportunity_of_the_vendor_is_found(cast, catalogue, at):
    account_id = make_account(name="Ostrava Steelworks", domain="ostravasteel.example", country="CZ", motion="channel")
    make_opportunity(account_id=account_id, product_line=catalogue.mes)

    made = make_registration(cast.partner_rep, catalogue, at=at)

    assert stored(made.registration_id).finding_kinds == ["direct_opportunity"]


def test_prior_engagement_counts_for_sixty_days(cast, catalogue, at):
    account_id = make_account(name="Ostrava Steelworks", domain="ostravasteel.example", country="CZ", motion="channel")
    make_opportunity(account_id=account_id, status="lost", partner_id=cast.other_partner_id, active_at=at - timedelta(days=59))
    near = make_registration(cast.partner_rep, catalogue, at=at)
    with system_scope():
        Registration.objects.filter(pk=near.registration_id).update(status="withdrawn", ended_reason="test")

    far = make_registration(cast.partner_rep, catalogue, at=at + timedelta(days=2))

    assert stored(near.registration_id).finding_kinds == ["prior_engagement"]
    assert stored(far.registration_id).finding_kinds == []


def test_an_existing_customer_and_a_shared_account_are_told(cast, catalogue, at):
    make_account(
        name="Ostrava Steelworks", domain="ostravasteel.example", country="CZ", motion="shared", is_customer=True, owner_id=cast.users["partner_manager"].pk
    )

    made = make_registration(cast.partner_rep, catalogue, at=at)

    assert stored(made.registration_id).finding_kinds == ["existing_customer", "shared_account"]


def test_what_is_missing_is_said_by_field_and_nothing_is_saved(cast, catalogue, at):
    with scope(cast.partner_rep):
        made = services.save_draft(actor=cast.partner_rep, draft=make_draft(catalogue, title="", lines=(), expected_close_date=date(2026, 11, 22)), at=at)
        with pytest.raises(Invalid) as refused:
            services.submit(actor=cast.partner_rep, registration_id=made.registration_id, at=at)

    assert {problem.field for problem in refused.value.problems} == {"title", "lines", "expected_close_date"}
    assert stored(made.registration_id).status == "draft"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"customer_domain": "kallio"}, "customer_domain"),
        ({"customer_country": "Czechia"}, "customer_country"),
        ({"contact_email": "petra"}, "contact_email"),
        ({"currency": "EURO"}, "currency"),
        ({"title": "x" * 161}, "title"),
        ({"deal_type": "big"}, "deal_type"),
    ],
)
def test_values_that_can_never_be_right_are_refused(cast, catalogue, at, changes, field):
    with scope(cast.partner_rep), pytest.raises(Invalid) as refused:
        services.save_draft(actor=cast.partner_rep, draft=make_draft(catalogue, **changes), at=at)

    assert field in {problem.field for problem in refused.value.problems}
    with system_scope():
        assert not Registration.objects.exists()


def test_a_currency_without_a_rate_is_refused(cast, catalogue, at):
    with pytest.raises(services.NoExchangeRate, match="CHF"):
        make_registration(cast.partner_rep, catalogue, at=at, currency="CHF")


def test_the_amount_is_booked_at_the_rate_of_the_day(cast, catalogue, at):
    made = make_registration(cast.partner_rep, catalogue, at=at, currency="SEK")

    row = stored(made.registration_id)
    assert (row.amount_minor, row.base_amount_minor, row.base_currency, row.fx_rate, row.fx_date) == (
        40_000_00,
        3_660_00,
        "EUR",
        Decimal("0.0915"),
        date(2026, 11, 1),
    )


def test_a_partner_at_its_capacity_cannot_submit(cast, catalogue, at, monkeypatch):
    from openprm.deals.services import routing

    monkeypatch.setattr(routing, "capacity_of", lambda partner_id, standing, at: (50, 50))

    with pytest.raises(services.CapacityReached, match="50"):
        make_registration(cast.partner_rep, catalogue, at=at)

    with system_scope():
        assert not Registration.objects.exists()


def test_capacity_counts_what_is_active_only(cast, catalogue, at):
    from openprm.deals.services.routing import capacity_of, standing_of

    first = make_registration(cast.partner_rep, catalogue, at=at)
    make_registration(cast.partner_rep, catalogue, at=at, customer_name="Vega Logistics", customer_domain="vega.example")
    with scope(cast.partner_rep):
        services.withdraw(actor=cast.partner_rep, registration_id=first.registration_id, reason="Customer stopped", at=at)

    with system_scope():
        assert capacity_of(cast.partner_id, standing_of(cast.partner_id, None, at), at) == (1, 100)


def test_only_a_draft_can_be_submitted(cast, catalogue, at):
    made = make_registration(cast.partner_rep, catalogue, at=at)

    with pytest.raises(NotAllowed, match="submitted already"):
        submit_again(cast.partner_rep, made, at)


def test_a_reader_cannot_register(cast, catalogue, at):
    with pytest.raises(NotAllowed):
        make_registration(cast.partner_reader, catalogue, at=at)


def test_another_partner_finds_nothing_to_submit(cast, catalogue, at):
    with scope(cast.partner_rep):
        made = services.save_draft(actor=cast.partner_rep, draft=make_draft(catalogue), at=at)

    with pytest.raises(NotFound):
        submit_again(cast.other_partner_rep, made, at)


def test_a_version_that_is_not_the_newest_is_stale(cast, catalogue, at):
    with scope(cast.partner_rep):
        made = services.save_draft(actor=cast.partner_rep, draft=make_draft(catalogue), at=at)
        services.save_draft(actor=cast.partner_rep, draft=make_draft(catalogue, title="Other"), registration_id=made.registration_id, version=1, at=at)

        with pytest.raises(Stale):
            services.submit(actor=cast.partner_rep, registration_id=made.registration_id, version=1, at=at)


def test_the_vendor_registers_for_a_named_partner(cast, catalogue, at):
    made = make_registration(cast.partner_manager, catalogue, at=at, partner_id=cast.partner_id)

    assert stored(made.registration_id).partner_id == cast.partner_id
    with pytest.raises(Invalid):
        make_registration(cast.partner_manager, catalogue, at=at)


def test_a_draft_is_the_partners_own_business(cast, catalogue, at):
    with scope(cast.partner_rep):
        made = services.save_draft(actor=cast.partner_rep, draft=make_draft(catalogue), at=at)

    with scope(cast.vendor_admin), pytest.raises(NotFound):
        services.add_note(actor=cast.vendor_admin, registration_id=made.registration_id, body="Hello", at=at)


def test_both_sides_read_the_submission_and_only_the_vendor_the_check(cast, catalogue, at):
    make_registration(cast.other_partner_rep, catalogue, at=at - timedelta(hours=1))
    made = make_registration(cast.partner_rep, catalogue, at=at)

    with scope(cast.vendor_admin):
        vendor = {entry.verb for entry in timeline(cast.vendor_admin, made.registration_id)}
    with scope(cast.partner_rep):
        partner = {entry.verb for entry in timeline(cast.partner_rep, made.registration_id)}

    assert {"deal.submitted", "deal.checked"} <= vendor
    assert "deal.submitted" in partner
    assert "deal.checked" not in partner


def test_the_preview_names_who_decides_and_by_when(cast, catalogue, at):
    with scope(cast.partner_rep):
        preview = services.preview_submission(actor=cast.partner_rep, draft=make_draft(catalogue), at=at)

    assert (preview.outcome, preview.clause, preview.protection_days, preview.capacity_used, preview.capacity_max) == ("review", "D6", 90, 0, 100)
    assert [(step.role, step.person) for step in preview.steps] == [("partner_manager", "Erik Berg")]
    assert (preview.due_at, preview.problems) == (datetime(2026, 11, 25, 10, 0, tzinfo=UTC), ())
    with system_scope():
        assert not Registration.objects.exists()


def test_a_partner_before_its_first_deal_is_answered_in_half_the_time(cast, catalogue, at):
    from openprm.onboarding import services as onboarding
    from openprm.promises import queries as promises

    usual = make_registration(cast.partner_rep, catalogue, at=at).registration_id
    with system_scope():
        onboarding.begin_first_deal(partner_id=cast.other_partner_id, at=at)
    first = make_registration(cast.other_partner_rep, catalogue, at=at, customer_name="Vega", customer_domain="vega.example").registration_id

    with system_scope():
        due = {one: promises.clock(one, "deals.decision", at).due_at for one in (usual, first)}
    assert (due[usual].isoformat(), due[first].isoformat()) == ("2026-11-25T10:00:00+00:00", "2026-11-24T10:00:00+00:00")


def test_a_tier_of_the_express_class_is_answered_in_a_quarter_of_the_time(cast, catalogue, at):
    from openprm.partners import services as partners

    with scope(cast.vendor_admin):
        partners.update_tier(actor=cast.vendor_admin, tier_id=cast.tier.pk, changes={"benefits": {"promise_class": "express"}}, at=at)
    made = make_registration(cast.partner_rep, catalogue, at=at)

    assert stored(made.registration_id).answer_due_at.isoformat() == "2026-11-23T14:00:00+00:00"


def test_a_closed_gate_refuses_a_deal_and_says_what_opens_it(cast, catalogue, at):
    from openprm.partners import services as partners

    with scope(cast.vendor_admin):
        partners.close_gate(
            actor=cast.vendor_admin, partner_id=cast.partner_id, actions=("deals",), source="compliance", key="x",
            reason="Your certificate ended.", cure="Upload the new one.", at=at,
        )  # fmt: skip
    with pytest.raises(NotAllowed, match=r"Your certificate ended\. Upload the new one\."):
        make_registration(cast.partner_rep, catalogue, at=at)

    with scope(cast.partner_rep):
        assert not Registration.objects.exists()


def test_the_class_of_a_promise_cannot_be_changed(cast, catalogue, at):
    from openprm.promises.models import PromiseClock

    registration_id = make_registration(cast.partner_rep, catalogue, at=at).registration_id
    with pytest.raises(DatabaseError, match="what was promised cannot be changed"), system_scope(), connection.cursor() as cursor:
        cursor.execute("update promises_clock set pace = 'express' where subject_id = %s", [registration_id])

    with system_scope():
        assert PromiseClock.objects.get(subject_id=registration_id).pace == "standard"
