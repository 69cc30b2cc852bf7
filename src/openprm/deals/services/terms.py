"""The terms of what was sold: they begin when the deal is won, and their end is what a renewal is about."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from openprm.deals.models import Line, Registration
from openprm.deals.rules.lifecycle import Status
from openprm.deals.rules.renewals import months_until, term_end


def begin(registration: Registration, at: datetime) -> None:
    """Set begin and end of the term of each line that has one."""
    lines = list(Line.objects.filter(registration=registration, term_months__gt=0))
    for line in lines:
        line.term_starts_on = at.date()
        line.term_ends_on = term_end(at.date(), line.term_months)
    Line.objects.bulk_update(lines, ["term_starts_on", "term_ends_on"])


def told(row: Mapping[str, Any], *, won_on: date | None) -> dict[str, Any]:
    """The columns of a line whose term a file tells, in months, by its end, or both; the end counts. Before the win only the months are known."""
    months, ends_on = row.get("term_months") or 0, row.get("term_ends_on")
    if won_on is None or not (months or ends_on):
        return {"term_months": months}
    ends_on = ends_on or term_end(won_on, months)
    return {"term_months": months or months_until(won_on, ends_on), "term_starts_on": won_on, "term_ends_on": ends_on}


def fill(registration: Registration, values: Mapping[str, Any]) -> None:
    """A term that nobody told yet; one that stands is not touched."""
    won_on = registration.closed_at.date() if registration.status == Status.CLOSED_WON and registration.closed_at else None
    columns = told(values, won_on=won_on)
    if any(columns.values()):
        Line.objects.filter(registration=registration, term_months=0, term_ends_on=None).update(**columns)
