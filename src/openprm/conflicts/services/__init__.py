"""One function per thing that changes: the only way into the conflicts room for writing."""

from openprm.conflicts.services.appeals import AlreadyAppealed, answer_appeal, appeal
from openprm.conflicts.services.choices import dispute_choice
from openprm.conflicts.services.closing import AT_ONCE as CLOSE_AT_ONCE
from openprm.conflicts.services.closing import close_due, withdraw
from openprm.conflicts.services.forgetting import forget_people
from openprm.conflicts.services.lateness import remedy_lateness
from openprm.conflicts.services.opening import AlreadyDisputed, open_case
from openprm.conflicts.services.precedents import NamesLeft, names_left_in, prepare, publish_precedent, save_draft, withdraw_precedent
from openprm.conflicts.services.results import Decided, Opened, Saved
from openprm.conflicts.services.review import FirstReviewerAgain, assign, decide, dismiss, take_up, write_note
from openprm.conflicts.services.sentinel import heed
from openprm.conflicts.services.statements import AT_ONCE as REVEAL_AT_ONCE
from openprm.conflicts.services.statements import add_evidence, give_statement, reveal_due

__all__ = [
    "CLOSE_AT_ONCE", "REVEAL_AT_ONCE", "AlreadyAppealed", "AlreadyDisputed", "Decided", "FirstReviewerAgain", "NamesLeft", "Opened", "Saved",
    "add_evidence", "answer_appeal", "appeal", "assign", "close_due", "decide", "dismiss", "dispute_choice", "forget_people", "give_statement", "heed",
    "names_left_in",
    "open_case", "prepare", "publish_precedent", "remedy_lateness", "reveal_due", "save_draft", "take_up", "withdraw", "withdraw_precedent",
    "write_note",
]  # fmt: skip
