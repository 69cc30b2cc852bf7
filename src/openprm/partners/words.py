"""How types, motions, states and benefits are called in front of people."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openprm.partners.rules import BENEFIT, BenefitKind

STATUS = {
    "applicant": (gettext_lazy("Applicant"), "info"),
    "pending": (gettext_lazy("Pending"), "warn"),
    "active": (gettext_lazy("Active"), "ok"),
    "suspended": (gettext_lazy("Suspended"), "bad"),
    "offboarded": (gettext_lazy("Offboarded"), ""),
}
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
    "pending": gettext_lazy("Take into review"),
    "active": gettext_lazy("Activate"),
    "suspended": gettext_lazy("Suspend"),
    "offboarded": gettext_lazy("Offboard"),
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
