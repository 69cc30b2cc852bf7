"""DATEV's batch of bookings ("EXTF Buchungsstapel", category 21, format version 13): what a tax adviser in Germany or Austria imports.

One row books one amount between an account and its counter account, so entries of many legs become several rows. The first
row of the file describes the batch, the second names the 125 columns. Encoded in Windows-1252, CRLF, decimal comma.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from openprm.ledger.rules.journals.model import Batch, Booking, JournalEntry, NotForThisFormat, one_line, pairs

VERSION, CATEGORY, FORMAT = 700, 21, 13
TEXT, DOCUMENT, NAME = 60, 36, 30
FORMULA = ("=", "+", "-", "@")

COLUMNS = (
    "Umsatz (ohne Soll/Haben-Kz)", "Soll/Haben-Kennzeichen", "WKZ Umsatz", "Kurs", "Basis-Umsatz", "WKZ Basis-Umsatz", "Konto",
    "Gegenkonto (ohne BU-Schlüssel)",
    "BU-Schlüssel", "Belegdatum", "Belegfeld 1", "Belegfeld 2", "Skonto", "Buchungstext", "Postensperre", "Diverse Adressnummer", "Geschäftspartnerbank",
    "Sachverhalt", "Zinssperre", "Beleglink",
    *(f"Beleginfo - {part} {number}" for number in range(1, 9) for part in ("Art", "Inhalt")),
    "KOST1 - Kostenstelle", "KOST2 - Kostenstelle", "Kost-Menge", "EU-Land u. UStID (Bestimmung)", "EU-Steuersatz (Bestimmung)", "Abw. Versteuerungsart",
    "Sachverhalt L+L", "Funktionsergänzung L+L", "BU 49 Hauptfunktionstyp", "BU 49 Hauptfunktionsnummer", "BU 49 Funktionsergänzung",
    *(f"Zusatzinformation - {part} {number}" for number in range(1, 21) for part in ("Art", "Inhalt")),
    "Stück", "Gewicht", "Zahlweise", "Forderungsart", "Veranlagungsjahr", "Zugeordnete Fälligkeit", "Skontotyp", "Auftragsnummer", "Buchungstyp",
    "USt-Schlüssel (Anzahlungen)", "EU-Land (Anzahlungen)", "Sachverhalt L+L (Anzahlungen)", "EU-Steuersatz (Anzahlungen)", "Erlöskonto (Anzahlungen)",
    "Herkunft-Kz", "Buchungs GUID", "KOST-Datum", "SEPA-Mandatsreferenz", "Skontosperre", "Gesellschaftername", "Beteiligtennummer", "Identifikationsnummer",
    "Zeichnernummer", "Postensperre bis", "Bezeichnung SoBil-Sachverhalt", "Kennzeichen SoBil-Buchung", "Festschreibung", "Leistungsdatum",
    "Datum Zuord. Steuerperiode", "Fälligkeit", "Generalumkehr (GU)", "Steuersatz", "Land", "Abrechnungsreferenz", "BVV-Position",
    "EU-Land u. UStID (Ursprung)", "EU-Steuersatz (Ursprung)", "Abw. Skontokonto",
)  # fmt: skip
_PLACE = {name: place for place, name in enumerate(COLUMNS)}


def datev(batch: Batch) -> bytes:
    """The batch as a file. Raises NotForThisFormat: an account that is no number, a span over two fiscal
    years, an amount of three decimals."""
    lines = [_head(batch), ";".join(COLUMNS), *(_row(entry, one, batch) for entry in batch.entries for one in pairs(entry.legs))]
    return ("\r\n".join(lines) + "\r\n").encode("cp1252", errors="replace")


def fiscal_year(day: date, first_month: int) -> date:
    """The first day of the fiscal year of `day`."""
    return date(day.year if day.month >= first_month else day.year - 1, first_month, 1)


def _head(batch: Batch) -> str:
    first_month = batch.settings.get("fiscal_year_start", 1)
    year = fiscal_year(batch.since, first_month)
    if fiscal_year(batch.until, first_month) != year:
        raise NotForThisFormat("two_years", f"{batch.since} - {batch.until}")
    made = f"{batch.made_at:%Y%m%d%H%M%S}{batch.made_at.microsecond // 1000:03d}"
    fields = (
        '"EXTF"', VERSION, CATEGORY, '"Buchungsstapel"', FORMAT, made, "", '"OP"', _text(batch.made_by, 25), '""',
        batch.settings.get("datev_consultant", 1001), batch.settings.get("datev_client", 1), f"{year:%Y%m%d}", batch.settings.get("datev_account_length", 4),
        f"{batch.since:%Y%m%d}", f"{batch.until:%Y%m%d}", _text(f"OpenPRM {batch.since:%Y-%m}", NAME), '""', 1, 0, int(batch.is_closed),
        f'"{batch.base_currency}"', "", '""', "", "", '""', "", "", '""', '""',
    )  # fmt: skip
    return ";".join(map(str, fields))


def _row(entry: JournalEntry, booking: Booking, batch: Batch) -> str:
    cells = [""] * len(COLUMNS)
    for name, value in _cells(entry, booking, batch):
        cells[_PLACE[name]] = value
    return ";".join(cells)


def _cells(entry: JournalEntry, booking: Booking, batch: Batch) -> Iterator[tuple[str, str]]:
    leg = booking.debit
    amount = Decimal(booking.amount_minor).scaleb(-leg.places)
    if amount != round(amount, 2):
        raise NotForThisFormat("places", f"{entry.number}: {amount} {leg.currency}")
    yield "Umsatz (ohne Soll/Haben-Kz)", f"{amount:.2f}".replace(".", ",")
    yield "Soll/Haben-Kennzeichen", '"S"'
    yield "WKZ Umsatz", f'"{leg.currency}"'
    yield from _rate(entry, leg.currency, batch.base_currency)
    yield "Konto", _account(leg.code, batch)
    yield "Gegenkonto (ohne BU-Schlüssel)", _account(booking.credit.code, batch)
    yield "Belegdatum", f"{entry.day:%d%m}"
    yield "Belegfeld 1", _text(entry.number, DOCUMENT)
    yield "Buchungstext", _text(entry.text, TEXT)
    yield "Festschreibung", str(int(batch.is_closed))


def _rate(entry: JournalEntry, currency: str, base: str) -> Iterator[tuple[str, str]]:
    """DATEV's rate: units of the foreign currency for one unit of the books' own."""
    if currency == base or not entry.fx_rate or {entry.fx_currency, entry.fx_to} != {currency, base}:
        return
    rate = entry.fx_rate if entry.fx_currency == base else 1 / entry.fx_rate
    yield "Kurs", f"{rate:.6f}".replace(".", ",")


def _account(code: str, batch: Batch) -> str:
    """A general account as long as the client's, or one longer for persons."""
    longest = batch.settings.get("datev_account_length", 4) + 1
    if not code.isascii() or not code.isdigit() or len(code) > longest:
        raise NotForThisFormat("account", code)
    return code


def _text(text: str, longest: int) -> str:
    kept = one_line(text, longest).replace('"', "'")
    return f'"{chr(39) + kept[: longest - 1] if kept.startswith(FORMULA) else kept}"'
