"""Bounties with their proof, and the published reasons against them."""

from datetime import date, timedelta

import pytest

from openprm.earnings import services
from openprm.earnings.models import Bounty, Earning
from openprm.earnings.services import Proof
from openprm.earnings.testing import SOME_DAY
from openprm.incentives import queries as plans
from openprm.incentives import services as incentives
from openprm.incentives.rules.draft import RateDraft
from openprm.incentives.testing import make_plan, terms
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from openprm.kernel.ids import new_id
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 a case study"


@pytest.fixture
def plan_id(cast):
    return make_plan("case-study", kind="bounty", terms=terms([RateDraft(fixed="500")], event="bounty"))


def submit(cast, plan_id, who="partner_rep", **values):
    actor = getattr(cast, who)
    given = {"title": "Case study", "happened_on": date(2026, 11, 20), "proof": Proof(name="case.pdf", content=PDF), **values}
    with scope(actor):
        return services.submit_bounty(actor=actor, plan_id=plan_id, at=SOME_DAY, **given)


def test_an_accepted_bounty_is_earned(cast, plan_id):
    bounty = submit(cast, plan_id)
    with scope(cast.finance_manager):
        services.accept_bounty(actor=cast.finance_manager, bounty_id=bounty, at=SOME_DAY)

    with system_scope():
        assert [row.amount_minor for row in Earning.objects.all()] == [500_00]
        assert Bounty.objects.get().state == "approved"


def test_a_bounty_pays_by_its_own_plan_alone(cast, plan_id):
    make_plan("webinar", kind="bounty", terms=terms([RateDraft(fixed="300")], event="bounty"))
    bounty = submit(cast, plan_id)
    with scope(cast.finance_manager):
        services.accept_bounty(actor=cast.finance_manager, bounty_id=bounty, at=SOME_DAY)

    with system_scope():
        assert [row.amount_minor for row in Earning.objects.all()] == [500_00]


@pytest.mark.parametrize("code", ["invalid_proof", "duplicate", "out_of_window", "criteria"])
def test_each_published_reason_can_be_said(cast, plan_id, code):
    bounty = submit(cast, plan_id)
    with scope(cast.finance_manager):
        services.reject_bounty(actor=cast.finance_manager, bounty_id=bounty, code=code, reason="See the plan.", at=SOME_DAY)

    with system_scope():
        assert Bounty.objects.get().reject_code == code


def test_a_rejected_bounty_names_a_published_reason(cast, plan_id):
    bounty = submit(cast, plan_id)
    with scope(cast.finance_manager):
        with pytest.raises(Invalid):
            services.reject_bounty(actor=cast.finance_manager, bounty_id=bounty, code="because", reason="No", at=SOME_DAY)
        services.reject_bounty(actor=cast.finance_manager, bounty_id=bounty, code="invalid_proof", reason="The page does not name us.", at=SOME_DAY)

    with system_scope():
        row = Bounty.objects.get()
        assert (row.state, row.reject_code, Earning.objects.count()) == ("rejected", "invalid_proof", 0)


def test_the_same_proof_is_no_second_one(cast, plan_id):
    submit(cast, plan_id)

    with pytest.raises(Conflict, match="sent for this bounty before"):
        submit(cast, plan_id, who="other_partner_rep")

    with system_scope():
        assert Bounty.objects.count() == 1


@pytest.mark.parametrize(
    "values",
    [
        {"proof": None}, {"proof": Proof(name="x.exe", content=b"MZ\x00\x01")}, {"proof": Proof(name="x", content=b"")}, {"title": " "},
        {"proof": None, "link": "javascript:alert(1)"}, {"happened_on": SOME_DAY.date() + timedelta(days=1)}, {"note": "x" * 2001},
    ],
)  # fmt: skip
def test_what_cannot_be_a_submission_is_refused(cast, plan_id, values):
    with pytest.raises(Invalid):
        submit(cast, plan_id, **values)

    with system_scope():
        assert Bounty.objects.count() == 0


def test_a_bounty_that_is_not_open_is_not_there(cast, plan_id):
    with pytest.raises(NotFound):
        submit(cast, new_id())
    with pytest.raises(NotAllowed):
        submit(cast, plan_id, who="partner_reader")


def test_bounties_that_were_accepted_are_replayed_under_a_draft(cast, plan_id):
    bounty = submit(cast, plan_id)
    finance = cast.finance_manager
    with scope(finance):
        services.accept_bounty(actor=finance, bounty_id=bounty, at=SOME_DAY)
        incentives.save_terms(actor=finance, plan_id=plan_id, terms=terms([RateDraft(fixed="600")], event="bounty"), at=SOME_DAY)
        run = plans.what_if(finance, plan_id, SOME_DAY)

    assert (run.before.minor, run.after.minor, run.gaining) == (500_00, 600_00, 1)
