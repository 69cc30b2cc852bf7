"""Doors without a sign-in: a link that acts, a calendar."""

from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _

from openprm.correspondence import services
from openprm.kernel.errors import NotFound, Refusal
from openprm.kernel.http import Request, page

STATUS = {"active": 200, "used": 410, "revoked": 410, "expired": 410, "closed": 409}


def act(request: Request, token: str) -> HttpResponse:
    """What would happen, and a button. A mail scanner that opens links does nothing: only the button acts."""
    if request.method == "POST":
        return _acted(request, token)
    return _looked(request, services.look(token=token, at=request.at))


def _acted(request: Request, token: str) -> HttpResponse:
    try:
        acted = services.act(token=token, at=request.at)
    except NotFound:
        services.look(token=token, at=request.at)  # an unknown link stays not found
        return _looked(request, services.look(token=token, at=request.at))
    except Refusal as refusal:
        return _looked(request, services.look(token=token, at=request.at), refused=refusal.message)
    return _private(page(request, "correspondence/public/acted.html", acted=acted))


def _looked(request: Request, looked: services.Looked, refused: str = "") -> HttpResponse:
    state = "closed" if refused and looked.state == "active" else looked.state
    values = {"looked": looked, "state": state, "reason": looked.reason or refused, "heading": _heading(state)}
    return _private(page(request, "correspondence/public/act.html", status=STATUS[state], **values))


def _heading(state: str) -> str:
    return {
        "active": "",
        "used": _("This was done already"),
        "revoked": _("This link was revoked"),
        "expired": _("This link has expired"),
        "closed": _("This can no longer be done from the mail"),
    }[state]


def _private(response: HttpResponse) -> HttpResponse:
    """Not kept by anybody, not found by search machines, and the address goes to no other site with a click.

    "no-referrer" would also take the Origin off the button's own POST, which the protection against forgery needs.
    """
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


def feed(request: Request, token: str) -> HttpResponse:
    """A person's calendar; nothing is sent again to those who have it already."""
    sheet = services.read_feed(token=token, at=request.at)
    mark = f'"{sheet.mark}"'
    response = HttpResponse(sheet.content, content_type="text/calendar; charset=utf-8")
    answer = get_conditional_response(request, etag=mark, last_modified=None, response=response) or response
    answer["ETag"] = mark
    answer["Last-Modified"] = http_date(sheet.changed_at.timestamp())
    answer["Cache-Control"] = "private, max-age=300"
    answer["Content-Disposition"] = 'inline; filename="due-dates.ics"'
    answer["X-Robots-Tag"] = "noindex"
    return answer
