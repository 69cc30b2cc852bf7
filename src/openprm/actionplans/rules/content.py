"""The content of a template: steps with working days before the close date, what can be wrong with it, and its JSON."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from openprm.actionplans.rules.words import Side

MOST_STEPS = 60
FARTHEST_DAYS = 400
KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
LONGEST = {"title": 160, "about": 1500}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSpec:
    """One step of a template, due `days_before` working days before the close date, after the steps of `waits_for`."""

    key: str
    title: str
    about: str = ""
    side: Side = Side.PARTNER
    days_before: int = 0
    waits_for: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    steps: tuple[StepSpec, ...] = ()

    @property
    def days(self) -> int:
        """The working days that the plan takes."""
        return max((step.days_before for step in self.steps), default=0)

    def step(self, key: str) -> StepSpec | None:
        return next((step for step in self.steps if step.key == key), None)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field. `code` is turned into a sentence where people read it."""

    field: str
    code: str
    value: str = ""


def faults(content: Content) -> tuple[Fault, ...]:
    """Everything that keeps a draft from being published."""
    if not content.steps:
        return (Fault("steps", "empty"),)
    if len(content.steps) > MOST_STEPS:
        return (Fault("steps", "too_many", str(MOST_STEPS)),)
    keys = [step.key for step in content.steps]
    found = [Fault("steps", "twice", key) for key in sorted({key for key in keys if keys.count(key) > 1})]
    found += [fault for number, step in enumerate(content.steps) for fault in _of_step(step, f"steps[{number}]", set(keys))]
    if not found and (path := circle(content)):
        found.append(Fault("steps", "circle", " → ".join(path)))
    return tuple(found)


def _of_step(step: StepSpec, path: str, keys: set[str]) -> list[Fault]:
    found = []
    if not KEY.fullmatch(step.key):
        found.append(Fault(f"{path}.key", "key", step.key))
    if not step.title.strip() or len(step.title) > LONGEST["title"]:
        found.append(Fault(f"{path}.title", "title", str(LONGEST["title"])))
    if len(step.about) > LONGEST["about"]:
        found.append(Fault(f"{path}.about", "about", str(LONGEST["about"])))
    if not 0 <= step.days_before <= FARTHEST_DAYS:
        found.append(Fault(f"{path}.days_before", "days", str(FARTHEST_DAYS)))
    found += [Fault(f"{path}.waits_for", "unknown_step", key) for key in step.waits_for if key not in keys]
    return found


def circle(content: Content) -> tuple[str, ...]:
    """The titles of steps that wait for each other in a circle, in order; () when there is none."""
    waits = {step.key: set(step.waits_for) for step in content.steps}
    titles = {step.key: step.title for step in content.steps}
    left = dict(waits)
    while ready := [key for key, others in left.items() if not others & left.keys()]:
        for key in ready:
            del left[key]
    if not left:
        return ()
    path = [min(left)]
    while (following := min(waits[path[-1]] & left.keys())) not in path:
        path.append(following)
    return tuple(titles[key] for key in (*path[path.index(following) :], following))


def from_json(data: Mapping[str, Any]) -> Content:
    return Content(steps=tuple(_step(one) for one in data.get("steps", ())))


def _step(one: Mapping[str, Any]) -> StepSpec:
    return StepSpec(**{**one, "side": Side(one.get("side", Side.PARTNER)), "waits_for": tuple(one.get("waits_for", ()))})


def to_json(content: Content) -> dict[str, Any]:
    return {"steps": [{**asdict(step), "side": step.side.value, "waits_for": list(step.waits_for)} for step in content.steps]}
