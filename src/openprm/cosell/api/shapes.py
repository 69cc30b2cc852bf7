"""Results of the queries as the API's schemas."""

from typing import Any

from openprm.cosell.api.schemas import EngagementRowOut, FullEngagementOut, LimitedEngagementOut, MirrorOut
from openprm.cosell.queries import EngagementRow, FullRoom, LimitedRoom


def _taken(schema: type, source: Any, **more: Any) -> dict[str, Any]:
    """The fields that `source` has under the schema's own names."""
    return {name: getattr(source, name) for name in schema.model_fields if name not in more and hasattr(source, name)} | more  # type: ignore[attr-defined]


def room(found: FullRoom | LimitedRoom) -> FullEngagementOut | LimitedEngagementOut:
    """Chosen by the type of what was found, never by a flag."""
    if isinstance(found, LimitedRoom):
        return LimitedEngagementOut.model_validate(_taken(LimitedEngagementOut, found), from_attributes=True)
    money = {"amount_minor": found.amount.minor, "currency": found.amount.currency}
    mirrors = [MirrorOut.model_validate(one, from_attributes=True) for one in found.mirrors]
    return FullEngagementOut.model_validate(_taken(FullEngagementOut, found, mirrors=mirrors, **money), from_attributes=True)


def row(found: EngagementRow) -> EngagementRowOut:
    money = {"amount_minor": found.amount.minor if found.amount else None, "currency": found.amount.currency if found.amount else ""}
    return EngagementRowOut(**_taken(EngagementRowOut, found, members=list(found.members), **money))
