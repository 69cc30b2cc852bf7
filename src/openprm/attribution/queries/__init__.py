"""Reads of attribution: `from openprm.attribution import queries as attribution`."""

from openprm.attribution.queries.comparing import disagreements, uplift
from openprm.attribution.queries.deals import (
    CREDIT_SORTS,
    DEAL_SORTS,
    credit_on,
    credits,
    deal,
    deals,
    export_credits,
    export_deals,
    late_credits,
    listed_deals,
    partner_deal,
)
from openprm.attribution.queries.figures import credit_by_partner, outcomes
from openprm.attribution.queries.results import (
    ClaimView,
    ConfigurationView,
    CreditRow,
    DealRow,
    DealView,
    DisputeView,
    Evidence,
    MonthOf,
    Outcomes,
    PartnerCredit,
    PartnerDeal,
    RunView,
    TouchRow,
    Uplift,
    Waiting,
)
from openprm.attribution.queries.said import (
    claim,
    claims,
    claims_held_by_account,
    configurations,
    dispute,
    disputes,
    export_claims,
    export_disputes,
    export_touches,
    held_by_account,
    imported_touches,
    may,
    run,
    runs,
    touches,
    touches_by_external_ids,
    waiting,
    waiting_count,
)

__all__ = [
    "CREDIT_SORTS", "DEAL_SORTS", "ClaimView", "ConfigurationView", "CreditRow", "DealRow", "DealView", "DisputeView", "Evidence", "MonthOf", "Outcomes",
    "PartnerCredit", "PartnerDeal", "RunView", "TouchRow", "Uplift", "Waiting", "claim", "claims", "claims_held_by_account", "configurations",
    "credit_by_partner", "credit_on", "credits", "deal", "deals", "disagreements", "dispute", "disputes", "export_claims", "export_credits",
    "export_deals", "export_disputes", "export_touches", "held_by_account", "imported_touches", "late_credits", "listed_deals", "may", "outcomes",
    "partner_deal", "run", "runs", "touches", "touches_by_external_ids", "uplift", "waiting", "waiting_count",
]  # fmt: skip
