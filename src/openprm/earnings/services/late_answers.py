"""What we owe a partner because we answered late: a credit by the published rule (X13, deals.events.DealRemedied). In the system's scope."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.earnings.models import Earning
from openprm.earnings.rules.states import Kind
from openprm.earnings.services.adjusting import write
from openprm.earnings.services.review import Ground, set_approved
from openprm.earnings.services.unit import lock
from openprm.kernel.actor import SYSTEM
from openprm.kernel.ids import new_id
from openprm.partners import queries as partners


def credit_late_answer(
    *, registration_id: UUID, partner_id: UUID, number: str, credit_minor: int, currency: str, clause: str, clause_text: str, at: datetime
) -> UUID | None:
    """One line that is owed at once, on the ground of the clause; once for a registration, however often it is called. Gives the line's id."""
    key = f"late_answer:{registration_id}"
    lock(key)
    if credit_minor <= 0 or Earning.objects.filter(partner_id=partner_id, source_key=key).exists():
        return None
    enrollment = partners.enrollment(partner_id, at)
    reason = _("Our answer on %(number)s was late.") % {"number": number}
    line = Earning(
        id=new_id(), partner_id=partner_id, program_id=enrollment.program_id if enrollment else None, kind=Kind.ADJUSTMENT, line_key="late_answer",
        source_key=key, label=reason[:200], about=number, occurred_on=at.date(), earned_on=at.date(), amount_minor=credit_minor, currency=currency,
        reason=reason,
    )  # fmt: skip
    set_approved(line, SYSTEM, Ground(clause=clause, text=clause_text, reason=reason), at)
    return write(SYSTEM, line, "earning.credited_late_answer", at).pk
