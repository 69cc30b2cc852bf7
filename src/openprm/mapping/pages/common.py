"""What the pages of this room share: addresses on either side, and what the person may do."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from openprm.kernel.errors import NotFound
from openprm.kernel.http import Request, page
from openprm.mapping import queries


def to(request: Request, name: str, *args: Any) -> str:
    """The address of a page on the side of who asks."""
    return reverse(f"mapping:{'portal_' if request.actor.is_partner else ''}{name}", args=[str(one) for one in args])


def across(request: Request, name: str, partner_id: UUID, *args: Any) -> str:
    """The address of a page between the two sides: the vendor names the partner."""
    return to(request, name, *([] if request.actor.is_partner else [partner_id]), *args)


def overview_url(request: Request, partner_id: UUID) -> str:
    return across(request, "overview", partner_id)


def partner_of(request: Request, partner_id: UUID | None) -> UUID:
    """The partner that is compared with. Raises NotFound."""
    found = request.actor.partner_id if request.actor.is_partner else partner_id
    if found is None:
        raise NotFound()
    return found


def may(request: Request) -> dict[str, bool]:
    return {verb: request.actor.can(f"mapping.{verb}") for verb in ("manage", "share", "rule")}


def room(request: Request) -> dict[str, Any]:
    """What every page of the room needs: what the person may do, and the way to the other pages."""
    names = ("home", "targets", "sharing", "looks", "rule")
    return {"may": may(request), "room": {name: to(request, name) for name in names}}


def draw(request: Request, template: str, /, **context: Any) -> HttpResponse:
    return page(request, template, **(room(request) | context))


def back(request: Request) -> str:
    """The page that a form stood on, if it is one of this room."""
    asked, home = request.POST.get("back") or request.POST.get("next", ""), to(request, "home")
    return asked if asked.startswith(home) and "//" not in asked and "\\" not in asked else home


def shown_list(request: Request, partner_id: UUID, theirs_id: UUID) -> queries.Shown:
    """A list of the other side of which something is shown. Raises NotFound."""
    found = next((one for one in queries.shown(request.actor, partner_id, request.at) if one.id == theirs_id), None)
    if found is None:
        raise NotFound()
    return found


def uuid_or_none(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def uuids(texts: list[str], most: int = 200) -> list[UUID]:
    """The ids that were ticked; what is none is left out."""
    return [found for text in texts[:most] if (found := uuid_or_none(text))]
