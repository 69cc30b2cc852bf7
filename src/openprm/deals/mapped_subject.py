"""The company of a registration, for the panel of account mapping."""

from datetime import datetime
from uuid import UUID

from openprm.deals import policies
from openprm.kernel.actor import Actor
from openprm.mapping.ports import Subject


class Registrations:
    """Fills `mapping.subjects`."""

    target = "registration"

    def subject(self, actor: Actor, object_id: UUID, at: datetime) -> Subject:
        row = policies.reach(actor).select_related("account").one(object_id)
        domain = (row.account.domain if row.account and actor.is_vendor else "") or row.customer_domain
        return Subject(id=row.pk, title=row.title or row.customer_name, account_id=row.account_id, domain=domain, partner_id=row.partner_id)
