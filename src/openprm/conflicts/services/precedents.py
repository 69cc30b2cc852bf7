"""Making a precedent of a decided case (X14): the machine takes names out, a person checks, and no known name is ever published."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.conflicts import policies
from openprm.conflicts.events import PrecedentPublished
from openprm.conflicts.models import ConflictCase, Precedent, Ruling, Statement
from openprm.conflicts.queries import known
from openprm.conflicts.rules.lifecycle import APPEAL, DECISION, AppealResult, Side
from openprm.conflicts.rules.redaction import Known, band, names_left, redact, region_of
from openprm.conflicts.services import remedies
from openprm.conflicts.services.unit import visible, words
from openprm.conflicts.wording import REMEDY as REMEDY_WORDS
from openprm.conflicts.wording import TYPE_SHORT, label_of
from openprm.deals import queries as deals
from openprm.kernel import db
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, Problem, Stale, refuse_if
from openprm.kernel.events import publish

TEXTS = {"title": 160, "what_happened": 8000, "reasons": 8000, "would_change": 2000}
_NAMES = re.compile(r"\b[A-ZÀ-ÖØ-Þ][\w&.'’-]+(?:\s+(?:[a-z]{1,3}\s+)?[A-ZÀ-ÖØ-Þ][\w&.'’-]+){1,3}")
MOST_NAMES = 40


class NamesLeft(Invalid):
    """A known name is still in the text."""


@transaction.atomic
def prepare(*, actor: Actor, case_id: UUID, at: datetime) -> UUID:
    """A first draft without names, for a person to check; doing it twice gives the same draft. Raises NotFound, NotAllowed."""
    case = visible(actor, case_id)
    ruling = last_ruling(case)
    refuse_if(policies.why_not_prepare(actor, case, has_ruling=ruling is not None))
    if made := Precedent.objects.filter(case=case).values_list("pk", flat=True).first():
        return made
    assert ruling is not None
    row = Precedent.objects.create(case=case, prepared_by_id=actor.user_id, **_draft(case, ruling, known.known_of(case, at), at))
    audit.record(actor, "precedent.prepared", row, after={}, refs=(row.pk, case.pk), at=at)
    return row.pk


def last_ruling(case: ConflictCase) -> Ruling | None:
    """The ruling that stands: the newest that was not a mere sending back."""
    return Ruling.objects.filter(case=case).exclude(appeal_result=AppealResult.REMANDED).order_by("-at", "-pk").first()


def _draft(case: ConflictCase, ruling: Ruling, hidden: Known, at: datetime) -> dict:
    deal = deals.dossier(case.registration_id, at) if case.registration_id else None
    first = Ruling.objects.filter(case=case, kind=DECISION).order_by("round").first() or ruling
    told = _story(case, hidden)
    appealed = Ruling.objects.filter(case=case, kind=APPEAL).order_by("-at").first()
    return {
        "type": case.type, "finding": ruling.finding, "clause": ruling.clause, "clause_text": redact(ruling.clause_text, hidden),
        "clause_source": ruling.clause_source, "title": label_of(TYPE_SHORT, case.type), "what_happened": told,
        "reasons": redact("\n\n".join(dict.fromkeys((first.reasons, ruling.reasons))), hidden), "would_change": redact(ruling.would_change, hidden),
        "remedies": [label_of(REMEDY_WORDS, one.code) for one in remedies.standing(case)],
        "region": region_of(deal.country) if deal and deal.country else "", "amount_band": band(deal.amount_minor // 100, deal.currency) if deal else "",
        "appeal_result": appealed.appeal_result if appealed else "", "decided_month": ruling.at.date().replace(day=1),
        "days": max(0, (ruling.at - case.opened_at).days),
    }  # fmt: skip


def _story(case: ConflictCase, hidden: Known) -> str:
    """What each side said, without names."""
    rows = Statement.objects.filter(case=case).select_related("party").order_by("said_at", "pk")
    heads = {Side.CLAIMANT: _("The side that claims:"), Side.RESPONDENT: _("The side that answers:")}
    parts = [f"{heads[Side(row.party.side)]} {redact(row.text, hidden)}" for row in rows]
    return "\n\n".join(parts)[:8000] or _("Neither side made a statement.")


@transaction.atomic
def save_draft(*, actor: Actor, precedent_id: UUID, texts: Mapping[str, str], version: int | None = None, at: datetime) -> int:
    """Change the words of a draft. Raises NotFound, Conflict, Stale, Invalid."""
    row = _draft_of(actor, precedent_id, version)
    for name, most in TEXTS.items():
        if name in texts:
            setattr(row, name, words(name, texts[name], most=most, required=name != "would_change"))
    row.version += 1
    row.save(update_fields=[*TEXTS, "version", "updated_at"])
    audit.record(actor, "precedent.changed", row, after={}, refs=(row.pk, row.case_id), at=at)
    return row.version


def _draft_of(actor: Actor, precedent_id: UUID, version: int | None) -> Precedent:
    row = policies.reach_precedents(actor).select_related("case").locked().one(precedent_id)
    refuse_if(policies.why_not_prepare(actor, row.case, has_ruling=True))
    if row.state != Precedent.State.DRAFT:
        raise Conflict(_("%(number)s is published. Published words stay as they are; withdraw it instead.") % {"number": row.number})
    if version is not None and version != row.version:
        raise Stale()
    return row


@transaction.atomic
def publish_precedent(*, actor: Actor, precedent_id: UUID, version: int | None = None, at: datetime) -> str:
    """Publish what this person has read and checked; gives its number. Raises NotFound, NamesLeft, Conflict, Stale."""
    row = _draft_of(actor, precedent_id, version)
    refuse_names(row, at)
    row.number = f"PR-{int(db.value('select nextval(%s)', ['conflicts_precedent_number'])):04d}"
    row.state, row.published_at, row.checked_by_id = Precedent.State.PUBLISHED, at, actor.user_id
    row.version += 1
    row.save(update_fields=["number", "state", "published_at", "checked_by", "version", "updated_at"])
    audit.record(actor, "precedent.published", row, after={}, refs=(row.pk, row.case_id), at=at)
    publish(PrecedentPublished(precedent_id=row.pk, number=row.number, actor_id=actor.user_id, at=at))
    return row.number


def refuse_names(row: Precedent, at: datetime) -> None:
    """Raise NamesLeft naming each field and what is still in it."""
    found = names_in(row, at)
    problems = [
        Problem(field, _("Still in the text: %(names)s. Say who it was without the name.") % {"names": ", ".join(names)}, "names_left")
        for field, names in found.items()
    ]
    if problems:
        raise NamesLeft(problems=problems)


def names_left_in(*, actor: Actor, precedent_id: UUID, at: datetime) -> dict[str, tuple[str, ...]]:
    """What a draft still tells, by field, for who works on it. Raises NotFound."""
    return names_in(policies.reach_precedents(actor).select_related("case").one(precedent_id), at)


def names_in(row: Precedent, at: datetime) -> dict[str, tuple[str, ...]]:
    """The known names in each text of a precedent: of the case, of every other partner, of any customer."""
    hidden, others = known.known_of(row.case, at), tuple(known.other_names(row.case))
    texts = {name: getattr(row, name) for name in (*TEXTS, "clause_text")}
    found = {name: (*names_left(text, hidden, others=others), *_customers(text)) for name, text in texts.items()}
    return {name: tuple(dict.fromkeys(names)) for name, names in found.items() if names}


def _customers(text: str) -> Iterable[str]:
    pieces = list(dict.fromkeys(_NAMES.findall(text)))[:MOST_NAMES]
    return known.customers_named(pieces) if pieces else ()


@transaction.atomic
def withdraw_precedent(*, actor: Actor, precedent_id: UUID, at: datetime) -> None:
    """Take a published precedent out of the library; its row stays. Raises NotFound, NotAllowed, Conflict."""
    row = policies.reach_precedents(actor).select_related("case").locked().one(precedent_id)
    refuse_if(policies.why_not_prepare(actor, row.case, has_ruling=True))
    if row.state != Precedent.State.PUBLISHED:
        raise Conflict(_("Only a published precedent can be withdrawn."))
    row.state = Precedent.State.WITHDRAWN
    row.version += 1
    row.save(update_fields=["state", "version", "updated_at"])
    audit.record(actor, "precedent.withdrawn", row, after={}, refs=(row.pk, row.case_id), at=at)
