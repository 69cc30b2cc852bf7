"""Results of the queries in the shapes of the API."""

from typing import Any

from openprm.funds.api import schemas
from openprm.kernel.money import Money


def plain(found: Any, shape: Any) -> dict[str, Any]:
    """The fields of `shape`, read by name; money, rows and nested shapes included."""
    return {name: _value(getattr(found, name), field.annotation) for name, field in shape.model_fields.items() if hasattr(found, name)}


NESTED = {
    "sums": schemas.SumsOut, "activities": schemas.ActivityOut, "steps": schemas.StepOut, "instalments": schemas.InstalmentOut, "legs": schemas.LegOut,
}  # fmt: skip


def _value(value: Any, annotation: Any) -> Any:
    if isinstance(value, Money):
        return {"amount_minor": value.minor, "currency": value.currency}
    nested = next((shape for shape in NESTED.values() if shape is annotation or f"{shape.__name__}]" in str(annotation)), None)
    if isinstance(value, tuple):
        return [plain(one, nested) if nested else one for one in value]
    return plain(value, nested) if nested else value
