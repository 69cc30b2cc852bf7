"""Red flags: raised by answers, lists and people; resolved by a person with words and a document. And references."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.compliance import policies
from openprm.compliance.events import FlagsRaised
from openprm.compliance.models import Document, Flag, ReferenceCheck, RiskCase
from openprm.compliance.rules.cases import State
from openprm.compliance.rules.matching import Hit
from openprm.compliance.rules.questions import RedAnswer
from openprm.compliance.services import cases, documents
from openprm.compliance.services.gates import refresh_gates
from openprm.compliance.services.unit import ForbiddenMove, choice, is_decidable, load, move, record, text
from openprm.compliance.wording import SOURCES
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if, refused_by
from openprm.kernel.events import publish


class EvidenceNeeded(Invalid):
    """A red flag is resolved with words and a document."""


def raise_from_answers(case: RiskCase, found: Iterable[RedAnswer], at: datetime) -> int:
    """One flag for each red answer of this round. Runs in the system's scope."""
    return _raise(case, [_answer_flag(case, one) for one in found], at)


def _answer_flag(case: RiskCase, one: RedAnswer) -> Flag:
    told = hashlib.sha256(f"{one.text}|{one.answer}".encode()).hexdigest()[:16]
    detail = _("Answered: %(answer)s") % {"answer": one.answer}
    return Flag(source=Flag.Source.ANSWER, fingerprint=f"answer:{case.cycle}:{one.question}:{told}", title=one.text[:300], detail=detail)


def raise_deeper(case: RiskCase, at: datetime) -> int:
    """The answers put the partner into a deeper class than it was asked for."""
    title = _("The answers lead to a higher class of risk than the questions were for")
    detail = _("%(clause)s: %(text)s") % {"clause": case.clause, "text": case.clause_text}
    return _raise(case, [Flag(source=Flag.Source.ANSWER, fingerprint=f"deeper:{case.cycle}:{case.questionnaire_code}", title=title, detail=detail)], at)


def raise_from_screening(case: RiskCase, hits: Sequence[Hit], at: datetime) -> int:
    """One flag for each hit that was not seen before on this case, resolved or not."""
    return _raise(case, [_hit_flag(hit) for hit in hits], at)


def _hit_flag(hit: Hit) -> Flag:
    names = {"name": hit.subject.name, "listed": hit.name, "source": str(SOURCES.get(hit.entry.source, hit.entry.source))}
    return Flag(
        source=Flag.Source.SCREENING,
        fingerprint=hit.fingerprint,
        title=(_("%(name)s is like “%(listed)s” on %(source)s") % names)[:300],
        detail=_("Listed as no. %(ref)s. Names: %(names)s") % {"ref": hit.entry.ref, "names": "; ".join(hit.entry.names[:12])},
        score=hit.score,
        reasons=[{"code": reason.code, "points": reason.points, "value": reason.value} for reason in hit.reasons],
        entry_id=hit.entry.id,
    )


def _raise(case: RiskCase, wanted: list[Flag], at: datetime, actor: Actor = SYSTEM) -> int:
    """Store the flags that are new to the case and say so; an approved case goes back into review."""
    known = set(Flag.objects.filter(case=case, fingerprint__in=[flag.fingerprint for flag in wanted]).values_list("fingerprint", flat=True))
    fresh = [flag for flag in {flag.fingerprint: flag for flag in wanted}.values() if flag.fingerprint not in known]
    for flag in fresh:
        flag.case, flag.partner_id, flag.cycle, flag.raised_at, flag.raised_by_id = case, case.partner_id, case.cycle, at, actor.user_id
        flag.detail = flag.detail[:4000]
        flag.save(force_insert=True)
        record(actor, "compliance.flag_raised", flag, after={}, shared=False, note=flag.title, refs=(case.pk,), at=at)
    if fresh:
        if case.state in (State.APPROVED, State.CLEARED):
            move(case, State.SCREENING)
            cases.wait_for_decision(case, at)
        publish(FlagsRaised(case_id=case.pk, partner_id=case.partner_id, count=len(fresh), at=at))
        refresh_gates(partner_id=case.partner_id, at=at)
    return len(fresh)


