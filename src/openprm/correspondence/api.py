"""/mail-and-calendar: one's own ways in. /received-mail: what came in, for the administrator."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router
from ninja.responses import Status
from pydantic import Field, StringConstraints

from openprm.correspondence import queries, services
from openprm.correspondence.queries import MailFilters
from openprm.kernel.api import In, Out, Page, PageQuery, etag_of, idempotent, matched_version, needs, paginate, updates
from openprm.kernel.errors import NotFound

own = Router(tags=["Mail and calendar"])
received = Router(tags=["Mail and calendar"])
ROUTERS = {"mail-and-calendar": own, "received-mail": received}

VIEW_OWN, MANAGE_OWN = "correspondence.view_own", "correspondence.manage_own"
VIEW_LOG, MANAGE = "correspondence.view_log", "correspondence.manage"


class ChoiceOut(Out):
    replies: bool = Field(description="Your mails carry an address that can be answered.")
    links: bool = Field(description="Your mails carry links that act without a sign-in.")


class ChoiceIn(In):
    replies: bool
    links: bool


class AddressOut(Out):
    id: UUID
    title: str = Field(examples=["DR-000123 Ostrava Steelworks"])
    kind: str
    expires_at: datetime
    last_used_at: datetime | None
    state: str = Field(examples=["active"])


class LinkOut(Out):
    id: UUID
    title: str
    action: str = Field(examples=["Approve the registration"])
    expires_at: datetime
    state: str = Field(examples=["active"])


class FeedOut(Out):
    id: UUID
    renewed_at: datetime
    read_at: datetime | None
    left_out: list[str] = Field(description="Codes of the kinds of dates that the calendar leaves out.")
    remind_minutes: int
    version: int


class NewFeedOut(Out):
    url: str = Field(description="The calendar's address. It is shown this one time.")
    feed: FeedOut


DateKind = Annotated[str, StringConstraints(max_length=80)]


class FeedIn(In):
    left_out: list[DateKind] = Field(max_length=100, description="Codes of /mail-and-calendar/date-kinds that the calendar leaves out.")
    remind_minutes: int = Field(ge=0, le=1440, description="0 for no reminder, 15, 60, 240 or 1440.")


class DateKindOut(Out):
    code: str = Field(examples=["deals.protections"])
    label: str
    is_in: bool


class DateOut(Out):
    uid: str
    title: str
    starts_at: datetime | date
    ends_at: datetime | date | None
    all_day: bool
    url: str
    note: str


class EndedOut(Out):
    ended: int = Field(description="How many addresses, links and feeds were closed.")


class MailOut(Out):
    id: UUID
    at: datetime
    outcome_code: str = Field(examples=["refused"])
    reason_code: str = Field(examples=["sender_differs"])
    reason: str
    detail: str
    sender: str
    envelope_sender: str
    subject: str
    person: str
    thread_title: str
    size_kb: int
    files: int


class MailQuery(PageQuery):
    outcome: str = Field("", pattern="^(accepted|refused|ignored|repeated)?$")
    reason: str = Field("", max_length=40)
    q: str = Field("", max_length=100, description="A part of the sender, the subject or what it is about.")


class WaysOut(Out):
    replies: bool
    links: bool
    links_past_second_factor: bool
    version: int
    reply_domain: str = Field(description="Empty: mails cannot be answered.")
    authserv: str = Field(description="Whose findings about senders are believed; empty: nobody's.")


class WaysIn(In):
    replies: bool
    links: bool
    links_past_second_factor: bool


class RevokeIn(In):
    """Whose ways in are closed: one person's, those of one thread, or with neither everybody's."""

    user_id: UUID | None = None
    subject_id: UUID | None = None


@own.get("/choice", response=ChoiceOut, summary="Get what your mails may do")
@needs(VIEW_OWN)
def get_mail_choice(request):
    return queries.choice(request.auth)


@own.put("/choice", response=ChoiceOut, summary="Choose what your mails may do")
@needs(MANAGE_OWN)
@idempotent
def choose(request, body: ChoiceIn):
    services.choose(actor=request.auth, replies=body.replies, links=body.links, at=request.at)
    return queries.choice(request.auth)


@own.get("/reply-addresses", response=list[AddressOut], summary="List your reply addresses")
@needs(VIEW_OWN)
def list_reply_addresses(request):
    return [_worded(row, "kind") for row in queries.addresses(request.auth, request.at)]


@own.delete("/reply-addresses/{uuid:address_id}", response={204: None}, summary="Revoke a reply address")
@needs(MANAGE_OWN)
@idempotent
def revoke_reply_address(request, address_id: UUID):
    services.revoke_address(actor=request.auth, address_id=address_id, at=request.at)
    return Status(204, None)


@own.get("/action-links", response=list[LinkOut], summary="List your action links")
@needs(VIEW_OWN)
def list_action_links(request):
    return [_worded(row, "action") for row in queries.links(request.auth, request.at)]


@own.delete("/action-links/{uuid:link_id}", response={204: None}, summary="Revoke an action link")
@needs(MANAGE_OWN)
@idempotent
def revoke_action_link(request, link_id: UUID):
    services.revoke_link(actor=request.auth, link_id=link_id, at=request.at)
    return Status(204, None)


@own.get("/feed", response=FeedOut, summary="Get your calendar feed")
@needs(VIEW_OWN)
def get_feed(request, response: HttpResponse):
    feed = queries.feed(request.auth)
    if feed is None:
        raise NotFound()
    response["ETag"] = etag_of(feed.version)
    return feed


@own.post("/feed", response={201: NewFeedOut}, summary="Make your calendar feed, or give it a new address")
@needs(MANAGE_OWN)
@idempotent
def renew_feed(request):
    made = services.renew_feed(actor=request.auth, at=request.at)
    return Status(201, NewFeedOut(url=made.url, feed=FeedOut.from_orm(made.view)))


@own.put("/feed", response=FeedOut, summary="Choose what your calendar feed holds")
@needs(MANAGE_OWN)
@updates
@idempotent
def set_feed(request, body: FeedIn, response: HttpResponse):
    version = matched_version(request)
    feed = services.set_feed(actor=request.auth, left_out=body.left_out, remind_minutes=body.remind_minutes, version=version, at=request.at)
    response["ETag"] = etag_of(feed.version)
    return feed


@own.delete("/feed", response={204: None}, summary="End your calendar feed")
@needs(MANAGE_OWN)
@idempotent
def end_feed(request):
    services.end_feed(actor=request.auth, at=request.at)
    return Status(204, None)


@own.get("/date-kinds", response=list[DateKindOut], summary="List the kinds of dates")
@needs(VIEW_OWN)
def list_date_kinds(request):
    feed = queries.feed(request.auth)
    return [_worded(row, "label") for row in queries.sources(feed.left_out if feed else ())]


@own.get("/dates", response=list[DateOut], summary="List your due dates")
@needs(VIEW_OWN)
def list_dates(request):
    feed = queries.feed(request.auth)
    return queries.dates(request.auth, left_out=feed.left_out if feed else (), at=request.at)


@own.post("/revoke", response=EndedOut, summary="Close all your ways in")
@needs(MANAGE_OWN)
@idempotent
def revoke_own(request):
    return {"ended": services.revoke_own(actor=request.auth, at=request.at)}


@received.get("", response=Page[MailOut], summary="List received mails")
@needs(VIEW_LOG)
def list_received(request, query: Query[MailQuery]):
    filters = MailFilters(outcomes=(query.outcome,) if query.outcome else (), reasons=(query.reason,) if query.reason else (), text=query.q)
    found = paginate(queries.received_rows(request.auth, filters), query.cursor, query.limit)
    return {"items": queries.mails(found.items), "next_cursor": found.next_cursor}


@received.get("/settings", response=WaysOut, summary="Get what mails may do")
@needs(MANAGE)
def get_ways(request, response: HttpResponse):
    ways = queries.ways()
    response["ETag"] = etag_of(ways.version)
    return ways


@received.put("/settings", response=WaysOut, summary="Change what mails may do")
@needs(MANAGE)
@updates
@idempotent
def set_ways(request, body: WaysIn, response: HttpResponse):
    services.set_ways(actor=request.auth, **body.model_dump(), version=matched_version(request), at=request.at)
    ways = queries.ways()
    response["ETag"] = etag_of(ways.version)
    return ways


@received.post("/revoke", response=EndedOut, summary="Close ways in of a person, a thread or everybody")
@needs(MANAGE)
@idempotent
def revoke_for(request, body: RevokeIn):
    if body.user_id:
        ended = services.revoke_of(actor=request.auth, user_id=body.user_id, at=request.at)
    elif body.subject_id:
        ended = services.revoke_thread(actor=request.auth, subject_id=body.subject_id, at=request.at)
    else:
        ended = services.revoke_everything(actor=request.auth, at=request.at)
    return {"ended": ended}


@received.get("/{uuid:mail_id}", response=MailOut, summary="Get a received mail")
@needs(VIEW_LOG)
def get_received(request, mail_id: UUID):
    return queries.received_mail(request.auth, mail_id)


def _worded(row, name: str) -> dict:
    """The row with its label as text in the reader's language."""
    return {field: getattr(row, field) for field in row.__dataclass_fields__} | {name: str(getattr(row, name))}
