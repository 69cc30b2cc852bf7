"""How the timeline speaks of a case. What the other side did is told without saying who."""

from django.utils.translation import gettext_lazy as _

from openprm.kernel.registry import AuditVerb

AUDIT_VERBS = {
    "conflict.opened": AuditVerb(label=_("opened a conflict case"), icon="scale", tone="warn"),
    "conflict.opened_by_the_other_side": AuditVerb(label=_("opened a conflict case for the other side"), icon="scale", tone="warn"),
    "conflict.alarmed": AuditVerb(label=_("opened a conflict case: direct contact with a protected customer"), icon="shield-alert", tone="bad"),
    "conflict.touched_again": AuditVerb(label=_("saw one more direct contact"), icon="circle-alert", tone="warn"),
    "conflict.statement": AuditVerb(label=_("made a statement"), icon="message-square", tone="info"),
    "conflict.statement_by_the_other_side": AuditVerb(label=_("kept a statement of the other side"), icon="message-square"),
    "conflict.evidence": AuditVerb(label=_("added evidence"), icon="paperclip"),
    "conflict.evidence_by_the_other_side": AuditVerb(label=_("kept evidence of the other side"), icon="paperclip"),
    "conflict.revealed": AuditVerb(label=_("opened the statements to both sides"), icon="eye", tone="info"),
    "conflict.taken_up": AuditVerb(label=_("gave the case a reviewer"), icon="user-check", tone="info"),
    "conflict.noted": AuditVerb(label=_("added an internal note"), icon="message-square"),
    "conflict.decided": AuditVerb(label=_("decided the case"), icon="scale", tone="ok"),
    "conflict.appealed": AuditVerb(label=_("appealed the decision"), icon="rotate-cw", tone="warn"),
    "conflict.appealed_by_the_other_side": AuditVerb(label=_("kept an appeal of the other side"), icon="rotate-cw", tone="warn"),
    "conflict.appeal_answered": AuditVerb(label=_("answered the appeal"), icon="scale", tone="ok"),
    "conflict.false_alarm": AuditVerb(label=_("closed the case as a false alarm"), icon="circle-x"),
    "conflict.withdrawn": AuditVerb(label=_("withdrew the case"), icon="undo-2"),
    "conflict.withdrawn_by_the_other_side": AuditVerb(label=_("closed the case: the other side withdrew"), icon="undo-2"),
    "conflict.closed": AuditVerb(label=_("closed the case"), icon="circle-check", tone="ok"),
    "conflict.remedied": AuditVerb(label=_("made up for a late answer"), icon="timer", tone="warn"),
    "precedent.prepared": AuditVerb(label=_("prepared a precedent"), icon="file-pen"),
    "precedent.changed": AuditVerb(label=_("changed a precedent"), icon="pencil"),
    "precedent.published": AuditVerb(label=_("published a precedent"), icon="scroll-text", tone="ok"),
    "precedent.withdrawn": AuditVerb(label=_("withdrew a precedent"), icon="undo-2", tone="warn"),
}
