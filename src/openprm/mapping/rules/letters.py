"""Letters that only look like others."""

import unicodedata

_ALPHABETS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")


def mixed_letters(domain: str) -> dict[str, str] | None:
    """A label of Latin letters with a foreign one among them, as look-alike domains have it; None for whatever is written in one alphabet.

    >>> mixed_letters("p\u0430ypal.com")["letter"] == "\u0430", mixed_letters("paypal.com"), mixed_letters("\u044f\u043d\u0434\u0435\u043a\u0441.\u0440\u0444")
    (True, None, None)
    """
    if domain.isascii():
        return None
    for label in domain.split("."):
        letters = {sign: _alphabet(sign) for sign in label if sign.isalpha()}
        found = set(letters.values()) - {""}
        if len(found) > 1 and "LATIN" in found:
            return {"domain": domain[:80], "letter": next(sign for sign, alphabet in letters.items() if alphabet not in ("", "LATIN"))}
    return None


def _alphabet(sign: str) -> str:
    name = unicodedata.name(sign, "")
    return next((one for one in _ALPHABETS if name.startswith(one)), "")
