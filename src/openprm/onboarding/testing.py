"""Builders for tests and pictures: plain and typed, made as the system."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from openprm.kernel.actor import SYSTEM
from openprm.kernel.clock import now
from openprm.kernel.scope import scope, system_scope
from openprm.onboarding import services
from openprm.onboarding.models import Plan, PlanTask, Template

SOME_DAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def template_id(code: str = "resell-90") -> UUID:
    """One of the templates that stand from the start."""
    with system_scope():
        return Template.objects.get(code=code).pk


def make_plan(
    partner_id: UUID, *, program_id: UUID | None = None, template: str = "resell-90", started_at: datetime | None = None, at: datetime = SOME_DAY
) -> UUID:
    with system_scope():
        return services.start_plan(
            actor=SYSTEM, partner_id=partner_id, template_id=template_id(template), program_id=program_id, started_at=started_at or at, at=at
        )


def task_id(plan_id: UUID, key: str) -> UUID:
    with system_scope():
        return PlanTask.objects.get(plan=plan_id, key=key).pk


def make_kit(actor: Any, program_id: UUID, *, at: datetime = SOME_DAY, **values: Any) -> UUID:
    given = {
        "title": "Welcome to Halden",
        "message": "We are glad that you are here.\n\nThis page holds what you need in the first week.",
        "logins": "Portal: this address, with your mail address. Test environment: your partner manager sends the key.",
        "course_title": "Halden in 40 minutes",
        "course_about": "What our products do, for whom, and where they do not fit.",
        "course_url": "https://academy.halden.example/basics",
        "links": [{"label": "Price list", "url": "https://files.halden.example/prices"}],
        "contacts": [],
        "is_active": True,
    }
    with scope(actor):
        return services.save_kit(actor=actor, program_id=program_id, values=given | values, at=at)


def make_pilot(actor: Any, partner_ids: tuple[UUID, ...] = (), *, at: datetime = SOME_DAY, start: bool = False, **values: Any) -> UUID:
    given = {
        "name": "Deal desk by chat",
        "about": "Questions on prices are answered in a shared chat instead of by mail.",
        "kind": "feature",
        "starts_date": date(2026, 11, 23),
        "ends_date": date(2027, 1, 31),
    }
    with scope(actor):
        pilot_id = services.create_pilot(actor=actor, at=at, **(given | values))
        services.add_goal(actor=actor, pilot_id=pilot_id, name="Hours until a price is confirmed", unit="hours", baseline=Decimal(30), target=Decimal(6), at=at)
        services.invite_partners(actor=actor, pilot_id=pilot_id, partner_ids=partner_ids, at=at)
        if start:
            services.start_pilot(actor=actor, pilot_id=pilot_id, at=at)
    return pilot_id


def make_showcase(cast: Any) -> None:
    """A partner in the middle of its plan, one that stands still, a kit, a question and a pilot, for pictures."""
    at = now()
    make_kit(cast.vendor_admin, cast.program.pk, at=at)
    for partner_id, days in ((cast.partner_id, 24), (cast.other_partner_id, 52)):
        services.begin_first_deal(partner_id=partner_id, program_id=cast.program.pk, at=at - timedelta(days=days))
        make_plan(partner_id, program_id=cast.program.pk, at=at - timedelta(days=days))
        services.deliver_kit(partner_id=partner_id, program_id=cast.program.pk, at=at - timedelta(days=days))
    plan = Plan.objects.get(partner=cast.partner_id)
    for actor, key, days, answer in (
        (cast.partner_manager, "kick-off", 20, ""),
        (cast.partner_manager, "prices", 15, ""),
        (cast.partner_admin, "rules", 12, ""),
        (cast.partner_rep, "plan", 4, "Northwind Freight, Pelican Foods, Lumen Retail: all three run two systems that do not talk to each other."),
    ):
        with scope(actor):
            services.complete_task(actor=actor, task_id=task_id(plan.pk, key), answer=answer, at=at - timedelta(days=days))
    services.reach_milestone(partner_id=cast.partner_id, code="onboarding.kit_opened", evidence="Mika Virtanen", at=at - timedelta(days=23))
    services.reach_milestone(partner_id=cast.partner_id, code="partner.team_of_three", evidence="Aino Laine", at=at - timedelta(days=21))
    services.reach_milestone(partner_id=cast.partner_id, code="agreements.accepted", evidence="Partner agreement 2", at=at - timedelta(days=10))
    with scope(cast.partner_rep):
        services.ask_for_help(
            actor=cast.partner_rep, question="Can somebody of you join the first call with Pelican Foods next week?", at=at - timedelta(hours=3)
        )
        services.add_comment(actor=cast.partner_rep, task_id=task_id(plan.pk, "sales-course"), body="Two of us start on Monday.", at=at - timedelta(days=1))
    make_pilot(cast.vendor_admin, (cast.partner_id, cast.other_partner_id), at=at, start=True)
    services.begin_draft(actor=SYSTEM, template_id=Template.objects.get(code="resell-90").pk, at=at)
    services.mark_stuck(at=at)
