"""Pure decisions of recruitment: the ideal partner profile, likeness, the map of gaps, stages, signals, referrals."""

from openprm.recruitment.rules.facts import FACT, FACTS, FactKind, Kind, clean_facts, clean_value, words_of
from openprm.recruitment.rules.scoring import Criterion, CriterionPoints, Fit, Operator, Score, State, score

__all__ = [
    "FACT", "FACTS", "Criterion", "CriterionPoints", "FactKind", "Fit", "Kind", "Operator", "Score", "State",
    "clean_facts", "clean_value", "score", "words_of",
]  # fmt: skip
