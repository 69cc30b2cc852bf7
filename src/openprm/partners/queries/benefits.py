"""The benefit library in words, for domains that show what a tier gives."""

from collections.abc import Mapping
from typing import Any

from openprm.partners import rules, words


def benefit_label(code: str) -> str:
    return str(words.BENEFIT_LABEL[code])


def benefit_words(code: str, value: Any) -> str:
    """A benefit's value as a person reads it: "90 days", "20%", "Priority"."""
    return words.benefit(code, value)


def benefit_lines(benefits: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """Every benefit of a tier as (code, label, text): ("protection_days", "Deal protection", "90 days")."""
    return tuple((code, benefit_label(code), benefit_words(code, value)) for code, value in rules.benefits_of(benefits).items())
