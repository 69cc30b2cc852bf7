"""The base schemas of the API: strict on the way in, plain on the way out."""

from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

from openprm.kernel.api.cursors import DEFAULT_LIMIT, MAX_LIMIT

BIGINT = 2**63 - 1
T = TypeVar("T")

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
RequiredLine = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5000)]
RequiredText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]
AmountMinor = Annotated[int, Field(ge=0, le=10**15, description="Money in minor units of the currency: 12345 is 123.45 euro.", examples=[24000000])]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), Field(description="ISO 4217 code.", examples=["EUR"])]
Country = Annotated[str, StringConstraints(pattern=r"^([A-Z]{2})?$"), Field(description="ISO 3166-1 alpha-2 code.", examples=["CZ"])]


class _Named(Schema):
    """A schema is published under its domain and its name, so that two domains may both have a `TaskIn`."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        room = cls.__module__.split(".")
        if room[0] == "openprm" and room[1] != "kernel":
            prefix = room[1].capitalize()
            cls.__name__ = cls.__qualname__ = cls.__name__ if cls.__name__.startswith(prefix) else f"{prefix}{cls.__name__}"


class In(_Named):
    """What a caller sends. Unknown fields are refused, so that a misspelt one is not lost."""

    model_config = ConfigDict(extra="forbid")


class Out(_Named):
    """What a caller receives, read from a frozen result by attribute."""


class MoneyOut(Out):
    """An amount in minor units of its currency: 12345 of EUR is 123.45 euro."""

    minor: int
    currency: str


class Page(Out, Generic[T]):
    """One page of a list, newest first."""

    items: list[T]
    next_cursor: str | None = Field(None, description="Send it as `cursor` to get the next page; null on the last page.")

    @classmethod
    def model_parametrized_name(cls, params: tuple[type[Any], ...]) -> str:
        return f"{params[0].__name__.removesuffix('Out')}Page"


class PageQuery(In):
    """Where in a list to start, and how much to return."""

    cursor: str | None = Field(None, max_length=300, description="`next_cursor` of the page before.")
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT, description="Rows on one page.")


class ProblemField(Out):
    field: str = Field(examples=["lines[0].amount_minor"])
    code: str = Field(examples=["out_of_range"])
    message: str = Field(examples=["Input should be greater than or equal to 0."])


class ProblemOut(Out):
    """A refusal (RFC 9457), sent as application/problem+json. `code` is stable; `detail` is for people."""

    type: str = Field(examples=["urn:openprm:problem:account_already_protected"])
    title: str = Field(examples=["Conflict"])
    status: int = Field(examples=[409])
    code: str = Field(examples=["account_already_protected"])
    detail: str = Field(examples=["Another partner is protected on this customer and product until 22 February 2027."])
    errors: list[ProblemField] = Field(default_factory=list)
    request_id: str = ""


class IdOut(Out):
    id: UUID
