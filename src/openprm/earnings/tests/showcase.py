"""Lines in every state, with known ids, for pictures and browser walks."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from openprm.earnings import services
from openprm.earnings.models import Earning
from openprm.earnings.testing import earn, make_event
from openprm.incentives.rules.draft import RateDraft
from openprm.incentives.testing import make_plan, terms
from openprm.kernel.clock import now
from openprm.kernel.ids import new_id
from openprm.kernel.scope import scope, system_scope

LINE = UUID(int=501)
CUSTOMERS = ("Ostrava Steelworks", "Vltava Glass", "Bergen Cold Store", "Lund Dairy", "Kvarken Paper", "Nordhaven Docks")


def make_showcase(cast: Any) -> None:
    at, day = now(), now().date()
    make_plan("deal-commission", terms=terms([RateDraft(rate="7", high="100000"), RateDraft(low="100000", rate="10")], rep_share="20"))
    make_plan("rebate", kind="volume_rebate", terms=terms([RateDraft(rate="2")], event="period"))
    make_plan("case-study", kind="bounty", terms=terms([RateDraft(fixed="500")], event="bounty"))
    made = []
    for place, customer in enumerate(CUSTOMERS):
        event = make_event(
            cast.partner_id, minor=(place + 3) * 38_450_25, on=day - timedelta(days=place * 3 + 2), user_id=cast.partner_rep.user_id,
            facts={"customer": customer, "deal_type": "new", "number": f"DR-{place + 1:06d}"},
        )  # fmt: skip
        doubts = {"same_company": True} if place == 1 else {}
        made.append(earn(event, at=at, about=f"DR-{place + 1:06d} {customer}", doubts=doubts).earning_ids)
    _known(made[0][0])
    _work(cast, made, at)


def _known(earning_id: UUID) -> None:
    """A copy of the first line under an id that addresses can carry."""
    with system_scope():
        row = Earning.objects.get(pk=earning_id)
        row.pk, row.number, row.source_key = LINE, "E-900001", f"{row.source_key}:shown"
        row.save(force_insert=True)


def _work(cast: Any, made: list[Any], at: Any) -> None:
    finance = cast.finance_manager
    with scope(finance):
        for ids in made[2:5]:
            services.approve_many(actor=finance, earning_ids=ids, at=at)
        services.hold(actor=finance, earning_id=made[5][0], reason="The order is still being checked by the customer's bank.", at=at)
        services.claw_back(actor=finance, earning_id=made[3][0], reason="The customer returned half of its seats.", amount_minor=2_000_00, at=at)
        services.propose_adjustment(actor=finance, partner_id=cast.partner_id, amount_minor=450_00, currency="EUR", reason="Goodwill for the event", at=at)
    with system_scope():
        services.take(line_ids=made[2], run_id=new_id(), at=at)
        services.settle(line_ids=made[2], at=at)
    rep = cast.partner_rep
    plan_id = _bounty_plan(at.date())
    with scope(rep):
        services.submit_bounty(
            actor=rep, plan_id=plan_id, title="Case study with Ostrava Steelworks", happened_on=at.date(), link="https://kallio.example/case", at=at
        )


def _bounty_plan(day: date) -> UUID:
    from openprm.incentives import queries

    with system_scope():
        return next(plan.plan_id for plan in queries.plans_in_force(program_id=None, partner_id=None, event_code="bounty", on=day))
