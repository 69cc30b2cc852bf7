"""When we are late ourselves: the partner gets what the published table says (X13)."""

from datetime import datetime
from uuid import UUID

from openprm.conflicts.events import CaseRemedied
from openprm.conflicts.models import ConflictCase, Party
from openprm.conflicts.promisekinds import ANSWER, APPEAL, DECISION, EXPLANATION
from openprm.conflicts.rules.lifecycle import LIVE
from openprm.conflicts.services import remedies
from openprm.conflicts.services.unit import announce, record
from openprm.kernel.actor import SYSTEM

OWED_BY_US = {ANSWER: "answer", EXPLANATION: "explanation", DECISION: "decision", APPEAL: "appeal"}


def remedy_lateness(*, subject_id: UUID, code: str, at: datetime) -> str:
    """Give what follows a promise we missed; once a promise and round. Gives the code of the remedy, or ""."""
    case = _case_of(subject_id)
    if code not in OWED_BY_US or case is None or case.state not in LIVE:
        return ""
    given = remedies.for_lateness(case, OWED_BY_US[code], at)
    if given is None:
        return ""
    record(SYSTEM, "conflict.remedied", case, after={}, at=at, data={"remedy": given.code, "days": given.days, "clause": given.clause})
    announce(CaseRemedied, case, SYSTEM, at, remedy=given.code, days=given.days)
    return given.code


def _case_of(subject_id: UUID) -> ConflictCase | None:
    """The case of a clock: it runs on the case or on one of its sides."""
    case_id = Party.objects.filter(pk=subject_id).values_list("case_id", flat=True).first() or subject_id
    return ConflictCase.objects.filter(pk=case_id).locked().first()
