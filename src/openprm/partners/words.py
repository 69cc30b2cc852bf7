"""How types, motions, states and benefits are called in front of people."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openprm.partners.rules import BENEFIT, BenefitKind

STATUS = {
    "invited": (gettext_lazy("Invited"), "info"),
    "applicant": (gettext_lazy("Applicant"), "info"),
    "pending": (gettext_lazy("Pending"), "warn"),
    "declined": (gettext_lazy("Declined"), ""),
    "active": (gettext_lazy("Active"), "ok"),
    "suspended": (gettext_lazy("Suspended"), "bad"),
    "deactivated": (gettext_lazy("Deactivated"), "warn"),
    "banned": (gettext_lazy("Banned"), "bad"),
    "offboarded": (gettext_lazy("Offboarded"), ""),
    "archived": (gettext_lazy("Archived"), ""),
}
STATUS_ABOUT = {
    "invited": gettext_lazy("Asked to join; has not applied yet."),
    "applicant": gettext_lazy("Has applied and waits for an answer."),
    "pending": gettext_lazy("Is being vetted or has papers to sign."),
    "declined": gettext_lazy("Was not taken in. May apply again."),
    "active": gettext_lazy("Works with us."),
    "suspended": gettext_lazy("Its people cannot sign in for the time being. Everything else stays."),
    "deactivated": gettext_lazy("The partnership rests: its people look, and start nothing new."),
    "banned": gettext_lazy("Its people cannot sign in, and its web domain cannot apply again."),
    "offboarded": gettext_lazy("Has left. Its data is kept until the retention time is over."),
    "archived": gettext_lazy("A closed file."),
}
ENROLLMENT = {
    "draft": (gettext_lazy("Draft"), ""),
    "pending": (gettext_lazy("Pending"), "warn"),
    "approved": (gettext_lazy("Running"), "ok"),
    "rejected": (gettext_lazy("Rejected"), "bad"),
    "terminated": (gettext_lazy("Ended"), ""),
    "expired": (gettext_lazy("Expired"), "bad"),
}
RENEWAL = {
    "running": (gettext_lazy("Running"), "ok"),
    "due": (gettext_lazy("To renew"), "warn"),
    "blocked": (gettext_lazy("Something is open"), "bad"),
    "expired": (gettext_lazy("Expired"), "bad"),
}
HOW = {"rule": gettext_lazy("by the published rule"), "vendor": gettext_lazy("by the vendor"), "partner": gettext_lazy("by the partner")}
TYPE = {
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
MOTION = {
    "influence": gettext_lazy("Influence"),
    "transact": gettext_lazy("Resell"),
    "solution": gettext_lazy("Solution"),
    "retain": gettext_lazy("Retain"),
}
MOVE = {
    "applicant": gettext_lazy("Take the application"),
    "pending": gettext_lazy("Take into review"),
    "declined": gettext_lazy("Decline"),
    "active": gettext_lazy("Activate"),
    "suspended": gettext_lazy("Suspend"),
    "deactivated": gettext_lazy("Let it rest"),
    "banned": gettext_lazy("Ban"),
    "archived": gettext_lazy("Archive"),
}
BENEFIT_LABEL = {
    "protection_days": gettext_lazy("Deal protection"),
    "max_active_registrations": gettext_lazy("Active registrations at once"),
    "promise_class": gettext_lazy("Promise class"),
    "discount_percent": gettext_lazy("Partner discount"),
    "market_fund_percent": gettext_lazy("Market fund"),
}
PROMISE_CLASS = {
    "standard": gettext_lazy("Standard"),
    "priority": gettext_lazy("Priority"),
    "express": gettext_lazy("Express"),
}


def benefit(code: str, value: Any) -> str:
    """A benefit's value as a person reads it: "90 days", "20%", "Priority"."""
    kind = BENEFIT[code].kind
    if kind is BenefitKind.CHOICE:
        return str(PROMISE_CLASS[value])
    if kind is BenefitKind.DAYS:
        return ngettext("%(count)d day", "%(count)d days", value) % {"count": value}
    return _("%(percent)d%%") % {"percent": value} if kind is BenefitKind.PERCENT else str(value)


def status_word(status: str) -> str:
    """A state inside a sentence: "active", "offboarded"."""
    return str(STATUS[status][0]).lower()
