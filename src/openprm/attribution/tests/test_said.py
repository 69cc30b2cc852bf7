"""Claims need both sides, disputes an answer, wins without a partner a look."""

from datetime import date, timedelta

import pytest

from openprm.accounts.testing import make_account
from openprm.attribution import queries, services
from openprm.attribution.models import Claim, Configuration, Dispute, Touch
from openprm.attribution.testing import OCTOBER, make_claim, make_run, make_touch, make_win
from openprm.kernel.errors import Invalid, NotAllowed, NotFound, Stale
from openprm.kernel.scope import scope, system_scope
from openprm.promises import queries as promises

pytestmark = pytest.mark.django_db


def _touches() -> int:
    with system_scope():
        return Touch.objects.count()


def test_a_claim_counts_only_when_the_other_side_confirms_it(cast, at):
    claim_id = make_claim(cast.partner_rep, make_account(partner_id=cast.partner_id), at=at)
    with scope(cast.partner_admin) as actor, pytest.raises(NotAllowed):
        services.confirm_claim(actor=actor, claim_id=claim_id, at=at)
    assert _touches() == 0

    with scope(cast.partner_manager) as actor:
        services.confirm_claim(actor=actor, claim_id=claim_id, at=at + timedelta(hours=1))

    with system_scope():
        touch = Touch.objects.get()
        assert (touch.kind, touch.source, touch.claimed_at, Claim.objects.get().state) == ("introduction", "claim", at, "confirmed")
        assert promises.clock(claim_id, "attribution.claim", at + timedelta(hours=2)).state == "kept"


def test_what_the_vendor_says_of_a_partner_is_confirmed_by_the_partner(cast, at):
    claim_id = make_claim(cast.partner_manager, make_account(), partner_id=cast.partner_id, at=at)
    with scope(cast.vendor_admin) as actor, pytest.raises(NotAllowed):
        services.confirm_claim(actor=actor, claim_id=claim_id, at=at)
    with scope(cast.other_partner_rep) as actor, pytest.raises(NotFound):
        services.confirm_claim(actor=actor, claim_id=claim_id, at=at)

    with scope(cast.partner_rep) as actor:
        assert queries.claim(actor, claim_id, at).made_by == "Vendor"
        services.confirm_claim(actor=actor, claim_id=claim_id, at=at)

    assert _touches() == 1


def test_a_declined_claim_has_a_reason_and_is_over(cast, at):
    claim_id = make_claim(cast.partner_rep, make_account(partner_id=cast.partner_id), at=at)
    with scope(cast.partner_manager) as actor:
        with pytest.raises(Invalid):
            services.decline_claim(actor=actor, claim_id=claim_id, reason=" ", at=at)
        with pytest.raises(Stale):
            services.decline_claim(actor=actor, claim_id=claim_id, reason="We met them in May.", version=7, at=at)
        services.decline_claim(actor=actor, claim_id=claim_id, reason="We met them in May.", at=at)
        with pytest.raises(NotAllowed):
            services.confirm_claim(actor=actor, claim_id=claim_id, at=at)

    assert _touches() == 0


def test_a_claim_on_a_customer_that_is_not_seen_or_of_the_future_is_refused(cast, at):
    hidden = make_account()
    with scope(cast.partner_rep) as actor, pytest.raises(NotFound):
        services.make_claim(actor=actor, kind="introduction", occurred_on=at, statement="Ours.", account_id=hidden, at=at)
    mine = make_account(name="Turku Yard", partner_id=cast.partner_id)
    with scope(cast.partner_rep) as actor, pytest.raises(Invalid):
        services.make_claim(actor=actor, kind="introduction", occurred_on=at + timedelta(days=1), statement="Ours.", account_id=mine, at=at)

    with system_scope():
        assert Claim.objects.count() == 0


def _disputed(cast, at):
    account_id = make_account(partner_id=cast.partner_id)
    deal_id = make_win(account_id)
    make_touch(cast.partner_id, account_id, at=at)
    make_touch(cast.other_partner_id, account_id, at=at, occurred_at=at - timedelta(days=50))
    make_run(at=at)
    with scope(cast.partner_rep) as actor:
        return deal_id, services.open_dispute(actor=actor, deal_id=deal_id, reason="We also ran the demo.", at=at)


def test_an_upheld_dispute_records_what_was_missing_and_the_next_run_counts_it(cast, at):
    deal_id, dispute_id = _disputed(cast, at)
    with scope(cast.partner_manager) as actor:
        services.settle_dispute(
            actor=actor, dispute_id=dispute_id, uphold=True, answer="You did.", kind="demo", occurred_on=at - timedelta(days=45), at=at + timedelta(days=1)
        )
    make_run(at=at + timedelta(days=2))

    with system_scope():
        assert Dispute.objects.get().state == "upheld"
        assert promises.clock(dispute_id, "attribution.dispute", at + timedelta(days=2)).state == "kept"
    with scope(cast.partner_rep) as actor:
        assert queries.partner_deal(actor, deal_id, at).row.basis_points == 8000


