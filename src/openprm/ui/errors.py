"""Django's own error pages. They stand alone: no database, no session, no navigation that could fail again."""

from dataclasses import dataclass
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Trouble:
    """What happened, why, and what to do next."""

    status: int
    title: str
    text: str
    icon: str


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    text = _("The address or the form is damaged. Go back, reload the page, and send it again.")
    return _answer(request, Trouble(400, _("This request could not be read"), text, "circle-alert"))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, Trouble(403, _("Your role does not allow this"), _("Ask an administrator of your team for the role that does."), "lock"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, Trouble(404, _("There is nothing here that you can see"), _("Check the link, or ask the person who sent it."), "search"))


def server_error(request: HttpRequest) -> HttpResponse:
    reference = structlog.contextvars.get_contextvars().get("request_id", "")
    text = _("Something broke on our side, and nothing was changed. Try again in a minute.")
    return _answer(request, Trouble(500, _("That did not work"), text, "triangle-alert"), reference=reference)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    text = _("The form was open too long, or cookies are blocked. Go back, reload the page, and send it again. What you typed is still there.")
    return _answer(request, Trouble(403, _("This form has expired"), text, "hourglass"))


def _answer(request: HttpRequest, trouble: Trouble, **context: Any) -> HttpResponse:
    if request.headers.get("Accept", "").startswith(("application/json", "application/problem+json")) or request.path.startswith("/api/"):
        return _problem(trouble)
    html = render_to_string("ui/error.html", {"trouble": trouble, "theme": request.COOKIES.get("theme", ""), **context})
    return HttpResponse(html, status=trouble.status)


def _problem(trouble: Trouble) -> HttpResponse:
    body = {"type": "about:blank", "title": trouble.title, "status": trouble.status, "detail": trouble.text}
    return JsonResponse(body, status=trouble.status, content_type="application/problem+json")
