"""One function per thing that changes: the only way into the deals room for writing."""

from openprm.deals.services.amendments import Amended, approve_amendment, drop_open_amendments, propose_amendment, reject_amendment, withdraw_amendment
from openprm.deals.services.approval import approve, bulk_approve
from openprm.deals.services.bulk import create_registrations
from openprm.deals.services.catalogue import (
    add_exchange_rate,
    assign_reviewer,
    remove_reviewer,
    save_product,
    save_product_line,
    save_territory,
)
from openprm.deals.services.customer_choice import ChoiceIsOpen, answer_by_link, ask_customer, object_to_choice, record_choice, release_chosen, settle_choice
from openprm.deals.services.drafts import save_draft
from openprm.deals.services.evidence import open_window, settle_due
from openprm.deals.services.evidence import settle as settle_window
from openprm.deals.services.holdings import move_to_account
from openprm.deals.services.losses import mark_lost, reopen
from openprm.deals.services.outcome import cancel, mark_won, move_stage, withdraw
from openprm.deals.services.prechecks import pre_check
from openprm.deals.services.previews import preview_submission
from openprm.deals.services.protection import AT_ONCE as EXPIRE_AT_ONCE
from openprm.deals.services.protection import expire_due, extend_protection, release_protection, remind_expiring, request_extension
from openprm.deals.services.refusals import (
    AccountAlreadyProtected,
    AlreadyExtended,
    CapacityReached,
    CustomerUnresolved,
    Locked,
    NoExchangeRate,
    TooManyPrechecks,
)
from openprm.deals.services.remedy import remedy_late_decision
from openprm.deals.services.renewals import AT_ONCE as RENEW_AT_ONCE
from openprm.deals.services.renewals import decline_renewal, lapse_renewals, open_renewals
from openprm.deals.services.restitution import give_days, open_customer, restore_protection, take_days_back
from openprm.deals.services.results import Approved, BulkResult, PrecheckAnswer, Preview, PreviewStep, Refused, Saved, Submitted
from openprm.deals.services.review import recheck, reject, resolve_account, return_for_information, start_review
from openprm.deals.services.silence import AT_ONCE as WITHDRAW_AT_ONCE
from openprm.deals.services.silence import lapses_at, withdraw_unanswered
from openprm.deals.services.splits import split_registration
from openprm.deals.services.stages import preview_process, publish_process
from openprm.deals.services.stalls import AT_ONCE as STALL_AT_ONCE
from openprm.deals.services.stalls import alert_stalled, note_activity, snooze_stall
from openprm.deals.services.submission import register, resubmit, submit
from openprm.deals.services.work import (
    add_collaborator,
    add_note,
    add_task,
    attach_document,
    complete_task,
    remove_collaborator,
    remove_document,
)
from openprm.deals.services.work_windows import work_window

__all__ = [
    "EXPIRE_AT_ONCE",
    "RENEW_AT_ONCE",
    "STALL_AT_ONCE",
    "WITHDRAW_AT_ONCE",
    "AccountAlreadyProtected",
    "AlreadyExtended",
    "Amended",
    "Approved",
    "BulkResult",
    "CapacityReached",
    "ChoiceIsOpen",
    "CustomerUnresolved",
    "Locked",
    "NoExchangeRate",
    "PrecheckAnswer",
    "Preview",
    "PreviewStep",
    "Refused",
    "Saved",
    "Submitted",
    "TooManyPrechecks",
    "add_collaborator",
    "add_exchange_rate",
    "add_note",
    "add_task",
    "alert_stalled",
    "answer_by_link",
    "approve",
    "approve_amendment",
    "ask_customer",
    "assign_reviewer",
    "attach_document",
    "bulk_approve",
    "cancel",
    "complete_task",
    "create_registrations",
    "decline_renewal",
    "drop_open_amendments",
    "expire_due",
    "extend_protection",
    "give_days",
    "lapse_renewals",
    "lapses_at",
    "mark_lost",
    "mark_won",
    "move_stage",
    "move_to_account",
    "note_activity",
    "object_to_choice",
    "open_customer",
    "open_renewals",
    "open_window",
    "pre_check",
    "preview_process",
    "preview_submission",
    "propose_amendment",
    "publish_process",
    "recheck",
    "record_choice",
    "register",
    "reject",
    "reject_amendment",
    "release_chosen",
    "release_protection",
    "remedy_late_decision",
    "remind_expiring",
    "remove_collaborator",
    "remove_document",
    "remove_reviewer",
    "reopen",
    "request_extension",
    "resolve_account",
    "restore_protection",
    "resubmit",
    "return_for_information",
    "save_draft",
    "save_product",
    "save_product_line",
    "save_territory",
    "settle_choice",
    "settle_due",
    "settle_window",
    "snooze_stall",
    "split_registration",
    "start_review",
    "submit",
    "take_days_back",
    "withdraw",
    "withdraw_amendment",
    "withdraw_unanswered",
    "work_window",
]
