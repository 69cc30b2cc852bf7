from dataclasses import fields
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from openprm.deals import queries, services
from openprm.deals.queries.results import Filters, PartnerRegistration, VendorRegistration
from openprm.deals.rules.draft import LineDraft
from openprm.deals.testing import make_approved, make_catalogue, make_draft, make_registration, stored
from openprm.kernel.errors import NotFound
from openprm.kernel.scope import scope
from openprm.ui.paging import PageRequest, decode

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NEWEST = PageRequest(key="deals.registrations", sort="created", limit=2)


@pytest.fixture
def catalogue(db):
    return make_catalogue()


@pytest.fixture
def contested(cast, catalogue, at):
    """The other partner is protected; our partner's claim waits."""
    make_approved(cast.other_partner_rep, cast.partner_manager, catalogue, at=at - 3 * DAY, contact_name="Jan Dvořák")
    return make_registration(cast.partner_rep, catalogue, at=at).registration_id


def test_the_vendor_reads_names_and_evidence(cast, contested, at):
    with scope(cast.partner_manager):
        view = queries.registration_for_vendor(cast.partner_manager, contested, at + HOUR)

    (finding,) = view.findings
    assert (view.verdict, finding.kind, finding.blocks, finding.other_partner) == ("blocking", "other_protection", True, "Sintra Systems")
    assert finding.sentence.startswith(f"Sintra Systems holds a live protection ({finding.other_number})")
    assert {likeness.what.value: likeness.percent for likeness in finding.evidence}["domain"] == 100
    assert (view.suggestion.action, view.suggestion.clause) == ("reject", "D3")
    assert (view.partner, view.partner_manager, view.account_name, view.why_not_approve) == ("Kallio Digital", "Erik Berg", "Ostrava Steelworks a.s.", None)
    assert [(step.label, step.person, step.open) for step in view.steps] == [("Partner manager", "Erik Berg", True)]
    assert [step.state for step in view.journey] == ["done", "done", "current", "todo", "todo"]
    assert view.promise.state == "running"


def test_the_partner_reads_the_same_deal_without_names(cast, contested, at):
    with scope(cast.partner_rep):
        view = queries.registration_for_partner(cast.partner_rep, contested, at + HOUR)

    assert view.findings == ("A protection covers this customer and product line.",)
    assert "Sintra" not in repr(view)
    assert (view.editable_fields, view.why_not_withdraw is None, view.why_not_edit is None) == (frozenset(), True, False)
    assert (view.decisions[0].kind, view.decisions[0].clause) == ("routed", "D3")


def test_what_only_the_vendor_may_know_is_not_in_the_partners_type():
    partner = {one.name for one in fields(PartnerRegistration)}
    vendor = {one.name for one in fields(VendorRegistration)}

    assert not partner & {"candidates", "suggestion", "account_owner", "account_motion", "reviewer", "compared_with", "opportunity"}
    assert {"candidates", "suggestion", "findings"} <= vendor


def test_the_two_doors_are_apart(cast, contested, at):
    with scope(cast.partner_rep), pytest.raises(NotFound):
        queries.registration_for_vendor(cast.partner_rep, contested, at)
    with scope(cast.other_partner_rep), pytest.raises(NotFound):
        queries.registration_for_partner(cast.other_partner_rep, contested, at)
    with scope(cast.partner_rep), pytest.raises(NotFound):
        queries.similar(cast.partner_rep, contested)


def test_similar_registrations_share_customer_and_product(cast, contested, at):
    with scope(cast.vendor_reader):
        found = queries.similar(cast.vendor_reader, contested)
    assert [(one.partner, one.status) for one in found] == [("Sintra Systems", "approved")]


def test_an_approved_deal_shows_its_window(cast, catalogue, at):
    made = make_approved(cast.partner_rep, cast.partner_manager, catalogue, at=at)

    with scope(cast.partner_rep):
        view = queries.registration_for_partner(cast.partner_rep, made, at + HOUR + 45 * DAY)

    assert (view.window.percent, view.window.days_left, view.protection_days, view.extension_days, view.extended) == (50.0, 45, 90, 30, False)
    assert (view.fx_rate, view.base_amount.minor) == ("1", 40_000_00)
    assert [step.state for step in view.journey] == ["done", "done", "done", "current", "todo"]
    assert [(grant.product_line, grant.territory, grant.status) for grant in view.grants] == [("MES", "World", "active")]


