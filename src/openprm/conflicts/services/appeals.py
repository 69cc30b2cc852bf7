"""The one appeal: filed by a partner on one side, answered by a second reviewer, never the first."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.conflicts import policies
from openprm.conflicts.events import AppealAnswered, CaseAppealed
from openprm.conflicts.models import Appeal, ConflictCase, Ruling
from openprm.conflicts.queries.outlook import proposals
from openprm.conflicts.queries.ties import candidates_for, ties_of
from openprm.conflicts.rules.impartiality import proposed
from openprm.conflicts.rules.lifecycle import APPEAL, DECISION, AppealResult, Ending, Finding, State
from openprm.conflicts.services import choices, clocks, remedies
from openprm.conflicts.services.results import Decided, Saved
from openprm.conflicts.services.review import FirstReviewerAgain, close, write_ruling
from openprm.conflicts.services.unit import announce, as_system, choice, locked, move, record, visible, words
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if, refused_by


class AlreadyAppealed(Conflict):
    """A case is appealed once."""


def appeal(*, actor: Actor, case_id: UUID, text: str, version: int | None = None, at: datetime) -> Saved:
    """Disagree with the first decision. The system proposes a second reviewer at once. Raises NotFound, NotAllowed, Stale, Invalid, AlreadyAppealed."""
    visible(actor, case_id)
    said = words("text", text, most=8000)
    with as_system(actor):
        case = locked(case_id, version)
        refuse_if(policies.why_not_appeal(actor, case, was_appealed=Appeal.objects.filter(case=case).exists(), at=at))
        partner_id = next(one for one in case.party_ids if one in actor.partner_ids)
        _file(actor, case, partner_id, said, at)
        clocks.appealed(case, at)
        announce(CaseAppealed, case, actor, at, appellant_id=partner_id)
        return Saved(case_id=case.pk, number=case.number, version=case.version, state=str(case.state))


def _file(actor: Actor, case: ConflictCase, partner_id: UUID, text: str, at: datetime) -> None:
    before = case.snapshot()
    second = proposed(candidates_for(case))
    second_id = second.user_id if second else None
    with refused_by("conflicts_appeal_case_id_key", AlreadyAppealed(_("%(number)s was appealed already.") % {"number": case.number})):
        Appeal.objects.create(
            case=case, partner_id=partner_id, author_id=actor.user_id, author_name=actor.name[:120], text=text, filed_at=at, reviewer_id=second_id
        )  # fmt: skip
    case.appeal_reviewer_id, case.appeal_until = second_id, None
    move(case, State.APPEALED, "appeal_reviewer", "appeal_until")
    record(actor, "conflict.appealed", case, before=before, at=at)


@transaction.atomic
def answer_appeal(
    *,
    actor: Actor,
    case_id: UUID,
    result: str,
    reasons: str,
    would_change: str,
    clause: str,
    finding: str = "",
    remedies_chosen: Iterable[str] | None = None,
    version: int | None = None,
    at: datetime,
) -> Decided:
    """Uphold the first decision, change it, or send the case back for a new review by somebody else. The first decision stays as it was written.

    Raises NotFound, NotAllowed, Stale, Invalid, Conflict; then nothing has changed.
    """
    visible(actor, case_id)
    case = locked(case_id, version)
    refuse_if(policies.why_not_answer_appeal(actor, case, ties_of(case)))
    result = choice("result", result, AppealResult)
    first = Ruling.objects.get(case=case, kind=DECISION, round=case.round)
    finding = _finding(result, finding, first.finding)
    _hold(actor, case)
    ruling = write_ruling(
        actor, case, APPEAL, finding=finding, reasons=reasons, would_change=would_change, clause=clause, appeal_result=result, at=at
    )  # fmt: skip
    if result == AppealResult.CHANGED:
        remedies.execute(actor, case, ruling, remedies.chosen(proposals(case, finding, at), remedies_chosen), at)
        choices.settle(case, finding, at)
    _settle(actor, case, result, finding, at)
    return Decided(
        case_id=case.pk, number=case.number, version=case.version, state=str(case.state), finding=finding, ruling_id=ruling.pk, appeal_until=None
    )  # fmt: skip


def _hold(actor: Actor, case: ConflictCase) -> None:
    case.appeal_reviewer_id = actor.user_id
    with refused_by("appeal_goes_to_a_second_reviewer", FirstReviewerAgain()):
        case.save(update_fields=["appeal_reviewer", "updated_at"])


def _finding(result: str, wanted: str, first: str) -> str:
    """Only a change needs a finding of its own, and it must differ."""
    if result != AppealResult.CHANGED:
        return first
    finding = choice("finding", wanted, Finding)
    if finding == first:
        raise Invalid(_("A changed decision finds something else than the first. Uphold it instead."), field="finding")
    return finding


def _settle(actor: Actor, case: ConflictCase, result: str, finding: str, at: datetime) -> None:
    before = case.snapshot()
    clocks.answered(case, at)
    with refused_by("appeal_needs_a_second_reviewer", FirstReviewerAgain()):
        Appeal.objects.filter(case=case).update(result=result, answered_at=at, reviewer_id=actor.user_id, updated_at=at)
    if result == AppealResult.REMANDED:
        _send_back(actor, case, before, at)
    else:
        case.finding, case.decided_at = finding, at
        case.save(update_fields=["finding", "decided_at", "updated_at"])
        record(actor, "conflict.appeal_answered", case, before=before, at=at, data={"result": result})
        close(actor, case, Ending.DECIDED, "", at)
    announce(AppealAnswered, case, actor, at, result=result, finding=finding)


def _send_back(actor: Actor, case: ConflictCase, before: dict, at: datetime) -> None:
    """A new round with somebody who did not decide before; both sides may speak again."""
    case.round += 1
    case.reviewer_id, case.finding, case.decided_at = None, "", None
    move(case, State.IN_REVIEW, "round", "reviewer", "finding", "decided_at")
    clocks.again(case, at)
    record(actor, "conflict.appeal_answered", case, before=before, at=at, data={"result": str(AppealResult.REMANDED)})
