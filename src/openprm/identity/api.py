"""/me, /organizations, /people, /invitations, /tokens."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router
from ninja.responses import Status
from pydantic import Field, StringConstraints

from openprm.identity import queries, services
from openprm.kernel.api import In, Out, Page, PageQuery, etag_of, idempotent, needs, paginate, require_match, updates

Email = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=254), Field(examples=["aino@kallio.example"])]
Role = Annotated[str, StringConstraints(max_length=24), Field(examples=["partner_sales"])]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), Field(examples=["Aino Laine"])]

me = Router(tags=["People"])
organizations = Router(tags=["People"])
people = Router(tags=["People"])
invitations = Router(tags=["People"])
tokens = Router(tags=["People"])


class MeOut(Out):
    """Who you are to this API, and what you may do with this sign-in."""

    user_id: UUID | None
    name: str
    email: str
    side: str = Field(examples=["partner"])
    organization_id: UUID | None
    roles: list[str]
    scopes: list[str] = Field(description="The scopes in force: of the token, or of the roles when a person is signed in.")
    time_zone: str
    locale: str


class OrganizationOut(Out):
    id: UUID
    kind: str = Field(examples=["partner"])
    name: str
    legal_name: str
    domain: str
    country: str
    time_zone: str
    locale: str
    status: str = Field(examples=["active"])
    version: int


class OrganizationQuery(PageQuery):
    kind: str = Field("", pattern="^(vendor|partner)?$", description="Only the vendor, or only partners.")
    q: str = Field("", max_length=100, description="A part of the name.")


class OrganizationIn(In):
    """The fields to change; what is left out stays."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)] | None = None
    legal_name: str | None = Field(None, max_length=200)
    domain: str | None = Field(None, max_length=253, examples=["kallio.example"])
    country: str | None = Field(None, pattern="^([A-Za-z]{2})?$", examples=["FI"])
    time_zone: str | None = Field(None, max_length=64, examples=["Europe/Helsinki"])


class PersonOut(Out):
    id: UUID = Field(description="The membership: one person in one organization.")
    user_id: UUID
    name: str
    email: str
    role: str
    state: str = Field(examples=["active"])
    organization_id: UUID
    version: int
    created_at: datetime


class PersonQuery(PageQuery):
    organization_id: UUID | None = None


class PersonIn(In):
    """A new role, or access taken away or given back."""

    role: Role | None = None
    state: str | None = Field(None, pattern="^(active|disabled)$")


class InvitationOut(Out):
    id: UUID
    organization_id: UUID
    email: str
    name: str
    role: str
    expires_at: datetime
    created_at: datetime


class InvitationIn(In):
    organization_id: UUID
    email: Email
    role: Role
    name: str = Field("", max_length=120)


class TokenOut(Out):
    """A token without its secret, which only the page where it was made has shown."""

    id: UUID
    name: str
    prefix: str
    person: str
    scopes: list[str]
    state: str = Field(examples=["active"])
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


@me.get("", response=MeOut, summary="Who am I")
def get_me(request):
    actor = request.auth
    return MeOut(
        user_id=actor.user_id,
        name=actor.name,
        email=actor.email,
        side=actor.side,
        organization_id=actor.organization_id,
        roles=sorted(actor.roles),
        scopes=list(queries.grantable_scopes(actor)),
        time_zone=actor.time_zone,
        locale=actor.locale,
    )


@organizations.get("", response=Page[OrganizationOut], summary="List organizations")
@needs("identity.view_organizations")
def list_organizations(request, query: Query[OrganizationQuery]):
    return paginate(queries.organizations(request.auth, kind=query.kind, text=query.q), query.cursor, query.limit)


@organizations.get("/{uuid:organization_id}", response=OrganizationOut, summary="Get an organization")
@needs("identity.view_organizations")
def get_organization(request, organization_id: UUID, response: HttpResponse):
    found = queries.organization(request.auth, organization_id)
    response["ETag"] = etag_of(found.version)
    return found