def test_a_page_follows_a_page_in_both_directions(cast, catalogue, at):
    for number in range(5):
        make_registration(cast.partner_rep, catalogue, at=at, customer_name=f"Customer {number}", customer_domain=f"c{number}.example")
    with scope(cast.partner_rep):
        first = queries.registrations(cast.partner_rep, Filters(), NEWEST, at)
        second_page = PageRequest(key=NEWEST.key, sort="created", limit=2, position=decode(NEWEST, first.next_cursor))
        second = queries.registrations(cast.partner_rep, Filters(), second_page, at)

    assert [row.customer_name for row in first.rows] == ["Customer 4", "Customer 3"]
    assert [row.customer_name for row in second.rows] == ["Customer 2", "Customer 1"]
    assert (first.total, first.more_than_total, bool(second.previous_cursor)) == (5, False, True)


def test_a_list_costs_the_same_for_one_row_and_for_many(cast, catalogue, at):
    counts = []
    for number in range(6):
        make_registration(cast.partner_rep, catalogue, at=at, customer_name=f"Customer {number}", customer_domain=f"c{number}.example")
        with scope(cast.vendor_admin):
            queries.stage_lanes()  # the names of stages are remembered for a moment
        with (
            scope(cast.vendor_admin),
            CaptureQueriesContext(
                connection,
            ) as captured,
        ):
            queries.registrations(cast.vendor_admin, Filters(), PageRequest(key="k", sort="created", limit=25), at)
        counts.append(len(captured))
    assert set(counts) == {3}


@pytest.mark.parametrize(
    ("filters", "customers"),
    [
        (Filters(text="lumen"), ["Lumen"]),
        (Filters(text="VEGA.EXAMPLE"), ["Vega"]),
        (Filters(status=("approved",)), ["Vega"]),
        (Filters(min_amount_minor=30_000_00), ["Lumen", "Atrium"]),
        (Filters(status=("approved",), text="lumen"), []),
        (Filters(currency="SEK"), []),
    ],
)
def test_filters_narrow(cast, catalogue, at, filters, customers):
    small = (LineDraft(product_id=catalogue.edge_gateway.pk, amount_minor=5_000_00),)
    for name, changes in (("Atrium", {}), ("Lumen", {}), ("Vega", {"lines": small})):
        make_registration(cast.partner_rep, catalogue, at=at, customer_name=name, customer_domain=f"{name.lower()}.example", title="Rollout", **changes)

    with scope(cast.partner_rep):
        found = queries.registrations(cast.partner_rep, filters, PageRequest(key="k", sort="created"), at)

    assert [row.customer_name for row in found.rows] == customers


def test_a_product_line_narrows_too(cast, catalogue, at):
    make_registration(cast.partner_rep, catalogue, at=at)
    with scope(cast.partner_rep):
        page = PageRequest(key="k", sort="created")
        assert len(queries.registrations(cast.partner_rep, Filters(product_line_id=catalogue.mes.pk), page, at).rows) == 1
        assert len(queries.registrations(cast.partner_rep, Filters(product_line_id=catalogue.edge.pk), page, at).rows) == 0


def test_a_closing_day_narrows_to_what_was_closed_then(cast, catalogue, at):
    won = make_approved(cast.partner_rep, cast.vendor_admin, catalogue, at=at)
    with scope(cast.partner_rep):
        services.mark_won(actor=cast.partner_rep, registration_id=won, at=at + DAY)
        page = PageRequest(key="k", sort="created")
        for closed_from, closed_to, count in ((None, at.date(), 0), (at.date(), (at + DAY).date(), 1), ((at + 2 * DAY).date(), None, 0)):
            found = queries.registrations(cast.partner_rep, Filters(closed_from=closed_from, closed_to=closed_to), page, at)
            assert len(found.rows) == count


def test_every_sort_works(cast, catalogue, at):
    make_registration(cast.partner_rep, catalogue, at=at)
    with scope(cast.vendor_admin):
        for name in queries.SORTS:
            for descending in (True, False):
                page = PageRequest(key="k", sort=name, descending=descending)
                assert len(queries.registrations(cast.vendor_admin, Filters(), page, at).rows) == 1


