"""Saved views of lists: a person's own filters under a name."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.identity import policies, rules
from openprm.identity.models import SavedView
from openprm.identity.services import checks
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, refuse_if


@transaction.atomic
def save_view(*, actor: Actor, list_key: str, name: str, query: str, is_default: bool = False, at: datetime) -> UUID:
    """Keep a list's query under a name; the same name again replaces it. Raises Invalid, Conflict."""
    _refuse_in_view(actor)
    list_key = checks.text("list_key", list_key, longest=60, required=True)
    name = checks.text("name", name, longest=60, required=True)
    query = checks.text("query", query.lstrip("?"), longest=rules.QUERY_LONGEST)
    mine = policies.reach_saved_views(actor).filter(list_key=list_key)
    if mine.exclude(name=name).count() >= rules.SAVED_VIEWS_PER_LIST:
        raise Conflict(_("You have saved %(count)s views of this list. Delete one that you no longer use.") % {"count": rules.SAVED_VIEWS_PER_LIST})
    if is_default:
        mine.filter(is_default=True).exclude(name=name).update(is_default=False)
    values = {"query": query, "is_default": is_default}
    view, _created = SavedView.objects.update_or_create(user_id=actor.user_id, list_key=list_key, name=name, defaults=values)
    return view.pk


@transaction.atomic
def delete_view(*, actor: Actor, view_id: UUID, at: datetime) -> None:
    """Forget a saved view. Raises NotFound."""
    _refuse_in_view(actor)
    policies.reach_saved_views(actor).one(view_id).delete()


def _refuse_in_view(actor: Actor) -> None:
    if actor.read_only:
        refuse_if(_("You are viewing the portal as a partner. Leave the view before you save anything."))
