"""The fields of a web form, whose pages may send it, and how often and how fast a stranger may."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

ALWAYS = ("company_name", "contact_name", "contact_email", "country")
"""A lead needs them, and the country says which law asks for what."""
OPTIONAL = ("contact_title", "contact_phone", "company_domain", "city", "postal_code", "employees", "amount", "product_line_id", "message")
MOST_QUESTIONS = 6
MOST_CHOICES = 12
MOST_ORIGINS = 20
MOST_PRODUCT_LINES = 40
MOST_POINTS = 5
LONGEST_QUESTION = 120
LONGEST_CHOICE = 80
LONGEST_ANSWER = 500

FASTEST = timedelta(seconds=3)
OPENED_FOR = timedelta(hours=12)
ADDRESS_WINDOW = timedelta(hours=1)
PER_ADDRESS = 10
EMAIL_WINDOW = timedelta(days=1)
PER_EMAIL = 4
FORM_WINDOW = timedelta(hours=1)
PER_FORM = 500
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")


@dataclass(frozen=True, slots=True)
class FormField:
    """One thing that a form asks: a known field of a lead, or a question of its own with a label."""

    name: str
    required: bool = False
    label: str = ""
    choices: tuple[str, ...] = ()

    @property
    def is_question(self) -> bool:
        return self.name.startswith("question_")


def field_of(row: Mapping[str, Any]) -> FormField:
    return FormField(str(row["name"]), bool(row.get("required")), str(row.get("label", "")), tuple(row.get("choices", ())))


def fields_of(rows: Iterable[Mapping[str, Any]]) -> tuple[FormField, ...]:
    """Every field in the order in which the form asks: who and where first, then what is optional, then its own questions."""
    own = [field_of(row) for row in rows]
    known = {field.name: field for field in own if not field.is_question}
    fixed = tuple(FormField(name, required=True) for name in ALWAYS)
    return (*fixed, *(known[name] for name in OPTIONAL if name in known), *(field for field in own if field.is_question))


def written(field: FormField) -> dict[str, Any]:
    """A field as it is stored."""
    plain = {"name": field.name, "required": field.required}
    return plain | ({"label": field.label, "choices": list(field.choices)} if field.is_question else {})


def origin(text: str) -> str:
    """ "https://www.kallio.example/contact" as "https://www.kallio.example"; empty for what is no web address."""
    parts = urlsplit(text.strip() if "//" in text else f"https://{text.strip()}")
    host = (parts.hostname or "").lower()
    try:
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("https", "http") or not _HOST.fullmatch(host) or len(host) > 200:
        return ""
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != {"https": 443, "http": 80}[parts.scheme] else "")


def may_send(sent_from: str, *, own: str, allowed: Iterable[str]) -> bool:
    """Whether a page of this origin may send the form: our own always, others when the vendor named them.

    A browser always says the origin of a form that is posted from another site. A request that says none counts as one
    of our own page, which carries a stamp of when it was opened.
    """
    return bool(sent_from) and (sent_from == own or sent_from in set(allowed))


def typed_too_fast(*, opened_at: datetime, at: datetime) -> bool:
    return at - opened_at < FASTEST