def test_the_queue_is_ordered_by_promise_and_holds_what_this_person_decides(cast, catalogue, at):
    later = make_registration(cast.partner_rep, catalogue, at=at, customer_name="Vega", customer_domain="vega.example").registration_id
    sooner = make_registration(cast.partner_rep, catalogue, at=at - DAY).registration_id
    large = (LineDraft(product_id=catalogue.mes_core.pk, amount_minor=300_000_00),)
    two_steps = make_registration(
        cast.partner_rep, catalogue, at=at + HOUR, customer_name="Atrium", customer_domain="atrium.example", lines=large
    ).registration_id

    with scope(cast.partner_manager):
        assert [row.id for row in queries.decision_queue(cast.partner_manager, at)] == [sooner, later, two_steps]
        place = queries.neighbours(cast.partner_manager, later)
        assert (place.position, place.total, place.previous_id, place.next_id) == (2, 3, sooner, two_steps)
    with scope(cast.finance_manager):
        assert queries.waiting_count(cast.finance_manager) == 0
    with scope(cast.vendor_reader):
        assert queries.waiting_count(cast.vendor_reader) == 0
    with scope(cast.partner_manager):
        services.approve(actor=cast.partner_manager, registration_id=two_steps, at=at + HOUR)
        assert [row.id for row in queries.decision_queue(cast.partner_manager, at)] == [sooner, later]
    with scope(cast.vendor_admin):
        assert queries.waiting_count(cast.vendor_admin) == 3


def test_the_partners_queue_holds_what_was_returned(cast, catalogue, at):
    made = make_registration(cast.partner_rep, catalogue, at=at).registration_id
    with scope(cast.partner_manager):
        services.return_for_information(actor=cast.partner_manager, registration_id=made, fields=["title"], message="Which plant?", at=at)

    with scope(cast.partner_rep):
        assert [row.id for row in queries.decision_queue(cast.partner_rep, at)] == [made]
    with scope(cast.partner_reader):
        assert queries.waiting_count(cast.partner_reader) == 0


def test_the_board_shows_each_deal_once(cast, catalogue, at):
    make_registration(cast.partner_rep, catalogue, at=at, customer_name="Vega", customer_domain="vega.example")
    protected = make_approved(cast.partner_rep, cast.partner_manager, catalogue, at=at)
    won = make_approved(cast.partner_rep, cast.partner_manager, catalogue, at=at, customer_name="Atrium", customer_domain="atrium.example")
    with scope(cast.partner_rep):
        services.mark_won(actor=cast.partner_rep, registration_id=won, at=at + DAY)
        lanes = {lane.key: lane for lane in queries.board(cast.partner_rep, at + DAY).lanes}
        summary = queries.portal_summary(cast.partner_rep, at + 85 * DAY)

    assert {key: [card.customer for card in lane.cards] for key, lane in lanes.items()} == {
        "review": ["Vega"],
        "protected": ["Ostrava Steelworks a.s."],
        "proposal": [],
        "won": ["Atrium"],
    }
    card = lanes["protected"].cards[0]
    assert (card.id, card.note_kind, card.days_left, card.about, card.can_move) == (protected, "protection", 90, "MES", True)
    assert (lanes["review"].cards[0].note_kind, lanes["won"].count, lanes["won"].total.minor) == ("due", 1, 40_000_00)
    assert (summary.open_deals, summary.open_value.minor, summary.next_ending.customer, summary.next_ending.days_left) == (
        2,
        80_000_00,
        "Ostrava Steelworks a.s.",
        6,
    )


def test_the_pipeline_goes_by_stage(cast, catalogue, at):
    made = make_approved(cast.partner_rep, cast.partner_manager, catalogue, at=at)
    with scope(cast.partner_manager):
        services.move_stage(actor=cast.partner_manager, registration_id=made, stage="committed", at=at + DAY)
        lanes = {lane.key: lane.count for lane in queries.pipeline(cast.partner_manager, at + DAY).lanes}

    assert lanes == {"prospect": 0, "qualified": 0, "technical_validation": 0, "business_validation": 0, "committed": 1, "won": 0}


def test_the_vendors_home_counts(cast, catalogue, at):
    make_registration(cast.partner_rep, catalogue, at=at - 3 * DAY)
    make_approved(cast.partner_rep, cast.partner_manager, catalogue, at=at, customer_name="Vega", customer_domain="vega.example")

    with scope(cast.vendor_reader):
        found = queries.vendor_summary(cast.vendor_reader, at + 2 * HOUR)

    assert (found.waiting, found.late, found.protected, found.protected_value.minor, found.won_count) == (1, 0, 1, 40_000_00, 0)
    assert found.submitted_by_week[-2:] == (1, 1)


