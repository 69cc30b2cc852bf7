"""Outcomes and reasons in words."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.ui.cells import Badge

REASONS: dict[str, Any] = {
    "unknown_address": gettext_lazy("The address is not one that was given out here."),
    "revoked": gettext_lazy("The reply address was revoked."),
    "expired": gettext_lazy("The reply address has expired."),
    "replies_off": gettext_lazy("Answering by mail is switched off."),
    "unreadable": gettext_lazy("The mail could not be read."),
    "too_large": gettext_lazy("The mail is too large."),
    "too_many": gettext_lazy("Too many mails came to this address within an hour."),
    "sender_differs": gettext_lazy("The sender is not the person that the address belongs to."),
    "not_genuine": gettext_lazy("The mail server could not confirm that the mail comes from its sender."),
    "person_gone": gettext_lazy("The person has no access any more."),
    "thread_gone": gettext_lazy("What the mail answers is no longer there, or no longer open to this person."),
    "not_allowed": gettext_lazy("The person may not write there any more."),
    "empty": gettext_lazy("Nothing new was written in the mail."),
    "file_refused": gettext_lazy("A file in the mail cannot be kept."),
    "not_accepted": gettext_lazy("What was written cannot be kept as it is."),
    "bounce": gettext_lazy("A report of a mail server, not a person's words."),
    "auto_reply": gettext_lazy("An automatic answer, not a person's words."),
    "mailing_list": gettext_lazy("A mail of a mailing list."),
    "loop": gettext_lazy("A mail that runs in circles."),
    "own_mail": gettext_lazy("A mail that we sent ourselves."),
}


def reason_words(code: str) -> str:
    return str(REASONS.get(code, code))


def outcome_badge(outcome: str) -> Badge:
    return {
        "accepted": Badge(_("Accepted"), "ok"),
        "refused": Badge(_("Refused"), "bad"),
        "ignored": Badge(_("Ignored"), ""),
        "repeated": Badge(_("Came twice"), ""),
    }[outcome]
