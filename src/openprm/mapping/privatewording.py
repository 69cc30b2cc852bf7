"""The words that pages and the API use for private comparisons."""

from django.utils.translation import gettext_lazy as _

MODE = {"count": _("The number"), "reveal": _("The names")}
ASKED_FOR = {
    ("count", True): _("we asked for the number"),
    ("count", False): _("they asked for the number"),
    ("reveal", True): _("we asked for the names"),
    ("reveal", False): _("they asked for the names"),
}
MODE_CHOICE = {
    "count": _("How many companies both have, and nothing else"),
    "reveal": _("Which of its own companies the other side has too: each side sees the names of those in common, if both agree"),
}
STATE = {
    "asked": _("Waits for us"),
    "preparing": _("Being computed"),
    "offered": _("Waits for them"),
    "answered": _("Answered, waits for their close"),
    "finished": _("Finished"),
    "declined": _("Declined"),
    "dropped": _("Given up"),
    "expired": _("Ran out"),
    "refused": _("Refused"),
}
STATE_TONE = {"asked": "warn", "preparing": "info", "offered": "info", "answered": "info", "finished": "ok", "refused": "bad"}
PEER_STATE = {"invited": _("To be compared"), "pinned": _("Pinned"), "revoked": _("Revoked")}
PEER_TONE = {"invited": "warn", "pinned": "ok", "revoked": "bad"}
STEP = {"offer": _("Offer"), "answer": _("Answer"), "close": _("Close")}
