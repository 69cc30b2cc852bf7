"""From what happened to credit: collected, judged by the published rules, divided, locked, replayed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from openprm.accounts.testing import make_account
from openprm.activities import services as activities
from openprm.activities.testing import make_activity
from openprm.attribution import queries, services
from openprm.attribution.models import Credit, LateTouch, Month, Result, Run, Touch
from openprm.attribution.testing import OCTOBER, make_claim, make_run, make_touch, make_win
from openprm.attribution.transfer import TouchImporter
from openprm.deals import services as deals
from openprm.deals.testing import make_approved, make_catalogue
from openprm.kernel.errors import NotAllowed, NotFound
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 1)


def _outcome(deal_id) -> tuple:
    with system_scope():
        row = Result.objects.filter(deal_id=deal_id).order_by("-created_at").first()
        return row.outcome, [(one.partner_id, one.basis_points, one.credit_minor) for one in row.credits.order_by("-basis_points", "partner_id")]


def test_a_meeting_of_the_year_before_influences_the_deal_of_its_customer(cast, at):
    account_id = make_account(partner_id=cast.partner_id)
    deal_id = make_win(account_id)
    make_touch(cast.partner_id, account_id, at=at)

    make_run(at=at)

    assert _outcome(deal_id) == ("influenced", [(cast.partner_id, 10_000, 50_000_00)])


def test_an_introduction_within_thirty_days_before_the_beginning_sources_the_deal(cast, at):
    account_id = make_account(partner_id=cast.partner_id)
    deal_id = make_win(account_id, opened_on=date(2026, 8, 1))
    make_touch(cast.partner_id, account_id, kind="introduction", occurred_at=datetime(2026, 7, 2, tzinfo=UTC), at=at)
    make_touch(cast.other_partner_id, account_id, kind="introduction", occurred_at=datetime(2026, 7, 1, tzinfo=UTC), at=at)

    make_run(at=at)

    outcome, parts = _outcome(deal_id)
    assert outcome == "sourced"
    assert sum(points for _partner, points, _minor in parts) == 10_000
    with system_scope():
        assert dict(Credit.objects.values_list("partner_id", "outcome")) == {cast.partner_id: "sourced", cast.other_partner_id: "influenced"}


def test_what_nobody_verified_does_not_count_until_somebody_does(cast, at):
    account_id = make_account(partner_id=cast.partner_id)
    deal_id = make_win(account_id)
    activity_id = make_activity(cast.partner_rep, account_id, at=at - timedelta(days=60))
    services.collect(at=at)
    make_run(at=at)
    assert _outcome(deal_id)[0] == "unattributed"

    with scope(cast.partner_manager):
        activities.confirm(actor=cast.partner_manager, activity_id=activity_id, at=at + timedelta(hours=1))
    services.collect(at=at + timedelta(hours=2))
    make_run(at=at + timedelta(hours=3))

    assert _outcome(deal_id)[0] == "influenced"


def test_collecting_twice_finds_nothing_new_and_a_struck_activity_counts_no_more(cast, at):
    account_id = make_account(partner_id=cast.partner_id)
    deal_id = make_win(account_id)
    activity_id = make_activity(cast.partner_manager, account_id, partner_id=cast.partner_id, at=at - timedelta(days=60))
    assert services.collect(at=at) == 1
    assert services.collect(at=at + timedelta(minutes=1)) == 0
    make_run(at=at + timedelta(minutes=2))
    assert _outcome(deal_id)[0] == "influenced"

    with scope(cast.partner_manager):
        activities.strike(actor=cast.partner_manager, activity_id=activity_id, reason="Another customer.", at=at + timedelta(hours=1))
    services.collect(at=at + timedelta(hours=2))
    make_run(at=at + timedelta(hours=3))

    assert _outcome(deal_id)[0] == "unattributed"


def test_the_three_outcomes_add_up_to_what_was_won(cast, at):
    one, other = make_account(partner_id=cast.partner_id), make_account(name="Tampere Works")
    make_win(one, minor=70_000_00)
    make_win(other, minor=30_000_00)
    make_touch(cast.partner_id, one, at=at)
    make_run(at=at)

    with scope(cast.vendor_reader) as actor:
        found = queries.outcomes(actor, since=OCTOBER, until=NOVEMBER)
        credit = queries.credit_by_partner(actor, since=OCTOBER, until=NOVEMBER)

    assert (found.sourced.minor, found.influenced.minor, found.unattributed.minor, found.total.minor) == (0, 70_000_00, 30_000_00, 100_000_00)
    assert (found.deals, found.influenced_deals, found.unattributed_deals) == (2, 1, 1)
    assert [(row.partner, row.credit.minor, row.influenced.minor, row.deals) for row in credit] == [("Kallio Digital", 70_000_00, 70_000_00, 1)]


def test_money_counts_at_the_rate_of_its_booking_and_what_had_none_is_said(cast, at):
    booked = {"currency": "USD", "base_amount_minor": 90_00, "base_currency": "EUR", "fx_rate": "0.9", "fx_date": date(2026, 10, 20)}
    deal_id = make_win(make_account(name="Boston Mills"), minor=100_00, **booked)
    make_win(make_account(name="Detroit Tools"), minor=100_00, currency="USD")
    make_run(at=at)

    with scope(cast.vendor_reader) as actor:
        found = queries.outcomes(actor, since=OCTOBER, until=NOVEMBER)
        seen = queries.deal(actor, deal_id)
    assert (found.total.minor, found.deals, found.without_rate) == (90_00, 2, 1)
    assert (seen.row.amount.minor, seen.row.base.minor, seen.fx_date) == (100_00, 90_00, date(2026, 10, 20))
    body = cast.client("finance_manager").get("/app/attribution/?since=2026-10&until=2026-10").content.decode()
    assert "1 won deal counts as 0: its currency had no rate" in body


def test_a_run_that_would_say_the_same_is_not_written_again(cast, at):
    make_win(make_account())
    first = make_run(at=at)

    again = make_run(at=at + timedelta(days=1))

    assert (again.run_id, again.is_new) == (first.run_id, False)


def test_a_run_as_known_on_a_day_holds_nothing_that_closed_after_it(cast, at):
    known = datetime(2026, 10, 15, 8, tzinfo=UTC)
    make_win(make_account(name="Before"), minor=100_00, closed_at=known)
    make_win(make_account(name="After"), minor=900_00, closed_at=known + timedelta(microseconds=1))

    run = make_run(at=known)

    with system_scope():
        assert list(Result.objects.filter(run=run.run_id).values_list("base_minor", flat=True)) == [100_00]


def test_a_replay_gives_the_same_bytes_whatever_happened_since(cast, at):
    account_id = make_account(partner_id=cast.partner_id)
    make_win(account_id)
    touch = make_touch(cast.partner_id, account_id, at=at)
    made = make_run(at=at)
    make_touch(cast.other_partner_id, account_id, at=at + timedelta(days=1))
    with system_scope():
        Touch.objects.filter(pk=touch).update(struck_at=at + timedelta(days=2), struck_reason="Wrong.")

    with scope(cast.vendor_reader) as actor:
        again = services.replay(actor=actor, run_id=made.run_id)

    with system_scope():
        assert again.sha256 == Run.objects.get(pk=made.run_id).result_sha256
    assert again.is_equal
    assert again.body.count(b"\n") == 1


def test_a_locked_month_is_not_computed_again_and_late_news_are_not_in_it(cast, at):
    account_id = make_account(partner_id=cast.partner_id)
    make_win(account_id)
    made = make_run(at=at)
    with scope(cast.finance_manager) as actor:
        services.lock_month(actor=actor, month=OCTOBER, note="Board pack.", at=at)
    make_touch(cast.partner_id, account_id, at=at + timedelta(days=1))

    with pytest.raises(services.LockedMonth):
        make_run(at=at + timedelta(days=2))

    with system_scope():
        assert Month.objects.get(month=OCTOBER).run_id == made.run_id
        with pytest.raises(DatabaseError), transaction.atomic():
            Month.objects.filter(month=OCTOBER).update(note="Changed.")


def test_a_month_that_is_not_over_is_not_locked(cast, at):
    make_run(NOVEMBER, at=at)

    with scope(cast.finance_manager) as actor, pytest.raises(NotAllowed):
        services.lock_month(actor=actor, month=NOVEMBER, at=at)


def test_a_claim_after_its_time_is_counted_apart_and_gets_no_credit(cast, at):
    account_id = make_account(partner_id=cast.partner_id)
    deal_id = make_win(account_id, opened_on=date(2026, 9, 1))
    claim_id = make_claim(cast.partner_rep, account_id, at=datetime(2026, 9, 16, tzinfo=UTC), occurred_on=date(2026, 8, 20))
    with scope(cast.partner_manager) as actor:
        services.confirm_claim(actor=actor, claim_id=claim_id, at=datetime(2026, 9, 17, tzinfo=UTC))

    make_run(at=at)

    assert _outcome(deal_id) == ("unattributed", [])
    with system_scope():
        assert LateTouch.objects.get().partner_id == cast.partner_id
        assert Run.objects.get().late_count == 1
    with scope(cast.partner_rep) as actor:
        assert [row.deal_id for row in queries.late_credits(actor)] == [deal_id]


def test_a_claim_in_time_is_an_introduction(cast, at):
    account_id = make_account(partner_id=cast.partner_id)
    deal_id = make_win(account_id, opened_on=date(2026, 9, 1))
    claim_id = make_claim(cast.partner_rep, account_id, at=datetime(2026, 9, 15, tzinfo=UTC), occurred_on=date(2026, 8, 20))
    with scope(cast.partner_manager) as actor:
        services.confirm_claim(actor=actor, claim_id=claim_id, at=datetime(2026, 10, 17, tzinfo=UTC))

    make_run(at=at)

    assert _outcome(deal_id)[0] == "sourced"


def test_the_database_refuses_shares_that_are_not_whole(cast, at):
    account_id = make_account(partner_id=cast.partner_id)
    make_win(account_id)
    make_touch(cast.partner_id, account_id, at=at)
    make_run(at=at)

    with system_scope():
        result = Result.objects.get()
        with pytest.raises(IntegrityError), transaction.atomic():
            Credit.objects.create(
                result=result, run_id=result.run_id, partner_id=cast.other_partner_id, outcome="influenced", basis_points=1, credit_minor=0, currency="EUR",
                kind="opportunity", deal_id=result.deal_id, closed_at=result.closed_at,
            )  # fmt: skip
            with connection.cursor() as cursor:
                cursor.execute("set constraints all immediate")
        with pytest.raises(DatabaseError), transaction.atomic():
            Credit.objects.update(basis_points=9_999)


def test_a_partner_reads_its_own_part_and_nothing_of_the_others(cast, at):
    account_id = make_account(partner_id=cast.partner_id)
    deal_id = make_win(account_id)
    make_touch(cast.partner_id, account_id, at=at)
    make_touch(cast.other_partner_id, account_id, at=at, occurred_at=at - timedelta(days=50))
    make_run(at=at)

    with scope(cast.partner_rep) as actor:
        found = queries.partner_deal(actor, deal_id, at)
        assert (found.row.basis_points, {one.partner_id for one in found.evidence}) == (5000, {cast.partner_id})
        assert Run.objects.count() == Result.objects.count() == 0
        assert set(Touch.objects.values_list("partner_id", flat=True)) == {cast.partner_id}
        with pytest.raises(NotFound):
            queries.deal(actor, deal_id)
    with scope(cast.vendor_admin) as actor:
        seen = queries.deal(actor, deal_id)
        assert [part.basis_points for part in seen.parts] == [5000, 5000]
        assert seen.comparison.has_flag


def test_a_file_of_touches_is_written_once_and_taken_back(cast, at):
    account_id = make_account(partner_id=cast.partner_id)
    row = {"external_id": "T-1", "partner": cast.partner_id, "account": account_id, "kind": "event", "occurred_date": date(2026, 10, 1), "summary": "Fair"}
    importer = TouchImporter()
    with scope(cast.partner_manager) as actor:
        made = importer.create(actor=actor, rows=[row], source="fair", at=at)
        assert importer.find(actor=actor, rows=[row], source="fair") == list(made)
        assert importer.current(actor=actor, ids=made)[made[0]] == row
        importer.remove(actor=actor, ids=made, at=at)
        assert importer.find(actor=actor, rows=[row], source="fair") == [None]
        importer.create(actor=actor, rows=[row], source="fair", at=at)
    with scope(cast.finance_manager) as actor, pytest.raises(NotAllowed):
        importer.create(actor=actor, rows=[row | {"external_id": "T-2"}], source="fair", at=at)


def test_a_locked_month_tells_each_deal_who_is_credited(cast, at, monkeypatch):
    account_id = make_account(partner_id=cast.partner_id)
    deal_id = make_win(account_id)
    make_touch(cast.partner_id, account_id, at=at)
    made = make_run(at=at)
    told = []
    monkeypatch.setattr("openprm.attribution.services.running.publish", told.append)

    with system_scope():
        assert services.assign(run_id=made.run_id, at=at) == 1

    assert [(one.deal_id, one.partner_ids, one.basis_points, one.credit_minor) for one in told] == [(deal_id, (cast.partner_id,), (10_000,), (50_000_00,))]


def test_a_registered_deal_is_sourced_by_its_partner(cast, at):
    made = make_approved(cast.partner_rep, cast.partner_manager, make_catalogue(), at=at - timedelta(days=20))
    with scope(cast.partner_rep) as actor:
        deals.mark_won(actor=actor, registration_id=made, at=at - timedelta(days=1))
    assert services.collect(at=at) == 1

    make_run(NOVEMBER, at=at)

    assert _outcome(made) == ("sourced", [(cast.partner_id, 10_000, 40_000_00)])
