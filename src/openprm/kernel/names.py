"""The name of a company without what does not tell it apart: case, accents, punctuation, legal form."""

import unicodedata
from functools import lru_cache

from cleanco.termdata import terms_by_type

LONGEST_NAME = 200
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŀ": "l", "&": " and ", "+": " and "})
_SILENT = str.maketrans("", "", ".'’‘`´ʼ\u00ad\u200b\u200c\u200d\ufeff")
_OWN_TERMS = [
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "co",
    "company",
    "cie",
    "ltd",
    "limited",
    "ltda",
    "ltee",
    "limitee",
    "llc",
    "llp",
    "lp",
    "plc",
    "ag",
    "kgaa",
    "gmbh",
    "ggmbh",
    "ug",
    "ohg",
    "kg",
    "mbh",
    "ev",
    "eg",
    "se",
    "sa",
    "sas",
    "sasu",
    "sarl",
    "eurl",
    "sci",
    "nv",
    "bv",
    "vof",
    "bvba",
    "srl",
    "sprl",
    "ab",
    "hb",
    "as",
    "asa",
    "ans",
    "da",
    "oy",
    "oyj",
    "ry",
    "abp",
    "aps",
    "is",
    "spa",
    "snc",
    "sl",
    "slu",
    "slp",
    "scl",
    "sc",
    "kk",
    "yk",
    "bhd",
    "berhad",
    "pt",
    "tbk",
    "pjsc",
    "psc",
    "jsc",
    "ojsc",
    "pao",
    "oao",
    "ooo",
    "zao",
    "ao",
    "tov",
    "sab",
    "cv",
    "de",
    "rl",
    "sa",
    "de",
    "cv",
    "s",
    "de",
    "rl",
    "sro",
    "as",
    "vos",
    "spol",
    "kft",
    "zrt",
    "nyrt",
    "bt",
    "rt",
    "sp",
    "zoo",
    "spzoo",
    "ad",
    "ead",
    "ood",
    "eood",
    "dd",
    "doo",
    "dno",
    "pty",
    "pvt",
    "pte",
    "sdn",
    "private",
    "public",
    "proprietary",
    "gesellschaft",
    "aktiengesellschaft",
    "societe",
    "anonyme",
    "eirl",
    "epp",
    "me",
    "eireli",
    "rlty",
    "unlimited",
    "pllc",
    "pc",
    "coop",
    "a",
    "s",
]
_OWN_PHRASES = (
    "gmbh and co kg",
    "gmbh and co kgaa",
    "ag and co kg",
    "ag and co kgaa",
    "se and co kgaa",
    "sp z o o",
    "spolka z o o",
    "spolka akcyjna",
    "s r o",
    "spol s r o",
    "a s",
    "s a",
    "d o o",
    "s de rl de cv",
    "sa de cv",
    "s a de c v",
    "sapi de cv",
    "pty ltd",
    "pvt ltd",
    "pte ltd",
    "sdn bhd",
    "co ltd",
    "and co",
    "and company",
    "and sons",
    "public limited company",
    "private limited",
    "limited liability company",
    "aktiengesellschaft",
    "besloten vennootschap",
    "naamloze vennootschap",
    "sociedad anonima",
    "sociedade anonima",
    "osakeyhtio",
    "aktiebolag",
    "aktieselskab",
)
GLUED_FORMS = ("股份有限公司", "有限责任公司", "有限公司", "株式会社", "有限会社", "合同会社", "주식회사", "(주)", "㈜", "㈱")
_LEADING = frozenset({"the", "pt", "ooo", "oao", "zao", "pao", "ao", "tov", "firma", "spolka"})
_NEVER_ALONE = frozenset({"de", "da", "is", "me", "sc", "pc", "private", "public", "unlimited", "a", "s"})


def normal_name(name: str) -> str:
    """Words in lower case without accents, punctuation and legal form: "Müller & Söhne GmbH" gives "muller and sohne".

    A name that is nothing but a legal form keeps it.
    """
    return _split(name)[0]


def legal_form(name: str) -> str:
    """The legal form as written, normalised: "Ostrava Steelworks a.s." gives "as"; "" when there is none."""
    return _split(name)[1]


def name_key(name: str) -> str:
    """The normal name without spaces: equal for "Green-Plus", "Green Plus Ltd" and "greenplus"."""
    return normal_name(name).replace(" ", "")


@lru_cache(maxsize=65536)
def _split(name: str) -> tuple[str, str]:
    words = _words(name[:LONGEST_NAME])
    core, form = _without_tail(words)
    while len(core) > 1 and core[0] in _LEADING:
        core = core[1:]
    if len(core) > 1 and core[-1] == "and":
        core = core[:-1]
    return " ".join(core), "".join(form)


def _words(name: str) -> list[str]:
    for term in GLUED_FORMS:
        name = name.replace(term, " ")
    return _flat(name).split()


def _flat(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    bare = "".join(c for c in folded if not unicodedata.combining(c)).translate(_SILENT)
    return unicodedata.normalize("NFC", "".join(c if c.isalnum() else " " for c in bare))


def _without_tail(words: list[str]) -> tuple[list[str], list[str]]:
    form: list[str] = []
    while (length := _tail_length(words)) and length < len(words):
        form = words[-length:] + form
        words = words[:-length]
    return words, form


def _tail_length(words: list[str]) -> int:
    """How many words at the end are a legal form: the longest phrase wins."""
    for length in range(min(_LONGEST_TERM, len(words)), 0, -1):
        tail = tuple(words[-length:])
        if tail in LEGAL_TERMS and not (length == 1 and tail[0] in _NEVER_ALONE):
            return length
    return 0


def _terms() -> frozenset[tuple[str, ...]]:
    written = [term for terms in terms_by_type.values() for term in terms]
    phrases = {tuple(_flat(term).split()) for term in (*written, *_OWN_PHRASES)}
    return frozenset(phrases | {(term,) for term in _OWN_TERMS}) - {()}


LEGAL_TERMS = _terms()
_LONGEST_TERM = max(map(len, LEGAL_TERMS))
