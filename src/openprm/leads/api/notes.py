"""The thread of a lead over the API."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Status
from pydantic import Field, StringConstraints

from openprm.kernel.api import IdOut, In, Out, idempotent, needs
from openprm.leads import queries, services
from openprm.leads.api.leads import router


class LeadNoteIn(In):
    body: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)] = Field(examples=["Petra asks for a visit in week 50."])
    audience: Literal["shared", "private"] = Field("shared", description="Private notes stay with your own company.")


class LeadNoteOut(Out):
    """`partner` is whom the vendor talked with; blank for what the vendor keeps for itself."""

    id: UUID
    body: str
    author: str
    company: str
    partner: str
    by_vendor: bool
    is_private: bool
    at: datetime


@router.get("/{uuid:lead_id}/notes", response=list[LeadNoteOut], summary="List the notes of a lead")
@needs("leads.view")
def list_lead_notes(request: HttpRequest, lead_id: UUID):
    """The newest hundred. Each side reads what is shared and what it keeps for itself; a partner while it reads the customer."""
    return list(queries.lead_thread(request.auth, lead_id).notes)


@router.post("/{uuid:lead_id}/notes", response={201: IdOut}, summary="Write on a lead")
@needs("leads.note")
@idempotent
def add_lead_note(request: HttpRequest, lead_id: UUID, data: LeadNoteIn):
    """Refused where nobody has opened the lead yet, and once it is a deal or closed."""
    note_id = services.add_note(actor=request.auth, lead_id=lead_id, body=data.body, audience=data.audience, at=request.at)
    return Status(201, {"id": note_id})
