"""The kinds of value that onboarding's requests share."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field, StringConstraints, WithJsonSchema

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
About = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Long = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,30}\.[a-z0-9_]{1,48}$")]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Lock = Annotated[int, Field(ge=1, le=2_000_000_000)]
Amount = Annotated[
    Decimal,
    Field(ge=Decimal("-999999999999.99"), le=Decimal("999999999999.99"), decimal_places=2),
    WithJsonSchema({"type": "number", "minimum": -999999999999.99, "maximum": 999999999999.99, "multipleOf": 0.01}),
]
