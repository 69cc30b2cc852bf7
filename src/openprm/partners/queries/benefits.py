"""The benefit library in words, for domains that show what a tier gives."""

from typing import Any

from openprm.partners import words


def benefit_label(code: str) -> str:
    return str(words.BENEFIT_LABEL[code])


def benefit_words(code: str, value: Any) -> str:
    """A benefit's value as a person reads it: "90 days", "20%", "Priority"."""
    return words.benefit(code, value)
