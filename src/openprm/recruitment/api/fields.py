"""The kinds of value that recruiting's requests share."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from openprm.kernel.api import Out

Stage = Literal["identified", "contacted", "engaged", "qualified", "invited", "lost"]
Kind = Literal[
    "technology", "certification", "skill", "industry", "headcount", "revenue", "founded", "ownership", "location", "hiring", "funding", "social", "news"
]  # fmt: skip
Type = Literal["reseller", "distributor", "var", "msp", "si", "isv", "referral", "affiliate", "consultant"]
Motion = Literal["influence", "transact", "solution", "retain"]
Host = Annotated[str, StringConstraints(strip_whitespace=True, max_length=253)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)]
Mail = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)]
Facts = dict[Short, int | Word | Annotated[list[Word], Field(max_length=60)] | None]


class PartnerIdOut(Out):
    partner_id: UUID


def named(row: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def amounts(row: Any) -> dict[str, Any]:
    return {"amount_minor": row.amount.minor, "at_risk_minor": row.at_risk.minor, "currency": row.amount.currency}
