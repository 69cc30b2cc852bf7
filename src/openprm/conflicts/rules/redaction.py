"""Taking names, places, amounts and numbers out of a text, and finding what is still in it.

Two separate steps, on purpose: `redact` makes the first draft of a precedent, `names_left` is asked again about what a person
made of it. The second errs on the side of refusing.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from openprm.conflicts.rules.regions import REGION_OF
from openprm.kernel.names import normal_name

SHORTEST = 3
_DULL = """
the and for und der die das von van with group gruppe holding systems system software digital data solutions solution services service consulting partners
partner technologies technology tech industries industry industrial company global international network networks cloud labs works steelworks trading
export house management engineering energy media bank hotel hospital university city stadt market logistics
"""
DULL = frozenset(_DULL.split())
"""Words of a company's name that say nothing alone."""
BANDS = (1_000, 10_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 5_000_000, 10_000_000)

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ENDINGS = "com|net|org|io|eu|de|fr|cz|pl|no|se|fi|dk|pt|es|it|nl|be|at|ch|uk|us|example"
_WEB = re.compile(rf"\b(?:https?://\S+|(?:[a-z0-9-]+\.)+(?:{_ENDINGS})\b(?:/\S*)?)", re.IGNORECASE)
_NUMBER = re.compile(r"\b[A-Z]{2,3}-\d{4,}\b")
_PHONE = re.compile(r"(?<![\w.,])\+?\d[\d ()/-]{7,}\d(?!\w)")
_CODES = "EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK|HUF|RON|JPY|CAD|AUD|INR|BRL|MXN|SGD|ZAR|TRY"
_FIGURE = r"\d{1,3}(?:[ .,'’\u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_SCALE = r"(?:\s?(?:k|m|bn|thousand|million|billion|tsd|mio|mrd)\b\.?)?"
_SIGN = rf"€|\$|£|\b(?:{_CODES})\b"
_AMOUNT = re.compile(
    rf"(?:(?P<before>{_SIGN})\s?(?P<a>{_FIGURE})(?P<sa>{_SCALE})|(?P<b>{_FIGURE})(?P<sb>{_SCALE})\s?(?P<after>{_SIGN}))",
    re.IGNORECASE,
)
_SCALES = {"k": 1_000, "thousand": 1_000, "tsd": 1_000, "m": 1_000_000, "million": 1_000_000, "mio": 1_000_000, "bn": 10**9, "billion": 10**9, "mrd": 10**9}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What must not be told. Each name maps to the words that stand for it: {"Kallio Digital": "the partner"}.

    `companies` and `people` also stand for their telling parts ("Kallio", "Virtanen"); `places` are countries and cities with
    their region.
    """

    companies: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)

    @property
    def replacements(self) -> dict[str, str]:
        """Every form of every name with its stand-in."""
        forms: dict[str, str] = {}
        for name, stand_in in self.companies.items():
            forms |= dict.fromkeys(company_forms(name), stand_in)
        for name, stand_in in self.people.items():
            forms |= dict.fromkeys(person_forms(name), stand_in)
        return forms | {name: region for name, region in self.places.items() if len(name) >= SHORTEST}


def company_forms(name: str) -> tuple[str, ...]:
    """The whole name, without its legal form, and its telling words: "Kallio Digital Oy" gives itself, "kallio digital" and "Kallio"."""
    clean = " ".join(name.split())
    words = [word.strip(".,&()'’") for word in re.split(r"[\s/-]+", clean)]
    telling = [word for word in words if len(word) >= 4 and folded(word) not in DULL]
    return tuple(dict.fromkeys(form for form in (clean, normal_name(clean), *telling) if len(form) >= SHORTEST))


def person_forms(name: str) -> tuple[str, ...]:
    """The whole name and its parts of three letters and more."""
    parts = [part.strip(".,") for part in name.split()]
    return tuple(dict.fromkeys(form for form in (" ".join(parts), *(part for part in parts if len(part) >= SHORTEST)) if len(form) >= SHORTEST))


def folded(text: str) -> str:
    """Without case and accents: "Mäki" and "MAKI" are one."""
    bare = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss").replace("ø", "o").replace("ł", "l"))
    return "".join(sign for sign in bare if not unicodedata.combining(sign))


def redact(text: str, known: Known) -> str:
    """The text with every known name, address, number, amount and place replaced."""
    text = _MAIL.sub("[an e-mail address]", text)
    text = _WEB.sub("[a web address]", text)
    text = _NUMBER.sub("[a number]", text)
    text = _AMOUNT.sub(_banded, text)
    text = _PHONE.sub("[a phone number]", text)
    forms = known.replacements
    for form in sorted(forms, key=lambda one: (-len(one), one)):
        text = _pattern(form).sub(forms[form].replace("\\", ""), text)
    return _tidied(text)


def _tidied(text: str) -> str:
    """Doubled stand-ins fall together: "the partner the partner" and "the the customer" read badly."""
    return re.sub(r"\b(the|a|an|The|A|An) (the|a|an|another) ", lambda found: f"{found[2].capitalize() if found[1][0].isupper() else found[2]} ", text)


def _pattern(form: str) -> re.Pattern[str]:
    """The form as a whole word, whatever case, accents or spaces it is written with."""
    letters = r"[\s\u00a0-]+".join("".join(_any_accent(sign) for sign in word) for word in form.split())
    return re.compile(rf"(?<!\w){letters}(?:['’]?s)?(?!\w)", re.IGNORECASE)


_ACCENTED = {
    "a": "aàáâãäåāăą", "c": "cçćč", "d": "dďđ", "e": "eèéêëēėęě", "g": "gğ", "i": "iìíîïīı", "l": "lłľ", "n": "nñńň", "o": "oòóôõöøōő", "r": "rř",
    "s": "sśšş", "t": "tťţ", "u": "uùúûüūůű", "y": "yýÿ", "z": "zźżž",
}  # fmt: skip


def _any_accent(sign: str) -> str:
    plain = folded(sign)
    return f"[{_ACCENTED[plain]}]" if plain in _ACCENTED else re.escape(sign)


def _banded(found: re.Match[str]) -> str:
    figure, scale = found["a"] or found["b"], (found["sa"] or found["sb"] or "").strip(" .").casefold()
    currency = (found["before"] or found["after"]).upper()
    return band(_as_number(figure) * _SCALES.get(scale, 1), {"€": "EUR", "$": "USD", "£": "GBP"}.get(currency, currency))


def _as_number(figure: str) -> Decimal:
    """ "1.234,50", "1,234.50" and "1 234" alike: a last group of one or two digits is the fraction."""
    parts = re.split(r"[^\d]", figure)
    if len(parts) > 1 and len(parts[-1]) <= 2:
        return Decimal("".join(parts[:-1])) + Decimal(parts[-1]) / 10 ** len(parts[-1])
    return Decimal("".join(parts))


def band(amount: Decimal | int, currency: str) -> str:
    """An amount as the band it lies in: 40,000 gives "10,000 to 50,000 EUR"."""
    low = 0
    for high in BANDS:
        if amount < high:
            return f"under {high:,} {currency}" if not low else f"{low:,} to {high:,} {currency}"
        low = high
    return f"over {low:,} {currency}"


def region_of(country: str) -> str:
    return REGION_OF.get(country.upper(), "another region")


def names_left(text: str, known: Known, *, others: Iterable[str] = ()) -> tuple[str, ...]:
    """The known names that a reader could still find, in order: forms of the case's own names, and whole names of `others`.

    E-mail addresses, web addresses, record numbers and amounts count as names.
    """
    flat = f" {_words(text)} "
    held = [form for form in known.replacements if _is_in(form, flat)]
    held += [name for name in others if _is_in(name, flat)]
    for shape in (_MAIL, _WEB, _NUMBER, _AMOUNT):
        held += [found.group(0) for found in shape.finditer(text) if not _is_band(text, found)]
    return tuple(dict.fromkeys(held))


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", folded(text)))


def _is_in(form: str, flat: str) -> bool:
    words = _words(form)
    return len(words) >= SHORTEST and (f" {words} " in flat or f" {words}s " in flat)


def _is_band(text: str, found: re.Match[str]) -> bool:
    """Whether an amount is a bound that `band` wrote."""
    figure = re.match(r"[\d,]+", found.group(0))
    before = text[: found.start()].rstrip()
    is_bound = bool(figure) and figure.group(0).replace(",", "") in {str(bound) for bound in BANDS}
    return is_bound and before.endswith(("under", "over", "to"))
