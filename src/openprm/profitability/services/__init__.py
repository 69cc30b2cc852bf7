"""One function per thing that changes: the only way into the books for writing."""

from openprm.profitability.services.book import add_group, save_book, set_rate
from openprm.profitability.services.entries import Draft, change_entry, record, record_many, remove_entry
from openprm.profitability.services.files import LARGEST_BYTES, FileResult, record_file
from openprm.profitability.services.forgetting import forget_everything, forget_partner, note_taken

__all__ = [
    "LARGEST_BYTES",
    "Draft",
    "FileResult",
    "add_group",
    "change_entry",
    "forget_everything",
    "forget_partner",
    "note_taken",
    "record",
    "record_file",
    "record_many",
    "remove_entry",
    "save_book",
    "set_rate",
]
