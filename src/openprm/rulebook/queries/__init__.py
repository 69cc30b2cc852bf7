"""Reads of the rulebook. Import this package; its modules are its own business."""

from .decisions import decision, decisions_for, past_cases
from .kinds import all_kinds, find_kind, get_kind, get_kind_for, kinds_for, program_name, programs_of
from .reading import (
    all_in_words,
    base_of,
    diff,
    draft,
    drafts_of,
    earliest_effective,
    find_in_force,
    find_table,
    in_force,
    list_rules,
    programs_without_rules,
    rules_in_words,
    version,
    versions,
)
from .replays import (
    ReplayView,
    SubjectRow,
    compare_at_once,
    export_replay_subjects,
    find_source,
    newest_replay,
    newest_replay_subjects,
    replay,
    replay_currency,
    replay_subjects,
    subject_row,
)
from .results import DecisionView, DraftView, RuleLine, RulesInWords, UpcomingChange, VersionLine, VersionView

__all__ = [
    "DecisionView", "DraftView", "ReplayView", "RuleLine", "RulesInWords", "SubjectRow", "UpcomingChange", "VersionLine", "VersionView", "all_in_words",
    "all_kinds", "base_of", "compare_at_once", "decision", "decisions_for", "diff", "draft", "drafts_of", "earliest_effective", "export_replay_subjects",
    "find_in_force", "find_kind",
    "find_source", "find_table", "get_kind", "get_kind_for", "in_force", "kinds_for", "list_rules", "newest_replay", "newest_replay_subjects",
    "past_cases", "program_name", "programs_of", "programs_without_rules", "replay", "replay_currency", "replay_subjects", "rules_in_words", "subject_row",
    "version", "versions",
]  # fmt: skip
