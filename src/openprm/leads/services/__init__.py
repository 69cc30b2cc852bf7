"""One function per thing that changes: the only way into the leads room for writing."""

from openprm.leads.services.desk import ensure_receivers
from openprm.leads.services.erasure import erase_lead
from openprm.leads.services.forms import FormContent, FormSettings, create_form, update_form
from openprm.leads.services.incoming import product_line
from openprm.leads.services.letters import send_letter
from openprm.leads.services.notes import add_note, forget_note_authors
from openprm.leads.services.offers import AT_ONCE as PULL_BACK_AT_ONCE
from openprm.leads.services.offers import accept_lead, decline_lead, open_lead, pass_on_from, pull_back, pull_back_unopened
from openprm.leads.services.outcome import close_lost, close_won, convert_lead, draft_of, follow_deal
from openprm.leads.services.receivers import save_receiver
from openprm.leads.services.receiving import receive_lead, receive_leads
from openprm.leads.services.referrals import AnsweredAlready, CannotReceive, Referred, decline_referral, refer_lead, settle_referrals, take_up_referral
from openprm.leads.services.refusals import AskedBefore, LeadIsLocked, LeadTaken, PartnerCannotReceive
from openprm.leads.services.results import Changed, Converted, Received, RoutedMany
from openprm.leads.services.routing import assign_lead, nurture_lead, route_again, route_leads
from openprm.leads.services.sources import BadSignature, Handled, create_source, receive_event, rotate_secret, secret_for, switch_source
from openprm.leads.services.submissions import ForeignPage, FormClosed, Sender, awaiting, confirm, forget_unconfirmed, submit, write_down_refusal
from openprm.leads.services.taking_back import take_back
from openprm.leads.services.taking_in import ConsentMissing, ConsentUnusable, Incoming, TakenIn, check_incoming, take_in, take_in_each, take_in_many
from openprm.leads.services.withdrawals import AT_ONCE as FORGET_AT_ONCE
from openprm.leads.services.withdrawals import forget_old, forget_traces, held_by_link, withdraw, withdraw_url

__all__ = [
    "FORGET_AT_ONCE", "PULL_BACK_AT_ONCE", "AnsweredAlready", "AskedBefore", "BadSignature", "CannotReceive", "Changed", "ConsentMissing", "ConsentUnusable",
    "Converted", "ForeignPage", "FormClosed", "FormContent", "FormSettings", "Handled", "Incoming", "LeadIsLocked", "LeadTaken", "PartnerCannotReceive",
    "Received", "Referred", "RoutedMany", "Sender", "TakenIn", "accept_lead", "add_note", "assign_lead", "awaiting", "check_incoming", "close_lost",
    "close_won", "confirm", "convert_lead", "create_form", "create_source", "decline_lead", "decline_referral", "draft_of", "ensure_receivers", "erase_lead",
    "follow_deal", "forget_note_authors", "forget_old", "forget_traces", "forget_unconfirmed", "held_by_link", "nurture_lead", "open_lead", "pass_on_from",
    "product_line", "pull_back", "pull_back_unopened", "receive_event", "receive_lead", "receive_leads", "refer_lead", "rotate_secret", "route_again",
    "route_leads", "save_receiver", "secret_for", "send_letter", "settle_referrals", "submit", "switch_source", "take_back", "take_in", "take_in_each",
    "take_in_many", "take_up_referral", "update_form", "withdraw", "withdraw_url", "write_down_refusal",
]  # fmt: skip
