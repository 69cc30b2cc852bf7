"""Personal API tokens: shown once, stored as a hash, never stronger than their person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.identity import policies, queries, rules
from openprm.identity.models import ApiToken, Membership
from openprm.identity.services import checks
from openprm.kernel.actor import Actor
from openprm.kernel.clock import now
from openprm.kernel.errors import Conflict, Invalid, refuse_if
from openprm.kernel.scope import scope


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made. `raw` is the only time the secret is seen."""

    id: UUID
    raw: str
    expires_at: datetime


class TooManyTokens(Conflict):
    def default_message(self) -> str:
        return _("You have %(count)s live tokens, the most a person can have. Revoke one that is no longer used.") % {"count": rules.TOKENS_PER_PERSON}


@transaction.atomic
def create_api_token(*, actor: Actor, name: str, scopes: tuple[str, ...], days: int, at: datetime) -> NewToken:
    """Make a personal token for the organization the actor acts in. Raises NotAllowed, Invalid, TooManyTokens."""
    refuse_if(policies.why_not_create_token(actor))
    name = checks.text("name", name, longest=80, required=True)
    scopes = _scopes(actor, scopes)
    if not 1 <= days <= rules.TOKEN_LONGEST_DAYS:
        raise Invalid(_("A token lives from 1 to %(days)s days.") % {"days": rules.TOKEN_LONGEST_DAYS}, field="days")
    membership = Membership.objects.select_for_update(of=("self",)).get(user=actor.user_id, organization=actor.organization_id)
    if ApiToken.objects.filter(Q(revoked_at=None), membership=membership, expires_at__gt=at).count() >= rules.TOKENS_PER_PERSON:
        raise TooManyTokens()
    secret = rules.new_token()
    token = ApiToken.objects.create(
        membership=membership,
        organization_id=actor.organization_id,
        name=name,
        prefix=secret.prefix,
        hash=secret.digest,
        scopes=list(scopes),
        expires_at=at + timedelta(days=days),
    )
    _record(actor, "token.created", token, at)
    return NewToken(id=token.pk, raw=secret.raw, expires_at=token.expires_at)


@transaction.atomic
def revoke_api_token(*, actor: Actor, token_id: UUID, at: datetime) -> None:
    """End a token at once; ending it again changes nothing. Raises NotFound, NotAllowed."""
    token = policies.reach_tokens(actor).locked().one(token_id)
    refuse_if(policies.why_not_revoke_token(actor, token))
    if token.revoked_at:
        return
    token.revoked_at = at
    token.save(update_fields=["revoked_at", "updated_at"])
    _record(actor, "token.revoked", token, at)


def actor_for_token(raw: str, at: datetime | None = None) -> Actor | None:
    """The actor that a token acts as, with its use remembered; None for a token that opens nothing.

    For the API's edge: called outside a scope, with any text.
    """
    at = at or now()
    found = queries.actor_for_token_row(raw, at)
    if found is None:
        return None
    if rules.needs_touch(last_used_at=found.last_used_at, at=at):
        with scope(found.actor):
            touch_token(actor=found.actor, at=at)
    return found.actor


def touch_token(*, actor: Actor, at: datetime) -> None:
    """Remember that the actor's token was used, at most once a minute."""
    stale = Q(last_used_at=None) | Q(last_used_at__lte=at - rules.TOKEN_TOUCH_AFTER)
    ApiToken.objects.filter(stale, pk=actor.token_id).update(last_used_at=at)


def _scopes(actor: Actor, scopes: tuple[str, ...]) -> tuple[str, ...]:
    held = queries.grantable_scopes(actor)
    beyond = sorted(set(scopes) - set(held))
    if beyond:
        raise Invalid(_("Your role does not hold %(scopes)s. A token can only do what you can do.") % {"scopes": ", ".join(beyond)}, field="scopes")
    if not scopes:
        raise Invalid(_("Choose at least one scope: a token without any could do nothing."), field="scopes")
    return tuple(scope for scope in held if scope in scopes)


def _record(actor: Actor, verb: str, token: ApiToken, at: datetime) -> None:
    data = {"name": token.name, "prefix": token.prefix, "scopes": token.scopes}
    audit.record(actor, verb, token, refs=(token.organization_id,), visible_to=actor.partner_ids, data=data, at=at)
