"""Payment files: the structure of the published schema, records that balance, cells that no spreadsheet runs."""

import re
from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET

import pytest

from openprm.payouts.rules.files import nacha, pain001, table
from openprm.payouts.rules.files.orders import Batch, Order, Payer, plain

MADE = datetime(2026, 11, 23, tzinfo=UTC)
VENDOR = Payer(
    name="Halden Software AS", account="DE89370400440532013000", bic="COBADEFFXXX", routing="091000019", bank_name="Wells Fargo", company_id="1911144442"
)

# The part of pain.001.001.09 that the EPC's rulebook uses: element -> its children in the order of the schema (* = must be there), or a pattern.
TEXT = r"[a-zA-Z0-9/?:().,'+ -]"
IBAN, BIC = r"[A-Z]{2}[0-9]{2}[a-zA-Z0-9]{1,30}", r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?"
AMOUNT, ID35 = r"\d{1,16}\.\d{2}", rf"{TEXT}{{1,35}}"
AGENT = {"FinInstnId*": {"BICFI": BIC, "ClrSysMmbId": "", "LEI": "", "Nm": "", "PstlAdr": "", "Othr": {"Id*": ID35}}}
ADDRESS = {"Dept": "", "SubDept": "", "StrtNm": rf"{TEXT}{{1,70}}", "BldgNb": "", "PstCd": rf"{TEXT}{{1,16}}", "TwnNm": rf"{TEXT}{{1,35}}", "Ctry": "[A-Z]{2}"}
PARTY = {"Nm": rf"{TEXT}{{1,70}}", "PstlAdr": ADDRESS, "Id": "", "CtryOfRes": ""}
ACCOUNT = {"Id": {"IBAN": IBAN}, "Tp": "", "Ccy": "[A-Z]{3}"}
TRANSFER = {
    "PmtId*": {"InstrId": ID35, "EndToEndId*": ID35}, "PmtTpInf": "", "Amt*": {"InstdAmt": AMOUNT}, "ChrgBr": "SLEV", "UltmtDbtr": PARTY, "IntrmyAgt1": AGENT,
    "CdtrAgt": AGENT, "CdtrAgtAcct": ACCOUNT, "Cdtr": PARTY, "CdtrAcct": ACCOUNT, "UltmtCdtr": PARTY, "Purp": "", "RmtInf": {"Ustrd": rf"{TEXT}{{1,140}}"},
}  # fmt: skip
GROUP = {
    "PmtInfId*": ID35, "PmtMtd*": "TRF", "BtchBookg": "true|false", "NbOfTxs": r"\d{1,15}", "CtrlSum": AMOUNT, "PmtTpInf": {"SvcLvl": {"Cd": "SEPA"}},
    "ReqdExctnDt*": {"Dt": r"\d{4}-\d\d-\d\d"}, "PoolgAdjstmntDt": "", "Dbtr*": PARTY, "DbtrAcct*": ACCOUNT, "DbtrAgt*": AGENT, "ChrgBr": "SLEV",
    "CdtTrfTxInf*": TRANSFER,
}  # fmt: skip
HEADER = {"MsgId*": ID35, "CreDtTm*": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "NbOfTxs*": r"\d{1,15}", "CtrlSum": AMOUNT, "InitgPty*": PARTY}
SCHEMA = {"CstmrCdtTrfInitn*": {"GrpHdr*": HEADER, "PmtInf*": GROUP}}


def faults(element: ET.Element, shape) -> list[str]:
    """Where an element is not as the schema says: unknown, out of order, missing, or with other signs."""
    name = element.tag.split("}")[1]
    if isinstance(shape, str):
        return [] if re.fullmatch(shape, element.text or "") else [f"{name}: {element.text!r}"]
    order = [key.rstrip("*") for key in shape]
    names = [child.tag.split("}")[1] for child in element]
    found = [f"{name}/{one} is not known" for one in names if one not in order]
    if not found and names != sorted(names, key=order.index):
        found.append(f"{name}: {names} out of order")
    found += [f"{name}/{key[:-1]} is missing" for key in shape if key.endswith("*") and key[:-1] not in names]
    for child in element:
        key = child.tag.split("}")[1]
        part = shape.get(key, shape.get(f"{key}*"))
        if part is not None:
            found += faults(child, part)
    return found


