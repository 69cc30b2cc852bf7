"""The steps of private comparisons as the log tells them."""

from django.utils.translation import gettext_lazy as _

from openprm.kernel.registry import AuditVerb

_WORDS = {
    "key_made": (_("made the key for private comparisons"), "key-round", "info"),
    "key_renewed": (_("renewed the key for private comparisons"), "key-round", "warn"),
    "peer_added": (_("added a peer for private comparisons"), "plus", "info"),
    "peer_changed": (_("changed a peer of private comparisons"), "pencil", "info"),
    "pinned": (_("compared and pinned the key of a peer"), "shield-check", "ok"),
    "revoked": (_("revoked a peer of private comparisons"), "unlink", "warn"),
    "limits_set": (_("set the limits of a peer"), "settings", "info"),
    "started": (_("began a private comparison"), "blend", "info"),
    "arriving": (_("takes a message of a peer"), "inbox", "info"),
    "asked": (_("received an offer to compare privately"), "inbox", "info"),
    "agreed": (_("agreed to a private comparison"), "handshake", "ok"),
    "declined": (_("declined a private comparison"), "circle-x", "warn"),
    "offered": (_("made the offer of a private comparison"), "lock", "info"),
    "answered": (_("made the answer of a private comparison"), "lock", "info"),
    "sent": (_("brought a message to a peer"), "send", "info"),
    "unsent": (_("could not tell a peer the result"), "circle-x", "warn"),
    "message_refused": (_("refused a message of a peer"), "shield-alert", "bad"),
    "refused": (_("ended a private comparison that was refused"), "circle-x", "bad"),
    "finished": (_("finished a private comparison"), "circle-check", "ok"),
    "dropped": (_("gave a private comparison up"), "archive", "warn"),
    "expired": (_("ended a private comparison that ran out"), "clock", "warn"),
    "exported": (_("took the common companies of a private comparison"), "download", "info"),
    "transcript_taken": (_("took the transcript of a private comparison"), "download", "info"),
}
VERBS = {f"mapping.psi_{verb}": AuditVerb(label=label, icon=icon, tone=tone) for verb, (label, icon, tone) in _WORDS.items()}
