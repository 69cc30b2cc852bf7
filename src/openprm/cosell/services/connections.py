"""A partner's own rule about whose invitations it takes (L9)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.cosell.models import ConnectionRule
from openprm.cosell.rules.words import Connections
from openprm.cosell.services import checks
from openprm.cosell.services.unit import acting_party, as_system, one_of
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Invalid, NotAllowed, Stale, refuse_if

MOST = 200


def save_connection_rule(
    *, actor: Actor, mode: str, exceptions: Sequence[UUID] = (), except_names: Sequence[str] = (), version: int | None = None, at: datetime
) -> int:
    """Allow all, deny all, or allow all except some: by id, or by the exact web domain. Gives the new version.
    Raises NotAllowed, Invalid, Stale."""
    refuse_if(None if actor.can("cosell.connect") else _("Only an administrator of your company sets this."))
    if not actor.is_partner:
        raise NotAllowed(_("The vendor takes invitations from every partner."))
    mode, party = one_of(mode, Connections, "mode"), acting_party(actor)
    with as_system(actor):
        kept = list(dict.fromkeys([*exceptions, *(checks.find_company(party_id=None, domain=name).id for name in except_names)]))
        _refuse_exceptions(party, kept)
        row = ConnectionRule.objects.filter(party_id=party).locked().first() or ConnectionRule(party_id=party, version=0)
        if version is not None and version != row.version:
            raise Stale()
        before = row.snapshot() if row.version else None
        row.mode, row.exceptions, row.version = mode, kept if mode == Connections.ALLOW_EXCEPT else [], row.version + 1
        row.save()
        audit.record(actor, "cosell.connections_set", row, before=before, after={}, refs=(party,), visible_to=(party,), data={"mode": mode}, at=at)
    return row.version


def _refuse_exceptions(party: UUID, kept: list[UUID]) -> None:
    if len(kept) > MOST:
        raise Invalid(_("At most %(most)d exceptions can be kept.") % {"most": MOST}, field="exceptions")
    if party in kept:
        raise Invalid(_("Your own company cannot be an exception."), field="exceptions")
    for one in kept:
        if checks.find_company(party_id=one, domain="").is_vendor:
            raise Invalid(_("The vendor's invitations always come through."), field="exceptions")
