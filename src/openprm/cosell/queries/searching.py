"""What the search palette finds among engagements: those that the reader takes part in, by what it may know of them."""

from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.cosell.queries.lists import listed
from openprm.cosell.queries.pieces import state_words
from openprm.cosell.queries.results import Filters
from openprm.kernel.actor import Actor
from openprm.kernel.registry import SearchHit


def search(actor: Actor, text: str, limit: int = 6) -> list[SearchHit]:
    if len(text.strip()) < 2 or not actor.can("cosell.view"):
        return []
    page = "cosell:engagement" if actor.is_vendor else "cosell:portal_engagement"
    rows = listed(actor, Filters(text=text)).order_by("-created_at", "-id")[:limit]
    return [
        SearchHit(
            group=_("Co-selling"),
            title=row.title,
            subtitle=f"{row.number} · {row.customer_name} · {state_words(row)['state_label']}",
            url=reverse(page, args=[row.pk]),
            icon="handshake",
        )
        for row in rows
    ]
