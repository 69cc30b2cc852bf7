"""Judging: who takes a case, what is noted, false alarms, and the first decision."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.conflicts import policies
from openprm.conflicts.events import CaseClosed, CaseDecided, CaseTakenUp
from openprm.conflicts.models import Appeal, CaseNote, ConflictCase, Ruling
from openprm.conflicts.queries.clauses import Clause, cited
from openprm.conflicts.queries.outlook import proposals
from openprm.conflicts.queries.ties import candidates_for, ties_of
from openprm.conflicts.rulekinds import APPEAL as APPEAL_RULE
from openprm.conflicts.rules.impartiality import proposed
from openprm.conflicts.rules.lifecycle import DECISION, Ending, Finding, State, after_ruling
from openprm.conflicts.services import choices, clocks, remedies
from openprm.conflicts.services.results import Decided, Saved
from openprm.conflicts.services.unit import announce, choice, locked, move, record, save, sides, visible, words
from openprm.conflicts.wording import BIAS
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Invalid, NotAllowed, NotFound, refuse_if, refused_by
from openprm.rulebook import services as rulebook


class FirstReviewerAgain(NotAllowed):
    """The database itself refuses that an appeal is answered by who decided first."""

    def default_message(self) -> str:
        return str(BIAS["decided_first"])


@transaction.atomic
def take_up(*, actor: Actor, case_id: UUID, version: int | None = None, at: datetime) -> Saved:
    """Judge this case, or its appeal, oneself. Raises NotFound, NotAllowed, Stale."""
    visible(actor, case_id)
    case = locked(case_id, version)
    refuse_if(policies.why_not_take_up(actor, case, ties_of(case)))
    assert actor.user_id is not None
    return _give_to(actor, case, actor.user_id, at)


@transaction.atomic
def assign(*, actor: Actor, case_id: UUID, reviewer_id: UUID | None = None, version: int | None = None, at: datetime) -> Saved:
    """Name who judges; without a name the free person with the fewest cases. Raises NotFound, NotAllowed, Stale, Invalid."""
    visible(actor, case_id)
    case = locked(case_id, version)
    refuse_if(policies.why_not_assign(actor, case))
    people = candidates_for(case)
    wanted = next((one for one in people if one.user_id == reviewer_id), None) if reviewer_id else proposed(people)
    if wanted is None:
        raise Invalid(_no_judge(reviewer_id), field="reviewer_id")
    if wanted.bias:
        raise Invalid(str(BIAS[wanted.bias]), field="reviewer_id", code=str(wanted.bias))
    return _give_to(actor, case, wanted.user_id, at)


def _no_judge(reviewer_id: UUID | None) -> str:
    if reviewer_id:
        return _("This person does not hold the right to review cases.")
    return _("Everybody who may review is tied to this case. Give the right to somebody else first.")


def _give_to(actor: Actor, case: ConflictCase, reviewer_id: UUID, at: datetime) -> Saved:
    if case.state == State.APPEALED:
        return _give_appeal(actor, case, reviewer_id, at)
    before = case.snapshot()
    case.reviewer_id, case.taken_up_at = reviewer_id, case.taken_up_at or at
    if case.state == State.OPEN:
        move(case, State.IN_REVIEW, "reviewer", "taken_up_at")
    else:
        save(case, "reviewer", "taken_up_at")
    clocks.taken_up(case, at)
    return _told_of(actor, case, reviewer_id, before, at)


def _give_appeal(actor: Actor, case: ConflictCase, reviewer_id: UUID, at: datetime) -> Saved:
    before = case.snapshot()
    case.appeal_reviewer_id = reviewer_id
    with refused_by("appeal_goes_to_a_second_reviewer", FirstReviewerAgain()), refused_by("appeal_needs_a_second_reviewer", FirstReviewerAgain()):
        save(case, "appeal_reviewer")
        Appeal.objects.filter(case=case).update(reviewer_id=reviewer_id, updated_at=at)
    return _told_of(actor, case, reviewer_id, before, at)


def _told_of(actor: Actor, case: ConflictCase, reviewer_id: UUID, before: dict, at: datetime) -> Saved:
    name = identity.names_of([reviewer_id]).get(reviewer_id, "")
    record(actor, "conflict.taken_up", case, before=before, at=at, data={"reviewer": name})
    announce(CaseTakenUp, case, actor, at, reviewer_id=reviewer_id)
    return Saved(case_id=case.pk, number=case.number, version=case.version, state=str(case.state))


@transaction.atomic
def write_note(*, actor: Actor, case_id: UUID, text: str, at: datetime) -> UUID:
    """A word among the vendor's people; no partner reads it. Raises NotFound, NotAllowed, Invalid."""
    case = visible(actor, case_id)
    if not actor.sees_all_partners:
        raise NotFound()
    refuse_if(policies.why_not_write_note(actor))
    note = CaseNote.objects.create(
        case=case, author_id=actor.user_id, author_name=actor.name[:120], text=words("text", text, most=4000), written_at=at
    )  # fmt: skip
    record(actor, "conflict.noted", case, after={}, note=note.text, shared=False, at=at)
    return note.pk


