"""The direct-touch sentinel (X12): our own people at a partner's protected customer open a case by themselves."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from openprm.conflicts.events import CaseTouchedAgain
from openprm.conflicts.models import ConflictCase
from openprm.conflicts.rulekinds import SENTINEL
from openprm.conflicts.rules.lifecycle import LIVE, CaseType, Origin, Side
from openprm.conflicts.rules.sentinel import Guarded, Touch, is_direct, is_repeat, purpose_of
from openprm.conflicts.services import facts, opening
from openprm.conflicts.services.unit import announce, record, save
from openprm.deals import queries as deals
from openprm.kernel import db
from openprm.kernel.actor import SYSTEM
from openprm.rulebook import services as rulebook
from openprm.rulebook.rules.evaluation import Verdict

LONGEST_WINDOW_DAYS = 366


@transaction.atomic
def heed(touch: Touch, *, summary: str = "", at: datetime) -> tuple[UUID, ...]:
    """Look at one activity; gives the cases it opened or was added to. Safe to repeat: an activity counts once a case.

    One case for the same person, customer and partner in the published window: further touches are facts of that case.
    """
    if not is_direct(touch):
        return ()
    _wait_for_others(touch)
    found = [_guard(touch, guard, summary, at) for guard in deals.guards_of(touch.account_id, touch.occurred_at)]
    return tuple(case_id for case_id in found if case_id)


def _wait_for_others(touch: Touch) -> None:
    """Two touches of one person at one customer are looked at one after the other."""
    db.rows("select pg_advisory_xact_lock(hashtextextended(%s, 11))", [f"sentinel:{touch.rep_id}:{touch.account_id}"])


def _guard(touch: Touch, guard: deals.Guard, summary: str, at: datetime) -> UUID | None:
    guarded = Guarded(registration_id=guard.registration_id, partner_id=guard.partner_id, program_id=guard.program_id)
    purpose = purpose_of(touch, guarded)
    inputs = {"purpose": purpose or "unknown", "activity": touch.kind}
    ruling = rulebook.evaluate(kind=SENTINEL, program_id=guard.program_id, inputs=inputs, at=touch.occurred_at)
    if not (ruling.outcome or {}).get("alarm"):
        return None
    case = _earlier(touch, guard.partner_id) or _open(touch, guard, ruling, at)
    if _write_touch(case, touch, purpose, summary):
        case.last_touch_at = max(filter(None, (case.last_touch_at, touch.occurred_at)))
        save(case, "last_touch_at")
        if case.opened_at != at:
            _tell_again(case, touch, at)
    return case.pk


def _earlier(touch: Touch, partner_id: UUID) -> ConflictCase | None:
    """The case that this touch belongs to: a live one, or any within its window."""
    since = touch.occurred_at - timedelta(days=LONGEST_WINDOW_DAYS)
    rows = ConflictCase.objects.filter(origin=Origin.SENTINEL, rep=touch.rep_id, account=touch.account_id, partner=partner_id, last_touch_at__gte=since)
    for case in rows.order_by("-last_touch_at").locked():
        if case.state in LIVE or is_repeat(case.last_touch_at or case.opened_at, touch.occurred_at, case.window_days):
            return case
    return None


def _open(touch: Touch, guard: deals.Guard, ruling: Verdict, at: datetime) -> ConflictCase:
    case = ConflictCase.objects.create(
        type=CaseType.DIRECT, origin=Origin.SENTINEL, partner_id=guard.partner_id, program_id=guard.program_id, registration_id=guard.registration_id,
        account_id=touch.account_id, subject_label=guard.number, rep_id=touch.rep_id, opened_at=at, statements_due_at=at, last_touch_at=touch.occurred_at,
        window_days=int((ruling.outcome or {}).get("window_days") or 0), sentinel_clause=ruling.clause, sentinel_version_id=ruling.version_id,
    )  # fmt: skip
    case.refresh_from_db()
    record(SYSTEM, "conflict.alarmed", case, at=at, data={"clause": ruling.clause})
    opening.begin(SYSTEM, case, opening.create_parties(case), at)
    return case


def _write_touch(case: ConflictCase, touch: Touch, purpose: str, summary: str) -> bool:
    """What was said about it stays inside; the partner reads what kind of touch it was and when."""
    values = {"kind": touch.kind}
    inside = facts.Known(
        kind="touch", source_id=str(touch.activity_id), about=Side.RESPONDENT, happened_at=touch.occurred_at,
        values=values | {"purpose": purpose, "summary": summary[:500]}, outside=values,
    )  # fmt: skip
    return facts.keep(case, [inside]) > 0


def _tell_again(case: ConflictCase, touch: Touch, at: datetime) -> None:
    record(SYSTEM, "conflict.touched_again", case, after={}, at=at)
    assert touch.rep_id is not None
    announce(CaseTouchedAgain, case, SYSTEM, at, rep_id=touch.rep_id)
