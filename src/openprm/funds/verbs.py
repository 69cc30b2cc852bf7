"""How the log speaks of funds."""

from django.utils.translation import gettext_lazy as _

from openprm.kernel.registry import AuditVerb

AUDIT_VERBS = {
    "fund.budget_created": AuditVerb(label=_("set up a budget"), icon="coins", tone="ok"),
    "fund.budget_changed": AuditVerb(label=_("changed the budget"), icon="pencil", tone="info"),
    "fund.limits_ignored": AuditVerb(label=_("switched the validation of the budget off, for good"), icon="shield-alert", tone="bad"),
    "fund.allocated": AuditVerb(label=_("gave the partner a fund"), icon="wallet", tone="ok"),
    "fund.changed": AuditVerb(label=_("changed the fund"), icon="pencil", tone="info"),
    "fund.closed": AuditVerb(label=_("closed the fund"), icon="lock"),
    "fund.limit_set": AuditVerb(label=_("set how much a person may approve"), icon="scale", tone="info"),
    "fund.limit_lifted": AuditVerb(label=_("lifted the limit of a person"), icon="scale"),
    "fund.request_saved": AuditVerb(label=_("wrote the request"), icon="file-pen"),
    "fund.request_submitted": AuditVerb(label=_("asked for funds"), icon="send", tone="info"),
    "fund.step_taken": AuditVerb(label=_("approved one level"), icon="check", tone="info"),
    "fund.request_approved": AuditVerb(label=_("approved the request"), icon="circle-check", tone="ok"),
    "fund.request_rejected": AuditVerb(label=_("rejected the request for now"), icon="undo-2", tone="warn"),
    "fund.request_declined": AuditVerb(label=_("declined the request"), icon="circle-x", tone="bad"),
    "fund.request_withdrawn": AuditVerb(label=_("withdrew the request"), icon="undo-2"),
    "fund.deadline_moved": AuditVerb(label=_("moved the last day to claim"), icon="alarm-clock", tone="info"),
    "fund.released": AuditVerb(label=_("gave reserved money back"), icon="undo-2"),
    "fund.activity_expired": AuditVerb(label=_("released the money: its time ran out"), icon="hourglass", tone="warn"),
    "fund.claim_submitted": AuditVerb(label=_("made a claim"), icon="send", tone="info"),
    "fund.claim_approved": AuditVerb(label=_("approved the claim"), icon="circle-check", tone="ok"),
    "fund.claim_rejected": AuditVerb(label=_("rejected the claim for now"), icon="undo-2", tone="warn"),
    "fund.claim_declined": AuditVerb(label=_("declined the claim"), icon="circle-x", tone="bad"),
    "fund.claim_withdrawn": AuditVerb(label=_("withdrew the claim"), icon="undo-2"),
    "fund.instalments_set": AuditVerb(label=_("split the payment into instalments"), icon="calendar-days", tone="info"),
    "fund.payment_bounced": AuditVerb(label=_("got a payment back"), icon="undo-2", tone="bad"),
    "fund.claim_paid": AuditVerb(label=_("paid an instalment"), icon="wallet", tone="ok"),
}
