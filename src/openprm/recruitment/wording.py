"""How facts, criteria, stages and states are called in front of people."""

from typing import Any

from babel.numbers import format_decimal
from django.conf import settings
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from openprm.kernel.countries import country_name
from openprm.recruitment.rules.facts import FACT, Kind
from openprm.recruitment.rules.scoring import Criterion, CriterionPoints, Flaw, Operator, State
from openprm.ui.format import babel_locale

FACT_LABEL = {
    "type": gettext_lazy("Kind of partner"),
    "employees": gettext_lazy("Employees"),
    "revenue": gettext_lazy("Yearly revenue"),
    "founded": gettext_lazy("Founded"),
    "country": gettext_lazy("Country"),
    "region": gettext_lazy("Region"),
    "ownership": gettext_lazy("Ownership"),
    "skills": gettext_lazy("Skills"),
    "industries": gettext_lazy("Industries"),
    "technologies": gettext_lazy("Technologies"),
    "certifications": gettext_lazy("Certifications"),
    "motions": gettext_lazy("Ways of working"),
}
OPERATOR = {
    Operator.IS: gettext_lazy("is"),
    Operator.ONE_OF: gettext_lazy("is one of"),
    Operator.ANY: gettext_lazy("has any of"),
    Operator.ALL: gettext_lazy("has all of"),
    Operator.AT_LEAST: gettext_lazy("is at least"),
    Operator.AT_MOST: gettext_lazy("is at most"),
    Operator.BETWEEN: gettext_lazy("is between"),
    Operator.EXISTS: gettext_lazy("is known"),
}
OWNERSHIP = {
    "private": gettext_lazy("Private"),
    "family": gettext_lazy("Family"),
    "private_equity": gettext_lazy("Private equity"),
    "public": gettext_lazy("Listed"),
    "state": gettext_lazy("State"),
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
CHOICES = {"ownership": OWNERSHIP, "type": TYPE}
STAGE = {
    "identified": (gettext_lazy("Identified"), ""),
    "contacted": (gettext_lazy("Contacted"), "info"),
    "engaged": (gettext_lazy("In talks"), "info"),
    "qualified": (gettext_lazy("Qualified"), "warn"),
    "invited": (gettext_lazy("Invited"), "warn"),
    "converted": (gettext_lazy("Partner"), "ok"),
    "lost": (gettext_lazy("Given up"), ""),
}
FIT = {"strong": (gettext_lazy("Strong fit"), "ok"), "open": (gettext_lazy("Could fit"), "warn"), "weak": (gettext_lazy("Weak fit"), "bad")}
SIGNAL = {
    "technology": gettext_lazy("Technology"),
    "certification": gettext_lazy("Certification"),
    "skill": gettext_lazy("Skill"),
    "industry": gettext_lazy("Industry"),
    "headcount": gettext_lazy("Headcount"),
    "revenue": gettext_lazy("Revenue"),
    "founded": gettext_lazy("Founding year"),
    "ownership": gettext_lazy("Ownership"),
    "location": gettext_lazy("Location"),
    "hiring": gettext_lazy("Hiring"),
    "funding": gettext_lazy("Funding"),
    "social": gettext_lazy("Social media"),
    "news": gettext_lazy("News"),
}
SIGNAL_STATE = {"new": (gettext_lazy("To look at"), "warn"), "accepted": (gettext_lazy("Accepted"), "ok"), "dismissed": (gettext_lazy("Dismissed"), "")}
REFERRAL = {
    "introduced": (gettext_lazy("Introduced"), "info"),
    "taken_up": (gettext_lazy("In touch"), "info"),
    "applied": (gettext_lazy("Applied"), "info"),
    "joined": (gettext_lazy("Joined"), "ok"),
    "earning": (gettext_lazy("Earns you a reward"), "ok"),
    "ended": (gettext_lazy("Reward time over"), ""),
    "declined": (gettext_lazy("Declined"), ""),
}
SOURCE = {
    "manual": gettext_lazy("entered by hand"),
    "import": gettext_lazy("import"),
    "application": gettext_lazy("application"),
    "referral": gettext_lazy("referral"),
    "api": gettext_lazy("API"),
    "partner": gettext_lazy("partner record"),
}
STATE = {
    State.MET: (gettext_lazy("Met"), "ok"),
    State.PART: (gettext_lazy("Partly"), "warn"),
    State.MISSED: (gettext_lazy("Not met"), "bad"),
    State.MISSING: (gettext_lazy("Not known"), "info"),
}
FLAW = {
    Flaw.UNKNOWN_FACT: gettext_lazy("There is no fact of that name. Choose one from the list."),
    Flaw.WRONG_OPERATOR: gettext_lazy("This fact cannot be compared that way. Choose another comparison."),
    Flaw.NO_VALUE: gettext_lazy("Say what you want to see, for example 50, or SAP, Azure."),
    Flaw.WRONG_VALUE: gettext_lazy("This cannot be a value of that fact. Numbers are whole, countries have two letters, kinds come from the list."),
    Flaw.EMPTY_RANGE: gettext_lazy("The lower end is above the upper end. Swap them."),
    Flaw.WRONG_WEIGHT: gettext_lazy("The weight is a whole number from 1 to 100."),
}


def source_words(source: str) -> str:
    return str(SOURCE.get(source, source))


def value_words(fact: str, value: Any) -> str:
    """A value as a person reads it: "1,200", "Finland", "SAP, Azure"."""
    kind = FACT[fact].kind
    if value is None:
        return _("not known")
    if kind is Kind.WORDS or isinstance(value, list | tuple):
        return ", ".join(_one(fact, one) for one in value)
    return _one(fact, value)


def _one(fact: str, value: Any) -> str:
    kind = FACT[fact].kind
    if kind is Kind.COUNTRY:
        return country_name(value)
    if kind is Kind.CHOICE:
        return str(CHOICES[fact].get(value, value))
    if kind is Kind.NUMBER:
        number = format_decimal(value, locale=babel_locale(get_language() or "en"))
        return f"{number} {settings.OPENPRM_CURRENCY}" if fact == "revenue" else number
    return str(value)


def wanted(criterion: Criterion) -> str:
    """What a criterion asks for: "at least 50", "all of SAP, Azure"."""
    value = criterion.value
    match criterion.operator:
        case Operator.EXISTS:
            return _("anything known")
        case Operator.BETWEEN:
            return _("between %(low)s and %(high)s") % {"low": _one(criterion.fact, value[0]), "high": _one(criterion.fact, value[1])}
        case Operator.AT_LEAST:
            return _("at least %(value)s") % {"value": _one(criterion.fact, value)}
        case Operator.AT_MOST:
            return _("at most %(value)s") % {"value": _one(criterion.fact, value)}
        case Operator.ALL:
            return _("all of %(values)s") % {"values": value_words(criterion.fact, value)}
        case Operator.ANY | Operator.ONE_OF:
            return _("any of %(values)s") % {"values": value_words(criterion.fact, value)}
    return value_words(criterion.fact, value)


def sentence(points: CriterionPoints) -> str:
    """Why a criterion gave what it gave, in one sentence a person can check."""
    criterion = points.criterion
    said = {"fact": FACT_LABEL[criterion.fact], "wanted": wanted(criterion), "known": value_words(criterion.fact, points.known)}
    if points.state is State.MISSING:
        return _("%(fact)s: not known yet, so it neither counts for nor against. Wanted: %(wanted)s.") % said
    if points.state is State.PART:
        said |= {"has": ", ".join(points.matched), "lacks": ", ".join(points.lacking)}
        return _("%(fact)s: has %(has)s, nothing says %(lacks)s. Wanted: %(wanted)s.") % said
    if points.matched:
        return _("%(fact)s: has %(has)s. Wanted: %(wanted)s.") % {**said, "has": ", ".join(points.matched)}
    return _("%(fact)s: %(known)s. Wanted: %(wanted)s.") % said
