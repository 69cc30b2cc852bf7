"""Activities over the API: what a CRM pushes one by one or in bulk, and what both sides read."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Status
from pydantic import Field, StringConstraints

from openprm.activities import queries, services
from openprm.kernel.api import In, Line, Out, Page, PageQuery, idempotent, needs, paginate
from openprm.kernel.errors import Invalid
from openprm.kernel.registry import registry
from openprm.kernel.transfer import How, Reference

KindName = Literal["call", "email", "meeting", "demo", "proposal", "visit", "other"]
SideName = Literal["vendor", "partner"]
PurposeName = Literal["", "support", "partner_invited", "customer_asked", "sales", "other"]
Source = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]

activities = Router(tags=["Activities"])


class ActivityIn(In):
    """One activity. The account is named by `account_id`, or by `account`: its id in the source, its web domain or its name."""

    account_id: UUID | None = None
    account: Line = Field("", description="Id in the source, web domain or name, when account_id is not known.", examples=["ostravasteel.example"])
    kind: KindName
    occurred_at: datetime = Field(examples=["2026-11-20T14:30:00+01:00"])
    summary: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)] = Field(examples=["Plant demo, two engineers joined."])
    outcome: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] = ""
    person: Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)] = Field("", examples=["Petra Malá"])
    person_email: Annotated[str, StringConstraints(strip_whitespace=True, max_length=254)] = ""
    side: SideName | None = Field(None, description="Whose people did it; your own side when left out.")
    direction: Literal["out", "in"] = "out"
    purpose: PurposeName = Field("", description="Why it was done. Support, an invitation by the partner and a wish of the customer are no direct touch.")
    partner_id: UUID | None = Field(None, description="The partner that did it, or was along. A partner's own when left out.")
    about: UUID | None = Field(None, description="The registration or engagement that it was done for.")
    source: Source = Field("", description="The system that tells it.", examples=["crm"])
    external_id: Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)] = Field("", description="Its id there: told twice, it is kept once.")


class BulkIn(In):
    items: Annotated[list[ActivityIn], Field(min_length=1, max_length=500)]


class ToldOut(Out):
    position: int
    state: str = Field(description="recorded, known (told before) or refused.")
    activity_id: UUID | None
    reason: str
    field: str


class BulkOut(Out):
    recorded: int
    known: int
    refused: int
    items: list[ToldOut]


class ActivityOut(Out):
    """One activity. On the partner's side the source and who confirmed it are empty."""

    id: UUID
    account_id: UUID
    account: str
    about: UUID | None
    kind: str
    side: str = "partner"
    direction: str
    purpose: str
    occurred_at: datetime
    person: str
    person_email: str
    summary: str
    outcome: str
    author: str
    partner_id: UUID | None = None
    is_verified: bool
    self_reported: bool
    confirmed_at: datetime | None
    struck_at: datetime | None
    struck_reason: str
    proof: str
    source: str = ""
    external_id: str = ""
    created_at: datetime


class ActivityQuery(PageQuery):
    q: str = Field("", max_length=100, description="Part of the summary, the person or the account.")
    kind: KindName | None = None
    side: SideName | None = None
    purpose: PurposeName = ""
    partner_id: UUID | None = None
    account_id: UUID | None = None
    about: UUID | None = None
    since: date | None = None
    until: date | None = None
    struck: bool | None = None


class ReasonIn(In):
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


@activities.get("", response=Page[ActivityOut], summary="List activities")
@needs("activities.view")
def list_activities(request: HttpRequest, query: Query[ActivityQuery]):
    """The vendor reads all; a partner what its own people did. Newest told first."""
    filters = queries.Filters(
        text=query.q, kinds=(query.kind,) if query.kind else (), side=query.side or "", purpose=query.purpose,
        partner_id=query.partner_id, account_id=query.account_id, about=query.about, since=query.since, until=query.until, struck=query.struck,
    )  # fmt: skip
    found = paginate(queries.newest(request.auth, filters), query.cursor, query.limit)
    return {"items": [queries.view_of(request.auth, row) for row in found.items], "next_cursor": found.next_cursor}


