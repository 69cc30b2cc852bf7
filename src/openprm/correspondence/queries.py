"""Reads of correspondence: what is open for a person, what came in, what a calendar shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from openprm.correspondence import kinds, policies
from openprm.correspondence.models import ActionLink, CalendarFeed, Choice, ReceivedMail, ReplyAddress, Ways
from openprm.correspondence.ports import DueDate
from openprm.correspondence.wording import outcome_badge, reason_words
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet
from openprm.ui.cells import Badge
from openprm.ui.paging import PageRequest, Slice, slice_of

BEHIND, AHEAD = timedelta(days=30), timedelta(days=366)
SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysView:
    """What is allowed here, and what the operator set up."""

    replies: bool
    links: bool
    links_past_second_factor: bool
    version: int
    reply_domain: str
    authserv: str

    @property
    def can_answer(self) -> bool:
        return self.replies and bool(self.reply_domain)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceView:
    replies: bool
    links: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressView:
    id: UUID
    title: str
    kind: Any
    expires_at: datetime
    last_used_at: datetime | None
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkView:
    id: UUID
    title: str
    action: Any
    expires_at: datetime
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedView:
    """A feed without its secret: the address is shown when it is made and never again."""

    id: UUID
    renewed_at: datetime
    read_at: datetime | None
    left_out: tuple[str, ...]
    remind_minutes: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceView:
    code: str
    label: Any
    is_in: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRow:
    """One mail of the log, for the vendor."""

    id: UUID
    at: datetime
    outcome: Badge
    outcome_code: str
    reason: str
    reason_code: str
    detail: str
    sender: str
    envelope_sender: str
    subject: str
    person: str
    thread_title: str
    size_kb: int
    files: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A person with open ways in, for the administrator who may close them."""

    user_id: UUID
    name: str
    addresses: int
    links: int
    feeds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MailFilters:
    outcomes: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None


def ways() -> WaysView:
    row = Ways.objects.first() or Ways()
    return WaysView(
        replies=row.replies,
        links=row.links,
        links_past_second_factor=row.links_past_second_factor,
        version=row.version,
        reply_domain=kinds.reply_domain(),
        authserv=kinds.authserv(),
    )


def choice(actor: Actor) -> ChoiceView:
    return _choice(policies.reach_choice(actor).first())


def choice_of(user_id: UUID) -> ChoiceView:
    """What a person wants, for those who write mails to it. Read in the system's scope."""
    return _choice(Choice.objects.filter(user=user_id).first())


def _choice(row: Choice | None) -> ChoiceView:
    return ChoiceView(replies=row.replies if row else True, links=row.links if row else True)


def addresses(actor: Actor, at: datetime) -> list[AddressView]:
    """The reply addresses that still work, the newest first."""
    rows = policies.reach(actor, ReplyAddress).filter(revoked_at=None, expires_at__gt=at).order_by("-updated_at", "-pk")
    return [_address(row, at) for row in rows[:SHOWN]]


def _address(row: ReplyAddress, at: datetime) -> AddressView:
    kind = kinds.find_thread(row.thread)
    label = kind.label if kind else row.thread
    return AddressView(id=row.pk, title=row.title, kind=label, expires_at=row.expires_at, last_used_at=row.last_used_at, state=row.state(at))


def links(actor: Actor, at: datetime) -> list[LinkView]:
    """The links in one's mails that still act, the newest first."""
    rows = policies.reach(actor, ActionLink).filter(revoked_at=None, used_at=None, expires_at__gt=at).order_by("-created_at", "-pk")
    return [_link(row, at) for row in rows[:SHOWN]]


def _link(row: ActionLink, at: datetime) -> LinkView:
    kind = kinds.find_action(row.action)
    return LinkView(id=row.pk, title=row.title, action=kind.label if kind else row.action, expires_at=row.expires_at, state=row.state(at))


def feed(actor: Actor) -> FeedView | None:
    row = policies.reach(actor, CalendarFeed).first()
    return feed_view(row) if row else None


def feed_view(row: CalendarFeed) -> FeedView:
    return FeedView(
        id=row.pk,
        renewed_at=row.renewed_at,
        read_at=row.read_at,
        left_out=tuple(row.left_out),
        remind_minutes=row.remind_minutes,
        version=row.version,
    )


def sources(left_out: Iterable[str] = ()) -> list[SourceView]:
    """Every kind of date a calendar can hold, and whether this one does."""
    out = set(left_out)
    return [SourceView(code=source.code, label=source.label, is_in=source.code not in out) for source in kinds.sources()]


