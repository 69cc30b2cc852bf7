"""What a person finds about a won deal that nobody is credited for (O1)."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.attribution import policies
from openprm.attribution.models import Review
from openprm.attribution.queries.standing import standing_results
from openprm.attribution.rules.words import Finding, Outcome
from openprm.attribution.services.unit import choice, words
from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, NotFound, refuse_if, refused_by


class ReviewedAlready(Conflict):
    """Somebody else looked at this win a moment ago."""


def review_win(*, actor: Actor, deal_id: UUID, finding: str, note: str = "", at: datetime) -> None:
    """Close the question who brought a win: nobody did, or a partner did and somebody claims it. Raises NotFound, NotAllowed, Invalid, ReviewedAlready."""
    refuse_if(policies.why_not_review(actor))
    result = standing_results().filter(deal_id=deal_id, is_won=True, outcome=Outcome.UNATTRIBUTED).first()
    if result is None:
        raise NotFound(_("There is no unattributed win of that name."))
    row = Review(
        deal_id=deal_id, deal_kind=result.kind, finding=choice("finding", finding, Finding), note=words("note", note, most=1000, required=False),
        reviewed_at=at, reviewed_by_id=actor.user_id, reviewed_by_name=actor.name[:120],
    )  # fmt: skip
    with refused_by("attribution_review_deal_id_key", ReviewedAlready(_("This win was reviewed already."))):
        row.save(force_insert=True)
    audit.record(actor, "attribution.reviewed", row, refs=(deal_id,), note=row.note, at=at)
