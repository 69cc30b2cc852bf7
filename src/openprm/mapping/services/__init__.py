"""What changes lists and sharing: `from openprm.mapping import services as mapping`."""

from openprm.mapping.services.asking import answer, ask, withdraw
from openprm.mapping.services.bringing import bring_in
from openprm.mapping.services.deciding import decide, merge, undo
from openprm.mapping.services.expiring import end_expired
from openprm.mapping.services.files import LARGEST_BYTES, upload
from openprm.mapping.services.leaving import end_for, forget_partner
from openprm.mapping.services.lists import ListDraft, archive_list, change_list, create_list
from openprm.mapping.services.looking import note_look, note_looks, note_panel
from openprm.mapping.services.matching import match, match_all, match_list
from openprm.mapping.services.refreshing import changed_since, made_of_records, refresh
from openprm.mapping.services.rows import Row, RowsResult, drop_rows, put_rows, replace_rows
from openprm.mapping.services.ruling import set_rule, take_learned
from openprm.mapping.services.sharing import agree, end, forget_terms, partners_of_list, read_terms, set_terms
from openprm.mapping.services.standing import count_standings
from openprm.mapping.services.targets import choose_company, choose_match, end_target
from openprm.mapping.services.unit import vendor_id

__all__ = [
    "LARGEST_BYTES",
    "ListDraft",
    "Row",
    "RowsResult",
    "agree",
    "answer",
    "archive_list",
    "ask",
    "bring_in",
    "change_list",
    "changed_since",
    "choose_company",
    "choose_match",
    "count_standings",
    "create_list",
    "decide",
    "drop_rows",
    "end",
    "end_expired",
    "end_for",
    "end_target",
    "forget_partner",
    "forget_terms",
    "made_of_records",
    "match",
    "match_all",
    "match_list",
    "merge",
    "note_look",
    "note_looks",
    "note_panel",
    "partners_of_list",
    "put_rows",
    "read_terms",
    "refresh",
    "replace_rows",
    "set_rule",
    "set_terms",
    "take_learned",
    "undo",
    "upload",
    "vendor_id",
    "withdraw",
]
