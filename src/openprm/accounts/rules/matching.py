"""How alike two companies are, and why: reasons a person can check, each with a percent."""

from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from openprm.kernel.names import legal_form, normal_name

ALIKE = 72  # percent from which two names are worth a look
_OTHER_FORM = 4  # equal names that carry different legal forms: "Ostrava Steelworks a.s." and "Ostrava Steelworks"
_NEAREST_MISS = 95
_SAME_WORD = 0.88
_COMMON_WEIGHT = 0.35
_COMMON = frozenset(
    [
        "and",
        "of",
        "for",
        "the",
        "group",
        "groupe",
        "gruppe",
        "grupo",
        "holding",
        "holdings",
        "international",
        "intl",
        "global",
        "worldwide",
        "world",
        "national",
        "american",
        "european",
        "asia",
        "europe",
        "africa",
        "america",
        "usa",
        "uk",
        "us",
        "north",
        "south",
        "east",
        "west",
        "central",
        "first",
        "new",
        "solutions",
        "solution",
        "services",
        "service",
        "systems",
        "system",
        "technology",
        "technologies",
        "tech",
        "technical",
        "software",
        "digital",
        "data",
        "consulting",
        "consultants",
        "management",
        "industries",
        "industry",
        "industrial",
        "enterprises",
        "enterprise",
        "business",
        "partners",
        "partner",
        "capital",
        "financial",
        "finance",
        "bank",
        "insurance",
        "energy",
        "power",
        "electric",
        "oil",
        "gas",
        "medical",
        "health",
        "healthcare",
        "pharma",
        "pharmaceutical",
        "pharmaceuticals",
        "media",
        "communications",
        "telecom",
        "networks",
        "network",
        "construction",
        "engineering",
        "logistics",
        "transport",
        "trading",
        "products",
        "manufacturing",
        "foods",
        "food",
        "retail",
        "stores",
        "motors",
        "automotive",
        "resources",
        "materials",
        "mining",
        "water",
        "steel",
        "chemical",
        "chemicals",
        "university",
        "school",
        "institute",
        "center",
        "centre",
        "association",
        "foundation",
        "city",
        "county",
        "state",
        "department",
        "ministry",
    ]
)


@dataclass(frozen=True)
class Compared:
    """What is compared of a company. `domain` is normalised, `country` an ISO code, either may be empty."""

    name: str
    domain: str = ""
    country: str = ""
    legal_name: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, self.legal_name) if self.legal_name else (self.name,)


@dataclass(frozen=True)
class MatchReason:
    """One thing two companies share: kind is domain, name, trigram or country."""

    kind: str
    text: str
    percent: int


@dataclass(frozen=True)
class Match:
    """How sure we are that two companies are one, from 0 to 100, and the reasons. 0 means: nothing worth a look."""

    score: int
    reasons: tuple[MatchReason, ...]


def match(a: Compared, b: Compared) -> Match:
    """Compare two companies. A country supports a match or weakens it, but makes none by itself."""
    percent, name = max(((name_percent(x, y), y) for x in a.names for y in b.names), key=lambda pair: pair[0])
    reasons = tuple(_reasons(a, b, percent, name))
    return Match(_score(a, b, percent), reasons if any(r.kind != "country" for r in reasons) else ())


def reasons(a: Compared, b: Compared) -> tuple[MatchReason, ...]:
    return match(a, b).reasons


def name_percent(a: str, b: str) -> int:
    """100 for equal names, 96 when only the legal form differs, below that how alike the words are."""
    core_a, core_b = normal_name(a), normal_name(b)
    if not core_a or not core_b:
        return 0
    if core_a.replace(" ", "") == core_b.replace(" ", ""):
        return 100 if legal_form(a) == legal_form(b) else 100 - _OTHER_FORM
    return min(_NEAREST_MISS, round(_alike(core_a, core_b)))


def _reasons(a: Compared, b: Compared, percent: int, name: str) -> list[MatchReason]:
    found = []
    if a.domain and a.domain == b.domain:
        found.append(MatchReason("domain", a.domain, 100))
    if percent > _NEAREST_MISS:
        found.append(MatchReason("name", name, percent))
    elif percent >= ALIKE:
        found.append(MatchReason("trigram", name, percent))
    if a.country and a.country == b.country:
        found.append(MatchReason("country", a.country, 100))
    return found


def _score(a: Compared, b: Compared, percent: int) -> int:
    by_name = percent + _country_points(a, b) if percent >= ALIKE else 0
    by_domain = 94 + round(percent / 20) if a.domain and a.domain == b.domain else 0
    if by_name and a.domain and b.domain and not by_domain:
        by_name -= 6
    return max(0, min(100, max(by_name, by_domain)))


def _country_points(a: Compared, b: Compared) -> int:
    if not a.country or not b.country:
        return -4
    return 0 if a.country == b.country else -14


def _alike(a: str, b: str) -> float:
    """The mean of how alike the letters are and how much of the telling words is shared."""
    letters = max(fuzz.ratio(a, b), fuzz.token_sort_ratio(a, b), fuzz.ratio(a.replace(" ", ""), b.replace(" ", "")))
    return 0.5 * letters + 0.5 * _shared_words(a.split(), b.split())


def _shared_words(a: list[str], b: list[str]) -> float:
    weight = sum(map(_weight, a)) + sum(map(_weight, b))
    shared = 0.0
    left = list(b)
    for word in a:
        other, closeness = _closest(word, left)
        if closeness >= _SAME_WORD:
            left.remove(other)
            shared += closeness * (_weight(word) + _weight(other))
    return 100 * shared / weight


def _closest(word: str, others: list[str]) -> tuple[str, float]:
    return max(((other, JaroWinkler.similarity(word, other)) for other in others), key=lambda pair: pair[1], default=("", 0.0))


def _weight(word: str) -> float:
    return _COMMON_WEIGHT if word in _COMMON else 1.0
