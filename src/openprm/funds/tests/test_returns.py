"""What requests brought: shares of deals and leads, never more than the whole, and the return by both definitions."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.urls import reverse

from openprm.deals import services as deals
from openprm.deals.testing import make_approved, make_catalogue
from openprm.funds.models import RequestLink, ReturnTerms
from openprm.funds.queries.assumptions import program_terms
from openprm.funds.queries.cash import monthly
from openprm.funds.queries.linkable import request_subjects
from openprm.funds.queries.returns import links, own_return, return_report
from openprm.funds.services.links import lead_became_deal, link, save_return_terms, unlink
from openprm.funds.testing import approve, approve_claim, make_budget, make_claim, make_draft, make_fund, make_kind, make_request
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from openprm.kernel.money import Money
from openprm.kernel.scope import scope, system_scope
from openprm.leads.testing import make_lead

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SINCE, UNTIL = date(2026, 1, 1), date(2027, 1, 1)


@pytest.fixture
def deal(cast):
    """€40,000, won two hours after it was approved."""
    made = make_approved(cast.partner_rep, cast.vendor_admin, make_catalogue(), at=AT)
    with scope(cast.partner_rep):
        deals.mark_won(actor=cast.partner_rep, registration_id=made, at=AT + timedelta(hours=2))
    return made


@pytest.fixture
def asked(cast):
    """Two approved requests of €4,000 from one fund; the first is reimbursed €4,000."""
    kind, fund = make_kind(), make_fund(cast.partner_id)
    found = [make_request(cast.partner_admin, fund, kind) for _number in range(2)]
    for request_id in found:
        approve(request_id)
    approve_claim(make_claim(cast.partner_admin, found[0]))
    return found


def give(actor, request_id, subject_id, weight, kind="deal"):
    with scope(actor):
        return link(actor=actor, request_id=request_id, kind=kind, subject_id=subject_id, weight=weight, at=AT)


def report(actor):
    with scope(actor):
        return return_report(actor, since=SINCE, until=UNTIL, at=AT + timedelta(days=1))


def test_both_figures_follow_from_the_shares_to_the_cent(cast, deal, asked):
    give(cast.partner_admin, asked[0], deal, 60)
    give(cast.partner_manager, asked[1], deal, Decimal("12.5"))
    found = report(cast.vendor_admin)
    assert (found.total.requests, found.total.deals, found.total.cost) == (2, 1, Money(4_000_00, "EUR"))
    assert (found.total.revenue, found.total.multiple, found.total.roi) == (Money(29_000_00, "EUR"), Decimal("7.2500"), Decimal("4.0750"))
    assert [(one.weight, one.credited) for one in found.shares] == [(Decimal("60.00"), Money(24_000_00, "EUR")), (Decimal("12.50"), Money(5_000_00, "EUR"))]
    assert [row.figures.revenue for row in (*found.by_partner, *found.by_program, *found.by_kind)] == [Money(29_000_00, "EUR")] * 3


def test_nothing_reimbursed_is_no_figure(cast, deal, asked):
    give(cast.partner_admin, asked[1], deal, 100)
    with scope(cast.vendor_admin):
        found = return_report(cast.vendor_admin, since=date(2020, 1, 1), until=date(2020, 2, 1), at=AT)
    assert (found.total.requests, found.total.multiple, found.total.roi) == (0, None, None)


def test_more_than_the_whole_of_a_deal_is_refused_with_what_is_left_and_nothing_changes(cast, deal, asked):
    give(cast.partner_admin, asked[0], deal, 60)
    with pytest.raises(Conflict, match=r"60 % of DR-.* are given to requests already; 40 % are left"):
        give(cast.partner_admin, asked[1], deal, Decimal("40.01"))
    with system_scope():
        assert list(RequestLink.objects.values_list("weight", flat=True)) == [Decimal("60.00")]
    give(cast.partner_admin, asked[1], deal, 40)


def test_the_database_itself_holds_the_whole_at_100_percent(cast, deal, asked):
    give(cast.partner_admin, asked[0], deal, 60)
    with system_scope(), pytest.raises(IntegrityError, match="at most 100 percent"):
        RequestLink.objects.create(
            partner_id=cast.partner_id, request_id=asked[1], kind="lead", subject_id=uuid4(), subject_label="x", deal_id=deal, weight=41, linked_at=AT
        )


def test_the_same_link_again_changes_its_share(cast, deal, asked):
    assert give(cast.partner_admin, asked[0], deal, 60) == give(cast.partner_admin, asked[0], deal, 100)
    with scope(cast.partner_admin):
        [row] = links(cast.partner_admin, asked[0])
    assert (row.weight, row.left) == (Decimal("100.00"), Decimal(0))


@pytest.mark.parametrize("weight", [0, -5, Decimal("100.01"), "many", None])
def test_a_share_that_is_none_is_refused(cast, deal, asked, weight):
    with pytest.raises(Invalid, match="A share is a number"):
        give(cast.partner_admin, asked[0], deal, weight)


def test_a_stranger_reaches_neither_request_nor_deal(cast, deal, asked):
    with pytest.raises(NotFound):
        give(cast.other_partner_admin, asked[0], deal, 10)
    fund = make_fund(cast.other_partner_id)
    other = make_request(cast.other_partner_admin, fund, make_kind(code="other", name="Other"))
    for actor in (cast.other_partner_admin, cast.vendor_admin):
        with pytest.raises(NotFound, match=r"no such thing of this partner"):
            give(actor, other, deal, 10)
    with pytest.raises(NotAllowed):
        give(cast.vendor_reader, asked[0], deal, 10)


def test_nothing_is_linked_to_a_draft_or_to_a_campaign_while_nobody_keeps_campaigns(cast, deal, asked):
    draft = make_draft(cast.partner_admin, make_fund(cast.partner_id), make_kind(code="two", name="Two")).id
    with pytest.raises(Conflict, match="draft brought nothing"):
        give(cast.partner_admin, draft, deal, 10)
    with pytest.raises(Invalid, match="Campaigns are not kept here yet"):
        give(cast.partner_admin, asked[0], uuid4(), 10, kind="campaign")
    page = cast.client("partner_admin").get(reverse("funds:portal_request_links", args=[asked[0]])).content.decode()
    assert "Campaigns are not kept here yet" in page
    with scope(cast.partner_admin):
        found = request_subjects(cast.partner_admin, asked[0])
    assert ([one.id for one in found.deals], found.campaigns, found.keeps_campaigns, found.may_link) == ([deal], (), False, True)


def test_a_lead_counts_for_the_deal_it_becomes_and_is_cut_where_the_deal_is_given_away(cast, deal, asked):
    give(cast.partner_admin, asked[0], deal, 80)
    lead = make_lead(route=False).lead_id
    with system_scope():
        RequestLink.objects.create(
            partner_id=cast.partner_id, request_id=asked[1], kind="lead", subject_id=lead, subject_label="LD-1", weight=100, linked_at=AT
        )
        assert lead_became_deal(lead_id=lead, registration_id=deal) == 1
        row = RequestLink.objects.get(kind="lead")
    assert (row.deal_id, row.weight) == (deal, Decimal("20.00"))
    assert report(cast.vendor_admin).total.revenue == Money(40_000_00, "EUR")


def test_a_deal_won_after_the_window_does_not_count(cast, deal, asked):
    give(cast.partner_admin, asked[0], deal, 100)
    with scope(cast.vendor_admin):
        save_return_terms(actor=cast.vendor_admin, margin_percent=50, window_days=1, at=AT)
    found = report(cast.vendor_admin)
    assert (found.total.revenue, found.assumed.margin_percent) == (Money(40_000_00, "EUR"), Decimal("50.00"))
    assert found.total.roi == Decimal("4.0000")


@pytest.mark.parametrize(
    "values", [{"margin_percent": -1, "window_days": 9}, {"margin_percent": 101, "window_days": 9}, {"margin_percent": 5, "window_days": 0}]
)
def test_assumptions_that_cannot_be_are_refused(cast, values):
    with scope(cast.vendor_admin), pytest.raises(Invalid):
        save_return_terms(actor=cast.vendor_admin, at=AT, **values)


def test_a_partner_reads_what_its_own_requests_brought_without_our_margin(cast, deal, asked):
    give(cast.partner_admin, asked[0], deal, 50)
    with scope(cast.partner_admin):
        found = own_return(cast.partner_admin, AT + timedelta(days=1))
    assert (found.deals, found.revenue, found.cost, found.multiple) == (1, Money(20_000_00, "EUR"), Money(4_000_00, "EUR"), Decimal("5.0000"))
    assert not hasattr(found, "margin")


def test_a_share_is_taken_back(cast, deal, asked):
    link_id = give(cast.partner_admin, asked[0], deal, 50)
    with scope(cast.partner_admin):
        unlink(actor=cast.partner_admin, link_id=link_id, at=AT)
        assert links(cast.partner_admin, asked[0]) == ()


def test_a_program_with_assumptions_of_its_own_is_counted_by_them(cast, deal):
    kind, budget = make_kind(), make_budget(program_id=cast.program.pk)
    request_id = make_request(cast.partner_admin, make_fund(cast.partner_id, budget_id=budget), kind)
    approve(request_id)
    approve_claim(make_claim(cast.partner_admin, request_id))
    give(cast.partner_admin, request_id, deal, 100)
    with scope(cast.vendor_admin):
        save_return_terms(actor=cast.vendor_admin, margin_percent=70, window_days=365, at=AT)
        save_return_terms(actor=cast.vendor_admin, program_id=cast.program.pk, margin_percent=20, window_days=30, at=AT)
        sets = program_terms(cast.vendor_admin)
    found = report(cast.vendor_admin)
    assert [(one.is_own, one.terms.margin_percent, one.terms.window_days) for one in sets if one.program_id in (None, cast.program.pk)] == [
        (True, Decimal("70.00"), 365), (True, Decimal("20.00"), 30),
    ]  # fmt: skip
    assert (found.total.margin, found.total.roi, found.assumed.margin_percent) == (Money(8_000_00, "EUR"), Decimal("1.0000"), Decimal("70.00"))
    assert [(row.label, row.figures.roi) for row in found.by_program] == [(cast.program.name, Decimal("1.0000"))]


def test_the_window_of_a_program_ends_what_counts_for_partner_and_vendor_alike(cast, asked):
    made = make_approved(cast.partner_rep, cast.vendor_admin, make_catalogue(), at=AT)
    with scope(cast.partner_rep):
        deals.mark_won(actor=cast.partner_rep, registration_id=made, at=AT + timedelta(days=20))
    give(cast.partner_admin, asked[0], made, 100)
    with scope(cast.vendor_admin):
        save_return_terms(actor=cast.vendor_admin, margin_percent=70, window_days=19, at=AT)
        at = AT + timedelta(days=40)
        assert return_report(cast.vendor_admin, since=SINCE, until=UNTIL, at=at).total.revenue == Money(0, "EUR")
    with scope(cast.partner_admin):
        assert own_return(cast.partner_admin, at).revenue == Money(0, "EUR")
    with scope(cast.vendor_admin):
        save_return_terms(actor=cast.vendor_admin, margin_percent=70, window_days=21, at=AT)
    with scope(cast.partner_admin):
        assert own_return(cast.partner_admin, at).revenue == Money(40_000_00, "EUR")


def test_the_assumptions_of_a_program_that_is_none_are_refused(cast):
    with scope(cast.vendor_admin), pytest.raises(NotFound):
        save_return_terms(actor=cast.vendor_admin, program_id=uuid4(), margin_percent=70, window_days=19, at=AT)
    with system_scope():
        assert not ReturnTerms.objects.exists()


def test_what_came_back_names_the_program_on_the_partners_side_too(cast, asked):
    kind, budget = make_kind(code="own", name="Own"), make_budget(program_id=cast.program.pk)
    request_id = make_request(cast.partner_admin, make_fund(cast.partner_id, budget_id=budget), kind)
    approve(request_id)
    approve_claim(make_claim(cast.partner_admin, request_id, spent=Money(6_000_00, "EUR")))
    with scope(cast.partner_admin):
        found = monthly(cast.partner_admin, since=date(2026, 11, 1), until=date(2026, 12, 1))
    assert sorted((row.program_id is not None, row.program_id, row.reimbursed_minor, row.own_minor) for row in found) == [
        (False, None, 4_000_00, 4_000_00), (True, cast.program.pk, 3_000_00, 3_000_00),
    ]  # fmt: skip
    with scope(cast.other_partner_admin):
        assert monthly(cast.other_partner_admin, since=date(2026, 11, 1), until=date(2026, 12, 1)) == ()
