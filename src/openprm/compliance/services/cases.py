"""The life of a risk case: opened, settled, decided, renewed."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.compliance import policies
from openprm.compliance.events import CaseReady, ComplianceCleared, ComplianceDeclined
from openprm.compliance.models import CaseDecision, Reply, RiskCase
from openprm.compliance.rules import cases
from openprm.compliance.rules.cases import State
from openprm.compliance.services.gates import refresh_gates
from openprm.compliance.services.rating import rate
from openprm.compliance.services.unit import ANSWERS, DECISION, is_decidable, load, move, record, resolvers_of, start_clock, text, work_on
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, NotAllowed, refuse_if, refused_by
from openprm.kernel.events import publish
from openprm.kernel.scope import system_scope
from openprm.partners import queries as partners
from openprm.promises import services as promises

OPEN_AT_ONCE = 60


class FourEyes(NotAllowed):
    """Who cleared a red flag does not approve the case."""


class FlagsOpen(Conflict):
    """A case with an open red flag cannot be decided."""


def open_case(*, partner_id: UUID, at: datetime) -> UUID:
    """The partner's risk case, opened and rated when it has none. Runs as the system; doing it twice changes nothing."""
    with system_scope():
        existing = RiskCase.objects.filter(partner_id=partner_id).values_list("pk", flat=True).first()
        return existing or _open(partner_id, at)


def _open(partner_id: UUID, at: datetime) -> UUID:
    case = RiskCase(partner_id=partner_id, opened_at=at, cycle_started_at=at)
    rate(case, at)
    case.save(force_insert=True)
    record(SYSTEM, "compliance.opened", case, after={}, data={"risk": case.risk, "clause": case.clause}, at=at)
    refresh_gates(partner_id=partner_id, at=at)
    return case.pk


def open_cases(*, actor: Actor, at: datetime, limit: int = OPEN_AT_ONCE) -> int:
    """Open a case for every partner that has none, up to `limit`; gives how many. Raises NotAllowed."""
    refuse_if(policies.why_not_review(actor))
    have = set(RiskCase.objects.values_list("partner_id", flat=True))
    missing = [UUID(partner_id) for partner_id, _name in partners.partner_choices(actor) if UUID(partner_id) not in have][:limit]
    for partner_id in missing:
        open_case(partner_id=partner_id, at=at)
    return len(missing)


def settle(case: RiskCase, at: datetime) -> None:
    """Let the case go on when nothing stands between it and its decision. Runs in the system's scope."""
    if not is_decidable(case) or cases.still_needs(case.depth, work_on(case)):
        return
    move(case, State.CLEARED)
    record(SYSTEM, "compliance.ready", case, after={}, at=at)
    if case.approver == "nobody" and case.risk == "low":
        _approve(SYSTEM, case, _("Approved by rule %(clause)s: nothing was found.") % {"clause": case.clause}, at)
    else:
        publish(CaseReady(case_id=case.pk, partner_id=case.partner_id, at=at))


@transaction.atomic
def approve(*, actor: Actor, case_id: UUID, note: str = "", version: int | None = None, at: datetime) -> datetime:
    """Approve the partner's due diligence; gives until when it holds. Raises NotFound, NotAllowed, Invalid, Stale, FourEyes, FlagsOpen."""
    case = load(policies.reach(actor), case_id, version)
    resolvers = resolvers_of(case)
    if not cases.has_four_eyes(actor.user_id, resolvers):
        raise FourEyes(_("You cleared a red flag of this case. Somebody else approves it: four eyes."))
    refuse_if(policies.why_not_approve(actor, case, work_on(case), resolvers))
    return _approve(actor, case, text("note", note, longest=2000, required=False, lines=True), at)


def _approve(actor: Actor, case: RiskCase, note: str, at: datetime) -> datetime:
    before = case.snapshot()
    until = _approved_until(case, at)
    case.approved_until, case.approved_cycle, case.lapsed_at, case.reminded = until, case.cycle, None, []
    _decided(actor, case, State.APPROVED, note, at)
    record(actor, "compliance.approved", case, before=before, note=note, at=at)
    promises.keep(subject_id=case.pk, code=DECISION, at=at)
    Reply.objects.filter(case=case, state=Reply.State.SUBMITTED).update(state=Reply.State.ACCEPTED, accepted_at=at, accepted_by=actor.user_id)
    refresh_gates(partner_id=case.partner_id, at=at)
    publish(ComplianceCleared(partner_id=case.partner_id, case_id=case.pk, risk=case.risk, approved_until=until, at=at))
    return until


