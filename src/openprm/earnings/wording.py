"""The words that people read for codes."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from openprm.earnings.rules.states import AlertState, Asked, BountyReject, Kind, State

STATE: dict[str, tuple[Any, str]] = {
    State.NEW: (_("To review"), "info"),
    State.HELD: (_("On hold"), "warn"),
    State.APPROVED: (_("Approved"), "ok"),
    State.IN_PAYOUT: (_("In a payout"), "info"),
    State.PAID: (_("Paid"), "ok"),
    State.DECLINED: (_("Declined"), "bad"),
    State.CLAWED_BACK: (_("Taken back"), "bad"),
    State.FORFEITED: (_("Forfeited"), "bad"),
}
KIND: dict[str, Any] = {
    Kind.ACCRUAL: _("Earned"),
    Kind.CORRECTION: _("Correction"),
    Kind.CLAWBACK: _("Taken back"),
    Kind.ADJUSTMENT: _("By hand"),
    Kind.OPENING: _("From before"),
}
EVENT: dict[str, Any] = {
    "deal_won": _("A deal was won"),
    "deal_registered": _("A deal was registered"),
    "lead_qualified": _("A lead was qualified"),
    "referral_converted": _("A referral was sold"),
    "usage": _("Usage was reported"),
    "bounty": _("A bounty was fulfilled"),
    "retainer": _("A month of a retainer"),
    "period": _("A quarter was settled"),
    "course_passed": _("A course was passed"),
    "deal_credited": _("The credit of a deal became final"),
    "help_confirmed": _("Both sides confirmed help"),
    "manual": _("By hand"),
}
ALERT_STATE: dict[str, tuple[Any, str]] = {
    AlertState.OPEN: (_("To look at"), "warn"),
    AlertState.DISMISSED: (_("Unfounded"), "ok"),
    AlertState.CONFIRMED: (_("Confirmed"), "bad"),
}
ALERT: dict[str, Any] = {
    "customer_is_partner": _("The customer's e-mail is the partner's"),
    "same_company": _("Customer and partner are one company"),
    "self_referral": _("The partner referred the customer to itself"),
    "duplicate_account": _("The customer exists twice"),
    "banned": _("Somebody who is banned takes part"),
    "banned_elsewhere": _("A company that is banned is back as another partner"),
    "paid_traffic": _("The customer came by bought traffic"),
    "banned_source": _("The customer came from a source that is banned"),
    "too_quick": _("Won too quickly"),
    "unusual_amount": _("Unusually large"),
}
ASKED: dict[str, tuple[Any, str]] = {
    Asked.PROPOSED: (_("Waits for a decision"), "info"),
    Asked.APPROVED: (_("Approved"), "ok"),
    Asked.REJECTED: (_("Rejected"), "bad"),
    Asked.WITHDRAWN: (_("Taken back"), ""),
}
REJECT: dict[str, Any] = {
    BountyReject.INVALID_PROOF: _("The proof does not show it"),
    BountyReject.DUPLICATE: _("It was sent before"),
    BountyReject.OUT_OF_WINDOW: _("It happened outside the time of the bounty"),
    BountyReject.CRITERIA: _("A condition of the bounty is not met"),
}
LIMIT: dict[str, Any] = {
    "event": _("the cap for one event"),
    "day": _("the limit of the day"),
    "week": _("the limit of the week"),
    "month": _("the limit of the month"),
    "total": _("the limit of the plan"),
    "partner_month": _("the partner's cap of the month"),
    "partner_year": _("the partner's cap of the year"),
    "partner_total": _("the partner's cap"),
}


def choices(words: Any) -> tuple[tuple[str, Any], ...]:
    """(code, label) of a table of words, for filters and forms."""
    return tuple((str(code), word[0] if isinstance(word, tuple) else word) for code, word in words.items())
