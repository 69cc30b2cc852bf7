"""Publishing how a program sells, and refusing a move whose criteria are not met."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.deals import policies
from openprm.deals.models import Registration, SalesProcess
from openprm.deals.queries import processes
from openprm.deals.queries import stages as reading
from openprm.deals.queries.stages import ProcessChange
from openprm.deals.rules import stages as rules
from openprm.deals.rules.stages import ACTIVITIES, FIELDS, Criterion, Needs, Process
from openprm.deals.services import opportunities
from openprm.deals.services.customers import hold
from openprm.deals.services.unit import record, save
from openprm.deals.wording import criterion_remedy
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, Problem, Stale, refuse_if
from openprm.partners import queries as partners

_CODE = re.compile("[a-z][a-z0-9_]{0,23}")
_REASON_CODE = re.compile("[a-z][a-z0-9_]{0,39}")
MOST_MOVED = 2000


def preview_process(*, actor: Actor, program_id: UUID | None, process: Process) -> ProcessChange:
    """What publishing would touch. Raises NotAllowed, NotFound, Invalid."""
    _allow(actor, program_id)
    _refuse_odd(process)
    return reading.process_change(program_id, process)


@transaction.atomic
def publish_process(
    *,
    actor: Actor,
    program_id: UUID | None,
    process: Process,
    moves: Mapping[str, str] | None = None,
    note: str = "",
    number: int | None = None,
    at: datetime,
) -> int:
    """Put a new version in force; gives its number. Deals in a stage that goes are moved where `moves` says.

    `number` is the version the person saw. Raises NotAllowed, NotFound, Stale, Invalid, Conflict when nothing changes.
    """
    _allow(actor, program_id)
    _refuse_odd(process)
    hold(f"process:{program_id}")
    processes.KNOWN.forget()
    stands_number, stands = processes.version_of(program_id)
    if number is not None and number != stands_number:
        raise Stale()
    if stands == process and (stands_number or program_id is None):
        raise Conflict(_("Nothing differs from what is in force."))
    change = reading.process_change(program_id, process)
    _refuse_homeless(change, process, moves or {})
    row = _write(actor, program_id, process, note, at)
    processes.KNOWN.forget()
    moved = _move(actor, program_id, change, moves or {}, at)
    data = {"moved": moved, "touched": change.touched_count, "program_id": str(program_id or "")}
    audit.record(actor, "deal.process_published", row, refs=tuple(filter(None, (program_id,))), data=data, note=note, at=at)
    return row.number


def _allow(actor: Actor, program_id: UUID | None) -> None:
    refuse_if(policies.why_not_manage_catalogue(actor))
    if program_id:
        partners.program(actor, program_id)


def _write(actor: Actor, program_id: UUID | None, process: Process, note: str, at: datetime) -> SalesProcess:
    last = SalesProcess.objects.filter(program_id=program_id).order_by("-number").values_list("number", flat=True).first()
    return SalesProcess.objects.create(
        program_id=program_id,
        number=(last or 0) + 1,
        **rules.as_json(process),
        note=note.strip()[:500],
        published_at=at,
        publisher_id=actor.user_id,
        publisher_name=actor.name[:120],
    )


def _refuse_homeless(change: ProcessChange, process: Process, moves: Mapping[str, str]) -> None:
    """No running deal may be left in a stage that nobody can read any more."""
    problems = [
        Problem(f"moves.{code}", _("%(count)d running deals stand in “%(name)s”. Say to which stage they move.") % {"count": count, "name": name})
        for code, name, count in change.gone
        if count and moves.get(code) not in process.codes
    ]
    if sum(count for _code, _name, count in change.gone) > MOST_MOVED:
        problems.append(Problem("moves", _("More than %(most)d deals would move. Empty the stage first.") % {"most": MOST_MOVED}))
    if problems:
        raise Invalid(problems=problems)


def _move(actor: Actor, program_id: UUID | None, change: ProcessChange, moves: Mapping[str, str], at: datetime) -> int:
    """Deals of a stage that goes stand in the new one from now on; the move is written on each deal, and nobody needs to meet criteria for it."""
    gone = [code for code, _name, count in change.gone if count]
    rows = list(reading.running(program_id).filter(stage__in=gone).locked()) if gone else []
    for row in rows:
        before = row.snapshot()
        row.stage, row.stage_changed_at = moves[row.stage], at
        save(row, "stage", "stage_changed_at")
        opportunities.follow(row, at)
        record(actor, "deal.stage_moved", row, before=before, at=at, note=_("The stages of the program were changed."))
    return len(rows)


def _refuse_odd(process: Process) -> None:
    if problems := (*_odd_stages(process), *_odd_reasons(process)):
        raise Invalid(problems=problems)


def _odd_stages(process: Process) -> Iterable[Problem]:
    if not 1 <= len(process.stages) <= rules.MOST_STAGES:
        yield Problem("stages", _("A program has between 1 and %(most)d stages.") % {"most": rules.MOST_STAGES})
    seen: set[str] = set()
    for place, stage in enumerate(process.stages):
        path = f"stages[{place}]"
        if not _CODE.fullmatch(stage.code) or stage.code in rules.RESERVED:
            yield Problem(f"{path}.code", _("“%(code)s” cannot be a code. Use small letters, digits and _, at most 24.") % {"code": stage.code[:30]})
        if stage.code in seen:
            yield Problem(f"{path}.code", _("The code “%(code)s” is there twice.") % {"code": stage.code[:30]})
        seen.add(stage.code)
        if len(stage.name) > 60 or not _readable(stage.name):
            yield Problem(f"{path}.name", _("A name has at most 60 characters."))
        if not 0 <= stage.probability <= 100:
            yield Problem(f"{path}.probability", _("A chance lies between 0 and 100%."))
        if len(stage.criteria) > rules.MOST_CRITERIA:
            yield Problem(f"{path}.criteria", _("A stage asks for at most %(most)d things.") % {"most": rules.MOST_CRITERIA})
        for position, criterion in enumerate(stage.criteria):
            yield from _odd_criterion(f"{path}.criteria[{position}]", criterion)
    if process.entry not in process.codes:
        yield Problem("entry", _("Choose the stage in which an approved deal begins."))


def _odd_criterion(path: str, criterion: Criterion) -> Iterable[Problem]:
    if criterion.needs not in set(Needs):
        yield Problem(f"{path}.needs", _("“%(name)s” is nothing that a stage can ask for.") % {"name": criterion.needs[:30]})
    elif criterion.needs == Needs.FIELD and criterion.value not in FIELDS:
        yield Problem(f"{path}.value", _("Choose a field of the deal."))
    elif criterion.needs == Needs.ACTIVITY and criterion.value not in ("", *ACTIVITIES):
        yield Problem(f"{path}.value", _("Choose a kind of activity."))
    elif criterion.needs == Needs.AMOUNT and not 0 < criterion.number <= 10**15:
        yield Problem(f"{path}.value", _("Give the least amount."))
    elif criterion.needs == Needs.DAYS and not 0 < criterion.number <= 365:
        yield Problem(f"{path}.value", _("Give a number of days between 1 and 365."))
    elif criterion.needs == Needs.DOCUMENT and criterion.value and not 0 < criterion.number <= 20:
        yield Problem(f"{path}.value", _("Give a number of files between 1 and 20."))


def _odd_reasons(process: Process) -> Iterable[Problem]:
    if not 1 <= len(process.lost_reasons) <= rules.MOST_REASONS:
        yield Problem("lost_reasons", _("A program has between 1 and %(most)d reasons for losing.") % {"most": rules.MOST_REASONS})
    seen: set[str] = set()
    for place, reason in enumerate(process.lost_reasons):
        path = f"lost_reasons[{place}]"
        if not _REASON_CODE.fullmatch(reason.code):
            yield Problem(f"{path}.code", _("“%(code)s” cannot be a code. Use small letters, digits and _, at most 40.") % {"code": reason.code[:45]})
        if reason.code in seen:
            yield Problem(f"{path}.code", _("The code “%(code)s” is there twice.") % {"code": reason.code[:45]})
        seen.add(reason.code)
        if len(reason.label) > 80 or not _readable(reason.label):
            yield Problem(f"{path}.label", _("A label has at most 80 characters."))


def _readable(text: str) -> bool:
    return all(sign.isprintable() for sign in text)


def refuse_bad_move(registration: Registration, stage: str, next_step: str | None, at: datetime) -> None:
    """Raises Invalid: not a stage of the program, a next step that is too long, or criteria that are not met, each with what to do."""
    if stage not in processes.process_of(registration.program_id).codes:
        raise Invalid(_("Choose one of the open stages of this program. Won and lost have their own buttons."), field="stage")
    if next_step is not None and len(next_step) > 300:
        raise Invalid(_("The next step is longer than 300 characters. Shorten it."), field="next_step")
    currency, days = registration.base_currency or registration.currency, _days(registration, at)
    missing = reading.missing_for(registration, stage, at, next_step=next_step)
    if missing:
        raise Invalid(problems=[Problem("stage", criterion_remedy(one.criterion, currency, days), f"unmet_{one.criterion.needs}") for one in missing])


def _days(registration: Registration, at: datetime) -> int:
    return (at - registration.stage_changed_at).days if registration.stage_changed_at else 0


def entry_stage(registration: Registration) -> str:
    """Where a deal of this program begins when it is approved."""
    return processes.process_of(registration.program_id).entry
