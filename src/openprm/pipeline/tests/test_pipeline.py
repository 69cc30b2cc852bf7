"""The board, the forecast, slips and targets over real deals."""

from datetime import date, datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from openprm.deals import queries as deals
from openprm.deals.models import Registration
from openprm.kernel.clock import stopped
from openprm.kernel.errors import Invalid, NotAllowed, NotFound, Stale
from openprm.kernel.scope import scope, system_scope
from openprm.pipeline import queries, services
from openprm.pipeline.models import CloseMove, Target
from openprm.pipeline.queries import Narrowed
from openprm.pipeline.testing import SOME_DAY, make_pipeline

pytestmark = pytest.mark.django_db
EVERYTHING = Narrowed()


@pytest.fixture
def made(cast):
    return make_pipeline(cast)


def _stage_of(registration_id):
    with system_scope():
        return deals.stage_named(Registration.objects.get(pk=registration_id).stage)


def _stage(registration_id, stage):
    with system_scope():
        Registration.objects.filter(pk=registration_id).update(stage=stage)


def _close(registration_id, day, at):
    with stopped(at), system_scope():
        row = Registration.objects.get(pk=registration_id)
        row.expected_close_date = day
        row.save(update_fields=["expected_close_date", "updated_at"])


def test_the_vendor_sees_every_deal_and_a_partner_its_own(cast, made):
    for actor, count, total in ((cast.vendor_reader, 3, 150_000_00), (cast.partner_rep, 2, 140_000_00), (cast.other_partner_rep, 1, 10_000_00)):
        with scope(actor):
            found = queries.board(actor, EVERYTHING, SOME_DAY)
        assert (found.figures.count, found.figures.total) == (count, total)
        assert sum(lane.count for lane in found.lanes) == count


def test_a_collaborator_sees_the_deals_it_works_on(cast, made):
    with scope(cast.partner_collaborator):
        assert queries.board(cast.partner_collaborator, EVERYTHING, SOME_DAY).count == 0


def test_the_board_can_be_narrowed(cast, made):
    with scope(cast.vendor_admin):
        for narrowed, count in (
            (Narrowed(partner_id=cast.partner_id), 2),
            (Narrowed(partner="sintra"), 1),
            (Narrowed(text="pelican"), 1),
            (Narrowed(closes_from=date(2026, 12, 1), closes_to=date(2026, 12, 31)), 1),
            (Narrowed(program_id=cast.program.pk), 3),
        ):
            assert queries.board(cast.vendor_admin, narrowed, SOME_DAY).count == count


def test_the_forecast_sums_by_stage_and_close_month_with_weights(cast, made):
    first = _stage_of(made["Lumen Retail"])
    _stage(made["Pelican Foods"], "committed")
    with scope(cast.vendor_admin):
        committed = deals.stage_named("committed")
        found = queries.forecast(cast.vendor_admin, EVERYTHING, "partner", SOME_DAY)

    by_stage = {row.code: row for row in found.stages}
    cells = {cell.key: cell.figures.total for cell in by_stage[first.code].cells}
    assert (cells["2026-11"], cells["2026-12"], cells["overdue"]) == (10_000_00, 40_000_00, 0)
    assert {cell.key: cell.figures.total for cell in by_stage["committed"].cells}["2027-02"] == 100_000_00
    assert found.figures.weighted == (50_000_00 * first.probability + 100_000_00 * committed.probability) // 100
    assert found.figures.commit + found.figures.best_case + found.figures.pipeline == 150_000_00
    assert sum(head.figures.total for head in found.heads) == 150_000_00
    assert [(row.name, row.figures.total) for row in found.groups] == [("Kallio Digital", 140_000_00), ("Sintra Systems", 10_000_00)]


@pytest.mark.parametrize(
    ("by", "wanted"),
    [
        ("product_line", [("Edge", 112_500_00), ("MES", 37_500_00)]),
        ("owner", [("Aino Laine", 140_000_00), ("Marta Nunes", 10_000_00)]),
        ("program", [("Halden Resell", 150_000_00)]),
    ],
)
def test_the_forecast_is_broken_down(cast, made, by, wanted):
    with scope(cast.vendor_admin):
        found = queries.forecast(cast.vendor_admin, EVERYTHING, by, SOME_DAY)

    assert [(row.name, row.figures.total) for row in found.groups] == wanted


def test_only_the_largest_groups_leave_the_database_and_the_others_are_the_rest(cast, made, monkeypatch):
    monkeypatch.setattr("openprm.pipeline.queries.forecasts.MOST_GROUPS", 1)
    with scope(cast.vendor_admin):
        found = queries.forecast(cast.vendor_admin, EVERYTHING, "partner", SOME_DAY)
        one = queries.forecast(cast.vendor_admin, EVERYTHING, "program", SOME_DAY)

    assert [(row.name, row.figures.count, row.figures.total) for row in found.groups] == [("Kallio Digital", 2, 140_000_00), ("All others", 1, 10_000_00)]
    assert found.groups[0].figures.weighted_hundredths + found.groups[1].figures.weighted_hundredths == found.figures.weighted_hundredths
    assert (found.others, one.others) == (1, 0)


