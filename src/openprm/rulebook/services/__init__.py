"""What the rulebook does. Import this package; its modules are its own business."""

from .drafts import DraftExists, TableHasProblems, create_draft, discard_draft, read_graph, save_draft, try_table, what_if
from .evaluation import Answer, Asker, NoRulesInForce, evaluate, evaluate_many
from .notice import tell_of_announcement, tell_of_withdrawal
from .publication import NothingChanged, NoticeTooShort, VersionsOverlap, ensure_defaults, publish, withdraw
from .replays import NoHistory, ReplayRuns, WhatIfMissing, advance_replay, begin_replay, fail_replay

__all__ = [
    "Answer", "Asker", "DraftExists", "NoHistory", "NoRulesInForce", "NothingChanged", "NoticeTooShort", "ReplayRuns", "TableHasProblems", "VersionsOverlap",
    "WhatIfMissing", "advance_replay", "begin_replay", "create_draft", "discard_draft", "ensure_defaults", "evaluate", "evaluate_many",
    "fail_replay", "publish", "read_graph", "save_draft", "tell_of_announcement", "tell_of_withdrawal", "try_table", "what_if", "withdraw",
]  # fmt: skip
