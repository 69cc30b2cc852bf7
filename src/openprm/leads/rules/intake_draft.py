"""What is known of a lead when it comes in, as plain values, and what can never be right about it."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from uuid import UUID

SOURCES = ("manual", "api", "csv", "web_form", "crm", "referral")
GRADES = ("", "A", "B", "C", "D")
MAX_SKILLS = 20
MAX_LENGTH = {
    "company_name": 200,
    "company_domain": 253,
    "country": 2,
    "region": 80,
    "city": 120,
    "postal_code": 20,
    "contact_name": 120,
    "contact_email": 254,
    "contact_phone": 40,
    "contact_title": 120,
    "title": 160,
    "message": 4000,
    "industry": 40,
    "language": 8,
    "source_detail": 120,
    "campaign": 120,
    "wish": 120,
    "external_source": 60,
    "external_id": 120,
}
LARGEST_MINOR = 10**13
_EMAIL = re.compile(r"[^@\s<>\"',;]+@[^@\s<>\"',;]+\.[^@\s<>\"',;]+")
_COUNTRY = re.compile("[A-Z]{2}")
_SKILL = re.compile(r"[a-z0-9][a-z0-9 .+#/&-]{0,39}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadDraft:
    """One lead. `may_share` says that the person agreed to be passed on; `exclude_partner_ids` are never offered it."""

    company_name: str
    company_domain: str = ""
    country: str = ""
    region: str = ""
    city: str = ""
    postal_code: str = ""
    latitude: float | None = None
    longitude: float | None = None
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    contact_title: str = ""
    title: str = ""
    message: str = ""
    industry: str = ""
    employees: int | None = None
    product_line_id: UUID | None = None
    program_id: UUID | None = None
    wish: str = ""
    skills: tuple[str, ...] = ()
    amount_minor: int | None = None
    currency: str = "EUR"
    grade: str = ""
    language: str = ""
    source: str = "manual"
    source_detail: str = ""
    campaign: str = ""
    external_source: str = ""
    external_id: str = ""
    referrer_partner_id: UUID | None = None
    may_share: bool = True
    may_contact: bool = True
    exclude_partner_ids: tuple[UUID, ...] = ()


PERSONAL = ("company_name", "company_domain", "postal_code", "contact_name", "contact_email", "contact_phone", "contact_title", "title", "message")
"""The columns that stay hidden until a partner has opened the lead."""
OPEN = (
    *("country", "region", "city", "latitude", "longitude", "industry", "employees", "skills", "amount_minor", "currency", "grade", "language"),
    *("program_id", "wish"),
    *("source", "source_detail", "campaign", "external_source", "external_id", "may_share", "may_contact"),
)
"""The columns by which a lead is routed."""


def tidy(draft: LeadDraft) -> LeadDraft:
    """The draft in its stored spelling: no stray blanks or control signs, capital country, small e-mail and skills."""
    texts = {one.name: _clean(value) for one in fields(draft) if isinstance(value := getattr(draft, one.name), str)}
    skills = tuple(dict.fromkeys(skill for skill in (_clean(str(one)).lower() for one in draft.skills) if skill))
    tidied = replace(draft, **texts, skills=skills)
    return replace(
        tidied, country=tidied.country.upper(), contact_email=tidied.contact_email.lower(), grade=tidied.grade.upper(), currency=tidied.currency.upper()
    )


def _clean(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable() or sign in "\n\t").strip()


def problems(draft: LeadDraft) -> Iterator[tuple[str, str, int]]:
    """(field, code, limit) of everything that can never be right about a tidied draft; the limit is 0 where there is none."""
    for name, most in MAX_LENGTH.items():
        if len(getattr(draft, name)) > most:
            yield name, "too_long", most
    if not draft.company_name:
        yield "company_name", "required", 0
    if draft.country and not _COUNTRY.fullmatch(draft.country):
        yield "country", "country", 0
    if draft.contact_email and not _EMAIL.fullmatch(draft.contact_email):
        yield "contact_email", "email", 0
    if draft.source not in SOURCES:
        yield "source", "choice", 0
    if draft.grade not in GRADES:
        yield "grade", "choice", 0
    yield from _impossible_numbers(draft)
    yield from _impossible_skills(draft)


def _impossible_numbers(draft: LeadDraft) -> Iterator[tuple[str, str, int]]:
    if draft.amount_minor is not None and not 0 <= draft.amount_minor <= LARGEST_MINOR:
        yield "amount_minor", "amount", 0
    if draft.employees is not None and not 0 <= draft.employees <= 10_000_000:
        yield "employees", "number", 0
    if (draft.latitude is None) != (draft.longitude is None):
        yield ("latitude" if draft.latitude is None else "longitude"), "coordinates", 0
    for name, most in (("latitude", 90), ("longitude", 180)):
        value = getattr(draft, name)
        if value is not None and not (math.isfinite(value) and abs(value) <= most):
            yield name, "coordinates", 0


def _impossible_skills(draft: LeadDraft) -> Iterator[tuple[str, str, int]]:
    if len(draft.skills) > MAX_SKILLS:
        yield "skills", "too_many", MAX_SKILLS
    if any(not _SKILL.fullmatch(skill) for skill in draft.skills):
        yield "skills", "skill", 0
