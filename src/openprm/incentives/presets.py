"""What each kind of plan looks like to begin with."""

from collections.abc import Mapping

from openprm.incentives.rules.draft import RateDraft, TermsDraft

_BANDS = (RateDraft(high="100000", rate="2"), RateDraft(low="100000", high="250000", rate="3"), RateDraft(low="250000", rate="4"))
PRESETS: Mapping[str, tuple[dict[str, str], tuple[RateDraft, ...]]] = {
    "commission": ({"event": "deal_won", "basis": "net", "hold_days": "30"}, (RateDraft(rate="10"),)),
    "referral": ({"event": "referral_converted", "basis": "net", "duration_months": "0", "hold_days": "30"}, (RateDraft(rate="5"),)),
    "resale_margin": ({"event": "deal_won", "basis": "list"}, (RateDraft(rate="20"),)),
    "volume_rebate": ({"event": "period", "basis": "net", "bands": "whole", "true_up": "quarter"}, _BANDS),
    "growth_rebate": (
        {"event": "period", "basis": "net", "bands": "whole"},
        (RateDraft(by="growth", high="10", rate="0"), RateDraft(by="growth", low="10", high="25", rate="1"), RateDraft(by="growth", low="25", rate="2")),
    ),
    "spiff": ({"event": "deal_won", "bands": "whole", "rep_share": "100", "limit.total": "50000"}, (RateDraft(fixed="250"),)),
    "bounty": ({"event": "bounty", "bands": "whole"}, (RateDraft(fixed="500"),)),
    "retainer": ({"event": "retainer", "bands": "whole"}, (RateDraft(fixed="1500"),)),
    "points": ({"event": "course_passed", "bands": "whole", "point_value": "0.10", "rep_share": "100"}, (RateDraft(points="200"),)),
    "marketplace": ({"event": "deal_won", "basis": "net", "fee_percent": "3"}, (RateDraft(channel=("marketplace",), rate="8"),)),
    "consumption": ({"event": "usage", "basis": "net"}, (RateDraft(rate="4"),)),
}


def preset(kind: str, currency: str = "EUR") -> TermsDraft:
    """Terms to begin with; they pay nothing before they are published."""
    head, rates = PRESETS[kind]
    return TermsDraft({"currency": currency, **head}, (), rates)
