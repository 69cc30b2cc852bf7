"""The words of this room, by code: label, or label with tone."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from openprm.conflicts.rules.impartiality import Bias
from openprm.conflicts.rules.lifecycle import AppealResult, CaseType, Ending, Finding, Origin, Side, State


def choices_of(words: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(str(code), label[0] if isinstance(label, tuple) else label) for code, label in words.items()]


STATE = {
    State.OPEN: (_("Open"), "warn"),
    State.IN_REVIEW: (_("In review"), "info"),
    State.DECIDED: (_("Decided"), "ok"),
    State.APPEALED: (_("Appealed"), "warn"),
    State.CLOSED: (_("Closed"), ""),
}
TYPE = {
    CaseType.DIRECT: _("Direct sales touched a protected customer"),
    CaseType.PARTNERS: _("Two partners claim one customer"),
    CaseType.CREDIT: _("Credit after the deal"),
    CaseType.REJECTION: _("Rejected or returned registration"),
    CaseType.LEAD: _("Lead"),
}
TYPE_SHORT = {
    CaseType.DIRECT: _("Direct touch"),
    CaseType.PARTNERS: _("Two partners"),
    CaseType.CREDIT: _("Credit"),
    CaseType.REJECTION: _("Registration"),
    CaseType.LEAD: _("Lead"),
}
ORIGIN = {Origin.PARTNER: _("A partner"), Origin.VENDOR: _("The vendor"), Origin.SENTINEL: _("The sentinel")}
FINDING = {
    Finding.FOUNDED: (_("The claim stands"), "ok"),
    Finding.PARTLY: (_("The claim stands in part"), "warn"),
    Finding.UNFOUNDED: (_("The claim does not stand"), "bad"),
}
APPEAL_RESULT = {
    AppealResult.UPHELD: (_("First decision upheld"), ""),
    AppealResult.CHANGED: (_("First decision changed"), "warn"),
    AppealResult.REMANDED: (_("Sent back for a new review"), "info"),
}
ENDING = {Ending.DECIDED: _("Decided"), Ending.WITHDRAWN: _("Withdrawn"), Ending.FALSE_ALARM: _("False alarm")}
SIDE = {Side.CLAIMANT: _("Claims"), Side.RESPONDENT: _("Answers")}

BIAS = {
    Bias.NO_PERSON: _("A case is judged by a person who signs in, never by a token without one."),
    Bias.IS_PARTY: _("This person is what the case is about."),
    Bias.DECIDED_FIRST: _("This person decided this case before. An appeal and what follows it go to somebody else."),
    Bias.DECIDED_DEAL: _("This person decided the registration that the case is about."),
    Bias.SPOKE: _("This person spoke for one side."),
    Bias.OPENED: _("This person opened the case."),
    Bias.OWNS_ACCOUNT: _("This person owns the customer’s account."),
    Bias.MANAGES_PARTNER: _("This person manages one of the partners."),
}

REMEDY = {
    "none": _("No remedy"),
    "extend": _("Longer protection"),
    "restore": _("Protection restored"),
    "share": _("Share of the credit"),
    "apology": _("Apology"),
    "warning": _("Warning"),
    "withdraw_rep": _("Direct sales withdraws"),
    "assign": _("Deal goes to the partner"),
    "look_again": _("Registration is looked at again"),
    "taken_back": _("Taken back"),
}
REMEDY_ICON = {
    "extend": "shield-plus", "restore": "shield-check", "share": "coins", "apology": "message-square", "warning": "circle-alert", "withdraw_rep": "undo-2",
    "assign": "user-check", "look_again": "rotate-cw", "taken_back": "undo-2", "none": "circle-x",
}  # fmt: skip

ACTIVITY = {
    "call": _("a call"),
    "email": _("an e-mail"),
    "meeting": _("a meeting"),
    "demo": _("a demonstration"),
    "proposal": _("a proposal"),
    "visit": _("a visit"),
    "other": _("a contact"),
}
PURPOSE = {
    "": _("not said"),
    "support": _("a support case"),
    "partner_invited": _("the partner invited us"),
    "customer_asked": _("the customer asked"),
    "joint": _("joint work with the partner"),
}


def label_of(words: Mapping[str, Any], code: str) -> str:
    found = words.get(code, code)
    return str(found[0] if isinstance(found, tuple) else found)


def tone_of(words: Mapping[str, Any], code: str) -> str:
    found = words.get(code)
    return found[1] if isinstance(found, tuple) else ""
