"""The life of a deal after its approval: stages that ask for something, standstills, changes, splits, renewals, losses."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from openprm.deals import queries, services
from openprm.deals.models import Amendment, Line, Opportunity, ProtectionGrant, Registration, Renewal
from openprm.deals.queries import LostFilters
from openprm.deals.rules.draft import LineDraft
from openprm.deals.rules.stages import DEFAULT, Criterion, LostReason, Process, StageDef
from openprm.deals.rules.stages import DEFAULT as DEFAULT_PROCESS
from openprm.deals.testing import make_approved, make_catalogue, make_draft, make_registration, stored
from openprm.inbox.models import Notification
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Stale
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STRICT = Process(
    stages=(
        StageDef("discovery", "Discovery", 10),
        StageDef("demo", "Demonstration", 40, (Criterion("next_step"), Criterion("field", "competitor"))),
        StageDef("proposal", "Proposal", 80, (Criterion("amount", "5000000"), Criterion("days", "3"), Criterion("document"))),
    ),
    entry="discovery",
    lost_reasons=(LostReason("rival", "Lost to a rival", needs_competitor=True), LostReason("later", "Later", needs_comment=True)),
)


@pytest.fixture
def catalogue(db):
    return make_catalogue()


@pytest.fixture
def approved(cast, catalogue, at):
    return make_approved(cast.partner_rep, cast.partner_manager, catalogue, at=at)


@pytest.fixture
def both(cast, catalogue, at):
    """A deal of two product lines: €40,000 of MES Core and €10,000 of Edge Gateways."""
    lines = (LineDraft(product_id=catalogue.mes_core.pk, amount_minor=40_000_00), LineDraft(product_id=catalogue.edge_gateway.pk, amount_minor=10_000_00))
    return make_approved(cast.partner_rep, cast.partner_manager, catalogue, at=at, lines=lines)


def act(actor, function, registration_id, **values):
    with scope(actor):
        return function(actor=actor, registration_id=registration_id, **values)


def publish(cast, process, at, **values):
    with scope(cast.vendor_admin):
        return services.publish_process(actor=cast.vendor_admin, program_id=values.pop("program_id", None), process=process, at=at, **values)


def grants(registration_id):
    with system_scope():
        rows = ProtectionGrant.objects.filter(registration_id=registration_id).order_by("product_line__code", "kind")
        return [(row.product_line.code, row.kind, row.status) for row in rows.select_related("product_line")]


class TestStages:
    def test_without_a_published_process_the_built_in_stages_hold(self, cast, approved):
        with scope(cast.partner_rep):
            lanes = queries.stage_lanes()
            assert [(one.code, one.name, one.probability) for one in lanes][:2] == [("prospect", "Prospect", 10), ("qualified", "Qualified", 25)]
            assert queries.stage_named("committed").probability == 90
            assert queries.stage_named("launched").probability == 100

    def test_an_approved_deal_begins_in_the_entry_stage_of_its_process(self, cast, catalogue, at):
        publish(cast, STRICT, at)
        made = make_approved(cast.partner_rep, cast.partner_manager, catalogue, at=at)
        assert stored(made).stage == "discovery"

    def test_a_move_is_refused_with_everything_that_is_missing_and_what_to_do(self, cast, catalogue, at):
        publish(cast, STRICT, at)
        made = make_approved(cast.partner_rep, cast.partner_manager, catalogue, at=at)
        with scope(cast.partner_rep), pytest.raises(Invalid) as refused:
            services.move_stage(actor=cast.partner_rep, registration_id=made, stage="proposal", at=at + DAY)
        assert [one.code for one in refused.value.problems] == ["unmet_next_step", "unmet_field", "unmet_amount", "unmet_days", "unmet_document"]
        assert [one.message for one in refused.value.problems][:3] == [
            "Write down the next step.",
            "Competitor is missing. Add it under “Change the deal”.",
            "This stage is for deals of at least €50,000.00. Change the amount, or stay in the stage.",
        ]
        assert stored(made).stage == "discovery"

    def test_both_sides_read_the_same_checklist_before(self, cast, catalogue, at):
        publish(cast, STRICT, at)
        made = make_approved(cast.partner_rep, cast.partner_manager, catalogue, at=at)
        found = []
        for actor in (cast.partner_rep, cast.vendor_reader):
            with scope(actor):
                found.append(queries.checklist(actor, made, at + DAY))
        assert found[0] == found[1]
        assert [(one.code, one.met, len(one.items), one.open) for one in found[0]] == [("demo", 0, 2, False), ("proposal", 0, 3, False)]

    def test_what_is_met_lets_the_deal_move_and_backwards_asks_nothing(self, cast, catalogue, at):
        publish(cast, STRICT, at)
        made = make_approved(cast.partner_rep, cast.partner_manager, catalogue, at=at, competitor="Rivalis")
        act(cast.partner_rep, services.move_stage, made, stage="demo", next_step="Show the line", at=at + DAY)
        assert stored(made).stage == "demo"
        act(cast.partner_rep, services.move_stage, made, stage="discovery", at=at + DAY)
        assert stored(made).stage == "discovery"

    def test_publishing_shows_the_deals_it_touches_and_moves_those_of_a_stage_that_goes(self, cast, approved, at):
        with scope(cast.vendor_admin):
            change = services.preview_process(actor=cast.vendor_admin, program_id=None, process=STRICT)
            assert ("qualified", "Qualified", 1) in change.gone
            assert [(one.registration_id, one.stage_name) for one in change.touched] == [(approved, "Qualified")]
            with pytest.raises(Invalid, match="1 running deals stand in “Qualified”"):
                services.publish_process(actor=cast.vendor_admin, program_id=None, process=STRICT, at=at)
        assert stored(approved).stage == "qualified"
        assert publish(cast, STRICT, at, moves={"qualified": "demo"}) == 1
        assert stored(approved).stage == "demo"
        with system_scope():
            assert Opportunity.objects.get(registration_id=approved).stage == "demo"

    def test_a_name_of_a_stage_that_went_is_still_read(self, cast, approved, at):
        publish(cast, STRICT, at, moves={"qualified": "demo"})
        publish(cast, DEFAULT, at, moves={"demo": "committed"})
        with scope(cast.vendor_admin):
            assert queries.stage_named("demo").name == "Demonstration"

    def test_a_program_has_stages_of_its_own(self, cast, approved, at):
        program_id = stored(approved).program_id
        if program_id is None:
            pytest.skip("the cast's partner is in no program")
        publish(cast, STRICT, at, program_id=program_id, moves={"qualified": "demo"})
        with scope(cast.vendor_admin):
            assert [one.code for one in queries.stage_lanes(program_id)] == ["discovery", "demo", "proposal"]
            assert queries.process_of(None) == DEFAULT

    def test_odd_tables_are_refused_and_nothing_is_published(self, cast, at):
        odd = Process(stages=(StageDef("launched", "x" * 61, 101), StageDef("a", criteria=(Criterion("field", "password"),))), entry="nowhere", lost_reasons=())
        with scope(cast.vendor_admin), pytest.raises(Invalid) as refused:
            services.publish_process(actor=cast.vendor_admin, program_id=None, process=odd, at=at)
        fields = [one.field for one in refused.value.problems]
        assert fields == ["stages[0].code", "stages[0].name", "stages[0].probability", "stages[1].criteria[0].value", "entry", "lost_reasons"]
        with scope(cast.partner_manager), pytest.raises(NotAllowed):
            services.publish_process(actor=cast.partner_manager, program_id=None, process=STRICT, at=at)
        with scope(cast.vendor_admin), pytest.raises(Stale):
            services.publish_process(actor=cast.vendor_admin, program_id=None, process=STRICT, number=7, at=at)
        with scope(cast.vendor_admin):
            assert queries.process_of(None) == DEFAULT


class TestStandstill:
    def test_both_sides_hear_once_of_a_deal_that_stands_still(self, cast, approved, at, run_jobs):
        later = at + 22 * DAY
        with system_scope():
            assert services.alert_stalled(at=later) == 1
            assert services.alert_stalled(at=later + DAY) == 0
            run_jobs()
            told = Notification.objects.filter(kind="deals.stalled").values_list("user_id", flat=True)
            assert cast.partner_rep.user_id in set(told)
        with scope(cast.vendor_reader):
            assert [row.id for row in queries.rows_of(cast.vendor_reader, queries.listed(cast.vendor_reader, queries.Filters(stalled=True)), later)] == [
                approved
            ]

    def test_a_move_or_logged_work_ends_the_standstill(self, cast, approved, at):
        with system_scope():
            services.alert_stalled(at=at + 22 * DAY)
            services.note_activity(about=approved, account_id=stored(approved).account_id, partner_id=None, occurred_at=at + 23 * DAY)
        assert (stored(approved).stalled_alert_at, stored(approved).active_at) == (None, at + 23 * DAY)
        with system_scope():
            assert services.alert_stalled(at=at + 40 * DAY) == 0
            assert services.alert_stalled(at=at + 45 * DAY) == 1

    def test_a_note_or_a_file_ends_the_standstill(self, cast, approved, at):
        adds = (
            lambda when: act(cast.partner_rep, services.add_note, approved, body="They answer next week.", at=when),
            lambda when: act(cast.partner_rep, services.attach_document, approved, name="a.pdf", content=b"%PDF-1.7\n" + b"x" * 60, at=when),
        )
        for place, add in enumerate(adds):
            alerted = at + (22 + 23 * place) * DAY
            with system_scope():
                assert services.alert_stalled(at=alerted) == 1
            add(alerted + DAY)
            assert (stored(approved).stalled_alert_at, stored(approved).active_at) == (None, alerted + DAY)

    def test_quiet_is_asked_for_with_a_reason_and_not_for_ever(self, cast, approved, at):
        with scope(cast.partner_rep), pytest.raises(Invalid, match="2027-01-22 at the latest"):
            services.snooze_stall(actor=cast.partner_rep, registration_id=approved, until=date(2028, 1, 1), reason="Holidays", at=at)
        act(cast.partner_rep, services.snooze_stall, approved, until=date(2027, 1, 10), reason="Holidays", at=at)
        with system_scope():
            assert services.alert_stalled(at=at + 30 * DAY) == 0
            assert services.alert_stalled(at=at + 50 * DAY) == 1


class TestAmendments:
    def test_a_small_change_applies_at_once_at_the_booked_rate(self, cast, catalogue, approved, at):
        lines = (LineDraft(product_id=catalogue.mes_core.pk, quantity=3, amount_minor=44_000_00),)
        done = act(cast.partner_rep, services.propose_amendment, approved, changes={"lines": lines}, reason="One more site", at=at + DAY)
        row = stored(approved)
        assert (done.state, done.clause, row.amount_minor, row.base_amount_minor) == ("applied", "A6", 44_000_00, 44_000_00)
        with scope(cast.vendor_reader):
            [one] = queries.amendments_of(cast.vendor_reader, approved, at + DAY)
        assert [(change.label, change.before, change.after) for change in one.changes] == [
            ("MES Core", "€40,000.00 for 3", "€44,000.00 for 3"),
            ("Amount", "€40,000.00", "€44,000.00"),
        ]
        assert one.automatic is True

    def test_a_large_change_waits_for_the_vendor_and_the_deal_stays_meanwhile(self, cast, catalogue, approved, at, run_jobs):
        lines = (LineDraft(product_id=catalogue.mes_core.pk, quantity=3, amount_minor=60_000_00),)
        asked = act(cast.partner_rep, services.propose_amendment, approved, changes={"lines": lines}, reason="The whole plant", at=at + DAY)
        assert (asked.state, asked.clause, stored(approved).amount_minor) == ("proposed", "A3", 40_000_00)
        assert asked.due_at is not None
        with scope(cast.partner_rep), pytest.raises(Conflict, match="waits for a decision already"):
            services.propose_amendment(actor=cast.partner_rep, registration_id=approved, changes={"contact_name": "Jan"}, reason="New", at=at + DAY)
        with scope(cast.partner_rep), pytest.raises(NotAllowed):
            services.approve_amendment(actor=cast.partner_rep, amendment_id=asked.amendment_id, at=at + DAY)
        with scope(cast.other_partner_rep), pytest.raises(NotFound):
            services.withdraw_amendment(actor=cast.other_partner_rep, amendment_id=asked.amendment_id, at=at + DAY)
        with scope(cast.partner_manager), pytest.raises(Stale):
            services.approve_amendment(actor=cast.partner_manager, amendment_id=asked.amendment_id, version=9, at=at + DAY)
        with scope(cast.partner_manager):
            services.approve_amendment(actor=cast.partner_manager, amendment_id=asked.amendment_id, at=at + DAY)
        assert stored(approved).amount_minor == 60_000_00
        with system_scope():
            run_jobs()
            assert Notification.objects.filter(kind="deals.amended", user_id=cast.partner_rep.user_id).exists()

    def test_a_rejected_change_leaves_everything(self, cast, catalogue, approved, at):
        later = {"expected_close_date": date(2027, 12, 31)}
        asked = act(cast.partner_rep, services.propose_amendment, approved, changes=later, reason="Budget", at=at + DAY)
        assert (asked.state, asked.clause) == ("proposed", "A5")
        with scope(cast.partner_manager), pytest.raises(Invalid):
            services.reject_amendment(actor=cast.partner_manager, amendment_id=asked.amendment_id, reason=" ", at=at + DAY)
        with scope(cast.partner_manager):
            services.reject_amendment(actor=cast.partner_manager, amendment_id=asked.amendment_id, reason="Too late", at=at + DAY)
        assert stored(approved).expected_close_date == date(2027, 3, 31)

    def test_locked_fields_stay_locked(self, cast, approved, at):
        with scope(cast.partner_rep), pytest.raises(services.Locked, match="Customer cannot be changed after the approval"):
            services.propose_amendment(actor=cast.partner_rep, registration_id=approved, changes={"customer_name": "Other"}, reason="x", at=at)
        assert stored(approved).customer_name == "Ostrava Steelworks a.s."

    def test_a_new_product_line_is_protected_as_long_as_the_others_and_one_that_goes_is_free(self, cast, catalogue, approved, at):
        lines = (LineDraft(product_id=catalogue.edge_gateway.pk, amount_minor=41_000_00),)
        act(cast.partner_manager, services.propose_amendment, approved, changes={"lines": lines}, reason="Edge instead", at=at + DAY)
        assert grants(approved) == [("edge", "deal", "active"), ("mes", "deal", "released")]
        back = (LineDraft(product_id=catalogue.mes_core.pk, amount_minor=41_000_00),)
        act(cast.partner_manager, services.propose_amendment, approved, changes={"lines": back}, reason="MES after all", at=at + 2 * DAY)
        assert grants(approved) == [("edge", "deal", "released"), ("mes", "deal", "active")]
        with system_scope():
            assert {row.ends_at for row in ProtectionGrant.objects.filter(registration_id=approved, status="active")} == {stored(approved).protected_until}

    def test_a_product_line_that_somebody_else_holds_is_refused_and_nothing_changes(self, cast, catalogue, approved, at):
        edge = (LineDraft(product_id=catalogue.edge_gateway.pk, amount_minor=9_000_00),)
        make_approved(cast.other_partner_rep, cast.partner_manager, catalogue, at=at, lines=edge)
        both = (LineDraft(product_id=catalogue.mes_core.pk, quantity=3, amount_minor=40_000_00), *edge)
        with scope(cast.partner_manager), pytest.raises(services.AccountAlreadyProtected):
            services.propose_amendment(actor=cast.partner_manager, registration_id=approved, changes={"lines": both}, reason="Edge too", at=at + DAY)
        assert (stored(approved).amount_minor, grants(approved)) == (40_000_00, [("mes", "deal", "active")])
        with system_scope():
            assert not Amendment.objects.filter(registration_id=approved).exists()

    def test_a_deal_that_closes_takes_its_open_proposal_along(self, cast, approved, at):
        asked = act(cast.partner_rep, services.propose_amendment, approved, changes={"expected_close_date": date(2027, 12, 31)}, reason="x", at=at)
        act(cast.partner_rep, services.mark_won, approved, at=at + DAY)
        with system_scope():
            assert Amendment.objects.get(pk=asked.amendment_id).state == "withdrawn"


class TestSplits:
    def test_a_split_makes_a_second_deal_with_a_protection_of_its_own(self, cast, catalogue, both, at):
        asked = act(cast.partner_rep, services.split_registration, both, product_line_ids=[catalogue.edge.pk], reason="Two budgets", at=at + DAY)
        assert (asked.state, asked.clause) == ("proposed", "A1")
        with scope(cast.partner_manager):
            done = services.approve_amendment(actor=cast.partner_manager, amendment_id=asked.amendment_id, at=at + DAY)
        first, second = stored(both), stored(done.new_registration_id)
        assert (first.amount_minor, second.amount_minor, second.base_amount_minor) == (40_000_00, 10_000_00, 10_000_00)
        assert (second.status, second.split_from_id, second.first_deal_id, second.protected_until) == ("approved", both, both, first.protected_until)
        assert (grants(both), grants(second.pk)) == ([("edge", "deal", "released"), ("mes", "deal", "active")], [("edge", "deal", "active")])
        with scope(cast.partner_rep):
            assert [(link.relation, link.number) for link in queries.chain(cast.partner_rep, both)] == [("first", first.number), ("split", second.number)]
        with system_scope():
            assert Opportunity.objects.filter(registration_id=second.pk).count() == 1

    def test_a_split_needs_room_when_it_is_asked_for_and_when_it_is_approved(self, cast, catalogue, both, at, monkeypatch):
        from openprm.deals.services import routing

        real, limit = routing.capacity_of, [1]
        monkeypatch.setattr(routing, "capacity_of", lambda partner_id, standing, then: (real(partner_id, standing, then)[0], limit[0]))
        split = {"product_line_ids": [catalogue.edge.pk], "reason": "Two budgets", "at": at + DAY}
        with pytest.raises(services.CapacityReached):
            act(cast.partner_rep, services.split_registration, both, **split)
        limit[0] = 2
        asked = act(cast.partner_rep, services.split_registration, both, **split)
        limit[0] = 1
        with scope(cast.partner_manager), pytest.raises(services.CapacityReached):
            services.approve_amendment(actor=cast.partner_manager, amendment_id=asked.amendment_id, at=at + DAY)
        with system_scope():
            assert (Registration.objects.count(), Amendment.objects.get(pk=asked.amendment_id).state) == (1, "proposed")
        assert grants(both) == [("edge", "deal", "active"), ("mes", "deal", "active")]

    def test_something_goes_and_something_stays(self, cast, catalogue, both, at):
        for ids in ([], [catalogue.mes.pk, catalogue.edge.pk]):
            with scope(cast.partner_rep), pytest.raises(Invalid):
                services.split_registration(actor=cast.partner_rep, registration_id=both, product_line_ids=ids, reason="x", at=at)
        with system_scope():
            assert Registration.objects.count() == 1


@pytest.fixture
def won(cast, catalogue, at):
    """Sold for twelve months on 24 November 2026."""
    lines = (LineDraft(product_id=catalogue.mes_core.pk, quantity=3, amount_minor=40_000_00, term_months=12),)
    made = make_approved(cast.partner_rep, cast.partner_manager, catalogue, at=at, lines=lines)
    act(cast.partner_rep, services.mark_won, made, at=at + DAY)
    return made


class TestRenewals:
    def test_a_term_begins_when_the_deal_is_won(self, won):
        with system_scope():
            line = Line.objects.get(registration_id=won)
        assert (line.term_starts_on, line.term_ends_on) == (date(2026, 11, 24), date(2027, 11, 24))

    def test_a_renewal_begins_by_the_rule_and_the_incumbent_has_the_first_right(self, cast, catalogue, won, at, run_jobs):
        early, then = datetime(2027, 5, 1, tzinfo=UTC), datetime(2027, 9, 1, 10, tzinfo=UTC)
        with system_scope():
            assert services.open_renewals(at=early) == 0
            assert services.open_renewals(at=then) == 1
            assert services.open_renewals(at=then) == 0
            run_jobs()
            assert Notification.objects.filter(kind="deals.renewal_opened", user_id=cast.partner_rep.user_id).exists()
        assert grants(won) == [("mes", "deal", "released"), ("mes", "renewal", "active")]
        other = make_registration(cast.other_partner_rep, catalogue, at=then, expected_close_date=date(2027, 12, 1))
        with scope(cast.partner_manager), pytest.raises(services.AccountAlreadyProtected):
            services.approve(actor=cast.partner_manager, registration_id=other.registration_id, at=then)

    def test_the_next_deal_comes_filled_in_takes_the_place_and_settles_the_renewal(self, cast, won):
        then = datetime(2027, 9, 1, 10, tzinfo=UTC)
        with system_scope():
            services.open_renewals(at=then)
        with scope(cast.partner_rep):
            draft = queries.follow_up_draft(cast.partner_rep, won, "renewal", then)
            assert (draft.customer_name, draft.deal_type, draft.expected_close_date, draft.lines[0].term_months) == (
                "Ostrava Steelworks a.s.", "renewal", date(2027, 11, 24), 12,
            )  # fmt: skip
            made = services.register(actor=cast.partner_rep, draft=draft, at=then)
        if made.status != "approved":
            with scope(cast.partner_manager):
                services.approve(actor=cast.partner_manager, registration_id=made.registration_id, at=then + HOUR)
        row = stored(made.registration_id)
        assert (row.first_deal_id, row.follows_id, row.account_id) == (won, won, stored(won).account_id)
        assert grants(won)[1] == ("mes", "renewal", "released")
        act(cast.partner_rep, services.mark_won, made.registration_id, at=then + DAY)
        with system_scope():
            renewal = Renewal.objects.get(registration_id=won)
        assert (renewal.state, renewal.renewed_by_id) == ("renewed", made.registration_id)
        with scope(cast.vendor_reader):
            found = queries.sourced(cast.vendor_reader, since=datetime(2026, 1, 1, tzinfo=UTC), until=datetime(2028, 1, 1, tzinfo=UTC))
        assert (found.sourced.minor, found.renewal.minor, found.deals, found.renewals) == (40_000_00, 40_000_00, 1, 1)

    def test_a_renewal_that_is_given_up_frees_the_customer(self, cast, won):
        then = datetime(2027, 9, 1, 10, tzinfo=UTC)
        with system_scope():
            services.open_renewals(at=then)
            renewal_id = Renewal.objects.get(registration_id=won).pk
        with scope(cast.other_partner_rep), pytest.raises(NotFound):
            services.decline_renewal(actor=cast.other_partner_rep, renewal_id=renewal_id, reason="x", at=then)
        with scope(cast.partner_rep):
            services.decline_renewal(actor=cast.partner_rep, renewal_id=renewal_id, reason="They build their own", at=then)
        assert grants(won)[1] == ("mes", "renewal", "released")

    def test_a_renewal_that_nobody_takes_up_lapses(self, cast, won):
        with system_scope():
            services.open_renewals(at=datetime(2027, 9, 1, 10, tzinfo=UTC))
            assert services.lapse_renewals(at=datetime(2027, 11, 20, tzinfo=UTC)) == 0
            assert services.lapse_renewals(at=datetime(2028, 2, 1, tzinfo=UTC)) == 1

    def test_a_deal_with_another_customer_does_not_follow(self, cast, catalogue, won, at):
        draft = make_draft(catalogue, customer_name="Pelican Foods", customer_domain="pelican.example", deal_type="expansion", follows_id=won)
        with scope(cast.partner_rep), pytest.raises(Invalid, match="was sold to Ostrava"):
            services.save_draft(actor=cast.partner_rep, draft=draft, at=at + 2 * DAY)
        with scope(cast.other_partner_rep), pytest.raises(Invalid, match="deal of your own"):
            services.save_draft(actor=cast.other_partner_rep, draft=make_draft(catalogue, deal_type="expansion", follows_id=won), at=at + 2 * DAY)


class TestLosses:
    def test_a_reason_of_the_catalogue_is_asked_for(self, cast, approved, at):
        for said, field in (({}, "code"), ({"code": "nonsense"}, "code"), ({"code": "competitor"}, "competitor"), ({"code": "other"}, "reason")):
            with scope(cast.partner_rep), pytest.raises(Invalid) as refused:
                services.mark_lost(actor=cast.partner_rep, registration_id=approved, at=at, **said)
            assert refused.value.problems[0].field == field
        assert stored(approved).status == "approved"
        act(cast.partner_rep, services.mark_lost, approved, code="competitor", competitor="Rivalis", at=at + DAY)
        row = stored(approved)
        assert (row.status, row.lost_code, row.lost_competitor, row.lost_reason) == ("closed_lost", "competitor", "Rivalis", "Lost to a competitor")

    def test_a_lost_deal_is_taken_up_again_with_what_is_left(self, cast, approved, at):
        until = stored(approved).protected_until
        act(cast.partner_rep, services.mark_lost, approved, code="timing", at=at + DAY)
        act(cast.partner_rep, services.reopen, approved, reason="They called", at=at + 10 * DAY)
        row = stored(approved)
        assert (row.status, row.stage, row.protected_until, row.lost_code, row.closed_at) == ("approved", "qualified", until, "", None)
        with system_scope():
            assert Opportunity.objects.get(registration_id=approved).status == "open"

    def test_a_deal_goes_on_in_the_stage_it_had_as_far_as_its_criteria_still_hold(self, cast, approved, at):
        act(cast.partner_rep, services.move_stage, approved, stage="business_validation", at=at + DAY)
        act(cast.partner_rep, services.mark_lost, approved, code="timing", at=at + 2 * DAY)
        act(cast.partner_rep, services.reopen, approved, reason="They called", at=at + 3 * DAY)
        assert (stored(approved).stage, stored(approved).lost_stage) == ("business_validation", "")

        act(cast.partner_rep, services.mark_lost, approved, code="timing", at=at + 4 * DAY)
        asks = replace(DEFAULT_PROCESS, stages=tuple(
            replace(stage, criteria=(Criterion("days", "300"), Criterion("document")) if stage.code == "business_validation" else ())
            for stage in DEFAULT_PROCESS.stages
        ))  # fmt: skip
        publish(cast, asks, at + 4 * DAY)
        act(cast.partner_rep, services.reopen, approved, reason="They called", at=at + 5 * DAY)
        assert stored(approved).stage == "technical_validation"

        act(cast.partner_rep, services.attach_document, approved, name="offer.pdf", content=b"%PDF-1.7\n" + b"x" * 60, at=at + 5 * DAY)
        act(cast.partner_rep, services.mark_lost, approved, code="timing", at=at + 6 * DAY)
        assert stored(approved).lost_stage == "technical_validation"

    def test_too_late_or_taken_is_refused(self, cast, catalogue, approved, at):
        act(cast.partner_rep, services.mark_lost, approved, code="timing", at=at + DAY)
        with scope(cast.partner_rep), pytest.raises(Conflict, match="Register the customer anew"):
            services.reopen(actor=cast.partner_rep, registration_id=approved, reason="x", at=at + 32 * DAY)
        make_approved(cast.other_partner_rep, cast.partner_manager, catalogue, at=at + 2 * DAY)
        with scope(cast.partner_rep), pytest.raises(services.AccountAlreadyProtected):
            services.reopen(actor=cast.partner_rep, registration_id=approved, reason="x", at=at + 3 * DAY)
        assert stored(approved).status == "closed_lost"

    def test_lost_deals_are_counted_by_reason_and_product(self, cast, catalogue, both, at):
        act(cast.partner_rep, services.mark_lost, both, code="price", at=at + DAY)
        with scope(cast.vendor_reader):
            report = queries.lost_report(cast.vendor_reader, LostFilters(), "product")
        assert (report.deals, report.amount.minor) == (1, 50_000_00)
        assert [(row.reason, row.beside, row.deals, row.amount.minor) for row in report.rows] == [
            ("Too expensive", "Edge", 1, 10_000_00),
            ("Too expensive", "MES", 1, 40_000_00),
        ]
        with scope(cast.other_partner_rep):
            assert queries.lost_report(cast.other_partner_rep, LostFilters(), "product").deals == 0
