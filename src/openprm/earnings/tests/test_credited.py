"""Influence is paid by credit: a partner's final part of a deal, and help that both sides confirmed."""

from datetime import date, datetime, timedelta

import pytest

from openprm.accounts.testing import make_account
from openprm.attribution import services as attribution
from openprm.attribution.testing import make_claim, make_run, make_touch, make_win
from openprm.earnings import jobs
from openprm.earnings.models import Earning
from openprm.incentives.rules.draft import RateDraft
from openprm.incentives.testing import make_plan, terms
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db


def _lines() -> list[tuple]:
    with system_scope():
        return [(row.partner_id, row.amount_minor, row.basis_minor) for row in Earning.objects.order_by("partner_id")]


def test_final_credit_pays_each_partner_on_its_own_part_and_once(cast, at):
    account_id = make_account(partner_id=cast.partner_id)
    make_win(account_id, minor=50_000_00)
    make_touch(cast.partner_id, account_id, at=at)
    make_touch(cast.other_partner_id, account_id, at=at, occurred_at=at - timedelta(days=50))
    make_plan(terms=terms(event="deal_credited", hold_days="0"))
    run_id = make_run(at=at).run_id

    with system_scope():
        attribution.push(run_id=run_id, at=at)
        attribution.push(run_id=run_id, at=at)

    assert sorted(_lines()) == sorted([(cast.partner_id, 2_500_00, 25_000_00), (cast.other_partner_id, 2_500_00, 25_000_00)])


def test_a_rate_may_ask_whether_the_partner_sourced_or_influenced(cast, at):
    account_id = make_account(partner_id=cast.partner_id)
    make_win(account_id, minor=50_000_00)
    make_touch(cast.partner_id, account_id, at=at)
    make_plan(terms=terms([RateDraft(rate="5", channel=("influenced",)), RateDraft(rate="50", channel=("sourced",))], event="deal_credited"))
    run_id = make_run(at=at).run_id

    with system_scope():
        attribution.push(run_id=run_id, at=at)

    assert _lines() == [(cast.partner_id, 2_500_00, 50_000_00)]


def test_help_that_both_sides_confirm_pays_a_fixed_amount_and_a_declined_claim_nothing(cast, at):
    account_id = make_account(partner_id=cast.partner_id)
    make_plan(terms=terms([RateDraft(fixed="250", channel=("reference",))], event="help_confirmed", bands="whole"))
    confirmed = make_claim(cast.partner_rep, account_id, at=at, kind="reference", occurred_on=date(2026, 11, 20))
    declined = make_claim(cast.partner_rep, account_id, at=at, kind="reference", occurred_on=date(2026, 11, 19))
    with scope(cast.partner_manager) as actor:
        attribution.confirm_claim(actor=actor, claim_id=confirmed, at=at)
        attribution.decline_claim(actor=actor, claim_id=declined, reason="Nobody called.", at=at)

    with system_scope():
        for claim_id, state in ((confirmed, "confirmed"), (confirmed, "confirmed"), (declined, "declined")):
            _tell(claim_id, cast.partner_id, state, at)

    assert [amount for _partner, amount, _basis in _lines()] == [250_00]


def test_confirmed_help_that_the_event_missed_is_paid_at_night_and_once(cast, at):
    account_id = make_account(partner_id=cast.partner_id)
    make_plan(terms=terms([RateDraft(fixed="250", channel=("reference",))], event="help_confirmed", bands="whole"))
    told, missed, _waiting, declined = (
        make_claim(cast.partner_rep, account_id, at=at, kind="reference", occurred_on=date(2026, 11, 20 - place)) for place in range(4)
    )
    with scope(cast.partner_manager) as actor:
        for claim_id in (told, missed):
            attribution.confirm_claim(actor=actor, claim_id=claim_id, at=at)
        attribution.decline_claim(actor=actor, claim_id=declined, reason="Nobody called.", at=at)

    with system_scope():
        _tell(told, cast.partner_id, "confirmed", at)
        for night in (1, 2):
            jobs.by_the_calendar(at=at + timedelta(days=night))
        _tell(missed, cast.partner_id, "confirmed", at + timedelta(days=3))
        assert set(Earning.objects.values_list("event__source_id", flat=True)) == {told, missed}

    assert [amount for _partner, amount, _basis in _lines()] == [250_00, 250_00]


def _tell(claim_id, partner_id, state: str, at: datetime) -> None:
    told = {"claim_id": claim_id, "partner_id": partner_id, "state": state, "answered_side": "vendor", "actor_id": None, "at": at}
    jobs.on_help_confirmed(**told)
