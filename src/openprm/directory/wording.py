"""Verdicts in sentences, for pages, commands and the API alike."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from openprm.directory import words
from openprm.directory.rules.verification import Check, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A verdict as people read it: one title, one sentence, each check, and what the badge says of itself."""

    title: str
    text: str
    tone: str
    checks: tuple[tuple[Check, str], ...]
    facts: tuple[str, ...]


def verdict(found: Verdict) -> Said:
    title, text, tone = words.VERDICTS["unchecked" if is_unchecked(found) else found.state]
    facts = {**dict.fromkeys(("issuer", "valid_from", "valid_until"), "–"), **found.facts}
    said = {"issuer": facts["issuer"] or "–", "valid_from": day(facts["valid_from"]), "valid_until": day(facts["valid_until"])}
    return Said(
        title=str(title), text=str(text) % said, tone=tone, checks=tuple((check, str(words.CHECKS[check.code])) for check in found.checks), facts=_facts(found)
    )


def is_unchecked(found: Verdict) -> bool:
    """Whether a good badge was judged without a fresh status list."""
    return found.holds and any(check.is_passed is None for check in found.checks)


def no_credential(code: str) -> str:
    return str(words.NO_CREDENTIAL.get(code, words.NO_CREDENTIAL["no_credential"]))


def day(stamp: str) -> str:
    try:
        return date_format(datetime.fromisoformat(stamp.replace("Z", "+00:00")), "j M Y")
    except ValueError:
        return stamp or "–"


def _facts(found: Verdict) -> tuple[str, ...]:
    if not found.facts:
        return ()
    values = {**found.facts, "valid_from": day(found.facts["valid_from"]), "valid_until": day(found.facts["valid_until"])}
    lines = [
        _("Badge: %(name)s") % values,
        _("Holder: %(partner)s") % values,
        _("Issuer: %(issuer)s (%(issuer_id)s)") % values,
        _("Valid from: %(valid_from)s") % values,
    ]
    return tuple(lines + ([_("Valid until: %(valid_until)s") % values] if found.facts["valid_until"] else []))
