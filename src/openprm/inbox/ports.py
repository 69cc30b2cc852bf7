"""What higher floors contribute to the inbox: kinds of news, the decisions that wait, what a mail carries besides its words."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from openprm.identity.queries import Recipient
from openprm.identity.services.mail import Button
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money

Mode = Literal["now", "daily", "off"]
Tone = Literal["", "ok", "warn", "bad", "info", "accent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationKind:
    """A kind of news that a person can switch. `code` is "<domain>.<what happened>", as in audit.

    `label` finishes "Tell me when ..." ("a registration is approved"); `side` says whose settings show it;
    `mail` is how it is mailed until a person chooses otherwise. What is `urgent` when it is sent is
    mailed at once even to those who chose the daily mail; "off" stays off.
    """

    code: str
    label: Any
    group: Any = ""
    icon: str = "bell"
    tone: Tone = ""
    side: Literal["vendor", "partner", "both"] = "both"
    mail: Mode = "now"
    in_app: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Something that waits for this person, with the promise it stands under.

    `key` is unique over all sources ("deals.registration:<id>"). `approve_url` takes a POST that says yes at once,
    where one look at the row is enough.
    """

    key: str
    title: str
    detail: str
    url: str
    due_at: datetime | None
    tone: Tone = ""
    icon: str = "circle-dot"
    value: Money | None = None
    approve_url: str | None = None
    approve_label: Any = ""
    since: datetime | None = field(default=None)


class DecisionSource(Protocol):
    """Contributed as `Wiring(decision_sources=(...))`. `list_decisions` gives what waits for this actor, soonest promise first."""

    def list_decisions(self, actor: Actor, at: datetime) -> list[Decision]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """The piece of news that a mail is about. `may_act` is false where several are told in one mail."""

    kind: str
    refs: tuple[UUID, ...]
    may_act: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """An address to answer with a sentence about it, and buttons that act at once with a sentence about them."""

    reply_to: str = ""
    hint: str = ""
    buttons: tuple[Button, ...] = ()
    about_buttons: str = ""


class Additions(Protocol):
    """Contributed as `ports={"inbox.additions": (...,)}`; asked once for each mail, in the system's scope."""

    def __call__(self, *, news: News, person: Recipient, at: datetime) -> Addition: ...
