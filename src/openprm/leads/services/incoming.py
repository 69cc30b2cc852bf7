"""A lead as another system writes it, in JSON: read into a draft and a consent, every odd field named."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from openprm.deals import queries as deals
from openprm.kernel.actor import SYSTEM
from openprm.kernel.domains import normal_domain
from openprm.kernel.errors import Invalid, Problem
from openprm.kernel.scope import system_scope
from openprm.leads.rules.consent import ConsentGiven, Ground
from openprm.leads.rules.intake_draft import MAX_LENGTH, LeadDraft

TEXTS = tuple(name for name in MAX_LENGTH if name not in ("source_detail", "external_source"))
NUMBERS = ("employees", "amount_minor")
PLACES = ("latitude", "longitude")
OTHERS = ("currency", "grade", "skills", "product_line", "product_line_id", "consent", "score", "may_contact")
KNOWN = frozenset((*TEXTS, *NUMBERS, *PLACES, *OTHERS))
CONSENT = ("ground", "text", "text_version", "given_at", "network_address", "source", "may_share")


def lead_of(lead: Mapping[str, Any], *, source: str, source_detail: str = "", external_source: str = "") -> LeadDraft:
    """The draft that a JSON object means. Raises Invalid with every problem."""
    problems = [Problem(f"lead.{str(name)[:40]}", _("There is no such field."), "unknown_field") for name in lead if name not in KNOWN]
    values: dict[str, Any] = {}
    for name, read in _READERS.items():
        if lead.get(name) in (None, ""):
            continue
        try:
            values[name] = read(lead[name])
        except (TypeError, ValueError):
            problems.append(Problem(f"lead.{name}", _("This is of the wrong type."), "wrong_type"))
    if problems:
        raise Invalid(problems=problems)
    return _draft(values, source=source, source_detail=source_detail[:120], external_source=external_source)


def consent_of(given: Any) -> ConsentGiven | None:
    """The consent that a JSON object means; None when nothing was sent. Raises Invalid."""
    if given is None:
        return None
    if not isinstance(given, Mapping) or [name for name in given if name not in CONSENT]:
        raise Invalid(_("Send the consent as an object of %(names)s.") % {"names": ", ".join(CONSENT)}, field="consent")
    if [name for name in ("text", "text_version", "source", "network_address") if not isinstance(given.get(name) or "", str)]:
        raise Invalid(_("Text, version, source and address of a consent are texts."), field="consent")
    return ConsentGiven(
        ground=_ground(given.get("ground")),
        text=given.get("text") or "",
        text_version=given.get("text_version") or "",
        given_at=_moment(given.get("given_at")),
        network_address=given.get("network_address") or None,
        source=given.get("source") or "",
        may_share=given.get("may_share", True) is True,
    )


def points_of(given: Any) -> int | None:
    """A score that came with a lead; None when none was sent. Raises Invalid."""
    if given is not None and (isinstance(given, bool) or not isinstance(given, int)):
        raise Invalid(_("A score is a whole number from 0 to 100."), field="score")
    return given


def product_line(text: str) -> UUID | None:
    """The product line that a name means, whatever its capitals; None for nothing. Raises Invalid for an unknown one."""
    if not text:
        return None
    with system_scope():
        known = {line.name.casefold(): line.id for line in deals.product_lines(SYSTEM)}
    if text.strip().casefold() not in known:
        raise Invalid(_("There is no product line “%(name)s”.") % {"name": text[:60]}, field="product_line")
    return known[text.strip().casefold()]


def _draft(values: dict[str, Any], **origin: str) -> LeadDraft:
    line = values.pop("product_line", "")
    domain = values.pop("company_domain", "")
    return LeadDraft(
        **{"company_name": "", **values},
        company_domain=(normal_domain(domain) or domain) if domain else "",
        **({"product_line_id": product_line(line)} if line and "product_line_id" not in values else {}),
        **origin,
    )


def _ground(text: Any) -> Ground:
    try:
        return Ground(text)
    except ValueError:
        raise Invalid(_("Send one of the grounds %(grounds)s.") % {"grounds": ", ".join(Ground)}, field="consent.ground") from None


def _moment(text: Any) -> datetime | None:
    if text in (None, ""):
        return None
    try:
        found = parse_datetime(text) if isinstance(text, str) else None
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Invalid(_("Write the moment with its zone, like 2026-11-20T09:30:00Z."), field="consent.given_at")
    return found


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    return float(value)


def _yes_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _words(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError
    return tuple(_text(one) for one in value)


_READERS = {
    **dict.fromkeys((*TEXTS, "currency", "grade", "product_line"), _text),
    **dict.fromkeys(NUMBERS, _whole),
    **dict.fromkeys(PLACES, _number),
    "skills": _words,
    "may_contact": _yes_no,
    "product_line_id": lambda value: UUID(_text(value)),
}