def test_a_date_that_has_passed_is_flagged_and_in_its_own_column(cast, made):
    later = datetime(2026, 12, 20, 9, 0, tzinfo=SOME_DAY.tzinfo)
    with scope(cast.vendor_admin):
        found = queries.forecast(cast.vendor_admin, EVERYTHING, "partner", later)
        board = queries.board(cast.vendor_admin, EVERYTHING, later)
        slips = queries.slips(cast.vendor_admin, EVERYTHING, later)

    assert (found.figures.overdue, found.figures.overdue_total) == (2, 50_000_00)
    assert found.heads[0].figures.total == 50_000_00
    assert (slips.overdue_figures.overdue, slips.overdue_figures.overdue_total) == (2, 50_000_00)
    assert sorted(card.customer for lane in board.lanes for card in lane.cards if card.is_overdue) == ["Lumen Retail", "Ostrava Steelworks"]
    assert [(row.customer, row.days) for row in slips.overdue] == [("Lumen Retail", 23), ("Ostrava Steelworks", 5)]


def test_the_database_notes_each_close_date_that_moves(cast, made):
    deal = made["Ostrava Steelworks"]
    _close(deal, date(2027, 1, 15), SOME_DAY + timedelta(days=1))
    _close(deal, date(2027, 1, 29), SOME_DAY + timedelta(days=2))
    at = SOME_DAY + timedelta(days=3)

    with scope(cast.partner_rep):
        found = queries.slips(cast.partner_rep, EVERYTHING, at)
    assert [(row.customer, row.first, row.close, row.days, row.moves) for row in found.rows] == [
        ("Ostrava Steelworks", date(2026, 12, 15), date(2027, 1, 29), 45, 2)
    ]
    assert (found.summary.later, found.pushed_total.minor) == (1, 40_000_00)
    with scope(cast.other_partner_rep):
        assert CloseMove.objects.count() == 0
        assert queries.slips(cast.other_partner_rep, EVERYTHING, at).rows == ()
    with scope(cast.vendor_admin):
        assert queries.slips(cast.vendor_admin, EVERYTHING, at + timedelta(days=120)).rows == ()


def test_a_target_is_ones_own_and_covers_the_quarter(cast, made):
    actor = cast.partner_rep
    with scope(actor):
        assert services.set_target(actor=actor, amount_minor=20_000_00, day=SOME_DAY.date(), at=SOME_DAY) == 1
        with pytest.raises(Stale):
            services.set_target(actor=actor, amount_minor=1, day=SOME_DAY.date(), version=7, at=SOME_DAY)
        _close(made["Pelican Foods"], date(2026, 12, 30), SOME_DAY)
        found = queries.target_of(actor, EVERYTHING, SOME_DAY)
        assert (found.coverage.target, found.coverage.won, found.coverage.open) == (20_000_00, 0, 140_000_00)
        assert found.coverage.times_hundredths == 700
    for other in (cast.partner_admin, cast.other_partner_rep, cast.vendor_admin):
        with scope(other):
            assert queries.target_of(other, EVERYTHING, SOME_DAY).amount is None
    with scope(actor):
        assert services.set_target(actor=actor, amount_minor=0, day=SOME_DAY.date(), at=SOME_DAY) == 0
    with system_scope():
        assert not Target.objects.exists()


def test_a_target_out_of_range_or_by_a_reader_is_refused(cast):
    with scope(cast.partner_rep), pytest.raises(Invalid):
        services.set_target(actor=cast.partner_rep, amount_minor=10**18, day=SOME_DAY.date(), at=SOME_DAY)
    with scope(cast.partner_reader), pytest.raises(NotAllowed):
        services.set_target(actor=cast.partner_reader, amount_minor=1, day=SOME_DAY.date(), at=SOME_DAY)
    with system_scope():
        assert not Target.objects.exists()


def test_a_card_moves_by_the_rules_of_its_own_room(cast, made):
    deal = made["Lumen Retail"]
    with scope(cast.partner_rep), pytest.raises(NotFound):
        services.move(actor=cast.partner_rep, kind="deal", item_id=deal, stage="qualified", at=SOME_DAY)
    with scope(cast.partner_manager):
        with pytest.raises(Invalid):
            services.move(actor=cast.partner_manager, kind="deal", item_id=deal, stage="moon", at=SOME_DAY)
        with pytest.raises(NotFound):
            services.move(actor=cast.partner_manager, kind="moon", item_id=deal, stage="qualified", at=SOME_DAY)


