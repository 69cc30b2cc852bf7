"""The people of the partner who work on a registration."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from openprm.deals import services
from openprm.deals.api.registrations import read
from openprm.deals.api.schemas import CollaboratorIn, CollaboratorOut
from openprm.kernel.api import idempotent, needs

router = Router(tags=["Registrations"])


def _people(request: HttpRequest, registration_id: UUID) -> list[dict[str, Any]]:
    return [{"user_id": one.id, "name": one.name, "email": one.email} for one in read(request, registration_id).collaborators]


@router.get("/{uuid:registration_id}/collaborators", response=list[CollaboratorOut], summary="List the people on a deal")
@needs("deals.view")
def list_registration_collaborators(request: HttpRequest, registration_id: UUID):
    """Of the partner, by name. Who registered the deal is on it from the start."""
    return _people(request, registration_id)


@router.post("/{uuid:registration_id}/collaborators", response={201: CollaboratorOut}, summary="Add a person to a deal")
@needs("deals.register")
@idempotent
def add_registration_collaborator(request: HttpRequest, registration_id: UUID, data: CollaboratorIn):
    """Adding somebody twice changes nothing."""
    services.add_collaborator(actor=request.auth, registration_id=registration_id, user_id=data.user_id, at=request.at)
    return Status(201, next(one for one in _people(request, registration_id) if one["user_id"] == data.user_id))


@router.delete("/{uuid:registration_id}/collaborators/{uuid:user_id}", response={204: None}, summary="Take a person off a deal")
@needs("deals.register")
@idempotent
def remove_registration_collaborator(request: HttpRequest, registration_id: UUID, user_id: UUID):
    services.remove_collaborator(actor=request.auth, registration_id=registration_id, user_id=user_id, at=request.at)
    return Status(204, None)
