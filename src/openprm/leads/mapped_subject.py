"""The company of a lead, for the panel of account mapping."""

from datetime import datetime
from uuid import UUID

from openprm.kernel.actor import Actor
from openprm.leads.queries import lead_for_partner, lead_for_vendor
from openprm.mapping.ports import Subject


class Leads:
    """Fills `mapping.subjects`; a partner knows the company of a lead once it has opened it."""

    target = "lead"

    def subject(self, actor: Actor, object_id: UUID, at: datetime) -> Subject:
        found = (lead_for_partner if actor.is_partner else lead_for_vendor)(actor, object_id, at)
        domain = found.customer.company_domain if found.customer else ""
        held_by = None if actor.is_partner else found.partner_id
        account_id = None if actor.is_partner else found.account_id
        return Subject(id=object_id, title=found.number, account_id=account_id, domain=domain, partner_id=held_by)
