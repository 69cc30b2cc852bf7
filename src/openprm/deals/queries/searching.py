"""What the search palette finds among deals."""

from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.deals.queries.lists import listed
from openprm.deals.queries.results import Filters
from openprm.deals.wording import status_label
from openprm.kernel.actor import Actor
from openprm.kernel.registry import SearchHit

FEWEST_SIGNS = 2


def search(actor: Actor, text: str, limit: int = 6) -> list[SearchHit]:
    """Registrations by number, customer, name or domain, newest first."""
    if len(text.strip()) < FEWEST_SIGNS or not actor.can("deals.view"):
        return []
    page = "deals:registration" if actor.is_vendor else "deals:portal_registration"
    rows = listed(actor, Filters(text=text)).order_by("-created_at", "-id")[:limit]
    return [
        SearchHit(
            group=_("Deals"),
            title=row.title or row.customer_name or row.number,
            subtitle=f"{row.number} · {row.customer_name} · {status_label(row.status)}",
            url=reverse(page, args=[row.pk]),
            icon="shield-check",
        )
        for row in rows
    ]
