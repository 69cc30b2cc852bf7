"""What changes offboardings: `from openprm.offboarding import services as offboarding`."""

from openprm.offboarding.services.cases import (
    AlreadyLeaving,
    close_offboarding,
    move_last_day,
    open_offboarding,
    reinstate,
    request_offboarding,
)
from openprm.offboarding.services.exports import find_by_link, make_export, open_export, open_export_by_link, remove_ended_exports
from openprm.offboarding.services.letters import send_farewell
from openprm.offboarding.services.retention import NotDueYet, due_erasures, erase_people, set_retention
from openprm.offboarding.services.steps import TooEarly, Undecided, decide_step, end_due_access, ready_steps, run_step
from openprm.offboarding.services.survey import answer_survey
from openprm.offboarding.services.unit import NotNow

__all__ = [
    "AlreadyLeaving",
    "NotDueYet",
    "NotNow",
    "TooEarly",
    "Undecided",
    "answer_survey",
    "close_offboarding",
    "decide_step",
    "due_erasures",
    "end_due_access",
    "erase_people",
    "find_by_link",
    "make_export",
    "move_last_day",
    "open_export",
    "open_export_by_link",
    "open_offboarding",
    "ready_steps",
    "reinstate",
    "remove_ended_exports",
    "request_offboarding",
    "run_step",
    "send_farewell",
    "set_retention",
]
