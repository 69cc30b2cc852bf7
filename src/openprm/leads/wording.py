"""The words people read for the codes that rules speak."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from openprm.leads.rules.lifecycle import ClosedReason, DeclineReason, OfferState, Status
from openprm.leads.rules.routing import Method, WhyNot

STATUS = {
    Status.NEW: (_("New"), "info"),
    Status.OFFERED: (_("Offered"), "info"),
    Status.ACCEPTED: (_("Accepted"), "ok"),
    Status.DECLINED: (_("Declined"), "warn"),
    Status.EXPIRED: (_("Ignored"), "warn"),
    Status.UNROUTED: (_("Fits nobody"), "warn"),
    Status.NURTURE: (_("Nurture"), ""),
    Status.CONVERTED: (_("Converted"), "ok"),
    Status.WON: (_("Won"), "ok"),
    Status.LOST: (_("Lost"), ""),
}
OFFER = {
    OfferState.OFFERED: (_("Not opened"), "info"),
    OfferState.OPENED: (_("Opened"), "info"),
    OfferState.ACCEPTED: (_("Accepted"), "ok"),
    OfferState.DECLINED: (_("Declined"), "warn"),
    OfferState.EXPIRED: (_("Time ran out"), "bad"),
    OfferState.WITHDRAWN: (_("Taken back"), ""),
    OfferState.TAKEN: (_("Another was faster"), ""),
    OfferState.ENDED: (_("Closed"), ""),
}
SOURCE = {
    "manual": _("By hand"),
    "api": _("API"),
    "csv": _("File"),
    "web_form": _("Web form"),
    "crm": _("CRM"),
    "referral": _("Referral"),
}
METHOD = {
    Method.ROUND_ROBIN: _("Round robin"),
    Method.CLAIM: _("First claim"),
    Method.GEOGRAPHY: _("Geography"),
    Method.FIT: _("Skill and tier"),
    Method.CAPACITY: _("Capacity"),
    Method.MANUAL: _("By hand"),
}
DECLINE = {
    DeclineReason.NO_CAPACITY: _("No capacity now"),
    DeclineReason.OUTSIDE_AREA: _("Outside our area"),
    DeclineReason.MISSING_SKILL: _("Not our skill"),
    DeclineReason.CONFLICT: _("We cannot work with this customer"),
    DeclineReason.NO_NEED: _("The customer needs nothing"),
    DeclineReason.UNREACHABLE: _("Nobody can be reached"),
    DeclineReason.SPAM: _("It is spam"),
    DeclineReason.OTHER: _("Something else"),
}
CLOSED = {
    ClosedReason.NO_BUDGET: _("No budget"),
    ClosedReason.NO_NEED: _("No need"),
    ClosedReason.NO_DECISION: _("No decision"),
    ClosedReason.COMPETITOR: _("Bought elsewhere"),
    ClosedReason.UNREACHABLE: _("Nobody could be reached"),
    ClosedReason.SPAM: _("Spam"),
    ClosedReason.DUPLICATE: _("Duplicate"),
    ClosedReason.DEAL_WON: _("The registered deal was won"),
    ClosedReason.DEAL_LOST: _("The registered deal was lost"),
    ClosedReason.DEAL_ENDED: _("The registration ended"),
    ClosedReason.SOLD: _("Sold without a registration"),
    ClosedReason.ERASED: _("The person asked to be forgotten"),
    ClosedReason.OTHER: _("Something else"),
}
WHY_NOT = {
    WhyNot.NOT_ACTIVE: _("Not an active partner"),
    WhyNot.CLOSED: _("Receiving leads is closed"),
    WhyNot.PAUSED: _("Takes no leads at the moment"),
    WhyNot.KEPT_FROM: _("Kept from this lead"),
    WhyNot.DECLINED: _("Said no to this lead"),
    WhyNot.PASSED: _("Had this lead and let it pass"),
    WhyNot.HAS_IT: _("Has this lead now"),
    WhyNot.PROTECTED: _("The customer is protected for another partner"),
    WhyNot.TIER: _("Tier too low"),
    WhyNot.COUNTRY: _("Does not serve the country"),
    WhyNot.SKILLS: _("Skill missing"),
    WhyNot.FULL: _("No free place"),
}
RING = {
    1: _("within 2 degrees of the customer"),
    2: _("within 4 degrees of the customer"),
    3: _("within 8 degrees of the customer"),
    4: _("in the customer's country"),
    5: _("anywhere"),
}
PULLED_BACK = {
    "unopened": _("It was not opened in time."),
    "unanswered": _("It was not answered in time."),
    "unconverted": _("It did not become a deal in time."),
    "recalled": _("It was taken back."),
}
INDUSTRY_DASH = "–"


def status_label(status: str) -> Any:
    return STATUS[Status(status)][0]


def status_tone(status: str) -> str:
    return STATUS[Status(status)][1]


def offer_label(state: str) -> Any:
    return OFFER[OfferState(state)][0]


def offer_tone(state: str) -> str:
    return OFFER[OfferState(state)][1]


def method_label(method: str) -> str:
    return str(METHOD[Method(method)]) if method else ""


def source_label(source: str) -> str:
    return str(SOURCE.get(source, source))


def why_not_label(code: str) -> str:
    return str(WHY_NOT[WhyNot(code)]) if code else ""


def closed_label(code: str) -> str:
    return str(CLOSED[ClosedReason(code)]) if code else ""


def decline_label(code: str) -> str:
    return str(DECLINE[DeclineReason(code)]) if code else ""


def why_chosen(method: str, facts: Mapping[str, Any], needed: int) -> list[str]:
    """What spoke for a candidate, in sentences of a few words."""
    said: list[str] = []
    if facts.get("holds_protection"):
        said.append(say("The customer is protected for this partner"))
    if ring := facts.get("ring"):
        said.append(str(RING[ring]))
    if needed:
        said.append(say("%(matched)d of %(needed)d skills") % {"matched": facts.get("skills", 0), "needed": needed})
    if facts.get("tier"):
        said.append(say("tier rank %(rank)d") % {"rank": facts["tier"]})
    if "open" in facts:
        said.append(_room(facts))
    if facts.get("weight") and method == Method.GEOGRAPHY:
        said.append(say("weight %(weight)d") % {"weight": facts["weight"]})
    return said


def _room(facts: Mapping[str, Any]) -> str:
    held, most = facts["open"], facts.get("most", 0)
    if most >= 100_000:
        return ngettext("%(held)d open lead", "%(held)d open leads", held) % {"held": held}
    return say("%(held)d of %(most)d places taken") % {"held": held, "most": most}


def score_text(method: str, score: int) -> str:
    """The score as the method means it: a chance, a free share, a fit, a place in the row."""
    if method == Method.GEOGRAPHY:
        return say("%(share)s %% chance") % {"share": round(score / 10)}
    if method == Method.CAPACITY:
        return say("%(share)s %% free") % {"share": round(score / 10)}
    if method == Method.ROUND_ROBIN:
        return say("place %(place)d") % {"place": 1001 - score}
    return say("%(points)d points") % {"points": score}
