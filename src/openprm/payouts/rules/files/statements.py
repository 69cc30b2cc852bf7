"""Bank statements: what was booked, from a CSV file or from ISO 20022 camt.053."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from defusedxml import ElementTree as ET
from defusedxml.common import DefusedXmlException

REFERENCE = re.compile(r"\bPY-\d{6,12}\b")
MOST = 20_000
COLUMNS = {
    "date": ("date", "booking date", "value date"),
    "amount": ("amount",),
    "currency": ("currency", "ccy"),
    "text": ("reference", "end to end id", "text", "description"),
    "reason": ("reason", "return reason"),
}


class BadStatement(ValueError):
    """`code` says which sentence fits, `line` where it is."""

    def __init__(self, code: str, line: int = 0, name: str = ""):
        self.code, self.line, self.name = code, line, name
        super().__init__(f"{code} {line} {name}")


@dataclass(frozen=True, slots=True)
class Booked:
    """One booking: money that left (negative) or came back (positive), with the payment's number when it names one."""

    on: date
    amount: Decimal
    currency: str
    reference: str
    text: str
    reason: str = ""


def read(content: bytes) -> tuple[str, tuple[Booked, ...]]:
    """(format, bookings). Raises BadStatement."""
    if content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return "camt.053", _capped(_camt(content))
    return "csv", _capped(_csv(content))


def _capped(rows: Iterator[Booked]) -> tuple[Booked, ...]:
    found: list[Booked] = []
    for row in rows:
        found.append(row)
        if len(found) > MOST:
            raise BadStatement("too_many")
    if not found:
        raise BadStatement("empty")
    return tuple(found)


def _csv(content: bytes) -> Iterator[Booked]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadStatement("encoding") from None
    head = text.split("\n", 1)[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ",")
    names = _columns(reader.fieldnames or ())
    for number, row in enumerate(reader, start=2):
        if any((value or "").strip() for value in row.values() if isinstance(value, str)):
            yield _line(number, {key: (row.get(name) or "").strip() for key, name in names.items()})


def _columns(given: object) -> dict[str, str]:
    known = {str(name).strip().lower().replace("_", " "): str(name) for name in given}  # type: ignore[attr-defined]
    found = {key: next((known[one] for one in names if one in known), "") for key, names in COLUMNS.items()}
    for key in ("date", "amount", "currency", "text"):
        if not found[key]:
            raise BadStatement("column", 1, key)
    return {key: name for key, name in found.items() if name}


def _line(number: int, row: dict[str, str]) -> Booked:
    try:
        on, amount = date.fromisoformat(row["date"]), Decimal(row["amount"])
    except (ValueError, InvalidOperation):
        raise BadStatement("line", number) from None
    if not amount.is_finite() or abs(amount) > 10**13 or not re.fullmatch(r"[A-Z]{3}", row["currency"]):
        raise BadStatement("line", number)
    return Booked(on, amount, row["currency"], _reference(row["text"]), row["text"][:200], row.get("reason", "")[:200])


def _reference(text: str) -> str:
    found = REFERENCE.search(text.upper())
    return found.group() if found else ""


def _camt(content: bytes) -> Iterator[Booked]:
    try:
        root = ET.fromstring(content, forbid_dtd=True)
    except (ET.ParseError, DefusedXmlException, ValueError):
        raise BadStatement("xml") from None
    if not re.fullmatch(r"\{urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.\d\d\}Document", root.tag):
        raise BadStatement("camt")
    space = {"c": root.tag[1:].split("}")[0]}
    for number, entry in enumerate(root.iterfind(".//c:Ntry", space), start=1):
        yield from _entry(number, entry, space)


def _entry(number: int, entry: object, space: dict[str, str]) -> Iterator[Booked]:
    """The transactions of an entry, or the entry itself where it has none."""
    find = lambda node, path: (node.findtext(path, "", space) or "").strip()  # noqa: E731
    try:
        on = date.fromisoformat((find(entry, "c:BookgDt/c:Dt") or find(entry, "c:BookgDt/c:DtTm") or find(entry, "c:ValDt/c:Dt"))[:10])
        for one in entry.findall(".//c:TxDtls", space) or [entry]:  # type: ignore[attr-defined]
            amount = one.find("c:Amt", space)
            amount = entry.find("c:Amt", space) if amount is None else amount  # type: ignore[attr-defined]
            sign = -1 if (find(one, "c:CdtDbtInd") or find(entry, "c:CdtDbtInd")) == "DBIT" else 1
            words = " ".join(filter(None, (find(one, "c:Refs/c:EndToEndId"), find(one, ".//c:Ustrd"))))
            yield Booked(on, sign * Decimal(amount.text), amount.get("Ccy", ""), _reference(words), words[:200], find(one, ".//c:RtrInf//c:Cd")[:200])
    except (ValueError, InvalidOperation, TypeError, AttributeError):
        raise BadStatement("entry", number) from None
