"""Country names to codes, from the tables that Babel ships, in English and in the languages we speak."""

from functools import cache

from babel import Locale

from openprm.kernel.countries import country_codes
from openprm.kernel.transfer import How, TextMatch, match_text

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pl", "pt", "sv", "nb", "da", "fi")
_ALSO = {
    "USA": "US", "U.S.A.": "US", "U.S.": "US", "United States of America": "US", "America": "US", "UK": "GB", "U.K.": "GB", "Great Britain": "GB",
    "England": "GB", "Scotland": "GB", "Wales": "GB", "Northern Ireland": "GB", "Korea": "KR", "South Korea": "KR", "Republic of Korea": "KR",
    "Holland": "NL", "Czech Republic": "CZ", "Russia": "RU", "Russian Federation": "RU", "Viet Nam": "VN", "UAE": "AE", "Hong Kong": "HK", "Macau": "MO",
    "Taiwan": "TW", "Burma": "MM", "Ivory Coast": "CI", "Swaziland": "SZ", "Macedonia": "MK", "Cape Verde": "CV", "Turkey": "TR", "PRC": "CN",
}  # fmt: skip
_ASSUMED = frozenset({"Korea", "America"})
_THREE = {
    "USA": "US", "GBR": "GB", "DEU": "DE", "FRA": "FR", "ITA": "IT", "ESP": "ES", "NLD": "NL", "BEL": "BE", "CHE": "CH", "AUT": "AT", "POL": "PL", "CZE": "CZ",
    "SWE": "SE", "NOR": "NO", "DNK": "DK", "FIN": "FI", "PRT": "PT", "IRL": "IE", "JPN": "JP", "CHN": "CN", "KOR": "KR", "IND": "IN", "BRA": "BR", "CAN": "CA",
    "AUS": "AU", "MEX": "MX", "ROU": "RO", "PHL": "PH", "KEN": "KE", "PAN": "PA", "JOR": "JO",
}  # fmt: skip


def country_of(text: str) -> tuple[str | None, TextMatch]:
    """The ISO code a text means, and how it was understood. Codes of two and three letters are exact."""
    written = text.strip()
    if written.upper() in country_codes():
        return written.upper(), TextMatch(written, How.EXACT, 100)
    if written.upper() in _THREE:
        return _THREE[written.upper()], TextMatch(written, How.EXACT, 100)
    match = match_text(written, _english())
    if match.name is None:
        match = match_text(written, _everywhere())
    if match.name in _ASSUMED:
        match = TextMatch(match.name, How.SPELLING, match.percent)
    return (_everywhere() | _english()).get(match.name or ""), match


@cache
def _english() -> dict[str, str]:
    return {name: code for code, name in Locale("en").territories.items() if code in country_codes()} | _ALSO


@cache
def _everywhere() -> dict[str, str]:
    return {name: code for language in LANGUAGES for code, name in Locale(language).territories.items() if code in country_codes()}
