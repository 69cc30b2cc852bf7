"""SEPA credit transfers as ISO 20022 pain.001.001.09, in the subset of the EPC rulebook. The same batch gives the same bytes."""

from datetime import UTC
from xml.etree import ElementTree as ET

from openprm.payouts.rules.files.orders import Batch, Order, Payer, decimal_text, plain

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
NAME, LINE = 70, 140


def write(batch: Batch) -> bytes:
    """Raises ValueError for another currency than the euro or an empty batch."""
    if not batch.orders or any(order.currency != "EUR" for order in batch.orders):
        raise ValueError("a SEPA file pays euro, and something")
    root = ET.Element("Document", {"xmlns": NAMESPACE})
    message = ET.SubElement(root, "CstmrCdtTrfInitn")
    _header(message, batch)
    _instruction(message, batch)
    ET.indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="utf-8") + b"\n"


def _put(parent: ET.Element, path: str, text: str, **attributes: str) -> ET.Element:
    """Elements on the way that are there already are used again; the last one is new."""
    *way, last = path.split("/")
    for name in way:
        found = parent.find(name)
        parent = ET.SubElement(parent, name) if found is None else found
    element = ET.SubElement(parent, last, attributes)
    element.text = text
    return element


def _header(message: ET.Element, batch: Batch) -> None:
    header = ET.SubElement(message, "GrpHdr")
    _put(header, "MsgId", batch.number)
    _put(header, "CreDtTm", batch.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    _put(header, "NbOfTxs", str(len(batch.orders)))
    _put(header, "CtrlSum", decimal_text(batch.total))
    _put(header, "InitgPty/Nm", plain(batch.payer.name, NAME))


def _instruction(message: ET.Element, batch: Batch) -> None:
    group = ET.SubElement(message, "PmtInf")
    _put(group, "PmtInfId", f"{batch.number}-1")
    _put(group, "PmtMtd", "TRF")
    _put(group, "NbOfTxs", str(len(batch.orders)))
    _put(group, "CtrlSum", decimal_text(batch.total))
    _put(group, "PmtTpInf/SvcLvl/Cd", "SEPA")
    _put(group, "ReqdExctnDt/Dt", batch.pay_on.isoformat())
    _debtor(group, batch.payer)
    _put(group, "ChrgBr", "SLEV")
    for order in batch.orders:
        _transfer(group, order)


def _debtor(group: ET.Element, payer: Payer) -> None:
    _put(group, "Dbtr/Nm", plain(payer.name, NAME))
    _put(group, "DbtrAcct/Id/IBAN", payer.account)
    _agent(group, "DbtrAgt", payer.bic)


def _agent(parent: ET.Element, name: str, bic: str) -> None:
    if bic:
        _put(parent, f"{name}/FinInstnId/BICFI", bic)
    else:
        _put(parent, f"{name}/FinInstnId/Othr/Id", "NOTPROVIDED")


def _transfer(group: ET.Element, order: Order) -> None:
    transfer = ET.SubElement(group, "CdtTrfTxInf")
    _put(transfer, "PmtId/InstrId", order.reference)
    _put(transfer, "PmtId/EndToEndId", order.reference)
    _put(transfer, "Amt/InstdAmt", decimal_text(order.amount_minor), Ccy=order.currency)
    if order.bic:
        _agent(transfer, "CdtrAgt", order.bic)
    creditor = ET.SubElement(transfer, "Cdtr")
    _put(creditor, "Nm", plain(order.name, NAME))
    _address(creditor, order)
    _put(transfer, "CdtrAcct/Id/IBAN", order.account)
    if order.about:
        _put(transfer, "RmtInf/Ustrd", plain(order.about, LINE))


def _address(creditor: ET.Element, order: Order) -> None:
    """The structured address: street, postal code, town, country, in the order of the schema."""
    parts = (("StrtNm", plain(order.street, 70)), ("PstCd", plain(order.postal_code, 16)), ("TwnNm", plain(order.city, 35)), ("Ctry", order.country))
    for name, text in parts:
        if text:
            _put(creditor, f"PstlAdr/{name}", text)
