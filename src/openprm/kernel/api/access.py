"""Who calls: a token in the Authorization header, or the session of a signed-in person with its CSRF token."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from ninja.utils import check_csrf

from openprm.kernel.actor import Actor, scope_needed
from openprm.kernel.api.problems import SignInFirst
from openprm.kernel.errors import NotAllowed
from openprm.kernel.http import READING, actor_of

TOKEN_RESOLVER = "openprm.identity.services.actor_for_token"  # noqa: S105  the name of a function


class CsrfFailed(NotAllowed):
    def default_message(self) -> str:
        return _("A change from a browser session needs its CSRF token as X-CSRFToken. Programs use an API token instead.")


def caller(request: HttpRequest) -> Actor:
    """The actor of this request. Raises SignInFirst, or CsrfFailed for a change without its token."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    actor = _by_credential(scheme, token.strip()) if scheme else actor_of(request)
    if actor is None:
        raise SignInFirst(code="sign_in_first")
    if not scheme and request.method not in READING and check_csrf(request):
        raise CsrfFailed(code="csrf_failed")
    return actor


def _by_credential(scheme: str, token: str) -> Actor | None:
    """The actor of a raw token; a text that cannot be one is not looked up."""
    if scheme.lower() != "bearer" or not token.isascii() or not 16 <= len(token) <= 200:
        return None
    resolver: str = getattr(settings, "OPENPRM_TOKEN_RESOLVER", TOKEN_RESOLVER)
    return import_string(resolver)(token)


def refuse_without(permission: str | None, actor: Actor) -> None:
    """Raise NotAllowed unless the actor holds `permission`; a token hears which scope it lacks."""
    if permission is None or actor.can(permission):
        return
    if actor.token_scopes is not None and (scope := scope_needed(permission)) not in actor.token_scopes:
        raise NotAllowed(_("This token lacks the scope %(scope)s. Make one that has it.") % {"scope": scope}, code="scope_missing")
    if actor.read_only:
        raise NotAllowed(_("You are looking at the portal as this partner, so nothing can be changed."), code="read_only_view")
    raise NotAllowed(code="action_not_permitted")
