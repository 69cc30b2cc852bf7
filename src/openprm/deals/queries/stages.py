"""What a deal has to show before it enters a stage, ticked off; and what publishing another table would touch."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from openprm.activities import queries as activities
from openprm.deals import policies, ports
from openprm.deals.models import Document, Registration, SalesProcess
from openprm.deals.models.work import Visibility
from openprm.deals.queries.processes import process_of, stage_named, version_of
from openprm.deals.queries.results.deals import CheckItem, NextStage
from openprm.deals.rules import stages as rules
from openprm.deals.rules.lifecycle import Status
from openprm.deals.rules.stages import FIELDS, Checked, Needs, Process, Progress
from openprm.deals.wording import criterion_label, criterion_remedy
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money
from openprm.kernel.scope import system_scope


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchedDeal:
    registration_id: UUID
    number: str
    customer: str
    partner: str
    stage: str
    stage_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessChange:
    """What publishing would do: stages that go, come or ask for other things, and the running deals that stand in them."""

    gone: tuple[tuple[str, str, int], ...]
    new: tuple[tuple[str, str], ...]
    changed: tuple[tuple[str, str, int], ...]
    touched: tuple[TouchedDeal, ...]
    touched_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessView:
    """A program's way of selling with its version; number 0 is the built-in one. `own` when the program has published its own."""

    program_id: UUID | None
    number: int
    own: bool
    process: Process
    published_at: datetime | None
    publisher: str
    note: str


def base_value(row: Registration) -> Money:
    return Money(row.base_amount_minor, row.base_currency or row.currency)


def progress_of(row: Registration, at: datetime, *, needs: Iterable[str], next_step: str | None = None) -> Progress:
    """What is known of a deal, as far as the criteria at hand ask; logged work, files and plans are read as the system."""
    asked = set(needs)
    with system_scope():
        work = activities.work_on(row.pk, partner_id=row.partner_id, account_id=row.account_id) if Needs.ACTIVITY in asked and row.account_id else ()
        files = Document.objects.filter(registration=row, visibility=Visibility.SHARED).count() if Needs.DOCUMENT in asked else 0
        agreed = Needs.PLAN in asked and ports.has_agreed_plan(row.pk)
    return Progress(
        filled=frozenset(name for name in FIELDS if getattr(row, name)),
        activities=frozenset(str(one.kind) for one in work),
        documents=files,
        amount_minor=row.base_amount_minor,
        has_next_step=bool((row.next_step if next_step is None else next_step).strip()),
        days_in_stage=(at - row.stage_changed_at).days if row.stage_changed_at else 0,
        has_agreed_plan=agreed,
    )


def missing_for(row: Registration, stage: str, at: datetime, *, next_step: str | None = None) -> tuple[Checked, ...]:
    """What keeps a deal from entering a stage, the stages on the way included."""
    process = process_of(row.program_id)
    way = process.way(row.stage, stage)
    needs = [one.needs for entered in way for one in entered.criteria]
    return rules.unmet(process, row.stage, stage, progress_of(row, at, needs=needs, next_step=next_step)) if needs else ()


def stage_again(row: Registration, had: str, at: datetime) -> str:
    """Where a deal goes on that stood in `had`: there, or in the last stage on the way there whose criteria hold now.

    Days that were spent in a stage stay spent, so they are not asked for again.
    """
    process = process_of(row.program_id)
    if had not in process.codes:
        return process.entry
    way = [(stage, [one for one in stage.criteria if one.needs != Needs.DAYS]) for stage in process.way(process.entry, had)]
    needs = [one.needs for _stage, criteria in way for one in criteria]
    progress, reached = (progress_of(row, at, needs=needs) if needs else Progress()), process.entry if way else had
    for stage, criteria in way:
        if not all(rules.is_met(one, progress) for one in criteria):
            break
        reached = stage.code
    return reached


