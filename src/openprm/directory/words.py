"""The words of directory: what can be chosen, and what states and checks are called."""

from collections.abc import Iterable

from babel import Locale
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

SERVICES = {
    "advisory": _("Advisory"),
    "implementation": _("Implementation"),
    "integration": _("Integration"),
    "custom-development": _("Custom development"),
    "migration": _("Migration"),
    "managed-services": _("Managed services"),
    "support": _("Support"),
    "training": _("Training"),
    "security": _("Security"),
    "data": _("Data and analytics"),
    "automation": _("Automation"),
    "resale": _("Licences and resale"),
    "hardware": _("Hardware"),
    "financing": _("Financing"),
}
INDUSTRIES = {
    "manufacturing": _("Manufacturing"),
    "energy": _("Energy and utilities"),
    "healthcare": _("Healthcare"),
    "life-sciences": _("Life sciences"),
    "public-sector": _("Public sector"),
    "education": _("Education"),
    "financial-services": _("Financial services"),
    "insurance": _("Insurance"),
    "retail": _("Retail"),
    "consumer-goods": _("Consumer goods"),
    "transport": _("Transport and logistics"),
    "telecom": _("Telecommunications"),
    "media": _("Media and entertainment"),
    "technology": _("Technology"),
    "construction": _("Construction and real estate"),
    "agriculture": _("Food and agriculture"),
    "hospitality": _("Travel and hospitality"),
    "professional-services": _("Professional services"),
    "non-profit": _("Non-profit"),
}
REGIONS = {
    "worldwide": _("Worldwide"),
    "nordics": _("Nordics"),
    "baltics": _("Baltics"),
    "uk-ireland": _("United Kingdom and Ireland"),
    "dach": _("Germany, Austria, Switzerland"),
    "benelux": _("Benelux"),
    "france": _("France"),
    "iberia": _("Spain and Portugal"),
    "italy": _("Italy"),
    "central-europe": _("Central and Eastern Europe"),
    "south-east-europe": _("South-East Europe"),
    "middle-east": _("Middle East"),
    "africa": _("Africa"),
    "north-america": _("North America"),
    "latin-america": _("Latin America"),
    "south-asia": _("South Asia"),
    "east-asia": _("East Asia"),
    "south-east-asia": _("South-East Asia"),
    "oceania": _("Australia and New Zealand"),
}
LANGUAGE_CODES = [
    "ar",
    "bg",
    "bn",
    "ca",
    "cs",
    "da",
    "de",
    "el",
    "en",
    "es",
    "et",
    "fa",
    "fi",
    "fr",
    "ga",
    "he",
    "hi",
    "hr",
    "hu",
    "id",
    "is",
    "it",
    "ja",
    "ko",
    "lt",
    "lv",
    "ms",
    "mt",
    "nb",
    "nl",
    "pl",
    "pt",
    "ro",
    "ru",
    "sk",
    "sl",
    "sq",
    "sr",
    "sv",
    "sw",
    "ta",
    "th",
    "tl",
    "tr",
    "uk",
    "ur",
    "vi",
    "zh",
]
FIELDS = {
    "summary": _("Summary"),
    "description": _("Description"),
    "logo": _("Logo"),
    "website": _("Website"),
    "services": _("Services"),
    "products": _("Products"),
    "industries": _("Industries"),
    "languages": _("Languages"),
    "regions": _("Regions served"),
    "certifications": _("Certifications"),
    "offices": _("Offices"),
}
STATES = {
    "draft": (_("Draft"), ""),
    "submitted": (_("Waits for approval"), "info"),
    "approved": (_("Approved"), "ok"),
    "returned": (_("Came back"), "warn"),
    "hidden": (_("Taken off"), "bad"),
}
REFERENCE_STATES = {
    "draft": (_("Draft"), ""),
    "submitted": (_("Waits for approval"), "info"),
    "published": (_("Published"), "ok"),
    "returned": (_("Came back"), "warn"),
    "withdrawn": (_("Withdrawn"), ""),
}
BADGE_STATES = {
    "valid": (_("Valid"), "ok"),
    "expired": (_("Expired"), "warn"),
    "replaced": (_("Replaced by a newer one"), ""),
    "revoked": (_("Taken back"), "bad"),
}
REASONS = {
    "tier_changed": _("The partner's tier changed."),
    "partner_left": _("The partner is no longer active in the program."),
    "certificate_ended": _("The certificate behind it ended."),
    "by_hand": _("The issuer took it back."),
}
VERDICTS = {
    "valid": (_("This badge is genuine"), _("It was issued by %(issuer)s, nothing in it was changed, and it is in force."), "ok"),
    "unchecked": (_("This badge is genuine so far"), _("Its signature holds, and it is in time. Whether it was taken back lately is unchecked."), "warn"),
    "expired": (_("This badge has expired"), _("It is genuine, but its time ran out on %(valid_until)s."), "warn"),
    "revoked": (_("This badge was taken back"), _("It is genuine, but %(issuer)s has revoked it."), "bad"),
    "not_yet": (_("This badge is not in force yet"), _("It says that it is valid from %(valid_from)s."), "warn"),
    "tampered": (_("This badge was changed"), _("Its signature does not fit what it says. Do not rely on it."), "bad"),
    "unknown_key": (_("This badge was not issued here"), _("It is signed with a key that does not belong to this issuer."), "bad"),
    "not_a_badge": (_("This is no badge"), _("It holds no Open Badges 3.0 credential. Take the .svg, .png or .jwt file as you received it."), "bad"),
    "status_unusable": (_("The status list cannot be used"), _("It is not the issuer's, was changed, or is not the list that this badge names."), "bad"),
}  # fmt: skip
CHECKS = {
    "form": _("It is an Open Badges 3.0 credential"),
    "key": _("The issuer's key signed it"),
    "signature": _("The signature fits every letter of it"),
    "claims": _("Issuer, holder and dates agree with the signature"),
    "begun": _("Its time has begun"),
    "unexpired": _("It has not expired"),
    "status_list": _("The status list is the issuer's"),
    "status_fresh": _("The status list is fresh"),
    "status": _("It was not taken back"),
}
NO_CREDENTIAL = {
    "too_large": _("The file is larger than 2 MB. A badge is much smaller; take the file as you received it."),
    "empty": _("The file is empty."),
    "no_credential": _("There is no Open Badges 3.0 credential in it. A screenshot or a converted picture loses it: take the original file."),
    "broken_picture": _("The picture cannot be read. Take the file as you received it."),
}


def _locale() -> Locale:
    return Locale.parse((get_language() or "en").replace("-", "_"))


def language(code: str) -> str:
    name = _locale().languages.get(code, code)
    return name[:1].upper() + name[1:]


def languages() -> dict[str, str]:
    return dict(sorted(((code, language(code)) for code in LANGUAGE_CODES), key=lambda pair: pair[1]))


def names(vocabulary: dict, codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(str(vocabulary.get(code, code)) for code in codes)
