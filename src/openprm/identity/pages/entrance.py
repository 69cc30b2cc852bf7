"""Doors without a sign-in: links by e-mail, invitations, the brand's files, leaving a view of the portal."""

import secrets

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.core.files.storage import default_storage
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.identity import queries, rules, services
from openprm.identity.brand import brand_css
from openprm.identity.pages.common import tried
from openprm.identity.pages.forms import AcceptForm, AskLinkForm
from openprm.identity.queries.actors import VIEW_AS_KEY
from openprm.kernel.actor import PUBLIC
from openprm.kernel.errors import NotFound
from openprm.kernel.http import Request, done, page, redirect
from openprm.kernel.scope import scope, system_scope

BROWSER_COOKIE = "openprm_browser"
FOREVER = "public, max-age=31536000, immutable"


def ask_link(request: Request) -> HttpResponse:
    """Ask for a sign-in link; the next page is the same for a known and an unknown address."""
    form = AskLinkForm(request.POST or None)
    if request.method != "POST":
        return page(request, "identity/public/ask_link.html", form=form)
    browser = request.COOKIES.get(BROWSER_COOKIE) or secrets.token_urlsafe(24)
    sent, _nothing = tried(form, lambda: _ask(request, form, browser))
    if not sent:
        return page(request, "identity/public/ask_link.html", form=form, status=422)
    response = page(request, "identity/public/link_sent.html", email=form.cleaned_data["email"], minutes=_minutes())
    response.set_cookie(BROWSER_COOKIE, browser, max_age=3600, httponly=True, samesite="Lax", secure=request.is_secure())
    return response


def _ask(request: Request, form: AskLinkForm, browser: str) -> None:
    services.request_sign_in_link(email=form.cleaned_data["email"], browser=browser, network_address=request.META.get("REMOTE_ADDR") or None, at=request.at)


def _minutes() -> int:
    return int(rules.LINK_LASTS.total_seconds() // 60)


def sign_in_link(request: Request, token: str) -> HttpResponseBase:
    """The page behind a link: a button, so that a mail scanner that opens links spends none of them."""
    browser = request.COOKIES.get(BROWSER_COOKIE, "")
    if request.method != "POST":
        user = services.find_link(token=token, browser=browser, at=request.at)
        return page(request, "identity/public/sign_in_link.html", user_name=user.name, email=user.email)
    user = services.use_link(token=token, browser=browser, at=request.at)
    return _signed_in(request, user, "link")


def invitation(request: Request, token: str) -> HttpResponseBase:
    with system_scope():
        found = services.find_invitation(token=token, at=request.at)
    form = AcceptForm(request.POST or None, initial={"name": found.name})
    if found.has_account:
        form.fields["name"].required = False
    if request.method == "POST":
        accepted, user_id = tried(form, lambda: _accept(request, token, form))
        if accepted:
            return _signed_in(request, services.user_to_sign_in(user_id), "invitation")
    status = 422 if form.is_bound else 200
    return page(request, "identity/public/invitation.html", form=form, invitation=found, status=status)


def _accept(request: Request, token: str, form: AcceptForm):
    with system_scope():
        return services.accept_invitation(token=token, name=form.cleaned_data["name"], password=form.cleaned_data["password"], at=request.at)


def _signed_in(request: Request, user, method: str) -> HttpResponseBase:
    """Finish the sign-in the library's way, so that a second factor is still asked for."""
    with scope(PUBLIC):
        request.session.flush()
        record_authentication(request, user, method=method)
        return perform_login(request, user, email_verification="none", redirect_url="/")


def stop_view_as(request: Request) -> HttpResponse:
    """Leave the view of the portal and be oneself again."""
    viewing = request.session.pop(VIEW_AS_KEY, None)
    actor = queries.own_actor_for_request(request)
    if actor is None:
        raise NotFound()
    with scope(actor):
        services.stop_view_as(actor=actor, at=request.at)
    if not viewing:
        return redirect(request, "/")
    return done(request, reverse("identity:partner_people"), _("You left the partner's view."))


def brand_style(request: Request, color: str, radius: int) -> HttpResponse:
    """The brand as a style sheet. Its address holds all it says, so it is kept for ever."""
    if not rules.is_color(f"#{color}") or radius > 12:
        raise NotFound()
    return HttpResponse(brand_css(f"#{color}", radius), content_type="text/css", headers={"Cache-Control": FOREVER})


def logo(request: Request, organization_id: str, digest: str) -> HttpResponse:
    """A logo by its content's hash: public, like the brand it stands for."""
    path = f"logos/{organization_id}/{digest}.png"
    if not default_storage.exists(path):
        raise NotFound()
    with default_storage.open(path) as file:
        return HttpResponse(file.read(), content_type="image/png", headers={"Cache-Control": FOREVER})
