"""Ways in: tokens, sessions, scopes, saved views, a running view of the portal."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from openprm.identity import policies, rules
from openprm.identity.models import ApiToken, Membership, PortalView, User
from openprm.identity.queries.actors import MAY_SIGN_IN
from openprm.identity.queries.organizations import OrganizationView, _view
from openprm.kernel.actor import Actor
from openprm.kernel.registry import registry
from openprm.kernel.scope import system_scope


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenView:
    id: UUID
    name: str
    prefix: str
    person: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    state: str
    is_mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    id: int
    device: str
    network_address: str
    signed_in_at: datetime
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysToSignIn:
    """How safely a person signs in."""

    has_password: bool
    has_app: bool
    passkeys: int
    recovery_codes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedViewRow:
    id: UUID
    list_key: str
    name: str
    query: str
    is_default: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningView:
    """The view of the portal that a vendor person is in."""

    id: UUID
    organization_name: str
    ends_at: datetime


def tokens(actor: Actor, at: datetime) -> list[TokenView]:
    """The tokens this actor can see: its own, and for an administrator the whole team's; newest first."""
    rows = policies.reach_tokens(actor).order_by("-created_at")
    return [token_view(row, actor=actor, at=at) for row in rows]


def token(actor: Actor, token_id: UUID, at: datetime) -> TokenView:
    return token_view(policies.reach_tokens(actor).one(token_id), actor=actor, at=at)


def token_view(row: ApiToken, *, actor: Actor, at: datetime) -> TokenView:
    return TokenView(
        id=row.pk,
        name=row.name,
        prefix=f"oprm_{row.prefix}",
        person=row.membership.user.name,
        scopes=tuple(row.scopes),
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        state=row.state(at),
        is_mine=row.membership.user_id == actor.user_id,
    )


def grantable_scopes(actor: Actor) -> tuple[str, ...]:
    """The scopes this actor can put on a token: never more than it holds itself."""
    return rules.scopes_of(permission for permission in registry.permissions() if actor.can(permission))


def sessions(user_id: UUID, current_key: str | None) -> list[SessionView]:
    """Where a person is signed in, newest first; ended and expired sessions are left out."""
    rows = UserSession.objects.filter(user_id=user_id).order_by("-created_at")
    alive = set(Session.objects.filter(session_key__in=[row.session_key for row in rows]).values_list("session_key", flat=True))
    return [_session_view(row, current_key) for row in rows if row.session_key in alive]


def ways_to_sign_in(user_id: UUID) -> WaysToSignIn:
    rows = list(Authenticator.objects.filter(user_id=user_id))
    codes = next((row for row in rows if row.type == Authenticator.Type.RECOVERY_CODES), None)
    return WaysToSignIn(
        has_password=User.objects.get(pk=user_id).has_usable_password(),
        has_app=any(row.type == Authenticator.Type.TOTP for row in rows),
        passkeys=sum(row.type == Authenticator.Type.WEBAUTHN for row in rows),
        recovery_codes=len(codes.wrap().get_unused_codes()) if codes else 0,
    )


def saved_views(actor: Actor, list_key: str) -> list[SavedViewRow]:
    rows = policies.reach_saved_views(actor).filter(list_key=list_key).order_by("name")
    return [SavedViewRow(id=row.pk, list_key=row.list_key, name=row.name, query=row.query, is_default=row.is_default) for row in rows]


def running_view(portal_view_id: UUID, at: datetime) -> RunningView | None:
    row = PortalView.objects.select_related("organization").filter(pk=portal_view_id, ended_at=None, ends_at__gt=at).first()
    return RunningView(id=row.pk, organization_name=row.organization.name, ends_at=row.ends_at) if row else None


def organizations_of(user_id: UUID) -> list[OrganizationView]:
    """The organizations a person can act in, for the switch between them."""
    with system_scope():  # the running scope knows only the organization the person acts in now
        rows = Membership.objects.filter(user=user_id, state=Membership.State.ACTIVE, organization__status__in=MAY_SIGN_IN)
        return [_view(row.organization) for row in rows.select_related("organization").order_by("created_at")]


def _session_view(row: UserSession, current_key: str | None) -> SessionView:
    return SessionView(
        id=row.pk,
        device=device_name(row.user_agent),
        network_address=row.ip,
        signed_in_at=row.created_at,
        is_current=row.session_key == current_key,
    )


_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "Mac"), ("Linux", "Linux"))


def device_name(user_agent: str) -> str:
    """A browser's self-description as a person would say it: "Firefox, Linux"."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return ", ".join(part for part in (browser, system) if part) or user_agent[:40]
