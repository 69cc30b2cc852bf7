"""Saved views of lists: kept and forgotten from the list itself."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from openprm.identity import services as identity
from openprm.kernel.errors import NotFound
from openprm.kernel.http import Request, redirect
from openprm.kernel.ids import parse_id


def save_view(request: Request) -> HttpResponse:
    name = request.POST.get("name", "")
    identity.save_view(
        actor=request.actor, list_key=request.POST.get("list", ""), name=name, query=request.POST.get("query", ""),
        is_default=request.POST.get("is_default") == "yes", at=request.at,
    )  # fmt: skip
    messages.success(request, _("View saved"), extra_tags=name.strip())
    return _back(request)


def delete_view(request: Request) -> HttpResponse:
    view_id = parse_id(request.POST.get("view"))
    if view_id is None:
        raise NotFound()
    identity.delete_view(actor=request.actor, view_id=view_id, at=request.at)
    messages.success(request, _("View deleted"))
    return _back(request)


def _back(request: Request) -> HttpResponse:
    """To the list the form came from; an address of another site is not followed."""
    to = request.POST.get("next", "")
    safe = to.startswith("/") and url_has_allowed_host_and_scheme(to, allowed_hosts=None)
    return redirect(request, to if safe else "/")
