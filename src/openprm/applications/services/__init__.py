"""What changes applications: `from openprm.applications import services as applications`."""

from openprm.applications.services.admission import CompanyIsPartner
from openprm.applications.services.arrival import AlreadyKnown, TooSoon
from openprm.applications.services.decisions import add_note, approve, ask_for_more, examine_again, reject, take_up
from openprm.applications.services.forms import (
    NothingToPublish,
    discard_draft,
    draft_form,
    form_in_force,
    move_field,
    publish_form,
    remove_field,
    replace_fields,
    save_field,
    set_intro,
    whole_form,
)
from openprm.applications.services.housekeeping import AT_ONCE, count_visit, forget_unfinished
from openprm.applications.services.intake import (
    NotTakingApplications,
    add_by_hand,
    answer,
    confirm,
    finish,
    mail_link,
    save_page,
    start,
    withdraw,
)
from openprm.applications.services.program_pages import update_program_page
from openprm.applications.services.unit import AlreadyAnswered

__all__ = [
    "AT_ONCE", "AlreadyAnswered", "AlreadyKnown", "CompanyIsPartner", "NotTakingApplications", "NothingToPublish", "TooSoon", "add_by_hand", "add_note",
    "answer", "approve", "ask_for_more", "confirm", "count_visit", "discard_draft", "draft_form", "examine_again", "finish", "forget_unfinished",
    "form_in_force", "mail_link", "move_field", "publish_form", "reject", "remove_field", "replace_fields", "save_field", "save_page", "set_intro", "start",
    "take_up", "update_program_page", "whole_form", "withdraw",
]  # fmt: skip
