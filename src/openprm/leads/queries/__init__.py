"""Reads of the leads room: `from openprm.leads import queries as leads`."""

from openprm.leads.queries.consents import ArrivalView, arrivals, leads_by_external_ids
from openprm.leads.queries.detail import Origin, lead_for_partner, lead_for_vendor, lead_of_registration, receiver_of
from openprm.leads.queries.lists import (
    due_offers,
    export_leads,
    export_offers,
    list_leads,
    list_offers,
    newest_leads,
    partner_offers,
    partner_rows,
    search,
    summary,
    vendor_rows,
    waiting,
    waiting_count,
)
from openprm.leads.queries.notes import LeadThread, NoteView, export_notes, lead_of_thread, lead_thread
from openprm.leads.queries.referred import (
    OwnReferralRow,
    ReferralRow,
    newest_referrals,
    own_referral,
    own_referral_rows,
    own_referrals,
    referral,
    referral_row,
    referrals,
    waiting_referrals,
)
from openprm.leads.queries.results import (
    LeadFilters,
    PartnerLead,
    PartnerLeadRow,
    ReceiverView,
    Summary,
    VendorLead,
    VendorLeadRow,
    Waiting,
)
from openprm.leads.queries.shares import DEFAULT_DAYS, Fairness, OwnShare, PartnerShare, fairness, own_fairness
from openprm.leads.queries.webforms import (
    FormRow,
    FormView,
    PublicForm,
    SourceView,
    code_of_submission,
    form,
    forms,
    may_send_from,
    public_form,
    source,
    sources,
)

__all__ = [
    "DEFAULT_DAYS", "ArrivalView", "Fairness", "FormRow", "FormView", "LeadFilters", "LeadThread", "NoteView", "Origin", "OwnReferralRow", "OwnShare",
    "PartnerLead", "PartnerLeadRow", "PartnerShare", "PublicForm", "ReceiverView", "ReferralRow", "SourceView", "Summary", "VendorLead", "VendorLeadRow",
    "Waiting", "arrivals", "code_of_submission", "due_offers", "export_leads", "export_notes", "export_offers", "fairness", "form", "forms",
    "lead_for_partner", "lead_for_vendor", "lead_of_registration", "lead_of_thread", "lead_thread", "leads_by_external_ids", "list_leads", "list_offers",
    "may_send_from", "newest_leads", "newest_referrals", "own_fairness", "own_referral", "own_referral_rows", "own_referrals", "partner_offers",
    "partner_rows", "public_form", "receiver_of", "referral", "referral_row", "referrals", "search", "source", "sources", "summary", "vendor_rows", "waiting",
    "waiting_count", "waiting_referrals",
]  # fmt: skip
