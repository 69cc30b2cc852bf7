"""Looking names up in sanctions lists: who is alike, how much, and why. Pure; a few milliseconds a name over 50,000.

A score starts at the likeness of the two keys (words in order, letters compared: rapidfuzz ratio), or at 93 when one
name holds all words of the other (at least two). What else is known moves it: see docs/algorithms/risk-rating.md.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz, process

from openprm.compliance.rules import names

THRESHOLD = 85
CANDIDATES = 20
ALL_WORDS = 93
SAME_COUNTRY, OTHER_COUNTRY, SAME_YEAR, OTHER_YEAR, OTHER_KIND = 2, -4, 5, -15, -8


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One entry of a list with every name it is known by."""

    id: Any
    source: str
    ref: str
    kind: str
    names: tuple[str, ...]
    countries: tuple[str, ...] = ()
    birth_years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom we look for: a company under one of its names, or a person behind it."""

    name: str
    kind: str = "entity"
    country: str = ""
    birth_year: int | None = None
    role: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the score is what it is: `code` names the sentence, `points` what it added or took."""

    code: str
    points: int
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    subject: Subject
    entry: Listed
    name: str
    score: int
    reasons: tuple[Reason, ...]

    @property
    def fingerprint(self) -> str:
        """The same subject and the same entry of the same source are one hit, in whatever version of the list."""
        return f"{self.entry.source}:{self.entry.ref}:{names.key(self.subject.name, self.subject.kind)}"[:200]


class Index:
    """The names of some lists, ready to be searched."""

    def __init__(self, entries: Iterable[Listed]):
        self.entries: list[Listed] = []
        self.keys: list[str] = []
        self.written: list[tuple[int, str]] = []
        self._by_word: dict[str, set[int]] = defaultdict(set)
        for entry in entries:
            self._add(entry)

    def _add(self, entry: Listed) -> None:
        self.entries.append(entry)
        for name in entry.names:
            if key := names.key(name, entry.kind):
                for word in key.split():
                    self._by_word[word].add(len(self.keys))
                self.keys.append(key)
                self.written.append((len(self.entries) - 1, name))

    def __len__(self) -> int:
        return len(self.entries)

    def search(self, subject: Subject, threshold: int = THRESHOLD) -> tuple[Hit, ...]:
        """The entries alike, best first, each once under its most alike name."""
        key = names.key(subject.name, subject.kind)
        if len(key) < 3:
            return ()
        best: dict[int, Hit] = {}
        for place, base in self._alike(key, threshold):
            entry_at, name = self.written[place]
            hit = _weigh(subject, self.entries[entry_at], name, base)
            if hit.score >= threshold and (entry_at not in best or best[entry_at].score < hit.score):
                best[entry_at] = hit
        return tuple(sorted(best.values(), key=lambda hit: (-hit.score, hit.entry.ref)))[:CANDIDATES]

    def _alike(self, key: str, threshold: int) -> list[tuple[int, Reason]]:
        most_added = SAME_COUNTRY + SAME_YEAR
        found = process.extract(key, self.keys, scorer=fuzz.ratio, processor=None, score_cutoff=threshold - most_added, limit=CANDIDATES * 5)
        alike = [(place, Reason("letters", round(score))) for _key, score, place in found]
        return alike + [(place, Reason("words", ALL_WORDS)) for place in self._hold_all_words(key) if self.keys[place] != key]

    def _hold_all_words(self, key: str) -> Sequence[int]:
        """The names that hold every word of this one, or whose words (two or more) this one holds."""
        words = set(key.split())
        if len(words) < 2:
            return ()
        near = set().union(*(self._by_word.get(word, set()) for word in words))
        return [place for place in near if _is_within(words, set(self.keys[place].split()))]


def _is_within(ours: set[str], theirs: set[str]) -> bool:
    shorter, longer = sorted((ours, theirs), key=len)
    return len(shorter) >= 2 and shorter <= longer and sum(map(len, shorter)) >= 8


def _weigh(subject: Subject, entry: Listed, name: str, base: Reason) -> Hit:
    reasons = [base, *_country(subject, entry), *_year(subject, entry)]
    if (subject.kind == "person") != (entry.kind == "person"):
        reasons.append(Reason("other_kind", OTHER_KIND))
    score = max(0, min(100, sum(reason.points for reason in reasons)))
    return Hit(subject=subject, entry=entry, name=name, score=score, reasons=tuple(reasons))


def _country(subject: Subject, entry: Listed) -> list[Reason]:
    if not subject.country or not entry.countries:
        return []
    same = subject.country in entry.countries
    return [
        Reason(
            "same_country" if same else "other_country", SAME_COUNTRY if same else OTHER_COUNTRY, subject.country if same else ", ".join(entry.countries[:3])
        )
    ]


def _year(subject: Subject, entry: Listed) -> list[Reason]:
    if not subject.birth_year or not entry.birth_years:
        return []
    same = any(abs(subject.birth_year - year) <= 1 for year in entry.birth_years)
    years = ", ".join(map(str, entry.birth_years[:3]))
    return [Reason("same_year" if same else "other_year", SAME_YEAR if same else OTHER_YEAR, years)]