@pytest.mark.parametrize("person", ["vendor_admin", "vendor_reader", "partner_rep", "partner_reader", "partner_collaborator"])
@pytest.mark.parametrize("name", ["pipeline", "forecast", "slips"])
def test_every_page_draws_with_and_without_deals(cast, person, name):
    url = reverse(f"pipeline:{'' if person.startswith('vendor') else 'portal_'}{name}")
    assert cast.client(person).get(url).status_code == 200

    make_pipeline(cast)
    for query in ("", "?mine=yes", "?q=pelican", "?by=product_line", "?closes_from=2026-12-01", "?program=x&by=moon"):
        assert cast.client(person).get(url + query).status_code == 200


def test_a_refused_move_is_shown_above_the_board(cast, made):
    url = reverse("pipeline:move")
    answer = cast.client("vendor_admin").post(url, {"item": made["Lumen Retail"], "kind": "deal", "stage": "moon", "version": ""})

    assert answer.status_code == 422
    assert "The deal was not moved" in answer.content.decode()
    assert cast.client("vendor_reader").post(url, {"item": made["Lumen Retail"], "kind": "deal", "stage": "qualified"}).status_code == 403


def test_the_forecast_is_exported_with_safe_cells(cast, made):
    with system_scope():
        from openprm.identity.models import Organization

        Organization.objects.filter(pk=cast.partner_id).update(name='=HYPERLINK("x")')
    body = cast.client("vendor_admin").get(reverse("pipeline:forecast") + "?" + urlencode({"export": "csv", "by": "partner"})).content.decode()

    assert "'=HYPERLINK" in body
    assert "140000" in body
    xlsx = cast.client("vendor_admin").get(reverse("pipeline:pipeline") + "?export=xlsx")
    assert xlsx["Content-Type"].startswith("application/vnd.openxml")


def test_the_target_form_keeps_what_was_wrong(cast):
    url = reverse("pipeline:portal_target")
    wrong = cast.client("partner_rep").post(url, {"amount": "much", "version": "0"})

    assert wrong.status_code == 422
    assert "much" in wrong.content.decode()
    assert cast.client("partner_rep").post(url, {"amount": "50000", "version": "0"}).status_code == 303


def test_the_page_asks_a_known_number_of_questions(cast, made, django_assert_max_num_queries):
    client, url = cast.client("vendor_admin"), reverse("pipeline:pipeline")
    client.get(url)
    with django_assert_max_num_queries(30):
        client.get(url)


def _engage(actor, **values):
    from openprm.cosell import services as cosell
    from openprm.cosell.services.opening import Draft

    registration_id = values.pop("registration_id", None)
    draft = Draft(**values) if values else None
    with scope(actor):
        return cosell.open_engagement(actor=actor, draft=draft, registration_id=registration_id, at=SOME_DAY).engagement_id


def test_an_engagement_counts_once_beside_its_registration(cast, made):
    _engage(cast.partner_rep, registration_id=made["Pelican Foods"])
    with scope(cast.partner_rep):
        found = queries.forecast(cast.partner_rep, EVERYTHING, "program", SOME_DAY)
    assert (found.figures.count, found.figures.total, found.engagements) == (2, 140_000_00, 0)


def test_an_engagement_without_a_registration_counts_itself_at_the_newest_rate(cast, made):
    values = {"title": "Three plants", "customer_name": "Vega Logistics", "stage": "qualified", "expected_close_date": date(2027, 1, 29)}
    _engage(cast.partner_rep, amount_minor=100_000_00, currency="SEK", **values)
    with scope(cast.partner_rep):
        found = queries.forecast(cast.partner_rep, EVERYTHING, "program", SOME_DAY)
        board = queries.board(cast.partner_rep, EVERYTHING, SOME_DAY)
        narrowed = queries.board(cast.partner_rep, Narrowed(program_id=cast.program.pk), SOME_DAY)

    assert (found.figures.count, found.figures.total, found.engagements) == (3, 149_150_00, 1)
    assert found.rates.first == date(2026, 11, 1)
    assert [(row.name, row.figures.total) for row in found.groups][-1] == ("Co-sell engagements", 9_150_00)
    assert [card.customer for lane in board.lanes for card in lane.cards if card.kind == "engagement"] == ["Vega Logistics"]
    assert (narrowed.engagements, narrowed.left_out) == (0, True)
    with scope(cast.other_partner_rep):
        assert queries.board(cast.other_partner_rep, EVERYTHING, SOME_DAY).engagements == 0


def test_the_card_of_an_engagement_moves_by_cosells_rules(cast, made):
    item = _engage(cast.partner_rep, title="Three plants", customer_name="Vega Logistics", stage="qualified")
    url = reverse("pipeline:portal_move")
    answer = cast.client("partner_rep").post(url, {"item": item, "kind": "engagement", "stage": "technical_validation", "version": ""})

    assert answer.status_code == 303
    with scope(cast.partner_rep):
        cards = [card for lane in queries.board(cast.partner_rep, EVERYTHING, SOME_DAY).lanes for card in lane.cards]
    assert [card.stage for card in cards if card.kind == "engagement"] == ["technical_validation"]
