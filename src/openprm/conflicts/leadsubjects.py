"""Leads as cases name them: a partner's lead as long as it is offered to it or held by it, any lead for the vendor."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from openprm.conflicts.ports import Subject
from openprm.kernel.actor import Actor
from openprm.kernel.clock import now
from openprm.kernel.errors import NotFound
from openprm.leads import queries as leads


class LeadSubjects:
    """Fills the port "conflicts.subjects" for leads, which stand below this room."""

    code = "lead"
    label = _("Lead")

    def find(self, actor: Actor, subject_id: UUID) -> Subject | None:
        try:
            return _of_partner(actor, subject_id) if actor.is_partner else _of_vendor(actor, subject_id)
        except NotFound:
            return None


def _of_partner(actor: Actor, lead_id: UUID) -> Subject:
    found = leads.lead_for_partner(actor, lead_id, now())
    return Subject(id=lead_id, label=found.number, partner_id=actor.partner_id)


def _of_vendor(actor: Actor, lead_id: UUID) -> Subject:
    found = leads.lead_for_vendor(actor, lead_id, now())
    return Subject(id=lead_id, label=found.number, partner_id=found.partner_id, account_id=found.account_id)
