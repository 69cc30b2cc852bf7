"""What a program shows to the public."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from openprm.applications import policies, rules
from openprm.applications.models import ProgramPage
from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Invalid, Problem, Stale, refuse_if
from openprm.partners import queries as partners
from openprm.partners.rules import TYPES

MOST_LINES = 20


@transaction.atomic
def update_program_page(*, actor: Actor, program_id: UUID, changes: Mapping[str, Any], version: int | None = None, at: datetime) -> None:
    """Change the public page of a program and how it takes applications. Raises NotFound, NotAllowed, Invalid, Stale."""
    refuse_if(policies.why_not_configure(actor))
    program = partners.program(actor, program_id)
    page = ProgramPage.objects.filter(program=program.id).locked().first() or ProgramPage(program_id=program.id, version=0)
    if version is not None and version != page.version:
        raise Stale()
    before = page.snapshot() if page.version else None
    for name, value in _checked(changes).items():
        setattr(page, name, value)
    page.version += 1
    page.save()
    audit.record(actor, "program_page.updated", page, before=before, refs=(program.id,), at=at)


def _checked(changes: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, value in changes.items():
        try:
            found[name] = READERS[name](name, value)
        except KeyError:
            problems.append(Problem(name, _("This field cannot be changed here.")))
        except Invalid as refusal:
            problems += refusal.problems
    if problems:
        raise Invalid(problems=problems)
    return found


def _line(longest: int) -> Callable[[str, Any], str]:
    return lambda name, value: _capped(name, rules.one_line(str(value or "")), longest)


def _text(longest: int) -> Callable[[str, Any], str]:
    return lambda name, value: _capped(name, rules.plain_text(str(value or "")), longest)


def _capped(name: str, text: str, longest: int) -> str:
    if len(text) > longest:
        raise Invalid(_("This is too long: at most %(longest)d characters.") % {"longest": longest}, field=name)
    if rules.has_markup(text):
        raise Invalid(_("Write plain text: this looks like program code."), field=name)
    return text


def _lines(name: str, value: Any) -> list[str]:
    rows = value.splitlines() if isinstance(value, str) else list(value)
    kept = [text for row in rows if (text := _capped(name, rules.one_line(str(row)), 300))]
    if len(kept) > MOST_LINES:
        raise Invalid(_("Keep to %(most)d lines.") % {"most": MOST_LINES}, field=name)
    return kept


def _faq(name: str, value: Any) -> list[dict[str, str]]:
    """Questions with their answers: pairs, or text in which a line that ends in "?" begins the next one."""
    pairs = _pairs_in(value) if isinstance(value, str) else [(row.get("question", ""), row.get("answer", "")) for row in value]
    kept = [{"question": _capped(name, rules.one_line(q), 200), "answer": _capped(name, rules.plain_text(a), 1500)} for q, a in pairs]
    if len(kept) > MOST_LINES or any(not one["question"] or not one["answer"] for one in kept):
        raise Invalid(_("Write each question in a line that ends in “?”, and its answer below it; at most %(most)d.") % {"most": MOST_LINES}, field=name)
    return kept


def _pairs_in(text: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for line in text.splitlines():
        if line.strip().endswith("?"):
            pairs.append((line, ""))
        elif pairs:
            question, answer = pairs[-1]
            pairs[-1] = (question, f"{answer}\n{line}")
        elif line.strip():
            pairs.append(("", line))
    return pairs


def _types(name: str, value: Any) -> list[str]:
    chosen = list(dict.fromkeys(value or ()))
    if any(one not in TYPES for one in chosen):
        raise Invalid(_("Choose types from the list."), field=name)
    return chosen


def _email(name: str, value: Any) -> str:
    text = rules.one_line(str(value or "")).lower()
    try:
        if text:
            validate_email(text)
    except ValidationError:
        raise Invalid(_("Write a full e-mail address, for example partners@kallio.fi."), field=name) from None
    return _capped(name, text, 254)


def _days(name: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 1000:
        raise Invalid(_("Write a whole number of days from 0 to 1,000."), field=name)
    return value


def _flag(name: str, value: Any) -> bool:
    return bool(value)


READERS: Mapping[str, Callable[[str, Any], Any]] = {
    "headline": _line(160),
    "for_whom": _text(2000),
    "types": _types,
    "requirements": _lines,
    "faq": _faq,
    "contact_email": _email,
    "is_public": _flag,
    "is_open": _flag,
    "allows_free_mail": _flag,
    "reapply_days": _days,
}
