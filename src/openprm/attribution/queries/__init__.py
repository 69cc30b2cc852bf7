"""Reads of attribution: `from openprm.attribution import queries as attribution`."""

from openprm.attribution.queries.comparing import disagreements, uplift
from openprm.attribution.queries.corrections import correction, newest_corrected
from openprm.attribution.queries.deals import (
    CREDIT_SORTS,
    DEAL_SORTS,
    credit_on,
    credits,
    credits_of,
    deal,
    deals,
    export_credits,
    export_deals,
    late_credits,
    listed_deals,
    locked_runs,
    newest_credits,
    partner_deal,
    results_of,
    review_queue,
)
from openprm.attribution.queries.figures import credit_by_partner, outcomes
from openprm.attribution.queries.pieces import claim_view, dispute_view
from openprm.attribution.queries.results import (
    ClaimView,
    ConfigurationView,
    CorrectedRow,
    CorrectionView,
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
    ToReview,
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
    listed_claims,
    listed_disputes,
    listed_touches,
    may,
    run,
    runs,
    touch_rows,
    touches,
    touches_by_external_ids,
    waiting,
    waiting_count,
)

__all__ = [
    "CREDIT_SORTS", "DEAL_SORTS", "ClaimView", "ConfigurationView", "CorrectedRow", "CorrectionView", "CreditRow", "DealRow", "DealView", "DisputeView",
    "Evidence", "MonthOf", "Outcomes", "PartnerCredit", "PartnerDeal", "RunView", "ToReview", "TouchRow", "Uplift", "Waiting", "claim", "claim_view",
    "claims", "claims_held_by_account", "configurations", "correction", "credit_by_partner", "credit_on", "credits", "credits_of", "deal", "deals",
    "disagreements", "dispute", "dispute_view", "disputes", "export_claims", "export_credits", "export_deals", "export_disputes", "export_touches",
    "held_by_account", "imported_touches", "late_credits", "listed_claims", "listed_deals", "listed_disputes", "listed_touches", "locked_runs", "may",
    "newest_corrected", "newest_credits", "outcomes", "partner_deal", "results_of", "review_queue", "run", "runs",
    "touch_rows", "touches", "touches_by_external_ids", "uplift", "waiting", "waiting_count",
]  # fmt: skip
