"""What changes recruitment: `from openprm.recruitment import services as recruitment`."""

from openprm.recruitment.services.companies import (
    CompanyIsKnown,
    add_company,
    add_contact,
    add_note,
    mark,
    remember_company,
    remove_contact,
    set_facts,
    update_company,
)
from openprm.recruitment.services.likeness import compare, compare_learned
from openprm.recruitment.services.outreach import WroteRecently, apply_url, deliver, write_to
from openprm.recruitment.services.profiles import NothingToPublish, discard_draft, publish_profile, read_criteria, save_draft
from openprm.recruitment.services.prospects import ForbiddenStage, add_prospect, convert, convert_to, move_stage, remove_prospect, take_up, update_prospect
from openprm.recruitment.services.referrals import (
    AlreadyReferred,
    SelfReferral,
    accept_referral,
    claim_referral,
    decline_referral,
    end_windows,
    introduce,
    note_commission,
    referral_code,
    referral_declined,
    referral_joined,
    save_terms,
)
from openprm.recruitment.services.scores import rescore, rescore_program
from openprm.recruitment.services.signals import SignalDecided, accept_signal, decide_signals, dismiss_signal, record_signal, remove_signal

__all__ = [
    "AlreadyReferred", "CompanyIsKnown", "ForbiddenStage", "NothingToPublish", "SelfReferral", "SignalDecided", "WroteRecently", "accept_referral",
    "accept_signal", "add_company", "add_contact", "add_note", "add_prospect", "apply_url", "claim_referral", "compare", "compare_learned", "convert",
    "convert_to", "decide_signals", "decline_referral", "deliver", "discard_draft", "dismiss_signal", "end_windows", "introduce", "mark",
    "move_stage", "note_commission", "publish_profile", "read_criteria", "record_signal", "referral_code", "referral_declined", "referral_joined",
    "remember_company", "remove_contact", "remove_prospect", "remove_signal", "rescore", "rescore_program", "save_draft", "save_terms", "set_facts",
    "take_up", "update_company", "update_prospect", "write_to",
]  # fmt: skip
