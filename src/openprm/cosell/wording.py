"""The words of co-selling, with the tone of each state."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from openprm.cosell.rules.words import (
    Audience,
    Connections,
    DealType,
    Group,
    Invited,
    Involvement,
    NeedState,
    Payload,
    PrimaryNeed,
    Role,
    State,
    TaskState,
    View,
)

STATE: dict[str, tuple[Any, str]] = {
    State.PENDING: (_("Invited"), "info"),
    State.RECEIVED: (_("Invitation opened"), "info"),
    State.ACCEPTED: (_("Active"), "accent"),
    State.WON: (_("Won"), "ok"),
    State.LOST: (_("Lost"), ""),
    State.DECLINED: (_("Declined"), "bad"),
    State.EXPIRED: (_("Expired"), "warn"),
}
GROUP: dict[str, Any] = {Group.NEW: _("New"), Group.ACTIVE: _("Active"), Group.CLOSED: _("Closed")}
DEAL_TYPE: dict[str, Any] = {DealType.PRIVATE: _("Private"), DealType.PARTNER_LED: _("Partner-led"), DealType.CO_SELL: _("Co-sell")}
DEAL_TYPE_ABOUT: dict[str, Any] = {
    DealType.PRIVATE: _("Partners among themselves. The vendor is not in it and cannot read it."),
    DealType.PARTNER_LED: _("A partner sells. The vendor looks on, for visibility only."),
    DealType.CO_SELL: _("Everybody sells together."),
}
INVOLVEMENT: dict[str, Any] = {Involvement.CO_SELL: _("Co-sell"), Involvement.VISIBILITY: _("For visibility only")}
VIEW: dict[str, Any] = {View.FULL: _("Full view"), View.LIMITED: _("Limited view")}
VIEW_ABOUT: dict[str, Any] = {
    View.FULL: _("Amount, contacts, description, shares, files and mirrors."),
    View.LIMITED: _("Deal, customer, stage and what is written for everybody. No amount, contacts, shares or mirrors."),
}
AUDIENCE: dict[str, Any] = {Audience.SHARED: _("Everybody on the deal"), Audience.FULL: _("Members with full view"), Audience.PRIVATE: _("Our side only")}
AUDIENCE_BADGE: dict[str, tuple[Any, str]] = {
    Audience.SHARED: (_("Shared"), ""),
    Audience.FULL: (_("Full view"), "info"),
    Audience.PRIVATE: (_("Private"), "warn"),
}
ROLE: dict[str, Any] = {
    Role.RESELLER: _("Reseller"),
    Role.SERVICES: _("Services"),
    Role.SOFTWARE: _("Software"),
    Role.MSP: _("Managed services"),
    Role.DISTRIBUTOR: _("Distributor"),
    Role.HARDWARE: _("Hardware"),
    Role.TRAINING: _("Training"),
    Role.FACILITATOR: _("Facilitator"),
}
INVITED: dict[str, tuple[Any, str]] = {
    Invited.PENDING: (_("Waiting"), "info"),
    Invited.ACCEPTED: (_("Accepted"), "ok"),
    Invited.REJECTED: (_("Rejected"), "bad"),
    Invited.EXPIRED: (_("Expired"), "warn"),
    Invited.CANCELED: (_("Canceled"), ""),
}
PAYLOAD: dict[str, Any] = {
    Payload.OPPORTUNITY: _("Opportunity"),
    Payload.LEAD: _("Lead"),
    Payload.REGISTRATION: _("Registered deal"),
    Payload.CUSTOMER: _("Customer"),
}
CONNECTIONS: dict[str, Any] = {
    Connections.ALLOW_ALL: _("Take invitations from every partner"),
    Connections.DENY_ALL: _("Take no invitations from partners"),
    Connections.ALLOW_EXCEPT: _("Take them from everybody except some"),
}
TASK: dict[str, tuple[Any, str]] = {
    TaskState.PROPOSED: (_("Proposed"), "info"),
    TaskState.ACCEPTED: (_("Agreed"), "accent"),
    TaskState.REJECTED: (_("Rejected"), "bad"),
    TaskState.DONE: (_("Done"), "ok"),
}
NEED: dict[str, Any] = {
    PrimaryNeed.ARCHITECTURE_VALIDATION: _("Architecture validation"),
    PrimaryNeed.BUSINESS_PRESENTATION: _("Business presentation"),
    PrimaryNeed.COMPETITIVE_INFORMATION: _("Competitive information"),
    PrimaryNeed.PRICING_HELP: _("Pricing help"),
    PrimaryNeed.TECHNICAL_CONSULTATION: _("Technical consultation"),
    PrimaryNeed.TOTAL_COST: _("Total cost of ownership"),
    PrimaryNeed.DEAL_SUPPORT: _("Deal support"),
    PrimaryNeed.RFX_SUPPORT: _("Support with a tender"),
    PrimaryNeed.CUSTOMER_INTRODUCTION: _("Introduction to the customer"),
    PrimaryNeed.EXECUTIVE_SPONSOR: _("Executive sponsor"),
    PrimaryNeed.OTHER: _("Something else"),
}
NEED_STATE: dict[str, tuple[Any, str]] = {
    NeedState.OPEN: (_("Waiting"), "info"),
    NeedState.ANSWERED: (_("Answered"), "ok"),
    NeedState.DECLINED: (_("Declined"), "bad"),
    NeedState.WITHDRAWN: (_("Withdrawn"), ""),
}
RECORD_FIELD: dict[str, Any] = {
    "record_id": _("Record id"),
    "record_url": _("Record link"),
    "owner": _("Owner"),
    "stage": _("Stage"),
    "amount": _("Amount"),
    "close_date": _("Close date"),
    "probability": _("Probability"),
    "forecast": _("Forecast"),
    "next_step": _("Next step"),
    "products": _("Products"),
    "budget": _("Budget"),
    "decision_maker": _("Decision maker"),
    "competitors": _("Competitors"),
    "comment": _("Comment"),
}
PARTNER_TYPE: dict[str, Any] = {
    "reseller": _("Reseller"),
    "distributor": _("Distributor"),
    "var": _("Value-added reseller"),
    "msp": _("Managed service provider"),
    "si": _("System integrator"),
    "isv": _("Software vendor"),
    "referral": _("Referral partner"),
    "affiliate": _("Affiliate"),
    "consultant": _("Consultant"),
    "vendor": _("The vendor"),
}


def tone_of(words: dict[str, tuple[Any, str]], code: str) -> tuple[str, str]:
    """Label and tone of a code; an unknown one names itself."""
    label, tone = words.get(code, (code, ""))
    return str(label), tone


def roles_in_words(codes: Any) -> tuple[str, ...]:
    return tuple(str(ROLE.get(code, code)) for code in codes)
