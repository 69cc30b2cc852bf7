"""What changes here begin and end with."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Invalid, NotFound, Stale
from openprm.kernel.scope import system_scope
from openprm.mapping import policies
from openprm.partners import queries as partners


def line(field: str, value: Any, most: int) -> str:
    """One line of text. Raises Invalid."""
    found = " ".join("".join(sign if sign.isprintable() else " " for sign in str(value or "")).split())
    if len(found) > most:
        raise Invalid(_("This is longer than %(most)d characters. Shorten it.") % {"most": most}, field=field)
    return found


def refuse_stale(row: Any, version: int | None) -> None:
    if version is not None and version != row.version:
        raise Stale(_("Somebody changed this meanwhile. Look at it again, then save."))


def vendor_id() -> UUID:
    with system_scope():
        return identity.vendor_organization().id


def sides(actor: Actor, partner_id: UUID) -> tuple[UUID, UUID]:
    """(own organization, the other side's) of what stands between the vendor and this partner. Raises NotAllowed, NotFound."""
    home = policies.refuse_outsider(actor)
    if actor.is_partner:
        if partner_id != home:
            raise NotFound(_("There is no such partner that you can see."))
        return home, vendor_id()
    return home, partners.partner(actor, partner_id).id
