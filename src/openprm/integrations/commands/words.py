"""The report of an import as text for a terminal."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from openprm.integrations.queries import ImportView

HEADINGS = {
    "refused": "Refused",
    "unmatched": "Not recognised, left empty",
    "ambiguous": "Could be several, left empty",
    "repaired": "Repaired",
    "assumed": "Assumed",
    "kept": "Not on our list, kept as written",
    "empty": "Empty, kept so",
    "unmapped": "Columns not used",
}
SHOWN = 40


def report(found: ImportView, *, is_trial: bool) -> str:
    """Everything the import did or would do, in the order a person asks."""
    return "\n".join([*_head(found, is_trial), *_files(found), *_findings(found), *_totals(found), *_end(found, is_trial)])


def _head(found: ImportView, is_trial: bool) -> Iterator[str]:
    yield f"{'Trial of ' if is_trial else ''}{found.name} (source {found.source or 'none'})"
    if found.message:
        yield found.message


def _files(found: ImportView) -> Iterator[str]:
    yield ""
    yield f"{'file':<24}{'rows are':<16}{'rows':>8}{'created':>9}{'changed':>9}{'same':>8}{'refused':>9}"
    for file in found.files:
        counts = file.counts
        yield f"{file.name:<24}{file.entity:<16}{file.rows:>8,}{counts['create']:>9,}{counts['update']:>9,}{counts['same']:>8,}{counts['refuse']:>9,}"


def _findings(found: ImportView) -> Iterator[str]:
    heading = ""
    shown = 0
    for finding in found.findings:
        if finding["kind"] != heading:
            heading, shown = finding["kind"], 0
            yield ""
            yield f"{HEADINGS[heading]}:"
        shown += 1
        if shown <= SHOWN:
            yield f"  {_finding(finding)}"
        elif shown == SHOWN + 1:
            yield "  ... more in the report of this import"


def _finding(one: dict[str, Any]) -> str:
    place = f"{one['file']}, {one['column']}" if one["column"] else one["file"]
    text = f": “{one['text']}”" if one["text"] and one["kind"] != "refused" else f": {one['text']}" if one["text"] else ""
    became = f" -> {one['became']}" if one["became"] else ""
    rows = ", ".join(map(str, one["rows"][:8])) + (", ..." if one["count"] > 8 else "")
    return f"{place}{text}{became}" + (f" ({one['count']:,} rows: {rows})" if one["rows"] else "")


def _totals(found: ImportView) -> Iterator[str]:
    if not found.checks:
        return
    yield ""
    yield f"{'partner':<28}{'rows':>8}{'won':>8}{'won value, database':>24}{'won value, file':>24}"
    for one in found.checks:
        label = "Sum" if one.get("is_sum") else one["label"] or "(no partner)"
        mark = "" if one["is_equal"] else f"  DIFFERENT (file: {one['rows_in_file']:,} rows, {one['counted_in_file']:,} won)"
        sums = f"{_amount(one, 'database_minor'):>24}{_amount(one, 'file_minor'):>24}"
        yield f"{label:<28}{one['rows_in_database']:>8,}{one['counted_in_database']:>8,}{sums}{mark}"
    if found.differences:
        yield "The database and the file differ."
    else:
        yield "The sums of the database equal the sums of the file, partner by partner."


def _amount(one: dict[str, Any], name: str) -> str:
    return f"{Decimal(one[name]).scaleb(-one['places']):,} {one['currency']}"


def _end(found: ImportView, is_trial: bool) -> Iterator[str]:
    yield ""
    if is_trial:
        yield "Nothing was changed: this was a trial."
    elif found.status == "done":
        yield f"Done. To take it back: openprm import-undo {found.id}"
    else:
        yield _("Nothing was changed.")
