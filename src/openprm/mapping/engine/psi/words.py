"""A fingerprint in words that two people read to each other: 12 words of 256, 96 bits."""

from functools import cache
from pathlib import Path

COUNT = 12


@cache
def _listed() -> tuple[str, ...]:
    return tuple((Path(__file__).parent / "words.csv").read_text().split())


def words_of(fingerprint: str) -> tuple[str, ...]:
    """The words of a fingerprint in hex: one for each of its first bytes."""
    return tuple(_listed()[number] for number in bytes.fromhex(fingerprint)[:COUNT])


def are_words_of(said: str, fingerprint: str) -> bool:
    """Whether a person typed the words of this fingerprint, in their order; case and what stands between them do not count."""
    typed = "".join(sign if sign.isalpha() else " " for sign in said.lower()).split()
    return tuple(typed) == words_of(fingerprint)
