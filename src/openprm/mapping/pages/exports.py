"""Companies as a CSV file, however many there are."""

import csv
import io
from collections.abc import Iterable

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from openprm.kernel.http import Request
from openprm.mapping import queries
from openprm.ui.exports import neutral

AT_ONCE = 2_000


def _portions(rows: QuerySet) -> Iterable[list]:
    part = []
    for row in rows.iterator(chunk_size=AT_ONCE):
        part.append(row)
        if len(part) == AT_ONCE:
            yield part
            part = []
    if part:
        yield part


def overlaps(request: Request, rows: QuerySet, name: str) -> tuple[HttpResponse, int]:
    """The companies of a cell, and how many."""
    heading = [
        _("Our id"),
        _("Our name"),
        _("Their name"),
        _("Domain"),
        _("Country"),
        _("City"),
        _("Score"),
        _("Matched on"),
        _("Our open deals"),
        _("Their open deals"),
    ]
    lines = (
        [
            one.mine.key,
            one.mine.name,
            one.theirs.name,
            one.mine.domain or one.theirs.domain,
            one.theirs.country or one.mine.country,
            one.theirs.city or one.mine.city,
            f"{one.percent}",
            "+".join(one.matched_on),
            _amounts(one.mine),
            _amounts(one.theirs),
        ]
        for part in _portions(rows)
        for one in queries.overlaps(request.actor, part, request.at)
    )
    return _file(name, heading, lines)


def companies(request: Request, rows: QuerySet, name: str) -> tuple[HttpResponse, int]:
    """Companies of one list, and how many."""
    heading = [_("Name"), _("Domain"), _("Country"), _("City"), _("Open deals")]
    lines = (
        [one.name, one.domain, one.country, one.city, _amounts(one)] for part in _portions(rows) for one in queries.companies(request.actor, part, request.at)
    )
    return _file(name, heading, lines)


def _amounts(one: queries.CompanyView) -> str:
    return "; ".join(f"{money.major} {money.currency}" for money in one.deals)


def _file(name: str, heading: list[str], lines: Iterable[list[str]]) -> tuple[HttpResponse, int]:
    out = io.StringIO(newline="")
    writer, count = csv.writer(out), 0
    writer.writerow(heading)
    for count, line in enumerate(lines, start=1):  # noqa: B007  the last number is how many there were
        writer.writerow([neutral(str(cell)) for cell in line])
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
    return HttpResponse(f"\ufeff{out.getvalue()}".encode(), content_type="text/csv; charset=utf-8", headers=headers), count
