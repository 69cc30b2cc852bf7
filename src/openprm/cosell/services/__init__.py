"""What changes engagements: `from openprm.cosell import services as cosell`."""

from openprm.cosell.services.checks import CannotTakePart, DoesNotConnect, RoleNotHeld
from openprm.cosell.services.connections import save_connection_rule
from openprm.cosell.services.departures import forget_people, open_of, step_out_everywhere
from openprm.cosell.services.invitations import (
    AT_ONCE,
    accept_invitation,
    cancel_invitation,
    expire_due,
    invite,
    open_invitation,
    reject_invitation,
)
from openprm.cosell.services.life import close_engagement, end_with_deal
from openprm.cosell.services.membership import (
    SharesTooHigh,
    change_involvement,
    change_role,
    change_view,
    leave,
    remove_member,
    set_shares,
)
from openprm.cosell.services.mirrors import log_reads, save_record
from openprm.cosell.services.needs import answer_need, ask, withdraw_need
from openprm.cosell.services.opening import Draft, Opened, move_stage, open_engagement, remove_imported, update_engagement
from openprm.cosell.services.work import add_next_step, add_note, add_task, attach_document, decide_task, finish_task, remove_document

__all__ = [
    "AT_ONCE",
    "CannotTakePart",
    "DoesNotConnect",
    "Draft",
    "Opened",
    "RoleNotHeld",
    "SharesTooHigh",
    "accept_invitation",
    "add_next_step",
    "add_note",
    "add_task",
    "answer_need",
    "ask",
    "attach_document",
    "cancel_invitation",
    "change_involvement",
    "change_role",
    "change_view",
    "close_engagement",
    "decide_task",
    "end_with_deal",
    "expire_due",
    "finish_task",
    "forget_people",
    "invite",
    "leave",
    "log_reads",
    "move_stage",
    "open_engagement",
    "open_invitation",
    "open_of",
    "reject_invitation",
    "remove_document",
    "remove_imported",
    "remove_member",
    "save_connection_rule",
    "save_record",
    "set_shares",
    "step_out_everywhere",
    "update_engagement",
    "withdraw_need",
]
