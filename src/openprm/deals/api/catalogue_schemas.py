"""What goes in and out of the catalogue: product lines, products, territories."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from openprm.kernel.api import AmountMinor, In, Out


class ProductLineIn(In):
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    code: Annotated[str, StringConstraints(max_length=60)] = ""
    position: int = Field(0, ge=0, le=32767)
    is_active: bool = True


class ProductLineOut(Out):
    id: UUID
    code: str
    name: str
    position: int
    is_active: bool


class ProductIn(In):
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=160)]
    product_line_id: UUID
    code: Annotated[str, StringConstraints(max_length=60)] = ""
    list_price_minor: AmountMinor | None = None
    currency: Annotated[str, StringConstraints(pattern=r"^([A-Z]{3})?$")] = ""
    is_active: bool = True


class ProductOut(Out):
    id: UUID
    code: str
    name: str
    product_line_id: UUID
    product_line: str
    list_price_minor: int | None
    currency: str
    is_active: bool
    external_id: str


class TerritoryIn(In):
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    code: Annotated[str, StringConstraints(max_length=40)] = ""
    countries: list[Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]] = Field(default_factory=list, max_length=260)
    is_default: bool = False
    is_active: bool = True


class TerritoryOut(Out):
    id: UUID
    code: str
    name: str
    countries: list[str]
    is_default: bool
    is_active: bool
