"""Invitations to engagements, and a partner's rule about them."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from openprm.cosell import queries, services
from openprm.cosell.api.schemas import ConnectionIn, ConnectionOut, InvitationOut, InvitationPage, InvitationQuery, ReasonIn
from openprm.kernel.api import IdOut, etag_of, idempotent, matched_version, needs, paginate, updates

invitations = Router(tags=["Engagement invitations"])
connections = Router(tags=["Engagement invitations"])


@invitations.get("", response=InvitationPage, summary="List invitations")
@needs("cosell.view")
def list_engagement_invitations(request: HttpRequest, query: Query[InvitationQuery]):
    """Those that your company sent or received, the newest first."""
    found = paginate(queries.invited(request.auth, states=tuple(query.state), side=query.side), query.cursor, query.limit)
    return {"items": queries.invitation_views(request.auth, found.items, request.at), "next_cursor": found.next_cursor}


@invitations.get("/{uuid:invitation_id}", response=InvitationOut, summary="Read an invitation")
@needs("cosell.view")
def get_engagement_invitation(request: HttpRequest, invitation_id: UUID, response: HttpResponse):
    """All that its receiver may know before it answers."""
    found = queries.invitation(request.auth, invitation_id, request.at)
    response["ETag"] = etag_of(found.version)
    return found


@invitations.post("/{uuid:invitation_id}/accept", response=IdOut, summary="Accept an invitation")
@needs("cosell.act")
@idempotent
@updates
def accept_engagement_invitation(request: HttpRequest, invitation_id: UUID):
    """Gives the engagement that your company takes part in from now on."""
    version = matched_version(request)
    return {"id": services.accept_invitation(actor=request.auth, invitation_id=invitation_id, version=version, at=request.at)}


@invitations.post("/{uuid:invitation_id}/reject", response={204: None}, summary="Reject an invitation")
@needs("cosell.act")
@idempotent
@updates
def reject_engagement_invitation(request: HttpRequest, invitation_id: UUID, data: ReasonIn):
    services.reject_invitation(actor=request.auth, invitation_id=invitation_id, reason=data.reason, version=matched_version(request), at=request.at)
    return Status(204, None)


@invitations.post("/{uuid:invitation_id}/cancel", response={204: None}, summary="Take an invitation back")
@needs("cosell.act")
@idempotent
def cancel_engagement_invitation(request: HttpRequest, invitation_id: UUID):
    services.cancel_invitation(actor=request.auth, invitation_id=invitation_id, at=request.at)
    return Status(204, None)


def _rule(request: HttpRequest, response: HttpResponse) -> dict:
    found = queries.connection_rule(request.auth, request.at)
    response["ETag"] = etag_of(found.version)
    return {"mode": found.mode, "exceptions": [UUID(one.value) for one in found.exceptions], "version": found.version}


@connections.get("", response=ConnectionOut, summary="Read whose invitations are taken")
@needs("cosell.connect")
def get_engagement_connections(request: HttpRequest, response: HttpResponse):
    return _rule(request, response)


@connections.put("", response=ConnectionOut, summary="Say whose invitations are taken")
@needs("cosell.connect")
@idempotent
@updates
def save_engagement_connections(request: HttpRequest, data: ConnectionIn, response: HttpResponse):
    """The vendor's invitations always come through."""
    services.save_connection_rule(actor=request.auth, mode=data.mode, exceptions=data.exceptions, version=matched_version(request), at=request.at)
    return _rule(request, response)
