"""The edge that all pages share: who asks, in which scope, and how a refusal looks."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django_htmx.http import trigger_client_event

from openprm.kernel.actor import PUBLIC, Actor, Side
from openprm.kernel.clock import now
from openprm.kernel.errors import NotAllowed, NotFound, Refusal, write_down
from openprm.kernel.memory import COUNTS
from openprm.kernel.registry import Page
from openprm.kernel.scope import scope

READING = frozenset({"GET", "HEAD", "OPTIONS"})
NOBODY = UUID(int=0)
SIDE_OF = {"vendor": Side.VENDOR, "partner": Side.PARTNER}


class Request(HttpRequest):
    """The request as a page sees it: signed in (unless public), allowed, and inside the actor's scope."""

    actor: Actor
    at: datetime
    htmx: Any


def actor_of(request: HttpRequest) -> Actor | None:
    """The signed-in person's actor, looked up once per request; None for a visitor."""
    if not hasattr(request, "_openprm_actor"):
        request._openprm_actor = import_string(settings.OPENPRM_ACTOR_RESOLVER)(request)  # type: ignore[attr-defined]
    return request._openprm_actor  # type: ignore[attr-defined]


def served(page: Page) -> Callable[..., HttpResponseBase]:
    """The Django view of a page: sign-in, workspace, permission, method, one scope, refusals as pages."""

    @wraps(page.view)
    def view(request: Request, **kwargs: Any) -> HttpResponseBase:
        actor = actor_of(request) or PUBLIC
        if page.workspace != "public" and actor.is_public:
            return redirect_to_login(request.get_full_path())
        request.actor, request.at = actor, now()
        try:
            _check(page, request)
            with _ways_of(actor), scope(actor):
                return _rendered(page.view(request, **kwargs))
        except Refusal as refusal:
            write_down(refusal)
            return refused(request, refusal)
        finally:
            if request.method not in READING:
                COUNTS.drop()

    return view


def _check(page: Page, request: Request) -> None:
    actor = request.actor
    if page.workspace != "public" and actor.side is not SIDE_OF[page.workspace]:
        raise NotFound()
    if page.permission and not actor.can(page.permission):
        raise NotAllowed(_read_only_reason(actor) if actor.read_only else "")
    if request.method not in {*page.methods, "HEAD", "OPTIONS"}:
        raise MethodNotAllowed(page.methods)
    if actor.read_only and request.method not in READING and page.name != "stop_view_as":
        raise NotAllowed(_read_only_reason(actor))


def _read_only_reason(actor: Actor) -> str:
    return _("You are looking at the portal as this partner. Nothing can be changed in this view; leave it to act as yourself.")


class MethodNotAllowed(Refusal):
    status = 405

    def __init__(self, allowed: tuple[str, ...]):
        self.allowed = allowed
        super().__init__(_("This address does not take that method. It takes %(methods)s.") % {"methods": ", ".join(allowed)})


class _ways_of:
    """Language and time zone of the person, for the length of one page."""

    def __init__(self, actor: Actor):
        self.actor = actor

    def __enter__(self) -> None:
        self.language = translation.get_language()
        translation.activate(self.actor.locale)
        timezone.activate(ZoneInfo(self.actor.time_zone))

    def __exit__(self, *exc: object) -> None:
        translation.activate(self.language or settings.LANGUAGE_CODE)
        timezone.deactivate()


def _rendered(response: HttpResponseBase) -> HttpResponseBase:
    """Render while the scope is open; a stream would read its rows after the scope has gone."""
    if getattr(response, "streaming", False) and not getattr(response, "reads_no_rows", False):
        raise SuspiciousOperation("a streaming response would run outside its scope")
    if hasattr(response, "render") and not getattr(response, "is_rendered", True):
        response = response.render()
    return response


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A refusal as a page that says what to do, or as a toast when HTMX asked."""
    actor = getattr(request, "actor", PUBLIC)
    if getattr(request, "htmx", False) and request.method not in READING:
        return trigger_client_event(HttpResponse(status=refusal.status), "toast", {"title": refusal.message, "tone": "bad"})
    with _ways_of(actor), scope(actor):
        response = render(request, "ui/refusal.html", {"refusal": refusal}, status=refusal.status)
    if isinstance(refusal, MethodNotAllowed):
        response["Allow"] = ", ".join(refusal.allowed)
    if retry := getattr(refusal, "retry_after", None):
        response["Retry-After"] = str(retry)
    return response


def page(request: HttpRequest, template: str, /, *, status: int = 200, **context: Any) -> HttpResponse:
    """Render a template; HTMX requests may name a `template#partial` themselves."""
    return render(request, template, context, status=status)


def addresses(url_name: str) -> Callable[[UUID], str]:
    """The address of each row of a list: reversed once, then filled in."""
    before, after = reverse(url_name, args=[NOBODY]).split(str(NOBODY))
    return lambda row_id: f"{before}{row_id}{after}"


def redirect(request: HttpRequest, url: str) -> HttpResponse:
    """Go to `url` with a GET: 303 for browsers, HX-Redirect for HTMX."""
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


def done(request: HttpRequest, url: str, title: str, text: str = "") -> HttpResponse:
    """Say what happened and go on: the message shows as a toast on the next page, with or without JavaScript."""
    messages.success(request, title, extra_tags=text)
    return redirect(request, url)


def toast(response: HttpResponse, title: str, text: str = "", undo: str = "") -> HttpResponse:
    """Add a toast to an HTMX answer."""
    detail = {"title": title, "text": text} | ({"undo": undo} if undo else {})
    return trigger_client_event(response, "toast", detail)


def context(request: HttpRequest) -> dict[str, Any]:
    """Template context: the actor and the moment of the request."""
    return {"actor": getattr(request, "actor", PUBLIC), "at": getattr(request, "at", None) or now()}
