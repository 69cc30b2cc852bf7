"""The steps of every leaving: our own, and those that other rooms add."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from openprm.kernel.registry import registry
from openprm.offboarding.models import Step as Row
from openprm.offboarding.ports import Choice, Decided, Item, Plan, Step
from openprm.offboarding.rules import ACCESS, EXPORT, MEMBERSHIP, RETENTION


@dataclass(frozen=True, slots=True, kw_only=True)
class Defined:
    """A step as it is defined: by another room (then `given` runs it) or here."""

    code: str
    label: Any
    about: Any
    order: int
    choices: tuple[Choice, ...] = ()
    count: Callable[[UUID], int] | None = None
    items: Callable[[UUID], tuple[Item, ...]] | None = None
    given: Step | None = None


OWN = (
    Defined(
        code=EXPORT,
        label=_("Hand over the export"),
        about=_("A ZIP with everything the partner could read: CSV, JSON and files, with a checksum each. Its address works after access has ended."),
        order=30,
    ),
    Defined(
        code=ACCESS,
        label=_("End access"),
        about=_("People, sessions, sign-in links, invitations and API tokens end at once, in one step. Who also belongs to another company keeps that place."),
        order=40,
    ),
    Defined(
        code=MEMBERSHIP,
        label=_("End memberships and promises"),
        about=_("Programs and tiers end, nothing new can begin, and running promises are let go of."),
        order=50,
    ),
    Defined(
        code=RETENTION,
        label=_("Start the retention time"),
        about=_("When it is over, names and addresses of people are forgotten. Deals, money and the sealed log stay."),
        order=60,
    ),
)


def definitions() -> tuple[Defined, ...]:
    """Every step in its order; a room that fills one of our codes takes it over."""
    given = {step.code: _given(step) for step in registry.filling("offboarding.steps")}
    return tuple(sorted({**{own.code: own for own in OWN}, **given}.values(), key=lambda step: step.order))


def definition(code: str) -> Defined | None:
    return next((step for step in definitions() if step.code == code), None)


def plan_of(row: Row) -> Plan:
    """What was decided for a step."""
    return Plan(usual=_decided(row.usual), items={UUID(key): decided for key, value in row.items.items() if (decided := _decided(value))})


def _decided(value: dict[str, str]) -> Decided | None:
    if not value:
        return None
    return Decided(choice=value["choice"], partner_id=UUID(value["partner_id"]) if value.get("partner_id") else None)


def _given(step: Step) -> Defined:
    return Defined(code=step.code, label=step.label, about=step.about, order=step.order, choices=step.choices, count=step.count, items=step.items, given=step)
