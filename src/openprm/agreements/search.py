"""Agreements in the search palette."""

from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.agreements import queries
from openprm.kernel.actor import Actor
from openprm.kernel.clock import now
from openprm.kernel.registry import SearchHit


def search(actor: Actor, text: str, limit: int) -> list[SearchHit]:
    """Documents by title, on either side."""
    if not actor.can("agreements.view"):
        return []
    return [
        SearchHit(
            group=_("Agreements"),
            title=found.title,
            url=reverse("agreements:document", args=[found.id]) if actor.is_vendor else reverse("agreements:portal_version", args=[found.version_id]),
            subtitle=found.kind_label,
            icon="signature",
        )
        for found in queries.search_documents(actor, text, limit, now())
    ]
