"""What makes two companies the same: pure functions over names, web domains and countries."""

from openprm.accounts.rules.matching import Compared, Match, MatchReason, match
from openprm.accounts.rules.matching import reasons as match_reasons
from openprm.kernel.domains import FREE_MAIL, is_free_mail, normal_domain
from openprm.kernel.names import legal_form, name_key, normal_name

__all__ = [
    "FREE_MAIL",
    "Compared",
    "Match",
    "MatchReason",
    "is_free_mail",
    "legal_form",
    "match",
    "match_reasons",
    "name_key",
    "normal_domain",
    "normal_name",
]
