"""The times that hold for a leaving: the notice that an agreement names, and how long data is kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from openprm.kernel.registry import registry
from openprm.offboarding import rules
from openprm.offboarding.models import RetentionPeriod
from openprm.offboarding.wording import DATA_KIND


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long one kind of data is kept after a partner left."""

    kind: str
    label: Any
    about: Any
    days: int
    least: int
    most: int
    version: int


def notice_days_of(partner_id: UUID, at: datetime) -> int:
    """The longest notice that the partner's agreements name; 30 days when none does."""
    named = [days for read in registry.filling("offboarding.notice") if (days := read(partner_id, at)) is not None]
    return min(max(named, default=rules.NOTICE_DAYS), rules.NOTICE_DAYS_MOST)


def retention() -> tuple[Retention, ...]:
    """Every kind of data with its time, in a fixed order. One query, in the caller's scope."""
    kept = {row.kind: row for row in RetentionPeriod.objects.all()}
    return tuple(_retention(kind, usual, kept.get(kind)) for kind, usual in rules.RETENTION_DAYS.items())


def retention_days(kind: str) -> int:
    return next(one.days for one in retention() if one.kind == kind)


def _retention(kind: str, usual: int, row: RetentionPeriod | None) -> Retention:
    label, about = DATA_KIND[kind]
    return Retention(
        kind=kind,
        label=label,
        about=about,
        days=row.days if row else usual,
        least=rules.RETENTION_LEAST[kind],
        most=rules.RETENTION_MOST,
        version=row.version if row else 0,
    )
