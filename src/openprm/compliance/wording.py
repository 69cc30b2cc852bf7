"""The words people read for the codes that rules and rows speak."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openprm.compliance.models.cases import APPROVERS, COMPENSATION, GOVERNMENT, LEVELS, OWNERSHIP
from openprm.compliance.models.papers import BUSINESS_TYPES, PROOF_KINDS
from openprm.compliance.models.screening import SOURCES
from openprm.compliance.models.settings import LAPSES

__all__ = ["APPROVERS", "BUSINESS_TYPES", "COMPENSATION", "GOVERNMENT", "LAPSES", "LEVELS", "OWNERSHIP", "PROOF_KINDS", "SOURCES"]

CASE_STATE = {
    "open": (gettext_lazy("Open"), "info"),
    "questionnaire_sent": (gettext_lazy("Questionnaire sent"), "info"),
    "answered": (gettext_lazy("Answered"), "warn"),
    "screening": (gettext_lazy("Screening"), "warn"),
    "flags_cleared": (gettext_lazy("Ready to decide"), "accent"),
    "approved": (gettext_lazy("Approved"), "ok"),
    "declined": (gettext_lazy("Declined"), "bad"),
    "renewal_due": (gettext_lazy("Renewal due"), "warn"),
    "lapsed": (gettext_lazy("Lapsed"), "bad"),
}
PORTAL_STATE = {
    **CASE_STATE,
    "open": (gettext_lazy("With us"), "info"),
    "questionnaire_sent": (gettext_lazy("Waits for your answers"), "warn"),
    "answered": (gettext_lazy("With us"), "info"),
    "screening": (gettext_lazy("With us"), "info"),
    "flags_cleared": (gettext_lazy("With us"), "info"),
}
RISK_TONE = {"low": "ok", "medium": "warn", "high": "bad"}
FLAG_STATE = {"open": (gettext_lazy("Open"), "bad"), "cleared": (gettext_lazy("Cleared"), "ok"), "confirmed": (gettext_lazy("Confirmed"), "bad")}
FLAG_SOURCE = {"answer": gettext_lazy("Answer"), "screening": gettext_lazy("Sanctions list"), "manual": gettext_lazy("Seen by a person")}
REPLY_STATE = {
    "sent": (gettext_lazy("Waits for the partner"), "warn"),
    "submitted": (gettext_lazy("Submitted"), "info"),
    "accepted": (gettext_lazy("Accepted"), "ok"),
    "withdrawn": (gettext_lazy("Withdrawn"), ""),
}
CERTIFICATE_STATE = {
    "submitted": (gettext_lazy("Waits for a check"), "info"),
    "verified": (gettext_lazy("Verified"), "ok"),
    "rejected": (gettext_lazy("Rejected"), "bad"),
    "expired": (gettext_lazy("Expired"), "bad"),
    "withdrawn": (gettext_lazy("Withdrawn"), ""),
}
PROOF_STATE = {
    "started": (gettext_lazy("Started"), ""),
    "submitted": (gettext_lazy("Submitted"), "info"),
    "review": (gettext_lazy("Under review"), "info"),
    "approved": (gettext_lazy("Approved"), "ok"),
    "declined": (gettext_lazy("Declined"), "bad"),
    "resubmission": (gettext_lazy("Asked for more"), "warn"),
    "expired": (gettext_lazy("Expired"), "bad"),
}
CATEGORY = {
    "company": gettext_lazy("Company"),
    "ownership": gettext_lazy("Ownership"),
    "integrity": gettext_lazy("Integrity"),
    "environment": gettext_lazy("Environment"),
    "social": gettext_lazy("Social"),
    "governance": gettext_lazy("Governance"),
}
QUESTION_TYPE = {
    "yes_no": gettext_lazy("Yes or no"),
    "choice": gettext_lazy("One of several"),
    "choices": gettext_lazy("Several of several"),
    "text": gettext_lazy("Text"),
    "number": gettext_lazy("Number"),
    "date": gettext_lazy("Date"),
    "file": gettext_lazy("File"),
}
ACTION = {
    "deals": gettext_lazy("Register deals"),
    "leads": gettext_lazy("Receive leads"),
    "funds": gettext_lazy("Request market funds"),
    "payouts": gettext_lazy("Receive payouts"),
    "portal": gettext_lazy("Use the portal"),
}
FACT = {
    "country_class": gettext_lazy("Country class"),
    "government": gettext_lazy("Government"),
    "ownership": gettext_lazy("Ownership"),
    "partner_type": gettext_lazy("Partner type"),
    "compensation": gettext_lazy("How it is paid"),
    "transaction": gettext_lazy("Largest transaction"),
}
PARTNER_TYPE = {
    "reseller": gettext_lazy("Reseller"),
    "distributor": gettext_lazy("Distributor"),
    "var": gettext_lazy("Value-added reseller"),
    "msp": gettext_lazy("Managed service provider"),
    "si": gettext_lazy("System integrator"),
    "isv": gettext_lazy("Software vendor"),
    "referral": gettext_lazy("Referral"),
    "affiliate": gettext_lazy("Affiliate"),
    "consultant": gettext_lazy("Consultant"),
}
NEEDS = {
    "answers": gettext_lazy("The questionnaire is not answered."),
    "screening": gettext_lazy("The names are not screened."),
    "references": gettext_lazy("References are missing."),
    "flags": gettext_lazy("Red flags are open."),
}
FAULT = {
    "required": gettext_lazy("Answer this question."),
    "file_missing": gettext_lazy("Add the file."),
    "not_an_option": gettext_lazy("Choose one of the answers."),
    "too_long": gettext_lazy("This is longer than 4000 characters. Shorten it."),
    "not_a_number": gettext_lazy("Write a number, for example 1500."),
    "not_a_date": gettext_lazy("Write a date as year-month-day, for example 2026-11-30."),
}
FLAW = {
    ("text", "empty"): gettext_lazy("Write the question."),
    ("options", "few"): gettext_lazy("Give at least two answers, one in a line."),
    ("options", "many"): gettext_lazy("Give at most 20 answers."),
    ("options", "twice"): gettext_lazy("Two answers are the same. Word them differently."),
    ("options", "points"): gettext_lazy("Points lie between -100 and 100."),
    ("weight", "range"): gettext_lazy("The weight lies between 0 and 10."),
}
BAD_LIST = {
    "too_large": gettext_lazy("The file is larger than 64 MB."),
    "not_text": gettext_lazy("The file is not text. Take the CSV or XML file that the authority publishes."),
    "not_csv": gettext_lazy("Line %(line)d cannot be read as CSV."),
    "not_xml": gettext_lazy("Line %(line)d is not well-formed XML. The file may be cut off: download it again."),
    "unsafe_xml": gettext_lazy("The XML declares entities or a document type. No sanctions list does that; take the file from the authority itself."),
    "too_deep": gettext_lazy("The XML is nested too deep for a sanctions list."),
    "columns": gettext_lazy("Line %(line)d does not have the columns of this list. Was the right source chosen?"),
    "header": gettext_lazy("The first line lacks the columns of this list. Was the right source chosen?"),
    "nameless": gettext_lazy("Entry %(line)d has no name or no number."),
    "repeated": gettext_lazy("Entry %(line)d has the number of another one."),
    "too_many": gettext_lazy("The list has more than %(line)d entries."),
    "empty": gettext_lazy("The file holds no entry of this list. Was the right source chosen?"),
}
_REASON = {
    "letters": gettext_lazy("the names are %(points)d%% alike"),
    "words": gettext_lazy("one name holds every word of the other (%(points)d)"),
    "same_country": gettext_lazy("the same country, %(value)s (%(points)+d)"),
    "other_country": gettext_lazy("listed in %(value)s, not in this country (%(points)+d)"),
    "same_year": gettext_lazy("born in the same year, %(value)s (%(points)+d)"),
    "other_year": gettext_lazy("born in %(value)s, another year (%(points)+d)"),
    "other_kind": gettext_lazy("one is a person, the other is not (%(points)+d)"),
}


def reason(one: Mapping[str, Any]) -> str:
    """Why a score is what it is, as a clause."""
    return str(_REASON[one["code"]]) % {"points": one["points"], "value": one.get("value", "")}


def fact_value(name: str, value: Any) -> str:
    """The value of a risk factor as people read it."""
    words: Mapping[str, Mapping[str, Any]] = {
        "country_class": LEVELS, "government": GOVERNMENT, "ownership": OWNERSHIP, "compensation": COMPENSATION, "partner_type": PARTNER_TYPE,
    }  # fmt: skip
    return str(words.get(name, {}).get(value, value)) if value not in (None, "") else "–"


def months(count: int) -> str:
    return ngettext("%(count)d month", "%(count)d months", count) % {"count": count}


def answer_words(question: Any, value: Any) -> str:
    """An answer as the partner gave it."""
    if value in (None, "", []):
        return ""
    if question.options:
        picked = value if isinstance(value, list) else [value]
        return ", ".join(option.label for option in question.options if option.value in picked)
    return str(value)


def gate_words(policy: Any, subject: str, *, is_missing: bool) -> tuple[str, str, str]:
    """(reason, cure, address of the cure) of a gate, as the partner reads them."""
    return _GATE_WORDS[policy.lapse](subject, is_missing)


def _due_diligence(subject: str, is_missing: bool) -> tuple[str, str, str]:
    said = _("Your due diligence is not approved yet.") if is_missing else _("Your due diligence has run out.")
    return said, _("Answer the questionnaire on the page “Compliance”; we decide by the promised time."), "/portal/compliance/"


def _declined(subject: str, is_missing: bool) -> tuple[str, str, str]:
    return _("Your due diligence was declined."), _("Talk to the person who looks after you; a new review can be opened."), "/portal/compliance/"


def _red_flag(subject: str, is_missing: bool) -> tuple[str, str, str]:
    return _("We are checking something about your company."), _("You need not do anything; we ask you when we need something."), "/portal/compliance/"


def _certificate(subject: str, is_missing: bool) -> tuple[str, str, str]:
    said = _("Your certificate %(name)s is missing.") if is_missing else _("Your certificate %(name)s has run out.")
    return said % {"name": subject}, _("Add a valid certificate; it opens again once we have checked it."), "/portal/compliance/certificates/new/"


def _esg(subject: str, is_missing: bool) -> tuple[str, str, str]:
    said = _("Your ESG answers are missing.") if is_missing else _("Your ESG answers have run out.")
    return said, _("Answer the ESG questionnaire on the page “Compliance”."), "/portal/compliance/"


def _verification(subject: str, is_missing: bool) -> tuple[str, str, str]:
    said = _("%(kind)s verification is not approved yet.") if is_missing else _("%(kind)s verification has run out.")
    return said % {"kind": subject}, _("Send the papers on the page “Compliance”."), "/portal/compliance/"


_GATE_WORDS = {
    "due_diligence": _due_diligence, "declined": _declined, "red_flag": _red_flag, "certificate": _certificate, "esg": _esg, "verification": _verification,
}  # fmt: skip


def subjects_of(lapse: str, kinds: Sequence[tuple[str, str]]) -> list[tuple[str, Any]]:
    """What a policy of this lapse can be about."""
    return list(kinds) if lapse == "certificate" else list(PROOF_KINDS.items()) if lapse == "verification" else []
