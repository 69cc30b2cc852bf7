"""What is promised to whom at a moment: the target in force with the hours it is counted in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openprm.kernel.memory import Remembered
from openprm.promises import hours
from openprm.promises.models import CalendarVersion, TargetVersion
from openprm.promises.rules.clocks import Measure
from openprm.promises.rules.targets import Target, in_force

TARGETS = Remembered("promises.targets")


class NothingPromised(LookupError):
    """No target was ever published for this promise: it is not wired, or `openprm migrate` was not run."""


@dataclass(frozen=True)
class Terms:
    version: TargetVersion
    target: Target
    hours: CalendarVersion

    @property
    def measure(self) -> Measure:
        return hours.measure_of(self.target, self.hours)

    @property
    def allowed(self) -> int:
        return hours.allowed_seconds(self.target, self.hours)


def terms_for(code: str, *, program_id: UUID | None, tier_code: str, at: datetime) -> Terms:
    """Raises NothingPromised."""
    rows = {row.pk: row for row in TARGETS.get(key=code, find=lambda: tuple(TargetVersion.objects.filter(code=code)))}
    found = in_force((row.version() for row in rows.values()), program_id=program_id, tier_code=tier_code, at=at)
    if found is None or found.target is None:
        raise NothingPromised(code)
    version = rows[found.id]
    return Terms(version, found.target, hours.hours_in_force(version.calendar_id, at))


def find_terms(code: str, *, program_id: UUID | None = None, tier_code: str = "", at: datetime) -> Terms | None:
    try:
        return terms_for(code, program_id=program_id, tier_code=tier_code, at=at)
    except NothingPromised:
        return None