def test_a_stranger_to_a_deal_cannot_dispute_it_and_nobody_disputes_twice(cast, at):
    deal_id, _dispute_id = _disputed(cast, at)
    with scope(cast.partner_admin) as actor, pytest.raises(services.AlreadyDisputed):
        services.open_dispute(actor=actor, deal_id=deal_id, reason="Again.", at=at)
    lonely = make_win(make_account(name="Oulu Mill"))
    make_run(at=at + timedelta(hours=1))
    with scope(cast.other_partner_rep) as actor, pytest.raises(NotFound):
        services.open_dispute(actor=actor, deal_id=lonely, reason="Ours.", at=at)


def test_a_win_without_a_partner_waits_until_somebody_looked(cast, at):
    deal_id = make_win(make_account())
    make_run(at=at)
    with scope(cast.partner_manager) as actor:
        assert [one.key for one in queries.waiting(actor, at)] == [f"attribution.review:{deal_id}"]
        services.review_win(actor=actor, deal_id=deal_id, finding="direct", note="Came to our stand.", at=at)
        assert queries.waiting(actor, at) == []
    with scope(cast.finance_manager) as actor, pytest.raises(NotAllowed):
        services.review_win(actor=actor, deal_id=deal_id, finding="direct", at=at)


def test_a_configuration_has_the_hash_of_what_it_decides(cast, at):
    with scope(cast.finance_manager) as actor:
        services.publish_configuration(actor=actor, name="W", model="w-shaped", weights=("30", "30", "30", "10"), at=at)
        with pytest.raises(services.NothingChanged):
            services.publish_configuration(actor=actor, name="Another name", model="w-shaped", weights=("30", "30", "30", "10"), at=at)
        for wrong in ({"model": "linear", "weights": ("1", "2", "3")}, {"model": "custom"}, {"model": "markov"}, {"model": "linear", "half_life": "nan"}):
            with pytest.raises(Invalid):
                services.publish_configuration(actor=actor, name="Wrong", **wrong, at=at)

    with system_scope():
        assert Configuration.objects.count() == 1


def test_what_came_after_a_deal_was_decided_is_no_claim_and_mends_no_dispute(cast, at):
    account_id = make_account(partner_id=cast.partner_id)
    deal_id = make_win(account_id, closed_on=date(2026, 10, 20))
    make_touch(cast.partner_id, account_id, at=at)
    make_run(at=at)
    with scope(cast.partner_manager) as actor:
        told = {"kind": "reference", "statement": "They called our customer.", "deal_id": deal_id, "partner_id": cast.partner_id, "at": at}
        with pytest.raises(Invalid, match="decided on 2026-10-20"):
            services.make_claim(actor=actor, occurred_on=date(2026, 10, 21), **told)
        services.make_claim(actor=actor, occurred_on=date(2026, 10, 20), **told)
    with scope(cast.partner_rep) as actor:
        dispute_id = services.open_dispute(actor=actor, deal_id=deal_id, reason="We introduced you.", at=at)
    with scope(cast.partner_manager) as actor, pytest.raises(Invalid, match="decided on 2026-10-20"):
        services.settle_dispute(
            actor=actor, dispute_id=dispute_id, uphold=True, answer="You did.", kind="introduction", occurred_on=date(2026, 11, 1), at=at
        )  # fmt: skip

    assert _touches() == 1
    with system_scope():
        assert (Claim.objects.count(), Dispute.objects.get().state) == (1, "open")


def test_an_upheld_dispute_about_a_locked_month_is_told_beside_it(cast, at):
    account_id = make_account(partner_id=cast.partner_id)
    deal_id = make_win(account_id, opened_on=date(2026, 8, 1))
    make_touch(cast.other_partner_id, account_id, at=at)
    make_touch(cast.partner_id, account_id, at=at, occurred_at=at - timedelta(days=50))
    made = make_run(at=at)
    with scope(cast.finance_manager) as actor:
        services.lock_month(actor=actor, month=OCTOBER, at=at)
    with scope(cast.partner_rep) as actor:
        dispute_id = services.open_dispute(actor=actor, deal_id=deal_id, reason="We introduced you.", at=at)
    later = at + timedelta(days=1)
    with scope(cast.partner_manager) as actor:
        services.settle_dispute(
            actor=actor, dispute_id=dispute_id, uphold=True, answer="You did.", kind="introduction", occurred_on=date(2026, 7, 20), at=later
        )  # fmt: skip
    with system_scope():
        services.correct(at=later + timedelta(hours=1))

    with scope(cast.vendor_reader) as actor:
        assert services.replay(actor=actor, run_id=made.run_id).is_equal
        assert queries.outcomes(actor, since=OCTOBER, until=date(2026, 11, 1)).sourced.minor == 0
        assert queries.correction(actor, made.run_id).sums.sourced.minor == 50_000_00
