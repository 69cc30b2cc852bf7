"""The root of all addresses: the pages that domains contribute, sign-in, the API and the health checks."""

from collections import defaultdict

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, include, path

from openprm.config.api import api
from openprm.config.health import healthz, readyz
from openprm.kernel.actor import Side
from openprm.kernel.http import actor_of, served
from openprm.kernel.registry import PREFIX, registry

HOMES = {Side.VENDOR: "/app/", Side.PARTNER: "/portal/"}


def door(request: HttpRequest) -> HttpResponse:
    """Send everybody to their own home."""
    actor = actor_of(request)
    return HttpResponseRedirect(HOMES[actor.side] if actor else "/auth/login/")


def _pages() -> list[URLPattern]:
    found: dict[str, list[URLPattern]] = defaultdict(list)
    for domain, page in registry.pages():
        found[domain].append(path(PREFIX[page.workspace] + page.path, served(page), name=page.name))
    return [path("", include((patterns, domain))) for domain, patterns in found.items()]


urlpatterns = [
    path("", door, name="door"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("api/v1/", api.urls),
    path("auth/", include("openprm.identity.urls")),
    *_pages(),
]
handler400 = "openprm.ui.errors.bad_request"
handler403 = "openprm.ui.errors.forbidden"
handler404 = "openprm.ui.errors.not_found"
handler500 = "openprm.ui.errors.server_error"
