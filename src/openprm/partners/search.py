"""Partners in the search palette."""

from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.registry import SearchHit
from openprm.partners import queries


def search(actor: Actor, text: str, limit: int) -> list[SearchHit]:
    """Partners for the vendor; a partner finds no other and needs no search for itself."""
    if not actor.sees_all_partners:
        return []
    found = queries.search_partners(actor, text, limit)
    return [
        SearchHit(
            group=_("Partners"),
            title=row.name,
            url=reverse("partners:partner", args=[row.id]),
            subtitle=row.tier or row.region,
            icon="handshake",
            logo=row.name,
        )
        for row in found
    ]
