"""What follows a finding: read from the published table, executed through the rooms that keep the thing, and written down for ever."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.conflicts.events import CreditShareDecided
from openprm.conflicts.models import ConflictCase, Remedy, Ruling
from openprm.conflicts.queries.outlook import NONE, Proposed, proposed
from openprm.conflicts.rulekinds import LATE
from openprm.conflicts.services.unit import announce
from openprm.deals import services as deal_services
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, Refusal
from openprm.rulebook import services as rulebook

TAKEN_BACK = "taken_back"
REVERSIBLE = frozenset({"extend", "restore", "share"})
"""What can be given back: days and shares. Words that were said, an opened customer and a task that was done stay."""


def chosen(offered: Iterable[Proposed], clauses: Iterable[str] | None) -> tuple[Proposed, ...]:
    """The named ones, or all. Raises Invalid for a remedy that the table does not name for this finding."""
    offered = tuple(offered)
    if clauses is None:
        return offered
    wanted = tuple(dict.fromkeys(clauses))
    if strange := [one for one in wanted if one not in {line.clause for line in offered}]:
        raise Invalid(_("The published table does not name %(clause)s for this finding.") % {"clause": strange[0][:40]}, field="remedies")
    return tuple(one for one in offered if one.clause in wanted)


def execute(actor: Actor, case: ConflictCase, ruling: Ruling, wanted: Iterable[Proposed], at: datetime) -> list[Remedy]:
    """Do each and write down what was done; a remedy of the same kind is given once a case.

    What an earlier decision gave and this one does not give again is taken back first: by a fact of its own, the old one stays as written.
    Raises Conflict with the reason when one cannot be done; then nothing has changed.
    """
    wanted = tuple(wanted)
    before = standing(case)
    kept = [row for row in before if row.code not in REVERSIBLE or any(_is_same(row, one) for one in wanted)]
    back = [_take_back(actor, case, ruling, row, at) for row in before if row not in kept]
    given = {row.code for row in kept}
    return [*back, *(_write(case, ruling, one, _do(actor, case, one, at), at) for one in wanted if one.code not in given)]


def standing(case: ConflictCase) -> list[Remedy]:
    """What earlier decisions gave and no later one took back."""
    rows = list(Remedy.objects.filter(case=case, ruling__isnull=False).order_by("at", "pk"))
    gone = {row.done.get("of") for row in rows if row.code == TAKEN_BACK}
    return [row for row in rows if row.code != TAKEN_BACK and str(row.pk) not in gone]


def _is_same(row: Remedy, one: Proposed) -> bool:
    return (row.code, row.days, row.percent) == (one.code, one.days, one.percent)


def _take_back(actor: Actor, case: ConflictCase, ruling: Ruling, row: Remedy, at: datetime) -> Remedy:
    """Undo one remedy and write that down; an apology or a warning was said and cannot be unsaid."""
    done: dict[str, Any] = {"of": str(row.pk), "code": row.code}
    if row.code == "share":
        announce(CreditShareDecided, case, actor, at, registration_id=case.registration_id, to_partner_id=case.partner_id, percent=0)
        done["percent"] = 0
    elif case.registration_id:
        until = deal_services.take_days_back(registration_id=case.registration_id, days=row.days, reason=_reason(case), at=at)
        done["until"] = until.isoformat() if until else None
    return Remedy.objects.create(
        case=case, ruling=ruling, partner_id=row.partner_id, code=TAKEN_BACK, days=row.days, percent=row.percent, clause=row.clause,
        clause_text=row.clause_text, rule_kind=row.rule_kind, rule_version_id=row.rule_version_id, done=done, at=at,
    )  # fmt: skip


def _write(case: ConflictCase, ruling: Ruling | None, one: Proposed, done: dict[str, Any], at: datetime) -> Remedy:
    return Remedy.objects.create(
        case=case, ruling=ruling, partner_id=case.partner_id, code=one.code, days=one.days, percent=one.percent, clause=one.clause, clause_text=one.text,
        rule_kind=one.rule_kind, rule_version_id=one.version_id, done=done, at=at,
    )  # fmt: skip


def _do(actor: Actor, case: ConflictCase, one: Proposed, at: datetime) -> dict[str, Any]:
    steps = {"extend": _extend, "restore": _restore, "share": _share, "assign": _assign, "withdraw_rep": _withdraw}
    step = steps.get(one.code)
    if step is None:
        return {}
    try:
        return step(actor, case, one, at)
    except Refusal as refusal:
        said = {"remedy": one.label, "clause": one.clause, "reason": refusal.message}
        raise Conflict(_("“%(remedy)s” (%(clause)s) cannot be done: %(reason)s Leave it out and say why in the reasons.") % said, field="remedies") from None


def _reason(case: ConflictCase) -> str:
    return _("Conflict case %(number)s") % {"number": case.number}


def _extend(actor: Actor, case: ConflictCase, one: Proposed, at: datetime) -> dict[str, Any]:
    assert case.registration_id is not None
    until = deal_services.give_days(actor=SYSTEM, registration_id=case.registration_id, days=one.days, reason=_reason(case), at=at)
    return {"until": until.isoformat()}


def _restore(actor: Actor, case: ConflictCase, one: Proposed, at: datetime) -> dict[str, Any]:
    assert case.registration_id is not None
    until = deal_services.restore_protection(actor=SYSTEM, registration_id=case.registration_id, days=one.days, reason=_reason(case), at=at)
    return {"until": until.isoformat()}


def _share(actor: Actor, case: ConflictCase, one: Proposed, at: datetime) -> dict[str, Any]:
    """Recorded here and announced; whoever pays reads the announcement."""
    announce(CreditShareDecided, case, actor, at, registration_id=case.registration_id, to_partner_id=case.partner_id, percent=one.percent)
    return {"percent": one.percent}


def _assign(actor: Actor, case: ConflictCase, one: Proposed, at: datetime) -> dict[str, Any]:
    if case.account_id:
        deal_services.open_customer(account_id=case.account_id, partner_id=case.partner_id, at=at)
    return {"opened": case.account_id is not None}


def _withdraw(actor: Actor, case: ConflictCase, one: Proposed, at: datetime) -> dict[str, Any]:
    """A task for our person on the deal itself, which the partner sees ticked off."""
    if case.registration_id is None:
        return {}
    task_id = deal_services.add_task(
        actor=SYSTEM, registration_id=case.registration_id, title=_("Direct sales withdraws from this customer (%(number)s)") % {"number": case.number},
        visibility="shared", assignee_id=case.rep_id, at=at,
    )  # fmt: skip
    return {"task_id": str(task_id)}


@transaction.atomic
def for_lateness(case: ConflictCase, promise: str, at: datetime) -> Remedy | None:
    """What our missed promise brings by the published table, once for each promise of a round. None when nothing follows."""
    key = {"promise": promise, "round": case.round}
    if Remedy.objects.filter(case=case, rule_kind=LATE, done__contains=key).exists():
        return None
    ruling = rulebook.evaluate(kind=LATE, program_id=case.program_id, inputs={"promise": promise, "type": case.type}, at=case.opened_at)
    if not ruling.outcome or ruling.outcome["remedy"] == NONE:
        return None
    one = proposed(LATE, ruling.clause, ruling.clause_text, ruling.outcome, ruling.version_id)
    try:
        with transaction.atomic():
            done = _do(SYSTEM, case, one, at)
    except Refusal:
        done, one = {}, proposed(LATE, ruling.clause, ruling.clause_text, {"remedy": "apology"}, ruling.version_id)
    return _write(case, None, one, done | key, at)
