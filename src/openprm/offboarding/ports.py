"""What other rooms add to the checklist of a leaving partner: the port "offboarding.steps" takes `Step`s.

"offboarding.notice" takes callables (partner_id, at) -> days or None: the notice that the partner's agreement names.
What goes into the export and what is forgotten later is said with `partners.ports.ExportPart` and `Erasure`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from openprm.kernel.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One way to settle a step. `needs_partner` asks to whom something goes."""

    code: str
    label: Any
    about: Any = ""
    needs_partner: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing of a step that may be decided by itself: a deal, a balance."""

    id: UUID
    title: str
    detail: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    choice: str
    partner_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What was decided for a step: for everything, and for single items that differ."""

    usual: Decided | None = None
    items: Mapping[UUID, Decided] = field(default_factory=dict)

    def of(self, item_id: UUID) -> Decided | None:
        return self.items.get(item_id, self.usual)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a step did, in a sentence that both sides read. `skipped` when there was nothing that it could do."""

    note: str
    skipped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the checklist.

    `count` says how much is left (zero: nothing to decide). `run` does all of it in the running transaction or raises a
    Refusal, which undoes it and is shown. It is called with the partner's offboarding locked, may be called again after
    it was done, and then does what came in meanwhile. `items` lists at most a few hundred things for single decisions.
    """

    code: str
    label: Any
    about: Any
    order: int
    run: Callable[[Actor, UUID, Plan, datetime], Outcome]
    count: Callable[[UUID], int] = lambda partner_id: 0
    choices: tuple[Choice, ...] = ()
    items: Callable[[UUID], tuple[Item, ...]] | None = None