@transaction.atomic
def raise_flag(*, actor: Actor, case_id: UUID, title: str, detail: str = "", at: datetime) -> None:
    """Write down what a person saw or heard. Raises NotFound, NotAllowed, Invalid."""
    case = load(policies.reach(actor), case_id)
    refuse_if(policies.why_not_review(actor))
    if case.state == State.DECLINED:
        raise ForbiddenMove(_("A declined case takes no red flags. Open it again first."))
    title = text("title", title, longest=300)
    detail = text("detail", detail, longest=4000, required=False, lines=True)
    told = hashlib.sha256(f"{title}|{detail}".encode()).hexdigest()[:24]
    _raise(case, [Flag(source=Flag.Source.MANUAL, fingerprint=f"manual:{told}", title=title, detail=detail)], at, actor)


@transaction.atomic
def resolve_flag(
    *, actor: Actor, flag_id: UUID, outcome: str, evidence: str, file: tuple[str, bytes] | None = None, document_id: UUID | None = None, at: datetime
) -> None:
    """Clear or confirm a red flag with words and a document: a new file, or one that is on the case already.

    Raises NotFound, NotAllowed, Invalid, EvidenceNeeded.
    """
    flag = policies.reach_flags(actor).select_related("case").locked().one(flag_id)
    refuse_if(policies.why_not_resolve(actor, flag))
    outcome = choice("outcome", outcome, (Flag.State.CLEARED, Flag.State.CONFIRMED))
    evidence = text("evidence", evidence, longest=4000, lines=True)
    flag.evidence, flag.evidence_file = evidence, _document(actor, flag, file, document_id, at)
    flag.state, flag.resolved_by_id, flag.resolved_at = outcome, actor.user_id, at
    with refused_by("resolved_flag_stays", Conflict(_("Somebody resolved this red flag just now. Reload the page."))):
        flag.save(update_fields=["state", "evidence", "evidence_file", "resolved_by", "resolved_at", "updated_at"])
    record(
        actor,
        f"compliance.flag_{outcome}",
        flag,
        before={"state": "open"},
        after={"state": str(outcome)},
        shared=False,
        note=evidence,
        refs=(flag.case_id,),
        at=at,
    )
    cases.settle(RiskCase.objects.locked().one(flag.case_id), at)
    refresh_gates(partner_id=flag.partner_id, at=at)


def _document(actor: Actor, flag: Flag, file: tuple[str, bytes] | None, document_id: UUID | None, at: datetime) -> Document:
    if file:
        return documents.keep(actor, flag.case, *file, at)
    if document_id is None:
        raise EvidenceNeeded(_("Add the document that shows it, for example the extract from the company register."), field="file")
    return Document.objects.filter(partner_id=flag.partner_id).one(document_id)


@transaction.atomic
def add_reference(*, actor: Actor, case_id: UUID, name: str, outcome: str, note: str, company: str = "", at: datetime) -> UUID:
    """Write down what somebody who worked with the partner said. A bad word is a red flag. Raises NotFound, NotAllowed, Invalid."""
    case = load(policies.reach(actor), case_id)
    refuse_if(policies.why_not_review(actor))
    reference = ReferenceCheck.objects.create(
        case=case,
        partner_id=case.partner_id,
        cycle=case.cycle,
        name=text("name", name, longest=200),
        company=text("company", company, longest=200, required=False),
        outcome=choice("outcome", outcome, ReferenceCheck.Outcome.values),
        note=text("note", note, longest=2000, lines=True),
        checked_by_id=actor.user_id,
        checked_at=at,
    )
    record(actor, "compliance.reference_checked", reference, after={}, shared=False, note=f"{reference.name}: {reference.note}", refs=(case.pk,), at=at)
    if reference.outcome == ReferenceCheck.Outcome.NEGATIVE:
        title = _("%(name)s speaks against the partner") % {"name": reference.name}
        _raise(case, [Flag(source=Flag.Source.MANUAL, fingerprint=f"reference:{reference.pk}", title=title[:300], detail=reference.note)], at, actor)
    elif is_decidable(case):
        cases.settle(case, at)
    return reference.pk