@organizations.patch("/{uuid:organization_id}", response=OrganizationOut, summary="Change an organization's profile")
@needs("identity.change_organizations")
@updates
@idempotent
def change_organization(request, organization_id: UUID, body: OrganizationIn, response: HttpResponse):
    require_match(request, queries.organization(request.auth, organization_id).version)
    changes = body.model_dump(exclude_none=True)
    services.update_organization(actor=request.auth, organization_id=organization_id, changes=changes, at=request.at)
    changed = queries.organization(request.auth, organization_id)
    response["ETag"] = etag_of(changed.version)
    return changed


@people.get("", response=Page[PersonOut], summary="List people")
@needs("identity.view_people")
def list_people(request, query: Query[PersonQuery]):
    found = paginate(queries.memberships(request.auth, organization_id=query.organization_id), query.cursor, query.limit)
    return {"items": [_person(row) for row in found.items], "next_cursor": found.next_cursor}


@people.get("/{uuid:person_id}", response=PersonOut, summary="Get a person")
@needs("identity.view_people")
def get_person(request, person_id: UUID, response: HttpResponse):
    found = queries.membership(request.auth, person_id)
    response["ETag"] = etag_of(found.version)
    return _person(found)


@people.patch("/{uuid:person_id}", response=PersonOut, summary="Change a person's role or access")
@needs("identity.change_people")
@updates
@idempotent
def change_person(request, person_id: UUID, body: PersonIn, response: HttpResponse):
    require_match(request, queries.membership(request.auth, person_id).version)
    keywords = {"actor": request.auth, "membership_id": person_id, "at": request.at}
    if body.role:
        services.change_role(role=body.role, **keywords)
    if body.state:
        {"active": services.enable_person, "disabled": services.disable_person}[body.state](**keywords)
    changed = queries.membership(request.auth, person_id)
    response["ETag"] = etag_of(changed.version)
    return _person(changed)


@invitations.get("", response=Page[InvitationOut], summary="List open invitations")
@needs("identity.view_people")
def list_invitations(request, query: Query[PageQuery]):
    return paginate(queries.open_invitations(request.auth), query.cursor, query.limit)


@invitations.post("", response={201: InvitationOut}, summary="Invite a person")
@needs("identity.change_people")
@idempotent
def invite(request, body: InvitationIn):
    made = services.invite_person(actor=request.auth, organization_id=body.organization_id, email=body.email, role=body.role, name=body.name, at=request.at)
    return Status(201, queries.invitation(request.auth, made))


@invitations.post("/{uuid:invitation_id}/send", response=InvitationOut, summary="Send an invitation again")
@needs("identity.change_people")
@idempotent
def send_invitation_again(request, invitation_id: UUID):
    services.resend_invitation(actor=request.auth, invitation_id=invitation_id, at=request.at)
    return queries.invitation(request.auth, invitation_id)


@invitations.delete("/{uuid:invitation_id}", response={204: None}, summary="Take an invitation back")
@needs("identity.change_people")
@idempotent
def take_invitation_back(request, invitation_id: UUID):
    services.revoke_invitation(actor=request.auth, invitation_id=invitation_id, at=request.at)
    return Status(204, None)


@tokens.get("", response=list[TokenOut], summary="List API tokens")
@needs("identity.view_tokens")
def list_tokens(request):
    return queries.tokens(request.auth, request.at)


@tokens.delete("/{uuid:token_id}", response={204: None}, summary="Revoke an API token")
@needs("identity.make_tokens")
@idempotent
def revoke_token(request, token_id: UUID):
    services.revoke_api_token(actor=request.auth, token_id=token_id, at=request.at)
    return Status(204, None)


def _person(row) -> PersonOut:
    return PersonOut(
        id=row.pk,
        user_id=row.user_id,
        name=row.user.name,
        email=row.user.email,
        role=row.role,
        state=row.state,
        organization_id=row.organization_id,
        version=row.version,
        created_at=row.created_at,
    )
