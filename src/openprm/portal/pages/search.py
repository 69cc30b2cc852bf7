"""One search over everything: as a page, and as hits for the palette."""

from django.http import HttpResponse
from django.utils.cache import patch_vary_headers

from openprm.kernel.http import Request, page
from openprm.portal import queries
from openprm.ui.shell import shell_of

IN_PALETTE, ON_PAGE = 5, 20


def search(request: Request) -> HttpResponse:
    text = request.GET.get("q", "")[: queries.LONGEST_SEARCH]
    is_palette = request.headers.get("HX-Target") == "palette-hits"
    groups = _groups(request, text, is_palette)
    template = "portal/_palette_hits.html" if is_palette else "portal/search.html"
    response = page(request, template, text=text.strip(), groups=groups, actions=_matching_actions(request, text), pages=_matching_pages(request, text))
    patch_vary_headers(response, ("HX-Target",))
    if is_palette:
        response["Cache-Control"] = "no-store"
    return response


def _groups(request: Request, text: str, is_palette: bool) -> tuple[queries.HitGroup, ...]:
    if is_palette and not text.strip():
        return queries.suggestions(request.actor, request.at)
    return queries.search(request.actor, text, limit=IN_PALETTE if is_palette else ON_PAGE)


def _matching_actions(request: Request, text: str) -> list[queries.Action]:
    found = queries.actions(request.actor, "vendor" if request.actor.is_vendor else "partner")
    return [one for one in found if _fits(str(one.label), text)]


def _matching_pages(request: Request, text: str) -> list:
    return [entry for entry in shell_of(request).entries if text.strip() and _fits(str(entry.label), text)]


def _fits(label: str, text: str) -> bool:
    return all(word in label.casefold() for word in text.casefold().split())
