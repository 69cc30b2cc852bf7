"""What incentives ask of higher rooms."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from openprm.incentives.rules.model import EarnEvent


class HistorySource(Protocol):
    """The port "incentives.history": what happened of the events that only higher rooms keep, for replaying a draft over it.

    `rows` gives values by the names of `engine.columns.COLUMNS`; amounts in the currency of the row. Called in the system's scope.
    """

    def rows(self, *, code: str, partner_ids: Sequence[UUID], since: date, until: datetime) -> Iterable[Mapping[str, Any]]: ...


class ConditionSource(Protocol):
    """The port "incentives.conditions": one kind of condition, for example code "certificate".

    `answer` says whether the condition with this argument holds for the event, on the day it happened; None when that is not
    known. A condition that nobody answers is not known, and what depends on it is held. `options` names the arguments to choose from.
    """

    code: str
    label: str

    def answer(self, *, argument: str, event: EarnEvent, at: datetime) -> bool | None: ...

    def options(self) -> tuple[tuple[str, str], ...]: ...
