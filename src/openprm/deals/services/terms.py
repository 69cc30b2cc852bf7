"""The terms of what was sold: they begin when the deal is won, and their end is what a renewal is about."""

from datetime import datetime

from openprm.deals.models import Line, Registration
from openprm.deals.rules.renewals import term_end


def begin(registration: Registration, at: datetime) -> None:
    """Set begin and end of the term of each line that has one."""
    lines = list(Line.objects.filter(registration=registration, term_months__gt=0))
    for line in lines:
        line.term_starts_on = at.date()
        line.term_ends_on = term_end(at.date(), line.term_months)
    Line.objects.bulk_update(lines, ["term_starts_on", "term_ends_on"])
