"""The books of a span as a file."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime

from django.conf import settings
from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.errors import Invalid
from openprm.kernel.money import minor_units
from openprm.ledger import policies
from openprm.ledger.models import Entry
from openprm.ledger.queries.codes import code_rows, export_settings
from openprm.ledger.queries.kinds import entry_label, title_of
from openprm.ledger.queries.months import is_closed
from openprm.ledger.rules.journals import FORMATS, Batch, JournalEntry, JournalLeg, NotForThisFormat
from openprm.ledger.rules.journals.xero import LINES_AT_MOST as XERO_LINES

LEGS_AT_MOST = 500_000
ZIP = b"PK\x03\x04"
NAMES = {"general": "general-ledger", "datev": "EXTF_Buchungsstapel", "xero": "xero-manual-journals", "quickbooks": "quickbooks-journal-entries"}


def export(actor: Actor, *, format: str, since: date, until: date, at: datetime) -> tuple[str, bytes]:
    """A file name and the file of everything booked between two days, both included; a ZIP when the format asks for several files.

    Raises Invalid for what the format cannot say.
    """
    if format not in FORMATS:
        raise Invalid(_("Choose one of the formats: %(formats)s.") % {"formats": ", ".join(FORMATS)}, field="format")
    if until < since:
        raise Invalid(_("The last day comes before the first."), field="until")
    try:
        body = FORMATS[format](_batch(actor, format, since, until, at))
    except NotForThisFormat as refused:
        raise Invalid(_sentence(refused), field="format", code=f"export_{refused.reason}") from None
    return f"{NAMES[format]}_{since:%Y%m%d}_{until:%Y%m%d}.{'zip' if body.startswith(ZIP) else 'csv'}", body


def content_type(name: str, format: str) -> str:
    """How a file of this name and format is sent."""
    if name.endswith(".zip"):
        return "application/zip"
    return "text/csv; charset=" + ("windows-1252" if format == "datev" else "utf-8")


def _batch(actor: Actor, format: str, since: date, until: date, at: datetime) -> Batch:
    codes = {row.kind: row.code(format if format != "general" else "") for row in code_rows()}
    return Batch(
        since=since, until=until, entries=_entries(actor, codes, since, until), base_currency=settings.OPENPRM_CURRENCY, made_at=at, made_by=actor.name,
        is_closed=is_closed(until), settings=asdict(export_settings()),
    )  # fmt: skip


def _entries(actor: Actor, codes: Mapping[str, str], since: date, until: date) -> list[JournalEntry]:
    legs = policies.reach_legs(actor).filter(value_date__range=(since, until))
    if legs.count() > LEGS_AT_MOST:
        raise Invalid(_("This span has more than %(most)s legs. Export it in parts.") % {"most": f"{LEGS_AT_MOST:,}"}, field="until")
    rows = legs.select_related("entry__partner").order_by("entry__number", "id").values_list("entry_id", "account__kind", "currency", "amount_minor")
    by_entry: dict = {}
    for entry_id, kind, currency, minor in rows.iterator(chunk_size=5000):
        by_entry.setdefault(entry_id, []).append(_leg(kind, currency, minor, codes))
    found = policies.reach_entries(actor).filter(value_date__range=(since, until)).select_related("partner").order_by("number")
    return [_entry(row, tuple(by_entry.get(row.pk, ()))) for row in found.iterator(chunk_size=5000)]


def _leg(kind: str, currency: str, minor: int, codes: Mapping[str, str]) -> JournalLeg:
    return JournalLeg(code=codes.get(kind, kind), account=title_of(kind), amount_minor=minor, currency=currency, places=minor_units(currency))


def _entry(row: Entry, legs: tuple[JournalLeg, ...]) -> JournalEntry:
    return JournalEntry(
        number=row.label, day=row.value_date, kind=entry_label(row.kind), memo=row.memo, partner=row.partner.name if row.partner else "", legs=legs,
        posted_at=row.posted_at, by=row.by_name, fx_rate=row.fx_rate, fx_currency=row.fx_currency, fx_to=row.fx_to,
    )  # fmt: skip


def _sentence(refused: NotForThisFormat) -> str:
    sentences = {
        "two_years": _("DATEV takes one fiscal year in a file, and %(place)s lies in two. Export them one after the other."),
        "account": _("DATEV takes accounts of digits, as long as your client's or one longer, and “%(place)s” is none. Change it under account codes."),
        "lines": _("Xero takes %(most)d lines in a file, and %(place)s alone has more. Export this span in another format."),
        "places": _("DATEV takes two decimals, and %(place)s has three. Export this entry in another format."),
    }
    return sentences[refused.reason] % {"place": refused.place, "most": XERO_LINES}
