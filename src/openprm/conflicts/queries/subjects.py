"""Leads and engagements, asked of the rooms that keep them."""

from uuid import UUID

from django.utils.translation import gettext as _

from openprm.conflicts.ports import Subject, SubjectKind
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.kernel.registry import registry


def find(actor: Actor, code: str, subject_id: UUID) -> Subject:
    """Raises NotFound, also when no room keeps such things or this actor may not know of it."""
    kinds: tuple[SubjectKind, ...] = registry.filling("conflicts.subjects")
    found = next((kind.find(actor, subject_id) for kind in kinds if kind.code == code), None)
    if found is None:
        raise NotFound(_("There is no such thing that you can see. Check the link."), code=f"{code}_not_found")
    return found
