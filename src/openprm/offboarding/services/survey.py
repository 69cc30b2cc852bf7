"""What a partner says when it leaves."""

from datetime import datetime

from django.db import transaction

from openprm.kernel.actor import PUBLIC
from openprm.offboarding import rules
from openprm.offboarding.services import checks
from openprm.offboarding.services.exports import find_by_link
from openprm.offboarding.services.unit import record, save


@transaction.atomic
def answer_survey(*, token: str, score: int, text: str, at: datetime) -> None:
    """Keep the answer of whoever holds the signed address; a later one replaces it. Runs in the system's scope. Raises NotFound, Invalid."""
    row = find_by_link(token=token, at=at)
    before = row.snapshot()
    row.survey_score = checks.days("score", score, least=0, most=rules.SURVEY_BEST)
    row.survey_text = checks.text("text", text, longest=2000)
    row.survey_at = at
    save(row)
    record(PUBLIC, "offboarding.survey_answered", row, before=before, at=at)
