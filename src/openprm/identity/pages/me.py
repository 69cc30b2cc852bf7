"""A person's own settings: profile, sessions, tokens."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openprm.identity import queries, services
from openprm.identity.pages.common import address, tried
from openprm.identity.pages.forms import ProfileForm, TokenForm
from openprm.identity.queries.actors import ORGANIZATION_KEY
from openprm.kernel.errors import NotFound
from openprm.kernel.http import Request, done, page, redirect
from openprm.kernel.ids import parse_id

THEME_LASTS = 400 * 24 * 3600


def profile(request: Request) -> HttpResponse:
    found = queries.profile(request.actor.user_id)
    values = {"name": found.name, "time_zone": found.time_zone, "locale": found.locale, "theme": found.theme}
    form = ProfileForm(request.POST or None, initial=values)
    if request.method == "POST":
        saved, _nothing = tried(form, lambda: services.update_profile(actor=request.actor, changes=form.cleaned_data, at=request.at))
        if saved:
            return _with_theme(done(request, request.path, _("Your profile is saved")), form.cleaned_data["theme"])
    organizations = queries.organizations_of(request.actor.user_id)
    context = {"form": form, "profile": found, "organizations": organizations if len(organizations) > 1 else []}
    return page(request, "identity/me/profile.html", switch_url=address(request.actor, "switch_organization"), status=_status(form), **context)


def _with_theme(response: HttpResponse, theme: str) -> HttpResponse:
    if theme == "system":
        response.delete_cookie("theme", samesite="Lax")
    else:
        response.set_cookie("theme", theme, max_age=THEME_LASTS, samesite="Lax")
    return response


def switch_organization(request: Request) -> HttpResponse:
    """Act in another of one's organizations from now on."""
    if request.method != "POST":
        return redirect(request, address(request.actor, "profile") + "#organizations")
    chosen = parse_id(request.POST.get("organization"))
    if chosen not in {organization.id for organization in queries.organizations_of(request.actor.user_id)}:
        raise NotFound()
    request.session[ORGANIZATION_KEY] = str(chosen)
    return redirect(request, "/")


def sessions(request: Request) -> HttpResponse:
    """Where one is signed in, and how one signs in."""
    current = request.session.session_key
    if request.method == "POST":
        return _end_sessions(request, current)
    found = queries.sessions(request.actor.user_id, current)
    ways = queries.ways_to_sign_in(request.actor.user_id)
    return page(request, "identity/me/sessions.html", sessions=found, others=len([one for one in found if not one.is_current]), ways=ways)


def _end_sessions(request: Request, current: str | None) -> HttpResponse:
    asked = request.POST.get("session", "")
    if asked.isdigit() and len(asked) < 18:
        services.revoke_session(actor=request.actor, session_id=int(asked))
        return done(request, request.path, _("That session is ended"))
    count = services.revoke_other_sessions(actor=request.actor, current_key=current)
    return done(request, request.path, ngettext("%(count)s other session is ended", "%(count)s other sessions are ended", count) % {"count": count})


def tokens(request: Request) -> HttpResponse:
    """One's API tokens, and the form for a new one; the secret is on the answer's page and never again."""
    form = TokenForm(request.POST or None, scopes=queries.grantable_scopes(request.actor))
    made = None
    if request.method == "POST":
        _done, made = tried(form, lambda: _new_token(request, form))
        form = TokenForm(scopes=queries.grantable_scopes(request.actor)) if made else form
    response = page(
        request,
        "identity/me/tokens.html",
        form=form,
        made=made,
        tokens=queries.tokens(request.actor, request.at),
        revoke_url=address(request.actor, "revoke_token"),
        status=_status(form),
    )
    response["Cache-Control"] = "no-store"
    return response


def _new_token(request: Request, form: TokenForm):
    values = form.cleaned_data
    return services.create_api_token(actor=request.actor, name=values["name"], scopes=tuple(values["scopes"]), days=values["days"], at=request.at)


def revoke_token(request: Request) -> HttpResponse:
    services.revoke_api_token(actor=request.actor, token_id=_posted_id(request, "token"), at=request.at)
    return done(request, address(request.actor, "tokens"), _("The token no longer works"))


def _posted_id(request: Request, name: str) -> UUID:
    found = parse_id(request.POST.get(name))
    if found is None:
        raise NotFound()
    return found


def _status(form) -> int:
    return 422 if form.is_bound and not form.is_valid() else 200
