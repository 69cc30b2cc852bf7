"""Who is asking: an actor for a request, a token or a job, in one query each."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth import logout
from django.http import HttpRequest

from openprm.identity import rules
from openprm.identity.models import ApiToken, Membership, User
from openprm.kernel.actor import Actor, Side
from openprm.kernel.clock import now
from openprm.kernel.errors import NotFound
from openprm.kernel.ids import parse_id

ORGANIZATION_KEY = "openprm_organization"
VIEW_AS_KEY = "openprm_view_as"
MAY_SIGN_IN = rules.STATES_LET_IN


def actor_for_request(request: HttpRequest) -> Actor | None:
    """The signed-in person's actor; None for a visitor. Somebody whose access ended is signed out here."""
    user = request.user
    if not user.is_authenticated:
        return None
    found = _memberships(user.pk)
    membership = _chosen(found, parse_id(request.session.get(ORGANIZATION_KEY)))
    if membership is None:
        logout(request)
        return None
    request._openprm_places = len(found)  # type: ignore[attr-defined]
    actor = _actor(user, membership)
    return _viewing(request, actor) or actor


def has_other_places(request: HttpRequest) -> bool:
    """Whether this person can act in another organization too; known since the actor was built."""
    return getattr(request, "_openprm_places", 1) > 1


def own_actor_for_request(request: HttpRequest) -> Actor | None:
    """The person behind the request, also while it views the portal as a partner."""
    if not request.user.is_authenticated:
        return None
    membership = _chosen(_memberships(request.user.pk), parse_id(request.session.get(ORGANIZATION_KEY)))
    return _actor(request.user, membership) if membership else None


def actor_for_token(raw: str, at: datetime | None = None) -> Actor | None:
    """The actor that an API token acts as, or None when it is unknown, revoked, expired or its person is disabled."""
    found = actor_for_token_row(raw, at or now())
    return found.actor if found else None


@dataclass(frozen=True, slots=True)
class TokenActor:
    actor: Actor
    last_used_at: datetime | None


def actor_for_token_row(raw: str, at: datetime) -> TokenActor | None:
    """The token's actor, and when the token was last used."""
    token = _token_row(raw)
    if token is None or token.state(at) != "active":
        return None
    membership = token.membership
    if not _is_let_in(membership) or not membership.user.is_active:
        return None
    return TokenActor(_actor(membership.user, membership, token=token), token.last_used_at)


def _token_row(raw: str) -> ApiToken | None:
    prefix = rules.token_prefix(raw)
    if prefix is None:
        return None
    tokens = ApiToken.unscoped(reason="a token is looked up before there is a scope")
    token = tokens.select_related("membership__user", "membership__organization").filter(prefix=prefix).first()
    return token if token and rules.same_secret(raw, token.hash) else None


def actor_of(user_id: UUID, organization_id: UUID | None = None) -> Actor:
    """The actor of a person, for jobs and commands. Raises NotFound when the person has no access."""
    membership = _chosen(_memberships(user_id, "user"), organization_id)
    if membership is None or not membership.user.is_active:
        raise NotFound()
    return _actor(membership.user, membership)


def _memberships(user_id: UUID, *related: str) -> list[Membership]:
    """Every organization that lets this person in, the oldest place first."""
    rows = Membership.unscoped(reason="an actor is built before there is a scope")
    rows = rows.filter(user=user_id, state=Membership.State.ACTIVE, organization__status__in=MAY_SIGN_IN)
    return list(rows.select_related("organization", *related).order_by("created_at", "pk"))


def _chosen(found: list[Membership], organization_id: UUID | None) -> Membership | None:
    """The place a person chose to act in, else the oldest."""
    chosen = [row for row in found if row.organization_id == organization_id]
    return next(iter(chosen or found), None)


def _is_let_in(membership: Membership) -> bool:
    return membership.is_active and membership.organization.status in MAY_SIGN_IN


def _actor(user: User, membership: Membership, *, token: ApiToken | None = None) -> Actor:
    is_vendor = membership.organization.is_vendor
    return Actor(
        side=Side.VENDOR if is_vendor else Side.PARTNER,
        name=user.name,
        email=user.email,
        user_id=user.pk,
        organization_id=membership.organization_id,
        partner_ids=() if is_vendor else (membership.organization_id,),
        roles=frozenset({membership.role}) & frozenset(rules.roles_of(membership.organization.kind)),
        token_scopes=frozenset(token.scopes) if token else None,
        token_id=token.pk if token else None,
        time_zone=user.time_zone,
        locale=user.locale,
    )


def _viewing(request: HttpRequest, actor: Actor) -> Actor | None:
    """The partner's read-only actor while a view-as runs; it ends by itself, and with the right to it."""
    viewing = request.session.get(VIEW_AS_KEY)
    if not viewing:
        return None
    if now() >= datetime.fromisoformat(viewing["ends_at"]) or not actor.can("identity.preview_portal"):
        del request.session[VIEW_AS_KEY]
        return None
    partner_id = UUID(viewing["organization_id"])
    return Actor(
        side=Side.PARTNER,
        name=actor.name,
        email=actor.email,
        user_id=actor.user_id,
        organization_id=partner_id,
        partner_ids=(partner_id,),
        roles=frozenset({rules.admin_role("partner")}),
        read_only=True,
        viewing_as=partner_id,
        time_zone=actor.time_zone,
        locale=actor.locale,
    )