@transaction.atomic
def dismiss(*, actor: Actor, case_id: UUID, reason: str, version: int | None = None, at: datetime) -> Saved:
    """Close an alarm of the sentinel that was none; the reason is read by the partner and the figures count it.

    Raises NotFound, NotAllowed, Stale, Invalid.
    """
    visible(actor, case_id)
    case = locked(case_id, version)
    refuse_if(policies.why_not_dismiss(actor, case, ties_of(case)))
    close(actor, case, Ending.FALSE_ALARM, words("reason", reason, most=2000), at)
    return Saved(case_id=case.pk, number=case.number, version=case.version, state=str(case.state))


def close(actor: Actor, case: ConflictCase, ending: str, reason: str, at: datetime) -> None:
    before = case.snapshot()
    case.ending, case.ended_reason, case.closed_at = ending, reason, at
    move(case, State.CLOSED, "ending", "ended_reason", "closed_at")
    clocks.stop(case, sides(case), at)
    record(actor, f"conflict.{ending}" if ending != Ending.DECIDED else "conflict.closed", case, before=before, note=reason, at=at)
    announce(CaseClosed, case, actor, at, ending=str(ending))


@transaction.atomic
def decide(
    *,
    actor: Actor,
    case_id: UUID,
    finding: str,
    reasons: str,
    would_change: str,
    clause: str,
    remedies_chosen: Iterable[str] | None = None,
    version: int | None = None,
    at: datetime,
) -> Decided:
    """Take the decision of this round, with its reasons, its clause and what would have changed it, and do what the table says follows.

    `clause` is a key of `queries.clauses.citable`; `remedies_chosen` names clauses of the published remedies, None takes all.
    Raises NotFound, NotAllowed, Stale, Invalid, Conflict; then nothing has changed.
    """
    visible(actor, case_id)
    case = locked(case_id, version)
    refuse_if(policies.why_not_decide(actor, case, ties_of(case)))
    finding = choice("finding", finding, Finding)
    ruling = write_ruling(actor, case, DECISION, finding=finding, reasons=reasons, would_change=would_change, clause=clause, at=at)
    remedies.execute(actor, case, ruling, remedies.chosen(proposals(case, finding, at), remedies_chosen), at)
    choices.settle(case, finding, at)
    _settle(actor, case, finding, at)
    return Decided(
        case_id=case.pk, number=case.number, version=case.version, state=str(case.state), finding=finding, ruling_id=ruling.pk,
        appeal_until=case.appeal_until,
    )  # fmt: skip


def write_ruling(
    actor: Actor, case: ConflictCase, kind: str, *, finding: str, reasons: str, would_change: str, clause: str, appeal_result: str = "", at: datetime
) -> Ruling:
    """Freeze a ruling. Raises Invalid, FirstReviewerAgain."""
    found = _cited(case, clause)
    texts = {"reasons": words("reasons", reasons, most=8000), "would_change": words("would_change", would_change, most=2000)}
    _refuse_names(case, texts)
    with refused_by("appeal_needs_a_second_reviewer", FirstReviewerAgain()):
        return Ruling.objects.create(
            case=case, kind=kind, round=case.round, finding=finding, appeal_result=appeal_result, clause=found.clause, clause_text=found.text,
            clause_source=found.source[:160], clause_kind=found.kind, clause_version_id=found.version_id, clause_version=found.version,
            by_id=actor.user_id, by_name=actor.name[:120], at=at, **texts,
        )  # fmt: skip


def _cited(case: ConflictCase, key: str) -> Clause:
    found = cited(key, case.program_id, case.opened_at)
    if found is None:
        raise Invalid(_("Choose the clause that the decision rests on."), field="clause", code="required")
    return found


def _refuse_names(case: ConflictCase, texts: dict[str, str]) -> None:
    """Two partners in a case do not learn of each other from the words of the reviewer."""
    if case.other_partner_id is None:
        return
    names = identity.organization_names(case.party_ids).values()
    for field, text in texts.items():
        if said := [name for name in names if name.casefold() in text.casefold()]:
            message = _("Both partners read this, and neither knows the other. Write “the partner that claims” instead of “%(name)s”.")
            raise Invalid(message % {"name": said[0]}, field=field, code="names_a_party")


def _settle(actor: Actor, case: ConflictCase, finding: str, at: datetime) -> None:
    before, is_first = case.snapshot(), case.first_reviewer_id is None
    case.finding, case.decided_at = finding, at
    if is_first:
        case.first_reviewer_id = actor.user_id
    following = after_ruling(DECISION, round_number=case.round)
    case.appeal_until = at + timedelta(days=appeal_days(case)) if following == State.DECIDED else None
    clocks.decided(case, sides(case), at)
    if following == State.DECIDED:
        move(case, State.DECIDED, "finding", "decided_at", "appeal_until", "first_reviewer")
        record(actor, "conflict.decided", case, before=before, at=at, data={"finding": finding})
    else:
        case.save(update_fields=["finding", "decided_at", "updated_at"])
        record(actor, "conflict.decided", case, before=before, at=at, data={"finding": finding})
        close(actor, case, Ending.DECIDED, "", at)
    announce(CaseDecided, case, actor, at, finding=finding, is_final=following != State.DECIDED)


def appeal_days(case: ConflictCase) -> int:
    """How long an appeal is possible, by the rule in force when the case was opened."""
    ruling = rulebook.evaluate(kind=APPEAL_RULE, program_id=case.program_id, inputs={"type": case.type}, at=case.opened_at)
    return int((ruling.outcome or {}).get("days") or 0)