@activities.get("/{uuid:activity_id}", response=ActivityOut, summary="Read an activity")
@needs("activities.view")
def get_activity(request: HttpRequest, activity_id: UUID):
    return queries.activity(request.auth, activity_id)


@activities.post("", response={201: ActivityOut}, summary="Record an activity")
@needs("activities.record")
@idempotent
def record_activity(request: HttpRequest, data: ActivityIn):
    """What the source told before (same source and external_id) is answered as it stands, and not recorded again."""
    named = _accounts(request, [data])
    activity_id = services.record(actor=request.auth, at=request.at, **_values(data, _account_of(data, named)))
    return Status(201, queries.activity(request.auth, activity_id))


@activities.post("/bulk", response=BulkOut, summary="Record many activities")
@needs("activities.record")
@idempotent
def record_activities(request: HttpRequest, data: BulkIn):
    """Up to 500, each for itself: the answer says of every row what became of it, and for an account that cannot be placed what it might be."""
    named = _accounts(request, data.items)
    answers: dict[int, services.Told] = {}
    entries: dict[int, services.Entry] = {}
    for position, item in enumerate(data.items):
        try:
            entries[position] = services.Entry(**_values(item, _account_of(item, named)))
        except Invalid as refusal:
            answers[position] = services.Told(position=position, state="refused", reason=refusal.message, field="account")
    for position, told in zip(entries, services.record_many(actor=request.auth, entries=list(entries.values()), at=request.at), strict=True):
        answers[position] = services.Told(position=position, state=told.state, activity_id=told.activity_id, reason=told.reason, field=told.field)
    states = [one.state for one in answers.values()]
    return {**{name: states.count(name) for name in ("recorded", "known", "refused")}, "items": [answers[position] for position in sorted(answers)]}


@activities.post("/{uuid:activity_id}/strike", response=ActivityOut, summary="Strike a wrong activity")
@needs("activities.record")
@idempotent
def strike_activity(request: HttpRequest, activity_id: UUID, data: ReasonIn):
    """It stays readable with the reason, and does not count any more."""
    services.strike(actor=request.auth, activity_id=activity_id, reason=data.reason, at=request.at)
    return queries.activity(request.auth, activity_id)


@activities.post("/{uuid:activity_id}/confirm", response=ActivityOut, summary="Confirm what a partner reported")
@needs("activities.confirm")
@idempotent
def confirm_activity(request: HttpRequest, activity_id: UUID):
    services.confirm(actor=request.auth, activity_id=activity_id, at=request.at)
    return queries.activity(request.auth, activity_id)


ROUTERS = {"activities": activities}


def _values(item: ActivityIn, account_id: UUID) -> dict[str, Any]:
    return item.dict(exclude={"account", "account_id", "side"}) | {"account_id": account_id, "side": item.side or ""}


def _accounts(request: HttpRequest, items: Sequence[ActivityIn]) -> Mapping[tuple[str, str], Reference]:
    """What the texts mean, by source, asked of the importer of accounts: id in the source, web domain or name."""
    importer = next(one for one in registry.all("importers") if one.entity == "accounts")
    wanted: dict[str, list[str]] = {}
    for item in items:
        if not item.account_id and item.account:
            wanted.setdefault(item.source, []).append(item.account)
    found: dict[tuple[str, str], Reference] = {}
    for source, texts in wanted.items():
        answers = importer.lookup(actor=request.auth, texts=list(dict.fromkeys(texts)), source=source)
        found |= {(source, text): reference for text, reference in answers.items()}
    return found


def _account_of(item: ActivityIn, named: Mapping[tuple[str, str], Reference]) -> UUID:
    if item.account_id:
        return item.account_id
    if not item.account:
        raise Invalid(_("Name the account: by account_id, or by its id in the source, web domain or name."), field="account", code="required")
    reference = named[item.source, item.account]
    if reference.id is None:
        raise Invalid(_unplaced(item.account, reference), field="account", code=f"account_{reference.how.value}")
    return reference.id


def _unplaced(text: str, reference: Reference) -> str:
    if reference.how is How.AMBIGUOUS:
        return _("Several accounts are called “%(text)s”. Send the account's id or web domain.") % {"text": text}
    return _("No account matches “%(text)s”. Add the account first, or send its id or web domain.") % {"text": text}
