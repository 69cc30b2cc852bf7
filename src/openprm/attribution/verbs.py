"""What the log says about credit, in words."""

from django.utils.translation import gettext_lazy as _

from openprm.kernel.registry import AuditVerb

AUDIT_VERBS = {
    "attribution.configured": AuditVerb(label=_("published how credit is divided"), icon="git-merge", tone="info"),
    "attribution.computed": AuditVerb(label=_("computed the credit of a month"), icon="sigma"),
    "attribution.locked": AuditVerb(label=_("locked the credit of a month"), icon="lock", tone="ok"),
    "attribution.claimed": AuditVerb(label=_("claimed credit"), icon="handshake", tone="info"),
    "attribution.claim_confirmed": AuditVerb(label=_("confirmed the claim"), icon="circle-check", tone="ok"),
    "attribution.claim_declined": AuditVerb(label=_("declined the claim"), icon="circle-x", tone="bad"),
    "attribution.claim_withdrawn": AuditVerb(label=_("took the claim back"), icon="undo-2"),
    "attribution.disputed": AuditVerb(label=_("disputed the credit"), icon="scale", tone="warn"),
    "attribution.dispute_upheld": AuditVerb(label=_("upheld the dispute"), icon="circle-check", tone="ok"),
    "attribution.dispute_dismissed": AuditVerb(label=_("dismissed the dispute"), icon="circle-x", tone="bad"),
    "attribution.dispute_withdrawn": AuditVerb(label=_("took the dispute back"), icon="undo-2"),
    "attribution.reviewed": AuditVerb(label=_("looked at a win without a partner"), icon="eye", tone="info"),
    "attribution.touch_imported": AuditVerb(label=_("imported a touch"), icon="upload"),
    "attribution.touch_struck": AuditVerb(label=_("struck a touch"), icon="circle-x", tone="warn"),
}
