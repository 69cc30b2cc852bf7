"""What changes partners: `from openprm.partners import services as partners`."""

from openprm.partners.services.enrollments import change_tier, end_enrollment, enroll
from openprm.partners.services.gates import close_gate, lift_gate
from openprm.partners.services.lifecycle import ForbiddenMove, change_status, leave, take_back
from openprm.partners.services.partners import (
    assign_manager,
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
from openprm.partners.services.renewals import (
    CannotRenew,
    expire_due,
    remind_of_renewals,
    renew_by_rule,
    renew_enrollment,
    set_enrollment_end,
)

__all__ = [
    "CannotRenew",
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
    "expire_due",
    "leave",
    "lift_gate",
    "remind_of_renewals",
    "remove_imported",
    "remove_tier",
    "renew_by_rule",
    "renew_enrollment",
    "set_enrollment_end",
    "take_back",
    "update_partner",
    "update_program",
    "update_tier",
]
