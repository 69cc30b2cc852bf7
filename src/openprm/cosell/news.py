"""Who is told what about an engagement, in words. Nobody hears of a company that it may not know of. Called by jobs."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from openprm.cosell.queries import news as facts
from openprm.cosell.queries.news import Told
from openprm.inbox import services as inbox
from openprm.inbox.ports import NotificationKind


def _kind(code: str, label: Any, **look: Any) -> NotificationKind:
    return NotificationKind(code=code, label=label, group=_("Co-selling"), **look)


KINDS = (
    _kind("cosell.invited", _("somebody invites us to a joint deal"), icon="handshake", tone="info"),
    _kind("cosell.accepted", _("an invitation of mine is accepted"), icon="circle-check", tone="ok"),
    _kind("cosell.rejected", _("an invitation of mine is rejected"), icon="circle-x", tone="bad"),
    _kind("cosell.canceled", _("an invitation to us is taken back"), icon="undo-2", mail="daily"),
    _kind("cosell.expired", _("an invitation expires"), icon="hourglass", tone="warn"),
    _kind("cosell.asked", _("somebody asks us for something specific on a joint deal"), icon="message-circle-question-mark", tone="warn"),
    _kind("cosell.answered", _("what I asked for is answered"), icon="circle-check", tone="ok"),
    _kind("cosell.task", _("somebody proposes a task to us"), icon="list-todo", tone="info"),
    _kind("cosell.task_decided", _("a task that I proposed is agreed, rejected or done"), icon="check", mail="daily"),
    _kind("cosell.noted", _("somebody writes in a joint deal of mine"), icon="message-square", mail="daily"),
    _kind("cosell.moved", _("a joint deal moves or is closed"), icon="arrow-right"),
    _kind("cosell.members", _("a company leaves a joint deal or changes its part"), icon="user-minus", mail="daily"),
)


def tell(
    told: Iterable[Told], kind: str, headline: Any, text: Any, page: str, subject: UUID, engagement_id: UUID, actor_id: UUID | None, at: datetime, **said: str
) -> None:
    """Tell everybody but the person who did it; the subject stands first in the references, so that a mail can be answered."""
    for one in told:
        name = f"cosell:{page}" if one.is_vendor else f"cosell:portal_{page}"
        inbox.notify(
            to=[person for person in one.people if person != actor_id],
            kind=kind,
            title=str(headline) % said,
            body=str(text) % said,
            url=reverse(name, args=[subject]),
            refs=tuple(dict.fromkeys((subject, engagement_id))),
            key=f"{kind}:{subject}:{one.party_id}:{at.isoformat()}"[:120],
            at=at,
        )


def invited(invitation_id: UUID, engagement_id: UUID, sender_id: UUID, receiver_id: UUID, actor_id: UUID | None, at: datetime) -> None:
    said = facts.invitation_said(invitation_id)
    if said is None:
        return
    title, customer, message, _reason = said
    words = {"who": facts.company_name(sender_id), "title": title, "customer": customer, "message": message}
    body = _("For %(customer)s. %(message)s")
    told = [facts.people_of(receiver_id, engagement_id)]
    tell(told, "cosell.invited", _("%(who)s invites you to sell %(title)s together"), body, "invitation", invitation_id, engagement_id, actor_id, at, **words)


_SETTLED: dict[str, tuple[str, Any, Any]] = {
    "accepted": ("cosell.accepted", _("%(who)s takes part in %(title)s"), _("%(number)s is a joint deal now.")),
    "rejected": ("cosell.rejected", _("%(who)s does not take part in %(title)s"), _("%(number)s: %(reason)s")),
    "expired": ("cosell.expired", _("The invitation to %(title)s expired"), _("No answer came in time.")),
    "canceled": ("cosell.canceled", _("The invitation to %(title)s was taken back"), _("Nothing is asked of you any more.")),
}


def settled(invitation_id: UUID, engagement_id: UUID, sender_id: UUID, receiver_id: UUID, state: str, actor_id: UUID | None, at: datetime) -> None:
    """The other end hears of an answer; both ends hear that the time is over."""
    kind, title, body = _SETTLED[state]
    said, named = facts.invitation_said(invitation_id), facts.engagement_named(engagement_id)
    if said is None or named is None:
        return
    words = {"who": facts.company_name(receiver_id), "title": said[0], "number": named[0], "reason": said[3]}
    ends = {"accepted": (sender_id,), "rejected": (sender_id,), "canceled": (receiver_id,), "expired": (sender_id, receiver_id)}[state]
    tell([facts.people_of(one, engagement_id) for one in ends], kind, title, body, "invitation", invitation_id, engagement_id, actor_id, at, **words)


_WORK: dict[str, Any] = {
    "note": _("%(who)s wrote in %(title)s"),
    "document": _("%(who)s added a file to %(title)s"),
    "next_step": _("%(who)s said its next step in %(title)s"),
}


def work_added(engagement_id: UUID, kind: str, party_id: UUID, audience: str, actor_id: UUID | None, at: datetime) -> None:
    named = facts.engagement_named(engagement_id)
    if named is None:
        return
    words = {"who": facts.company_name(party_id), "title": named[1], "number": named[0]}
    told = facts.listeners(engagement_id, party_id, audience)
    tell(told, "cosell.noted", _WORK[kind], _("Open %(number)s to read it."), "engagement", engagement_id, engagement_id, actor_id, at, **words)


def moved(engagement_id: UUID, before: str, after: str, actor_id: UUID | None, at: datetime) -> None:
    named = facts.engagement_named(engagement_id)
    if named is None or after not in ("won", "lost", "declined", "expired"):
        return
    told = facts.listeners(engagement_id, named[2], "shared")
    titles = {"won": _("%(title)s is won"), "lost": _("%(title)s is lost"), "declined": _("%(title)s was declined"), "expired": _("%(title)s expired")}
    words = {"title": named[1], "number": named[0]}
    tell(told, "cosell.moved", titles[after], _("%(number)s is closed."), "engagement", engagement_id, engagement_id, actor_id, at, **words)


_MEMBERS: dict[str, Any] = {
    "left": _("%(who)s left %(title)s"),
    "removed": _("%(who)s was taken out of %(title)s"),
    "involvement": _("%(who)s changed its part in %(title)s"),
}


def member_changed(engagement_id: UUID, party_id: UUID, what: str, actor_id: UUID | None, at: datetime) -> None:
    named = facts.engagement_named(engagement_id)
    if named is None:
        return
    told = facts.listeners(engagement_id, party_id, "shared")
    words = {"who": facts.company_name(party_id), "title": named[1], "number": named[0]}
    tell(told, "cosell.members", _MEMBERS[what], _("See %(number)s."), "engagement", engagement_id, engagement_id, actor_id, at, **words)


def task_moved(engagement_id: UUID, task_id: UUID, party_id: UUID, owner_id: UUID, state: str, actor_id: UUID | None, at: datetime) -> None:
    said, named = facts.task_said(task_id), facts.engagement_named(engagement_id)
    if said is None or named is None or party_id == owner_id:
        return
    titles = {
        "proposed": _("%(who)s proposes a task in %(title)s"),
        "accepted": _("%(who)s takes a task in %(title)s"),
        "rejected": _("%(who)s rejects a task in %(title)s"),
        "done": _("%(who)s finished a task in %(title)s"),
    }
    asked = state == "proposed"
    teller, hears = (party_id, owner_id) if asked else (owner_id, party_id)
    words = {"who": facts.company_name(teller), "title": named[1], "task": said[0], "reason": said[2]}
    kind = "cosell.task" if asked else "cosell.task_decided"
    tell(
        [facts.people_of(hears, engagement_id)],
        kind,
        titles[state],
        _("%(task)s. %(reason)s"),
        "engagement",
        engagement_id,
        engagement_id,
        actor_id,
        at,
        **words,
    )


def need_moved(engagement_id: UUID, need_id: UUID, party_id: UUID, asked_id: UUID, state: str, actor_id: UUID | None, at: datetime) -> None:
    said, named = facts.need_said(need_id), facts.engagement_named(engagement_id)
    if said is None or named is None:
        return
    titles = {
        "open": _("%(who)s asks you for something in %(title)s"),
        "answered": _("%(who)s answered your ask in %(title)s"),
        "declined": _("%(who)s declined your ask in %(title)s"),
        "withdrawn": _("%(who)s took an ask back in %(title)s"),
    }
    teller, hears = (party_id, asked_id) if state in ("open", "withdrawn") else (asked_id, party_id)
    words = {"who": facts.company_name(teller), "title": named[1], "words": said[1] if state == "open" else said[2]}
    kind = "cosell.asked" if state in ("open", "withdrawn") else "cosell.answered"
    tell([facts.people_of(hears, engagement_id)], kind, titles[state], _("%(words)s"), "need", need_id, engagement_id, actor_id, at, **words)