def next_stages(row: Registration, at: datetime) -> tuple[NextStage, ...]:
    """The stages that a running deal can be moved to, those ahead with their checklists; none for a deal that is not running."""
    process = process_of(row.program_id)
    if row.status != Status.APPROVED:
        return ()
    ahead = process.way(row.stage, process.codes[-1]) if row.stage in process.codes else process.stages
    needs = [one.needs for stage in ahead for one in stage.criteria]
    progress = progress_of(row, at, needs=needs) if needs else Progress()
    found, clear = [], True
    for stage in process.stages:
        if stage.code == row.stage:
            continue
        items = tuple(item_of(row, one, progress) for one in rules.checklist((stage,), progress)) if stage in ahead else ()
        clear = clear and all(item.met for item in items)
        name = stage_named(stage.code, row.program_id).name
        found.append(
            NextStage(
                code=stage.code,
                name=name,
                probability=stage.probability,
                ahead=stage in ahead,
                is_next=stage == ahead[0] if ahead else False,
                items=items,
                open=clear or stage not in ahead,
            )
        )
    return tuple(found)


def item_of(row: Registration, one: Checked, progress: Progress) -> CheckItem:
    currency = row.base_currency or row.currency
    remedy = "" if one.met else criterion_remedy(one.criterion, currency, progress.days_in_stage)
    return CheckItem(label=criterion_label(one.criterion, currency), met=one.met, remedy=remedy)


def checklist(actor: Actor, registration_id: UUID, at: datetime) -> tuple[NextStage, ...]:
    """The stages a deal can be moved to, with what they ask for: the same list for both sides. Raises NotFound."""
    return next_stages(policies.reach(actor).one(registration_id), at)


def sales_process(actor: Actor, program_id: UUID | None) -> ProcessView:
    """How a program sells now."""
    number, process = version_of(program_id)
    row = SalesProcess.objects.filter(program_id=program_id).order_by("-number").first()
    own = row is not None and row.number == number
    return ProcessView(
        program_id=program_id,
        number=number,
        own=own,
        process=process,
        published_at=row.published_at if row and own else None,
        publisher=row.publisher_name if row and own and actor.sees_all_partners else "",
        note=row.note if row and own else "",
    )


def process_versions(actor: Actor, program_id: UUID | None, limit: int = 20) -> tuple[ProcessView, ...]:
    """What was published for a program, the newest first."""
    return tuple(
        ProcessView(
            program_id=program_id,
            number=row.number,
            own=True,
            process=rules.from_json({"stages": row.stages, "entry": row.entry, "lost_reasons": row.lost_reasons}),
            published_at=row.published_at,
            publisher=row.publisher_name if actor.sees_all_partners else "",
            note=row.note,
        )
        for row in SalesProcess.objects.filter(program_id=program_id).order_by("-number")[:limit]
    )


def programs_with_own_process() -> frozenset[UUID]:
    return frozenset(SalesProcess.objects.exclude(program_id=None).values_list("program_id", flat=True))


def running(program_id: UUID | None):
    """The approved deals that a table of this program, or the general one, is used for."""
    rows = Registration.objects.filter(status=Status.APPROVED)
    return rows.filter(program_id=program_id) if program_id else rows.exclude(program_id__in=programs_with_own_process())


def process_change(program_id: UUID | None, after: Process, limit: int = 20) -> ProcessChange:
    """What publishing `after` would touch. Two queries, in the vendor's scope."""
    before = process_of(program_id)
    found = rules.difference(before, after)
    rows = running(program_id)
    counts = dict(rows.values_list("stage").annotate(n=Count("pk")).values_list("stage", "n"))
    touched = [*found.gone, *found.changed]
    shown = rows.filter(stage__in=touched).select_related("partner").order_by("-base_amount_minor", "-id")[:limit] if touched else ()
    return ProcessChange(
        gone=tuple((code, stage_named(code, program_id).name, counts.get(code, 0)) for code in found.gone),
        new=tuple((code, (after.stage(code) or rules.StageDef(code)).name or stage_named(code, program_id).name) for code in found.new),
        changed=tuple((code, stage_named(code, program_id).name, counts.get(code, 0)) for code in found.changed),
        touched=tuple(
            TouchedDeal(
                registration_id=row.pk, number=row.number, customer=row.customer_name, partner=row.partner.name,
                stage=row.stage, stage_name=stage_named(row.stage, program_id).name,
            )
            for row in shown
        ),
        touched_count=sum(counts.get(code, 0) for code in touched),
    )  # fmt: skip
