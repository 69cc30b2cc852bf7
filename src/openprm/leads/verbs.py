"""How the log speaks of leads."""

from django.utils.translation import gettext_lazy as _

from openprm.kernel.registry import AuditVerb

AUDIT_VERBS = {
    "lead.received": AuditVerb(label=_("took in the lead"), icon="inbox", tone="info"),
    "lead.repeated": AuditVerb(label=_("noticed that the lead came in again"), icon="copy"),
    "lead.offered": AuditVerb(label=_("offered the lead"), icon="send", tone="info"),
    "lead.unrouted": AuditVerb(label=_("found nobody for the lead"), icon="circle-alert", tone="warn"),
    "lead.left": AuditVerb(label=_("left the lead to a person"), icon="circle-alert", tone="warn"),
    "lead.opened": AuditVerb(label=_("opened the lead"), icon="eye", tone="info"),
    "lead.accepted": AuditVerb(label=_("accepted the lead"), icon="circle-check", tone="ok"),
    "lead.declined": AuditVerb(label=_("declined the lead"), icon="circle-x", tone="warn"),
    "lead.expired": AuditVerb(label=_("took the lead back: its time ran out"), icon="hourglass", tone="warn"),
    "lead.recalled": AuditVerb(label=_("took the lead back"), icon="undo-2"),
    "lead.set_aside": AuditVerb(label=_("kept the lead for later"), icon="clock"),
    "lead.converted": AuditVerb(label=_("registered the lead as a deal"), icon="shield-check", tone="ok"),
    "lead.won": AuditVerb(label=_("closed the lead as won"), icon="trophy", tone="ok"),
    "lead.lost": AuditVerb(label=_("closed the lead as lost"), icon="circle-x"),
    "lead.noted": AuditVerb(label=_("wrote on the lead"), icon="message-square"),
    "lead.noted_by_mail": AuditVerb(label=_("wrote on the lead by mail"), icon="mail"),
    "lead.noted_inside": AuditVerb(label=_("kept a private note on the lead"), icon="lock"),
    "lead.erased": AuditVerb(label=_("erased the person behind the lead"), icon="trash-2"),
    "lead.intake_changed": AuditVerb(label=_("changed which leads the partner takes"), icon="pencil", tone="info"),
}
