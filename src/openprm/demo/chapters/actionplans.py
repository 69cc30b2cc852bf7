"""Mutual action plans on a few open deals: one agreed, one late, one changed since it was agreed, one just begun; two deals that close later; and targets."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from openprm.actionplans import queries, services
from openprm.deals import queries as deals
from openprm.deals import services as deal_services
from openprm.deals.queries import Filters
from openprm.demo.stage import PartnerOnStage, Stage
from openprm.kernel.errors import Refusal
from openprm.pipeline import services as pipeline

MOST = 4
DONE = (4, 2, 3, 0)
"""Steps that each plan has done, in the order of the plans."""
LATER = (0, 1)
"""Plans whose deal closes later than it was said."""


def tell(stage: Stage) -> None:
    """Four plans of four partners, and a target on either side."""
    found = [(partner, deal) for partner in stage.partners if "partner_sales" in partner.people and (deal := _open_deal(stage, partner))]
    for number, (partner, deal) in enumerate(found[:MOST]):
        _plan(stage, partner, deal, number)
    _targets(stage, [partner for partner, _deal in found[:2]])


def _open_deal(stage: Stage, partner: PartnerOnStage) -> Any:
    """An approved deal of the partner that was booked some time ago and closes ahead."""
    at = stage.at(days_ago=0)
    with stage.acting(partner.people["partner_sales"][0], at) as actor:
        rows = deals.listed(actor, Filters(status=("approved",), closes_from=(at + timedelta(days=20)).date()))
        return rows.order_by("-base_amount_minor").first()


def _plan(stage: Stage, partner: PartnerOnStage, deal: Any, number: int) -> None:
    seller, manager = partner.people["partner_sales"][0], stage.managers[number % len(stage.managers)]
    begun = max(stage.at(days_ago=30 - 6 * number, hour=10), deal.booked_at + timedelta(hours=2))
    with stage.acting(seller, begun) as actor:
        choices = queries.choices(actor, deal.program_id)
        plan_id = services.start_plan(actor=actor, subject_id=deal.pk, template_id=choices[0].id if choices else None, at=begun)
        if number < 3:
            services.sign_plan(actor=actor, plan_id=plan_id, at=begun)
    if number < 3:
        with stage.acting(manager, begun + timedelta(hours=5)) as actor:
            services.sign_plan(actor=actor, plan_id=plan_id, at=begun + timedelta(hours=5))
    _work(stage, seller, manager, plan_id, DONE[number])
    _private(stage, seller, manager, plan_id)
    if number == 2:
        _change(stage, manager, plan_id)
    if number in LATER:
        _close_later(stage, manager, deal, plan_id, follows=number == 0)


def _work(stage: Stage, seller: UUID, manager: Any, plan_id: UUID, count: int) -> None:
    """The first steps get done, each by a person of its side."""
    at = stage.at(days_ago=4, hour=14)
    with stage.acting(seller, at) as actor:
        steps = queries.plan(actor, plan_id, at).steps[:count]
    for step in steps:
        with stage.acting(manager if step.side == "vendor" else seller, at) as actor:
            try:
                services.finish_step(actor=actor, step_id=step.id, note="The customer confirmed it by mail.", at=at)
            except Refusal:
                return  # it waits for a step that is still open


def _private(stage: Stage, seller: UUID, manager: Any, plan_id: UUID) -> None:
    at = stage.at(days_ago=3, hour=9)
    day = (at + timedelta(days=7)).date()
    with stage.acting(seller, at) as actor:
        services.add_step(actor=actor, plan_id=plan_id, title="Check our own capacity for the rollout", side="partner", due_date=day, private=True, at=at)
    with stage.acting(manager, at) as actor:
        services.add_step(actor=actor, plan_id=plan_id, title="Have the special price approved", side="vendor", due_date=day, private=True, at=at)


def _change(stage: Stage, manager: Any, plan_id: UUID) -> None:
    """A day moves after both sides agreed: the plan shows what is different."""
    at = stage.at(days_ago=1, hour=11)
    with stage.acting(manager, at) as actor:
        waiting = [step for step in queries.plan(actor, plan_id, at).steps if step.state == "open" and not step.is_private]
        services.change_step(actor=actor, step_id=waiting[0].id, values={"due_date": waiting[0].due_date + timedelta(days=7)}, at=at)


def _close_later(stage: Stage, manager: Any, deal: Any, plan_id: UUID, *, follows: bool) -> None:
    """The customer's board meets later, so the deal closes later; one plan follows at once, the other waits for somebody to move it."""
    at = stage.at(days_ago=2, hour=15)
    later = deal.expected_close_date + timedelta(days=21)
    with stage.acting(manager, at) as actor:
        moved = {"expected_close_date": later}
        deal_services.propose_amendment(actor=actor, registration_id=deal.pk, changes=moved, reason="The customer's board meets three weeks later.", at=at)
        if follows:
            services.shift_plan(actor=actor, plan_id=plan_id, close_date=later, at=at)


def _targets(stage: Stage, partners: list[PartnerOnStage]) -> None:
    at = stage.at(days_ago=2, hour=9)
    people = [(stage.managers[0], 4_000_000_00), *((partner.people["partner_sales"][0], 400_000_00) for partner in partners)]
    for person, amount in people:
        with stage.acting(person, at) as actor:
            pipeline.set_target(actor=actor, amount_minor=amount, day=at.date(), at=at)