def order(number: int = 1, **values) -> Order:
    given = {
        "reference": f"PY-{number:06d}", "amount_minor": 1234_56, "currency": "EUR", "name": "Bäckerei Müller & Söhne GmbH", "account": "FI2112345600000785",
        "bic": "NDEAFIHH", "country": "FI", "street": "Ålandsgatan 3", "postal_code": "00100", "city": "Helsinki", "about": "PY-000001",
    }  # fmt: skip
    return Order(**{**given, **values})


def us(number: int = 1, **values) -> Order:
    return order(number, **{"currency": "USD", "routing": "091000019", "account": "12345678", "bic": "", **values})


def batch(*orders: Order) -> Batch:
    return Batch(number="PR-000123", made_at=MADE, pay_on=date(2026, 11, 25), payer=VENDOR, orders=orders)


def test_a_sepa_file_has_the_structure_of_the_published_schema():
    content = pain001.write(batch(order(1), order(2, bic="", street="", name="李明 Trading"), order(3, amount_minor=1)))
    root = ET.fromstring(content)

    assert root.tag == "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.09}Document"
    assert faults(root, SCHEMA) == []
    space = {"p": pain001.NAMESPACE}
    assert [root.findtext(f".//p:{place}/p:CtrlSum", "", space) for place in ("GrpHdr", "PmtInf")] == ["2469.13", "2469.13"]
    assert [root.findtext(f".//p:{place}/p:NbOfTxs", "", space) for place in ("GrpHdr", "PmtInf")] == ["3", "3"]
    assert root.findtext(".//p:Cdtr/p:Nm", "", space) == "Backerei Muller Sohne GmbH"
    assert content == pain001.write(batch(order(1), order(2, bic="", street="", name="李明 Trading"), order(3, amount_minor=1)))


def test_the_check_of_the_structure_sees_what_is_wrong():
    content = pain001.write(batch(order())).replace(b"<MsgId>PR-000123</MsgId>", b"").replace(b"SLEV", b"XXXX")
    assert faults(ET.fromstring(content), SCHEMA) == ["GrpHdr/MsgId is missing", "ChrgBr: 'XXXX'"]


def test_a_nacha_file_balances_in_every_control():
    content = nacha.write(batch(us(1), us(2, is_company=False, routing="121000248", amount_minor=5), us(3, amount_minor=100_00))).decode("ascii")
    lines = content.split("\r\n")[:-1]

    assert {len(line) for line in lines} == {94}
    assert len(lines) % 10 == 0
    assert [line[0] for line in lines] == list("15668568" + "9" * 2)
    entries = [line for line in lines if line[0] == "6"]
    hashed = sum(int(line[3:11]) for line in entries)
    control = lines[8]
    assert (control[1:7], control[7:13], control[13:21]) == ("000002", "000001", "00000003")
    assert control[21:31] == f"{hashed % 10**10:010d}"
    assert (control[31:43], control[43:55]) == ("0" * 12, f"{1334_61:012d}")
    assert [(line[4:10], line[10:20], line[32:44]) for line in lines if line[0] == "8"] == [
        ("000002", f"{9100001 * 2:010d}", f"{1334_56:012d}"), ("000001", f"{12100024:010d}", f"{5:012d}"),
    ]  # fmt: skip
    assert [line[79:94] for line in entries] == ["091000010000001", "091000010000002", "091000010000003"]
    assert [line[50:53] for line in lines if line[0] == "5"] == ["CCD", "PPD"]


@pytest.mark.parametrize(("write", "orders"), [(pain001.write, ()), (pain001.write, (us(),)), (nacha.write, (order(),)), (nacha.write, (us(amount_minor=0),))])
def test_a_file_pays_its_own_currency_and_something(write, orders):
    with pytest.raises(ValueError, match="something"):
        write(batch(*orders))


def test_a_csv_cell_is_never_run_by_a_spreadsheet():
    lines = table.write(batch(order(name='=HYPERLINK("x")', amount_minor=5)), 2).decode().splitlines()
    assert lines[1].startswith('PY-000001,"\'=HYPERLINK(""x"")",0.05,EUR,')


def test_words_are_written_in_the_signs_that_every_bank_reads():
    assert plain("Łódź <script> & Co/", 40) == "Lodz script Co"
