"""The content of a template: levels of tasks, what can be wrong with it, and how an editor changes it."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

MOST_LEVELS = 12
MOST_TASKS = 30
FARTHEST_DAYS = 730
KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class Kind(StrEnum):
    """What the owner does: do a thing, upload a file, write something down, or wait for an event that ticks it off."""

    DO = "do"
    UPLOAD = "upload"
    FILL = "fill"
    MILESTONE = "milestone"


class Side(StrEnum):
    PARTNER = "partner"
    VENDOR = "vendor"


ROLES: Mapping[str, tuple[str, ...]] = {
    Side.PARTNER: ("partner_admin", "partner_sales", "partner_marketer", "partner_technical"),
    Side.VENDOR: ("partner_manager", "marketing_manager", "finance_manager", "vendor_admin"),
}
LONGEST = {"title": 160, "about": 1500, "name": 80, "badge": 80, "benefit": 300, "link": 300}


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSpec:
    """One task. It is due `offset_days` after the plan's first day; a required one must be done before the level is."""

    key: str
    title: str
    about: str = ""
    kind: Kind = Kind.DO
    side: Side = Side.PARTNER
    role: str = "partner_admin"
    offset_days: int = 30
    needs_evidence: bool = False
    milestone: str = ""
    link: str = ""
    is_required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelSpec:
    """A step of the plan. Completing it gives the badge and the benefit named here."""

    key: str
    name: str
    about: str = ""
    badge: str = ""
    benefit: str = ""
    tasks: tuple[TaskSpec, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Levels in order. Sequential: a level opens when the one before is done. `may_skip`: a manager can pass one over."""

    sequential: bool = True
    may_skip: bool = True
    stuck_days: int = 14
    levels: tuple[LevelSpec, ...] = ()

    @property
    def tasks(self) -> Iterator[TaskSpec]:
        return (task for level in self.levels for task in level.tasks)

    @property
    def days(self) -> int:
        return max((task.offset_days for task in self.tasks), default=0)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: where ("levels[0].tasks[2].title") and what, as a code that words.py puts into a sentence."""

    field: str
    code: str
    detail: Any = ""


def to_json(content: Content) -> dict[str, Any]:
    return asdict(content)


def from_json(given: Mapping[str, Any]) -> Content:
    """What `to_json` wrote. Values that are none of ours raise ValueError, KeyError or TypeError."""
    levels = tuple(
        LevelSpec(**{**level, "tasks": tuple(TaskSpec(**{**task, "kind": Kind(task["kind"]), "side": Side(task["side"])}) for task in level["tasks"])})
        for level in given["levels"]
    )
    return Content(**{**given, "levels": levels})


def faults_of(content: Content, milestones: Collection[str]) -> tuple[Fault, ...]:
    """Everything that keeps this content from being published."""
    return tuple(_faults(content, milestones))


def _faults(content: Content, milestones: Collection[str]) -> Iterator[Fault]:
    if not content.levels:
        yield Fault("levels", "no_level")
    if not 3 <= content.stuck_days <= 120:
        yield Fault("stuck_days", "stuck_days")
    keys = [*(level.key for level in content.levels), *(task.key for task in content.tasks)]
    for index, level in enumerate(content.levels):
        here = f"levels[{index}]"
        yield from level_faults(level, here)
        if not any(task.is_required for task in level.tasks):
            yield Fault(here, "no_required_task", level.name)
        for number, task in enumerate(level.tasks):
            yield from task_faults(task, milestones, f"{here}.tasks[{number}]")
    yield from (Fault("levels", "same_key", key) for key in sorted({key for key in keys if keys.count(key) > 1}))


def level_faults(level: LevelSpec, where: str = "") -> Iterator[Fault]:
    at = f"{where}." if where else ""
    if not level.name.strip():
        yield Fault(f"{at}name", "empty")
    if not KEY.fullmatch(level.key):
        yield Fault(f"{at}key", "key", level.key)
    for field in ("name", "about", "badge", "benefit"):
        if len(getattr(level, field)) > LONGEST[field]:
            yield Fault(f"{at}{field}", "too_long", LONGEST[field])
    if len(level.tasks) > MOST_TASKS:
        yield Fault(where or "tasks", "too_many_tasks", MOST_TASKS)


def task_faults(task: TaskSpec, milestones: Collection[str], where: str = "") -> Iterator[Fault]:
    at = f"{where}." if where else ""
    if not task.title.strip():
        yield Fault(f"{at}title", "empty")
    if not KEY.fullmatch(task.key):
        yield Fault(f"{at}key", "key", task.key)
    for field in ("title", "about", "link"):
        if len(getattr(task, field)) > LONGEST[field]:
            yield Fault(f"{at}{field}", "too_long", LONGEST[field])
    if task.role not in ROLES[task.side]:
        yield Fault(f"{at}role", "role_of_other_side")
    if not 0 <= task.offset_days <= FARTHEST_DAYS:
        yield Fault(f"{at}offset_days", "offset", FARTHEST_DAYS)
    if (task.kind is Kind.MILESTONE or task.milestone) and task.milestone not in milestones:
        yield Fault(f"{at}milestone", "unknown_milestone", task.milestone)
    if task.link and not is_link(task.link):
        yield Fault(f"{at}link", "link")


def is_link(text: str) -> bool:
    """A page of ours ("/portal/...") or an address that a browser opens safely."""
    ours = text.startswith("/") and not text.startswith(("//", "/\\"))
    return (ours or text.startswith(("https://", "http://"))) and not any(sign.isspace() or not sign.isprintable() for sign in text)


def find_level(content: Content, key: str) -> LevelSpec | None:
    return next((level for level in content.levels if level.key == key), None)


def find_task(content: Content, key: str) -> TaskSpec | None:
    return next((task for task in content.tasks if task.key == key), None)


def with_level(content: Content, level: LevelSpec) -> Content:
    """The level put in the place of the one with its key, or at the end."""
    if find_level(content, level.key):
        return replace(content, levels=tuple(level if one.key == level.key else one for one in content.levels))
    return replace(content, levels=(*content.levels, level))


def without_level(content: Content, key: str) -> Content:
    return replace(content, levels=tuple(level for level in content.levels if level.key != key))


def with_task(content: Content, level_key: str, task: TaskSpec) -> Content:
    """The task in that level: in the place it had there, else at its end and nowhere else."""

    def tasks(level: LevelSpec) -> tuple[TaskSpec, ...]:
        if level.key != level_key:
            return tuple(one for one in level.tasks if one.key != task.key)
        if any(one.key == task.key for one in level.tasks):
            return tuple(task if one.key == task.key else one for one in level.tasks)
        return (*level.tasks, task)

    return _each_level(content, tasks)


def without_task(content: Content, key: str) -> Content:
    return _each_level(content, lambda level: tuple(task for task in level.tasks if task.key != key))


def moved_level(content: Content, key: str, step: int) -> Content:
    return replace(content, levels=_moved(content.levels, key, step))


def moved_task(content: Content, key: str, step: int) -> Content:
    """The task one place up (-1) or down (1) within its level."""
    return _each_level(content, lambda level: _moved(level.tasks, key, step))


def _each_level(content: Content, tasks: Callable[[LevelSpec], tuple[TaskSpec, ...]]) -> Content:
    return replace(content, levels=tuple(replace(level, tasks=tasks(level)) for level in content.levels))


def _moved(rows: tuple[Any, ...], key: str, step: int) -> tuple[Any, ...]:
    index = next((number for number, row in enumerate(rows) if row.key == key), None)
    if index is None or not 0 <= index + step < len(rows):
        return rows
    changed = list(rows)
    changed[index], changed[index + step] = changed[index + step], changed[index]
    return tuple(changed)
