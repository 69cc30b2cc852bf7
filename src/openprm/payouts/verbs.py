"""How the history speaks of payouts."""

from django.utils.translation import gettext_lazy as _

from openprm.kernel.registry import AuditVerb

AUDIT_VERBS = {
    "payout.payee_saved": AuditVerb(label=_("changed the payee profile"), icon="pencil"),
    "payout.account_entered": AuditVerb(label=_("entered a bank account"), icon="landmark", tone="warn"),
    "payout.account_replaced": AuditVerb(label=_("replaced a bank account"), icon="landmark"),
    "payout.account_verifying": AuditVerb(label=_("began to verify a bank account"), icon="landmark", tone="info"),
    "payout.account_verified": AuditVerb(label=_("verified a bank account"), icon="badge-check", tone="ok"),
    "payout.account_failed": AuditVerb(label=_("could not verify a bank account"), icon="circle-x", tone="bad"),
    "payout.tax_submitted": AuditVerb(label=_("handed in a tax form"), icon="file-text", tone="info"),
    "payout.tax_accepted": AuditVerb(label=_("accepted a tax form"), icon="file-text", tone="ok"),
    "payout.tax_rejected": AuditVerb(label=_("rejected a tax form"), icon="circle-x", tone="bad"),
    "payout.tax_expired": AuditVerb(label=_("let a tax form run out"), icon="hourglass", tone="warn"),
    "payout.invoice_sent": AuditVerb(label=_("sent an invoice"), icon="file-text"),
    "payout.document_added": AuditVerb(label=_("added a file"), icon="paperclip"),
    "payout.provider_account": AuditVerb(label=_("heard from the payment provider"), icon="refresh-cw"),
    "payout.run_prepared": AuditVerb(label=_("prepared a payout run"), icon="wallet", tone="info"),
    "payout.run_approved": AuditVerb(label=_("approved a payout run"), icon="circle-check", tone="ok"),
    "payout.run_sent": AuditVerb(label=_("sent a payout run"), icon="send", tone="info"),
    "payout.run_settled": AuditVerb(label=_("settled a payout run"), icon="circle-check", tone="ok"),
    "payout.run_canceled": AuditVerb(label=_("canceled a payout run"), icon="circle-x", tone="warn"),
    "payout.file_handed": AuditVerb(label=_("gave a payment file to the bank"), icon="upload"),
    "payout.file_opened": AuditVerb(label=_("opened a payment file"), icon="download"),
    "payout.sent": AuditVerb(label=_("sent a payment"), icon="send", tone="info"),
    "payout.completed": AuditVerb(label=_("settled a payment"), icon="circle-check", tone="ok"),
    "payout.failed": AuditVerb(label=_("returned a payment to the balance"), icon="circle-x", tone="bad"),
    "payout.canceled": AuditVerb(label=_("took a payment out of a run"), icon="undo-2", tone="warn"),
    "payout.statement_read": AuditVerb(label=_("read a bank statement in"), icon="upload"),
    "payout.paying_saved": AuditVerb(label=_("set up a paying account"), icon="landmark"),
    "payout.paying_off": AuditVerb(label=_("switched a paying account off"), icon="landmark", tone="warn"),
}
