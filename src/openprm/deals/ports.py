"""What deals ask of the domains above: `ports={"deals.agreed_plans": (fn,)}`."""

from collections.abc import Callable
from uuid import UUID

from openprm.kernel.registry import registry

PlanSource = Callable[[UUID], bool]
"""Whether both sides agreed to a mutual action plan of the registration with this id that still runs. In the system's scope."""


def has_agreed_plan(registration_id: UUID) -> bool:
    return any(source(registration_id) for source in registry.filling("deals.agreed_plans"))
