"""Names of companies and people in one writing: Latin letters, no accents, no legal form, words in order. Pure."""

import re
from functools import lru_cache

from anyascii import anyascii
from cleanco.termdata import terms_by_type

LONGEST = 300
_TITLES = frozenset(
    ["mr", "mrs", "ms", "dr", "prof", "sir", "haj", "hajj", "hajji", "sheikh", "shaikh", "mullah", "maulavi", "maulana", "gen", "col", "capt", "eng"]
)
_OWN_FORMS = (
    "ooo",
    "oao",
    "zao",
    "pao",
    "ao",
    "ip",
    "too",
    "tov",
    "llc",
    "ltd",
    "limited",
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "co",
    "company",
    "gmbh",
    "ag",
    "kg",
    "ohg",
    "sa",
    "sas",
    "sarl",
    "srl",
    "spa",
    "bv",
    "nv",
    "ab",
    "as",
    "asa",
    "oy",
    "oyj",
    "abp",
    "aps",
    "plc",
    "llp",
    "lda",
    "ltda",
    "doo",
    "dd",
    "ad",
    "ead",
    "eood",
    "ood",
    "kft",
    "zrt",
    "nyrt",
    "sro",
    "spzoo",
    "fze",
    "fzco",
    "fzc",
    "fz llc",
    "wll",
    "pjsc",
    "jsc",
    "ojsc",
    "cjsc",
    "pte",
    "pty",
    "pvt",
    "private limited",
    "sdn bhd",
    "bhd",
    "tbk",
    "pt",
    "co ltd",
    "company limited",
    "joint stock company",
    "public joint stock company",
    "limited liability company",
    "as oy",
    "ou",
    "uab",
    "sia",
    "se",
    "ev",
    "e v",
    "mbh",
)
_LETTERS = str.maketrans({"ø": "o", "Ø": "o", "&": " and ", "+": " and "})


def flat(text: str) -> str:
    """Lower-case Latin words: "Общество «Ромашка»" gives "obshchestvo romashka"."""
    plain = anyascii(text[:LONGEST].translate(_LETTERS)).casefold().replace("'", "").replace("`", "").replace(".", "")
    return " ".join(re.findall(r"[a-z0-9]+", plain))


@lru_cache(maxsize=1)
def _forms() -> tuple[frozenset[tuple[str, ...]], int]:
    written = [term for terms in terms_by_type.values() for term in terms]
    forms = frozenset(tuple(flat(term).split()) for term in (*written, *_OWN_FORMS)) - {()}
    return forms, max(map(len, forms))


def without_form(words: list[str]) -> list[str]:
    """Words without the legal forms at the end and, as in Russian, at the beginning. A name that is nothing else keeps it."""
    forms, longest = _forms()
    for cut in (lambda ws, n: (tuple(ws[-n:]), ws[:-n]), lambda ws, n: (tuple(ws[:n]), ws[n:])):
        while len(words) > 1 and (rest := next((r for n in range(min(longest, len(words) - 1), 0, -1) for t, r in [cut(words, n)] if t in forms), None)):
            words = rest
    return words


@lru_cache(maxsize=65536)
def key(name: str, kind: str = "entity") -> str:
    """The words of a name in alphabetical order, so that "IVANOV, Pyotr" and "Pyotr Ivanov" are one."""
    words = flat(name).split()
    if kind == "person":
        return " ".join(sorted([word for word in words if word not in _TITLES] or words))
    return " ".join(sorted(without_form(words)))
