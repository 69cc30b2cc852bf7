"""What changes lists and sharing: `from openprm.mapping import services as mapping`."""

from openprm.mapping.services.asking import answer, ask, withdraw
from openprm.mapping.services.deciding import decide, merge, undo
from openprm.mapping.services.expiring import end_expired
from openprm.mapping.services.files import LARGEST_BYTES, upload
from openprm.mapping.services.leaving import end_for, forget_partner
from openprm.mapping.services.lists import ListDraft, archive_list, change_list, create_list
from openprm.mapping.services.looking import note_look
from openprm.mapping.services.matching import match, match_list
from openprm.mapping.services.refreshing import made_of_records, refresh
from openprm.mapping.services.rows import Row, RowsResult, drop_rows, put_rows, replace_rows
from openprm.mapping.services.sharing import agree, end, forget_terms, read_terms, set_terms

__all__ = [
    "LARGEST_BYTES",
    "ListDraft",
    "Row",
    "RowsResult",
    "agree",
    "answer",
    "archive_list",
    "ask",
    "change_list",
    "create_list",
    "decide",
    "drop_rows",
    "end",
    "end_expired",
    "end_for",
    "forget_partner",
    "forget_terms",
    "made_of_records",
    "match",
    "match_list",
    "merge",
    "note_look",
    "put_rows",
    "read_terms",
    "refresh",
    "replace_rows",
    "set_terms",
    "undo",
    "upload",
    "withdraw",
]
