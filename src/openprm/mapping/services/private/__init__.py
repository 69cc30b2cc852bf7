"""Private comparisons with other installations: `from openprm.mapping.services import private`. How it works: docs/algorithms/psi.md."""

from openprm.mapping.services.private.agreeing import agree, decline, drop
from openprm.mapping.services.private.arriving import RefusedOf, announce, append, note_refused
from openprm.mapping.services.private.ending import end_due
from openprm.mapping.services.private.keys import make_key, renew_key
from openprm.mapping.services.private.looking import note_export, note_transcript
from openprm.mapping.services.private.peers import PeerDraft, add_peer, change_peer, pin_peer, read_limits, revoke_peer, set_limits
from openprm.mapping.services.private.preparing import prepare
from openprm.mapping.services.private.reading import read_message
from openprm.mapping.services.private.sending import ask_after, deliver, due_messages, silent_offers
from openprm.mapping.services.private.starting import RunDraft, ask_names, start

__all__ = [
    "PeerDraft",
    "RefusedOf",
    "RunDraft",
    "add_peer",
    "agree",
    "announce",
    "append",
    "ask_after",
    "ask_names",
    "change_peer",
    "decline",
    "deliver",
    "drop",
    "due_messages",
    "end_due",
    "make_key",
    "note_export",
    "note_refused",
    "note_transcript",
    "pin_peer",
    "prepare",
    "read_limits",
    "read_message",
    "renew_key",
    "revoke_peer",
    "set_limits",
    "silent_offers",
    "start",
]
