"""What co-selling shows on the pages of others: a registration, a partner."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openprm.cosell import queries
from openprm.cosell.pages.common import address, named
from openprm.kernel.actor import Actor

ON_A_PANEL = 6


def registration(actor: Actor, registration_id: UUID, at: datetime) -> dict[str, Any]:
    """Co-sell on this deal: the engagements on it, and the way to open one."""
    rows = queries.of_registration(actor, registration_id)
    url = f"{address(actor, 'open')}?registration={registration_id}" if actor.can("cosell.act") else ""
    return {"rows": rows, "open_url": url, "page": named(actor, "engagement")}


def partner(actor: Actor, partner_id: UUID, at: datetime) -> dict[str, Any] | None:
    """Engagements that we share with this partner; nothing where there are none."""
    rows = queries.of_partner(actor, partner_id, ON_A_PANEL)
    return {"rows": rows, "open_url": "", "page": named(actor, "engagement")} if rows else None


def portal_home(actor: Actor, at: datetime) -> dict[str, Any] | None:
    """A sentence on the partner's home when invitations wait."""
    waiting = queries.pending_count(actor)
    if not waiting:
        return None
    said = ngettext("%(count)d invitation to a joint deal waits for your answer.", "%(count)d invitations to joint deals wait for your answer.", waiting)
    return {"said": said % {"count": waiting}, "url": address(actor, "invitations"), "label": _("Look at it")}
