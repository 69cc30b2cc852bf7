"""Accounts in the search palette."""

from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.accounts import queries
from openprm.kernel.actor import Actor
from openprm.kernel.registry import SearchHit


def search(actor: Actor, text: str, limit: int) -> list[SearchHit]:
    """Accounts within the actor's reach whose name or web domain fits."""
    name = "accounts:portal_account" if actor.is_partner else "accounts:account"
    found = queries.search_accounts(actor, text, limit)
    return [
        SearchHit(group=_("Accounts"), title=row.name, url=reverse(name, args=[row.id]), subtitle=row.domain, icon="building-2", logo=row.name) for row in found
    ]
