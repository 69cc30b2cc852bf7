"""What changes partners: `from openprm.partners import services as partners`."""

from openprm.partners.services.enrollments import change_tier, end_enrollment, enroll
from openprm.partners.services.gates import close_gate, lift_gate
from openprm.partners.services.partners import (
    ForbiddenMove,
    assign_manager,
    change_status,
    create_partner,
    remove_imported,
    update_partner,
)
from openprm.partners.services.programs import (
    create_program,
    create_tier,
    remove_tier,
    update_program,
    update_tier,
)

__all__ = [
    "ForbiddenMove",
    "assign_manager",
    "change_status",
    "change_tier",
    "close_gate",
    "create_partner",
    "create_program",
    "create_tier",
    "end_enrollment",
    "enroll",
    "lift_gate",
    "remove_imported",
    "remove_tier",
    "update_partner",
    "update_program",
    "update_tier",
]