def test_the_numbers_of_registration_are_by_cohort(cast, catalogue, at):
    rejected = make_registration(cast.partner_rep, catalogue, at=at).registration_id
    make_approved(cast.partner_rep, cast.partner_manager, catalogue, at=at, customer_name="Vega", customer_domain="vega.example")
    gone = make_registration(cast.partner_rep, catalogue, at=at, customer_name="Atrium", customer_domain="atrium.example").registration_id
    with scope(cast.partner_manager):
        services.reject(actor=cast.partner_manager, registration_id=rejected, reason="No", at=at + HOUR)
    with scope(cast.partner_rep):
        services.withdraw(actor=cast.partner_rep, registration_id=gone, reason="No", at=at + HOUR)

    with scope(cast.vendor_reader):
        found = queries.kpis(cast.vendor_reader, since=at - DAY, until=at + DAY, at=at + 2 * DAY)
        cohorts = queries.acceptance_by_cohort(cast.vendor_reader, since=at - DAY, until=at + DAY)

    assert (found.submitted, found.decided, found.approved, found.rejected, found.acceptance_rate) == (2, 2, 1, 1, 0.5)
    assert (found.measured, found.sla_rate, found.win_rate, found.expiry_rate, found.conflict_rate) == (2, 1.0, 0.0, 0.0, 0.0)
    assert [(one.month.isoformat(), one.submitted, one.approved) for one in cohorts] == [("2026-11-01", 2, 1)]


def test_rates_without_a_denominator_are_none(cast, at):
    with scope(cast.vendor_reader):
        found = queries.kpis(cast.vendor_reader, since=at - DAY, until=at, at=at)
    assert (found.acceptance_rate, found.win_rate, found.sla_rate, found.median_hours) == (None, None, None, None)


def test_search_finds_by_number_customer_and_domain(cast, catalogue, at):
    made = stored(make_registration(cast.partner_rep, catalogue, at=at).registration_id)
    with scope(cast.partner_rep):
        for text in (made.number.lower(), "ostrava", "ostravasteel.ex", "mes rollout"):
            assert [hit.title for hit in queries.search(cast.partner_rep, text)] == ["Ostrava Steelworks, MES rollout"]
        assert queries.search(cast.partner_rep, "o") == []
    with scope(cast.other_partner_rep):
        assert queries.search(cast.other_partner_rep, "ostrava") == []


def test_a_collaborator_lists_only_the_deals_it_is_on(cast, catalogue, at):
    made = make_registration(cast.partner_rep, catalogue, at=at).registration_id
    page = PageRequest(key="k", sort="created")
    with scope(cast.partner_collaborator):
        assert queries.registrations(cast.partner_collaborator, Filters(), page, at).rows == ()
    with scope(cast.partner_rep):
        services.add_collaborator(actor=cast.partner_rep, registration_id=made, user_id=cast.users["partner_collaborator"].pk, at=at)
    with scope(cast.partner_collaborator):
        assert [row.id for row in queries.registrations(cast.partner_collaborator, Filters(), page, at).rows] == [made]


def test_the_form_offers_what_can_be_registered(cast, catalogue, at):
    with scope(cast.partner_rep):
        options = queries.form_options(cast.partner_rep, at)

    assert [product.name for product in options.products] == ["MES Core", "Edge Gateway"]
    assert [option.value for option in options.currencies] == ["EUR", "SEK"]
    assert options.default_program_id == cast.program.pk
    assert len(options.countries) > 200


def test_the_draft_fills_the_form_again(cast, catalogue, at):
    draft = make_draft(catalogue)
    with scope(cast.partner_rep):
        made = services.save_draft(actor=cast.partner_rep, draft=draft, at=at)
        assert queries.draft_of(cast.partner_rep, made.registration_id) == draft


def test_prechecks_are_shown_to_the_one_who_asked(cast, catalogue, at):
    with scope(cast.partner_rep):
        services.pre_check(actor=cast.partner_rep, customer="vega.example", product_line_id=catalogue.mes.pk, at=at)
        assert [(row.customer, row.answer, row.person) for row in queries.prechecks(cast.partner_rep)] == [("vega.example", "free", "Aino Laine")]
    with scope(cast.other_partner_rep):
        assert queries.prechecks(cast.other_partner_rep) == ()


def test_an_export_reads_everything_in_chunks(cast, catalogue, at, monkeypatch):
    from openprm.deals.queries import lists

    monkeypatch.setattr(lists, "CHUNK", 2)
    for number in range(5):
        make_registration(cast.partner_rep, catalogue, at=at, customer_name=f"Customer {number}", customer_domain=f"c{number}.example")
    with scope(cast.partner_rep):
        rows = list(queries.export_rows(cast.partner_rep, Filters(), at))
    assert [row.customer_name for row in rows] == [f"Customer {number}" for number in (4, 3, 2, 1, 0)]
