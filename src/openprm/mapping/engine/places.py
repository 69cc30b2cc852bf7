"""Countries and cities in one writing."""

from collections.abc import Callable
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc
from babel import Locale
from babel.core import get_global

from openprm.mapping.engine.lexicon import lexicon, pieces, plain

_LONGEST = 80
_LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "sv", "da", "nb", "fi", "pl")
_EVERYDAY = {
    **dict.fromkeys(("usa", "us", "america"), "US"),
    **dict.fromkeys(("uk", "gb", "great britain", "england", "scotland", "wales", "northern ireland"), "GB"),
    "korea": "KR",
    "russia": "RU",
    "holland": "NL",
    "czech republic": "CZ",
    "turkey": "TR",
    "taiwan": "TW",
    "hong kong": "HK",
    "macau": "MO",
}


def read_countries(texts: pa.Array) -> pa.Array:
    """ISO codes, "" where the text names no country: "DE", "deu", "Germany" and "Deutschland" are one."""
    return _by_distinct(texts, _country)


def read_cities(texts: pa.Array) -> pa.Array:
    """The city alone, in one writing: "München, Bavaria" and "MUENCHEN" are "munich"."""
    return _by_distinct(texts, _city)


def _by_distinct(texts: pa.Array, read: Callable[[str], str]) -> pa.Array:
    encoded = pc.utf8_slice_codeunits(pc.fill_null(texts, ""), 0, _LONGEST).dictionary_encode()
    return pa.array([read(text) for text in encoded.dictionary.to_pylist()], pa.string()).take(encoded.indices)


def _country(text: str) -> str:
    text = text.strip()
    if len(text) == 2 and text.isascii() and text.isalpha() and text.upper() != "UK":
        return text.upper()
    return _countries().get(plain(text).replace(".", ""), "")


@cache
def _countries() -> dict[str, str]:
    found = {alias.lower(): codes[0] for alias, codes in get_global("territory_aliases").items() if len(alias) == 3 and len(codes) == 1}
    for language in reversed(_LANGUAGES):
        found |= {plain(str(name)).replace(".", ""): code for code, name in Locale.parse(language).territories.items() if len(code) == 2}
    return found | _EVERYDAY


def _city(text: str) -> str:
    name = "".join(pieces(text.partition(",")[0].partition("(")[0].replace(" ", "-")))
    return lexicon().cities.get(name, name)
