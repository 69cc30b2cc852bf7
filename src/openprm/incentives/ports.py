"""What incentives ask of higher rooms."""

from datetime import datetime
from typing import Protocol

from openprm.incentives.rules.model import EarnEvent


class ConditionSource(Protocol):
    """The port "incentives.conditions": one kind of condition, for example code "certificate".

    `answer` says whether the condition with this argument holds for the event, on the day it happened; None when that is not
    known. A condition that nobody answers is not known, and what depends on it is held. `options` names the arguments to choose from.
    """

    code: str
    label: str

    def answer(self, *, argument: str, event: EarnEvent, at: datetime) -> bool | None: ...

    def options(self) -> tuple[tuple[str, str], ...]: ...
