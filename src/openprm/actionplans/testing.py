"""Builders for tests and pictures: plans made through the services, as people make them."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from openprm.actionplans import services
from openprm.actionplans.models import Step, Template
from openprm.deals.testing import make_approved, make_catalogue
from openprm.kernel.actor import Actor
from openprm.kernel.scope import scope, system_scope

SOME_DAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
CLOSE = date(2027, 3, 31)


def template_id() -> UUID:
    """The template that stands from the start."""
    with system_scope():
        return Template.objects.get(name="Plan to close").pk


def make_deal(cast: Any, **changes: Any) -> UUID:
    """An approved registration of the cast's partner, closing on 31 March 2027."""
    return make_approved(cast.partner_rep, cast.vendor_admin, make_catalogue(), at=SOME_DAY, **changes)


def make_plan(cast: Any, *, registration_id: UUID | None = None, template: UUID | None = None, at: datetime = SOME_DAY, **values: Any) -> UUID:
    """A plan that the partner's seller began: empty unless a template is given."""
    found = registration_id or make_deal(cast)
    with scope(cast.partner_rep):
        return services.start_plan(actor=cast.partner_rep, subject_id=found, template_id=template, at=at, **values)


def make_step(actor: Actor, plan_id: UUID, title: str, *, at: datetime = SOME_DAY, **values: Any) -> UUID:
    side = "vendor" if actor.is_vendor else "partner"
    given = {"side": side, "due_date": date(2026, 12, 15), **values}
    with scope(actor):
        return services.add_step(actor=actor, plan_id=plan_id, title=title, at=at, **given)


def stored(step_id: UUID) -> Step:
    with system_scope():
        return Step.objects.select_related("plan").get(pk=step_id)
