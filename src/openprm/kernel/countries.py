"""Countries by their ISO 3166-1 alpha-2 codes, named in the reader's language from the tables that Babel ships (CLDR)."""

from functools import cache

from babel import Locale
from django.utils.translation import get_language

_NO_COUNTRY = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"})  # groups and test codes of CLDR


def country_codes() -> frozenset[str]:
    """Every code that names a country or territory."""
    return frozenset(_named("en"))


def country_name(code: str, language: str | None = None) -> str:
    """The country of a code; the code itself when it is none, nothing for nothing. The reader's language unless another is asked for."""
    return _named(language or get_language() or "en").get(code, code)


def country_choices(*, blank: str = "") -> list[tuple[str, str]]:
    """What a form offers, sorted by name. `blank` is the text of the choice of none; without it there is no such choice."""
    found = sorted(_named(get_language() or "en").items(), key=lambda pair: pair[1])
    return [("", blank), *found] if blank else found


@cache
def _named(language: str) -> dict[str, str]:
    territories = Locale.parse(language.replace("-", "_")).territories
    return {code: str(name) for code, name in territories.items() if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY}