def _approved_until(case: RiskCase, at: datetime) -> datetime:
    """A flag cleared in between leaves the end as it is; a renewal counts on from the old end when that lies ahead."""
    end = case.approved_until
    if end and end > at and case.approved_cycle == case.cycle:
        return end
    return cases.months_later(max(at, end or at), case.renewal_months)


def _decided(actor: Actor, case: RiskCase, state: State, note: str, at: datetime) -> None:
    four_eyes = FourEyes(_("You cleared a red flag of this case. Somebody else approves it: four eyes."))
    case.decided_at, case.decided_by_id, case.decision_note = at, actor.user_id, note
    with refused_by("clear_case_has_no_open_flag", FlagsOpen(_("A red flag is open. Clear or confirm it first."))):
        move(case, state, "decided_at", "decided_by", "decision_note", "approved_until", "approved_cycle", "lapsed_at", "reminded")
    with refused_by("case_needs_four_eyes", four_eyes):
        CaseDecision.objects.create(
            case=case, partner_id=case.partner_id, cycle=case.cycle, outcome="approved" if state == State.APPROVED else "declined", risk=case.risk, note=note,
            decided_by=actor.user_id, decided_by_name=actor.name[:120], approved_until=case.approved_until if state == State.APPROVED else None, at=at,
        )  # fmt: skip


@transaction.atomic
def decline(*, actor: Actor, case_id: UUID, note: str, version: int | None = None, at: datetime) -> None:
    """Refuse a partner, with a reason that it reads. Raises NotFound, NotAllowed, Invalid, Stale."""
    case = load(policies.reach(actor), case_id, version)
    refuse_if(policies.why_not_decline(actor, case))
    note = text("note", note, longest=2000, lines=True)
    before = case.snapshot()
    case.approved_until = None
    _decided(actor, case, State.DECLINED, note, at)
    _withdraw_questions(case, at)
    record(actor, "compliance.declined", case, before=before, note=note, at=at)
    promises.keep(subject_id=case.pk, code=DECISION, at=at)
    refresh_gates(partner_id=case.partner_id, at=at)
    publish(ComplianceDeclined(partner_id=case.partner_id, case_id=case.pk, reason=note, at=at))


def _withdraw_questions(case: RiskCase, at: datetime) -> None:
    """Nobody needs to answer a case that is decided."""
    for reply_id in Reply.objects.filter(case=case, state=Reply.State.SENT).values_list("pk", flat=True):
        Reply.objects.filter(pk=reply_id).update(state=Reply.State.WITHDRAWN)
        promises.cancel(subject_id=reply_id, code=ANSWERS, at=at)


@transaction.atomic
def reopen(*, actor: Actor, case_id: UUID, version: int | None = None, at: datetime) -> None:
    """Begin a new round with a partner that was declined. Raises NotFound, NotAllowed, ForbiddenMove, Stale."""
    case = load(policies.reach(actor), case_id, version)
    refuse_if(policies.why_not_review(actor))
    before = case.snapshot()
    begin_round(case, at)
    fields = rate(case, at)
    move(case, State.OPEN, "cycle", "cycle_started_at", "screened_at", *fields)
    record(actor, "compliance.reopened", case, before=before, at=at)
    refresh_gates(partner_id=case.partner_id, at=at)


def begin_round(case: RiskCase, at: datetime) -> None:
    """Count the next round, unsaved: what was answered and screened before no longer counts."""
    case.cycle += 1
    case.cycle_started_at, case.screened_at = at, None


def take_up(case: RiskCase, at: datetime) -> tuple[str, ...]:
    """A renewal begins with the first step that is taken: a new round, rated anew; gives the fields to save."""
    if case.state not in (State.RENEWAL, State.LAPSED) or case.cycle != case.approved_cycle:
        return ()
    begin_round(case, at)
    return ("cycle", "cycle_started_at", "screened_at", *rate(case, at))


def wait_for_decision(case: RiskCase, at: datetime) -> None:
    start_clock(DECISION, case, case.partner_id, at)
