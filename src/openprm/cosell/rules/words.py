"""The closed vocabularies of an engagement. Codes are stored and stand in the API."""

from enum import StrEnum


class State(StrEnum):
    """How far an engagement is: New{pending, received} -> Active{accepted} -> Closed{won, lost, declined, expired} (L3)."""

    PENDING = "pending"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    WON = "won"
    LOST = "lost"
    DECLINED = "declined"
    EXPIRED = "expired"


class Group(StrEnum):
    NEW = "new"
    ACTIVE = "active"
    CLOSED = "closed"


class DealType(StrEnum):
    """Who sells: partners among themselves, a partner with the vendor looking on, or everybody together."""

    PRIVATE = "private"
    PARTNER_LED = "partner_led"
    CO_SELL = "co_sell"


class Involvement(StrEnum):
    CO_SELL = "co_sell"
    VISIBILITY = "visibility"


class View(StrEnum):
    """How much a member gets to know."""

    FULL = "full"
    LIMITED = "limited"


class Audience(StrEnum):
    """Who may read a note, a task or a file: everybody who may see its author, those of them with full view, or one's own side."""

    SHARED = "shared"
    FULL = "full"
    PRIVATE = "private"


class Role(StrEnum):
    RESELLER = "reseller"
    SERVICES = "services"
    SOFTWARE = "software"
    MSP = "msp"
    DISTRIBUTOR = "distributor"
    HARDWARE = "hardware"
    TRAINING = "training"
    FACILITATOR = "facilitator"


class Invited(StrEnum):
    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EXPIRED = "expired"
    CANCELED = "canceled"


class Payload(StrEnum):
    """What an invitation is about."""

    OPPORTUNITY = "opportunity"
    LEAD = "lead"
    REGISTRATION = "registration"
    CUSTOMER = "customer"


class Connections(StrEnum):
    """Whose invitations a partner takes (L9)."""

    ALLOW_ALL = "allow_all"
    DENY_ALL = "deny_all"
    ALLOW_EXCEPT = "allow_except"


class TaskState(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DONE = "done"


class PrimaryNeed(StrEnum):
    """What one side asks of another (L8)."""

    ARCHITECTURE_VALIDATION = "architecture_validation"
    BUSINESS_PRESENTATION = "business_presentation"
    COMPETITIVE_INFORMATION = "competitive_information"
    PRICING_HELP = "pricing_help"
    TECHNICAL_CONSULTATION = "technical_consultation"
    TOTAL_COST = "total_cost"
    DEAL_SUPPORT = "deal_support"
    RFX_SUPPORT = "rfx_support"
    CUSTOMER_INTRODUCTION = "customer_introduction"
    EXECUTIVE_SPONSOR = "executive_sponsor"
    OTHER = "other"


class NeedState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


RECORD_FIELDS = (
    "record_id",
    "record_url",
    "owner",
    "stage",
    "amount",
    "close_date",
    "probability",
    "forecast",
    "next_step",
    "products",
    "budget",
    "decision_maker",
    "competitors",
    "comment",
)
"""The fields of one side's own CRM record that it may share (L5)."""
