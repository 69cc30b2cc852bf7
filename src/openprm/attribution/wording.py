"""Words for what attribution says."""

from django.utils.translation import gettext_lazy as _

from openprm.attribution.rules.words import ClaimState, Counts, DealKind, DisputeState, Finding, Kind, Outcome, Side, Source

KIND = {
    Kind.REGISTRATION: _("Registered a deal"),
    Kind.REFERRAL: _("Passed on a lead"),
    Kind.INTRODUCTION: _("Introduced us"),
    Kind.NAMED: _("Named in the CRM"),
    Kind.LEAD: _("Turned a lead into a deal"),
    Kind.COSELL: _("Joined an engagement"),
    Kind.COSELL_WORK: _("Worked in an engagement"),
    Kind.CALL: _("Call"),
    Kind.EMAIL: _("E-mail"),
    Kind.MEETING: _("Meeting"),
    Kind.DEMO: _("Demo"),
    Kind.PROPOSAL: _("Proposal"),
    Kind.VISIT: _("Visit"),
    Kind.REFERENCE: _("Reference call"),
    Kind.TECHNICAL: _("Technical help"),
    Kind.EVENT: _("Event"),
    Kind.CAMPAIGN: _("Campaign"),
    Kind.OTHER: _("Other help"),
}
ICON = {
    Kind.REGISTRATION: "shield-check", Kind.REFERRAL: "send", Kind.INTRODUCTION: "handshake", Kind.NAMED: "file-text", Kind.LEAD: "inbox",
    Kind.COSELL: "handshake", Kind.COSELL_WORK: "check", Kind.CALL: "phone", Kind.EMAIL: "mail",
}  # fmt: skip
SOURCE = {
    Source.LOG: _("Audit log"),
    Source.ACTIVITY: _("Activity"),
    Source.IMPORT: _("Imported"),
    Source.CLAIM: _("Claim, confirmed by both sides"),
    Source.PERSON: _("Dispute, upheld"),
    Source.CAMPAIGN: _("Campaign"),
}
COUNTS = {
    Counts.INTRODUCTION: (_("Introduction"), "ok"),
    Counts.INFLUENCE: (_("Influence"), "info"),
    Counts.NOTHING: (_("Does not count"), ""),
    Counts.LATE: (_("Late, counted apart"), "warn"),
}
OUTCOME = {
    Outcome.SOURCED: (_("Sourced"), "ok"),
    Outcome.INFLUENCED: (_("Influenced"), "info"),
    Outcome.UNATTRIBUTED: (_("Unattributed"), "warn"),
}
CLAIM = {
    ClaimState.OPEN: (_("Waits for the other side"), "warn"),
    ClaimState.CONFIRMED: (_("Confirmed by both sides"), "ok"),
    ClaimState.DECLINED: (_("Declined"), "bad"),
    ClaimState.WITHDRAWN: (_("Taken back"), ""),
}
DISPUTE = {
    DisputeState.OPEN: (_("Open"), "warn"),
    DisputeState.UPHELD: (_("Upheld"), "ok"),
    DisputeState.DISMISSED: (_("Dismissed"), "bad"),
    DisputeState.WITHDRAWN: (_("Taken back"), ""),
}
SIDE = {Side.VENDOR: _("Vendor"), Side.PARTNER: _("Partner")}
DEAL = {DealKind.REGISTRATION: _("Registered deal"), DealKind.OPPORTUNITY: _("Own opportunity")}
FINDING = {Finding.DIRECT: _("No partner took part"), Finding.PARTNER: _("A partner took part")}
MODEL = {
    "first": _("First touch"), "last": _("Last touch"), "linear": _("Linear"), "time-decay": _("Time decay"), "position-decay": _("Position decay"),
    "u-shaped": _("U-shaped"), "w-shaped": _("W-shaped"), "z-shaped": _("Z-shaped"), "custom": _("Own weights"), "shapley": _("Shapley"),
    "shapley-ordered": _("Shapley, by place"), "markov": _("Markov"), "markov-per-deal": _("Markov, per deal"), "logistic": _("Logistic"),
}  # fmt: skip
