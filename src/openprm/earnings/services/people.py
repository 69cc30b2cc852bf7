"""Names that are forgotten when people of a partner leave, and what an import takes back."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.earnings import policies
from openprm.earnings.models import Bounty, Earning
from openprm.earnings.rules.states import Kind, State
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, refuse_if


def forget_people(*, partner_id: UUID, people: Iterable[UUID], at: datetime) -> int:
    """Take names and notes off the bounties of people who left. Money, its inputs and the log stay. Safe to repeat, in the system's scope."""
    return Bounty.objects.filter(partner=partner_id, user__in=list(people)).exclude(author_name="").update(author_name="", note="")


def remove_imported(*, actor: Actor, earning_id: UUID, at: datetime) -> None:
    """Take back what an import brought in, as long as it never touched the books. Raises NotAllowed, NotFound, Conflict."""
    refuse_if(None if actor.can("earnings.import") else _("Your role cannot import earnings."))
    row = policies.reach(actor).filter(kind=Kind.OPENING).locked().one(earning_id)
    if row.state != State.PAID:
        raise Conflict(_("%(number)s is owed and stands in the books. Claw it back with the reason.") % {"number": row.number})
    Earning.objects.filter(pk=row.pk).delete()
