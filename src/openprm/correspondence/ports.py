"""What higher floors tell correspondence: what a thread is, what can be done from a mail, what is due.

    ports={
        "correspondence.threads": (ThreadKind(...),),
        "correspondence.actions": (ActionKind(...),),
        "correspondence.dates": (DateSource(...),),
    }

Every function is called in the scope of the person it is for, at the moment it happens, so that a right that
was taken away yesterday is gone today. What may not be is said by raising a Refusal whose sentence the person reads.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from openprm.kernel.actor import Actor

SubjectOf = Callable[[str, Sequence[UUID]], UUID | None]
"""(kind of the notification, its refs) -> the subject it is about, or None when it is about none of ours."""


def first_ref(prefix: str, *, only: Sequence[str] = (), position: int = 0) -> SubjectOf:
    """Notifications whose kind begins with `prefix` (and is one of `only`) are about their first ref, or the one at `position`."""

    def subject_of(kind: str, refs: Sequence[UUID]) -> UUID | None:
        is_ours = kind.startswith(prefix) and (not only or kind in only)
        return refs[position] if is_ours and len(refs) > position else None

    return subject_of


@dataclass(frozen=True, slots=True, kw_only=True)
class MailFile:
    """A file that came with a mail, checked by the kernel's rules for files."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a thread or an action is about, in the reader's words. `what` says what a click will do; `facts` are label and value."""

    title: str
    url: str = ""
    what: str = ""
    facts: tuple[tuple[str, str], ...] = ()


class Describe(Protocol):
    """Raises a Refusal when this person may not write there, or may not do that, or it was decided already."""

    def __call__(self, *, actor: Actor, subject_id: UUID, at: datetime) -> About: ...


class Receive(Protocol):
    """Write what came by mail as this person, with the files, and show that it came by mail. Raises a Refusal."""

    def __call__(self, *, actor: Actor, subject_id: UUID, text: str, files: tuple[MailFile, ...], at: datetime) -> None: ...


class Run(Protocol):
    """Do it as this person through the ordinary service; gives the sentence that says what happened. Raises a Refusal."""

    def __call__(self, *, actor: Actor, subject_id: UUID, at: datetime) -> str: ...


class Due(Protocol):
    def __call__(self, *, actor: Actor, since: datetime, until: datetime, at: datetime) -> "Sequence[DueDate]": ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadKind:
    """Something that can be written on by answering a mail. `hint` finishes the mail: "Answer this mail to ..."."""

    code: str
    label: Any
    subject_of: SubjectOf
    describe: Describe
    receive: Receive
    hint: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionKind:
    """Something that can be done from a mail without signing in. `label` is the button: verb and object."""

    code: str
    label: Any
    subject_of: SubjectOf
    describe: Describe
    run: Run
    lasts: timedelta = field(default=timedelta(days=7))


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDate:
    """One entry of a calendar. `uid` stays the same for the same thing ("deals.protection:<id>"), so that a change moves it.

    `starts_at` and `ends_at` are moments, or days when the whole day is meant.
    """

    uid: str
    title: str
    starts_at: datetime | date
    ends_at: datetime | date | None = None
    url: str = ""
    note: str = ""

    @property
    def all_day(self) -> bool:
        return not isinstance(self.starts_at, datetime)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateSource:
    """Due dates of one kind, of this person alone: `list` asks with the person's own reach. A person can leave a kind out."""

    code: str
    label: Any
    list: Due
