"""The rows of the leads room."""

from openprm.leads.models.intake import Arrival, EventSource, Referral, SourceEvent, Submission, WebForm, WebFormVersion
from openprm.leads.models.lead import Lead, LeadPerson
from openprm.leads.models.note import LeadNote
from openprm.leads.models.offer import Offer
from openprm.leads.models.routing import Receiver, Routing

__all__ = [
    "Arrival", "EventSource", "Lead", "LeadNote", "LeadPerson", "Offer", "Receiver", "Referral", "Routing", "SourceEvent", "Submission", "WebForm",
    "WebFormVersion",
]  # fmt: skip
