"""What payouts does."""

from openprm.payouts.services.desk import watch
from openprm.payouts.services.erasure import forget_people
from openprm.payouts.services.papers import check_form, expire_forms, send_invoice, submit_form
from openprm.payouts.services.payees import confirm_code, deposit_code, enter_account, reject_account, save_payee, start_verifying, verify_by_person
from openprm.payouts.services.paying import kind_of, save_account, switch_off
from openprm.payouts.services.provider import BadSignature, receive_event, refresh_account
from openprm.payouts.services.runs import NothingToPay, Unpayable, approve, cancel, prepare, take_out
from openprm.payouts.services.sending import hand_over, open_file, pay, send, take_back, unsent
from openprm.payouts.services.settling import send_back, settle
from openprm.payouts.services.statements import read_statement

__all__ = [
    "BadSignature", "NothingToPay", "Unpayable", "approve", "cancel", "check_form", "confirm_code", "deposit_code", "enter_account", "expire_forms",
    "forget_people", "hand_over", "kind_of", "open_file", "pay", "prepare", "read_statement", "receive_event", "refresh_account", "reject_account",
    "save_account", "save_payee", "send", "send_back", "send_invoice", "settle", "start_verifying", "submit_form", "switch_off", "take_back",
    "take_out", "unsent", "verify_by_person", "watch",
]  # fmt: skip