def dates(actor: Actor, *, left_out: Iterable[str] = (), at: datetime) -> list[DueDate]:
    """What this person has to keep in time, from a month ago to a year ahead. Asked in the person's own scope."""
    out = set(left_out)
    wanted = [source for source in kinds.sources() if source.code not in out]
    found = {due.uid: due for source in wanted for due in source.list(actor=actor, since=at - BEHIND, until=at + AHEAD, at=at)}
    return sorted(found.values(), key=lambda due: (_day(due), due.uid))


def upcoming(actor: Actor, *, left_out: Iterable[str] = (), at: datetime, limit: int = 6) -> list[DueDate]:
    today = at.date().isoformat()
    return [due for due in dates(actor, left_out=left_out, at=at) if _day(due) >= today][:limit]


def _day(due: DueDate) -> str:
    return due.starts_at.isoformat()


def received(actor: Actor, filters: MailFilters, page: PageRequest) -> Slice[MailRow]:
    found = slice_of(received_rows(actor, filters), page, order_by={"at": "at", "size_kb": "size"})
    shown = {row.id: row for row in mails(found.rows)}
    return found.map(lambda row: shown[row.pk])


def export_received(actor: Actor, filters: MailFilters) -> list[MailRow]:
    return mails(received_rows(actor, filters).order_by("-at", "-pk")[:50_001])


def received_mail(actor: Actor, mail_id: UUID) -> MailRow:
    return mails([policies.reach_log(actor).one(mail_id)])[0]


def received_rows(actor: Actor, filters: MailFilters) -> ScopedQuerySet:
    rows = policies.reach_log(actor)
    if filters.text:
        rows = rows.filter(Q(sender__icontains=filters.text) | Q(subject__icontains=filters.text) | Q(thread_title__icontains=filters.text))
    wanted = {"outcome__in": filters.outcomes, "reason__in": filters.reasons, "at__gte": filters.since, "at__lt": filters.until}
    return rows.filter(**{name: value for name, value in wanted.items() if value})


def counts(actor: Actor, since: datetime) -> dict[str, int]:
    """How many mails ended how since a moment."""
    rows = policies.reach_log(actor).filter(at__gte=since).values("outcome").annotate(n=Count("pk")).order_by()
    return dict.fromkeys(ReceivedMail.Outcome.values, 0) | {row["outcome"]: row["n"] for row in rows}


def mails(rows: Iterable[ReceivedMail]) -> list[MailRow]:
    """Rows of the log with the names of the people, in one query."""
    rows = list(rows)
    names = identity.names_of({row.user_id for row in rows if row.user_id})
    return [mail_row(row, names.get(row.user_id, "")) for row in rows]


def mail_row(row: ReceivedMail, person: str) -> MailRow:
    return MailRow(
        id=row.pk,
        at=row.at,
        outcome=outcome_badge(row.outcome),
        outcome_code=row.outcome,
        reason=reason_words(row.reason) if row.reason else "",
        reason_code=row.reason,
        detail=row.detail,
        sender=row.sender or _("nobody"),
        envelope_sender=row.envelope_sender,
        subject=row.subject,
        person=person,
        thread_title=row.thread_title,
        size_kb=-(-row.size // 1024),
        files=row.files,
        created_at=row.created_at,
    )


def holders(actor: Actor, at: datetime, limit: int = 100) -> list[Holder]:
    """Who has open ways in, most first: for those who may close them."""
    if policies.why_not_manage(actor):
        return []
    live = {
        "addresses": ReplyAddress.objects.filter(revoked_at=None, expires_at__gt=at),
        "links": ActionLink.objects.filter(revoked_at=None, used_at=None, expires_at__gt=at),
        "feeds": CalendarFeed.objects.all(),
    }
    found: dict[UUID, dict[str, int]] = {}
    for name, rows in live.items():
        for user_id, count in rows.order_by().values_list("user").annotate(Count("pk")):
            found.setdefault(user_id, {})[name] = count
    first = sorted(found.items(), key=lambda item: (-sum(item[1].values()), str(item[0])))[:limit]
    names = identity.names_of(user_id for user_id, _ in first)
    return [
        Holder(user_id=user_id, name=names.get(user_id, ""), **{name: counted.get(name, 0) for name in ("addresses", "links", "feeds")})
        for user_id, counted in first
    ]
