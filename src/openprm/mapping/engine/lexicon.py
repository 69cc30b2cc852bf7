"""What the words of company names mean, and one writing for each of them."""

import re
import tomllib
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from importlib.resources import files

from anyascii import anyascii

from openprm.kernel.names import GLUED_FORMS, LEGAL_TERMS

LONGEST_WORD = 40
_AMBIGUOUS = frozenset(
    ("de da is me sc pc a s et al at es no ij aj mb nl pp sd gte fie fop vat teo ee ae oe og kb ks ky kt kv").split()  # noqa: SIM905
)
_SIGNS = str.maketrans({"ø": "o", "Ø": "O", "å": "a", "Å": "A", "&": " and ", "+": " and ", **dict.fromkeys("'’‘`´ʼ\u00ad\u200b\u200c\u200d\ufeff", "")})
_APART = re.compile(r"[^a-z0-9.]+")
_UMLAUTS = re.compile(r"([aou])e(?=[a-z])")
_PAR_VALUE = re.compile(r"(?:dl|eo|dk|nk|sk|hd|yc|yn|sf|rp|ls|zy|kr|rc)\d+|0\d+")


class Sense(IntEnum):
    """What a word says: which company it is, next to nothing, what kind of share, which legal form."""

    TELLING = 0
    WEAK = 1
    SHARE = 2
    LEGAL = 3


@dataclass(frozen=True)
class Lexicon:
    legal: frozenset[str]
    share: frozenset[str]
    weak: frozenset[str]
    alike: dict[str, str]
    cities: dict[str, str]

    def sense(self, word: str) -> Sense:
        if word in self.legal:
            return Sense.LEGAL
        if word in self.share or _PAR_VALUE.fullmatch(word):
            return Sense.SHARE
        return Sense.WEAK if word in self.weak or (len(word) == 1 and not word.isdigit()) else Sense.TELLING


@cache
def lexicon() -> Lexicon:
    told = tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))
    terms = {term[0] for term in LEGAL_TERMS if len(term) == 1 and len(term[0]) > 1 and term[0].isascii()}
    return Lexicon(
        legal=frozenset({fold(word) for word in told["legal"].split()} | {fold(word) for word in terms} - _AMBIGUOUS),
        share=frozenset(fold(word) for word in told["share"].split()),
        weak=frozenset(fold(word) for word in told["weak"].split()),
        alike={fold(other): fold(word) for word, others in told["alike"].items() for other in others.split()},
        cities={fold(other): fold(city) for city, others in told["cities"].items() for other in others.split()},
    )


def fold(word: str) -> str:
    """One spelling of umlauts, however they were written: "muenchen" and "munchen" give "munchen"."""
    return _UMLAUTS.sub(r"\1", word)


def pieces(written: str) -> tuple[str, ...]:
    """The words in a piece of text without spaces: "A/S" gives "as", "S.p.A." "spa", "Fin.U.Beteil." "fin", "u", "beteil"."""
    found: list[str] = []
    for chunk in _APART.split(plain(written).replace("/", "" if len(written) == 3 else " ")):
        found += _undotted(chunk)
    return tuple(fold(word[:LONGEST_WORD]) for word in found)


def plain(text: str) -> str:
    """Lower-case Latin letters without accents."""
    if not text.isascii():
        for form in GLUED_FORMS:
            text = text.replace(form, " ")
    text = text.translate(_SIGNS)
    return (text if text.isascii() else anyascii(text)).lower()


def _undotted(chunk: str) -> list[str]:
    parts = [part for part in chunk.split(".") if part]
    if len(parts) < 2:
        return parts
    joined = "".join(parts)
    return [joined] if max(map(len, parts)) == 1 or joined in _DOTTED else parts


_DOTTED = frozenset({"gmbh", "mbh", "sarl", "spzoo", "sprl", "bvba", "kgaa", "ltd", "llc", "sro", "doo", "zoo", "scpa", "spolsro", "sdebrl", "srl", "inc"})
