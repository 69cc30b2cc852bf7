"""How each program sells, as published: remembered for a moment, one statement for all programs."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from openprm.deals.models import SalesProcess
from openprm.deals.rules import stages as rules
from openprm.deals.rules.lifecycle import CLOSED_STAGES
from openprm.deals.rules.stages import DEFAULT, OTHER, Process, StageDef
from openprm.deals.wording import built_in_reason, built_in_stage
from openprm.kernel.memory import Remembered
from openprm.kernel.scope import current_actor

KNOWN = Remembered("deals.sales_processes")


@dataclass(frozen=True, slots=True, kw_only=True)
class StageView:
    """A stage as people read it."""

    code: str
    name: str
    position: int
    probability: int


@dataclass(frozen=True, slots=True)
class _Known:
    """`now` by program (None: for all others); `ever` the stage and reason definitions that any version had, the newest first."""

    now: dict[UUID | None, tuple[int, Process]]
    ever: dict[UUID | None, tuple[Process, ...]]

    def process(self, program_id: UUID | None) -> Process:
        return self.version(program_id)[1]

    def version(self, program_id: UUID | None) -> tuple[int, Process]:
        """(number, process) in force for a program; number 0 is the built-in one."""
        return self.now.get(program_id) or self.now.get(None) or (0, DEFAULT)

    def history(self, program_id: UUID | None) -> Iterable[Process]:
        """Where the meaning of a code is looked for, the nearest first."""
        yield from self.ever.get(program_id, ())
        yield from self.ever.get(None, ())
        yield DEFAULT
        for key, versions in self.ever.items():
            if key not in (program_id, None):
                yield from versions


def known() -> _Known:
    """What is published; the built-in process alone for a caller without a scope, such as a description of the importers."""
    return KNOWN.get(find=_read) if current_actor() else _Known({}, {})


def _read() -> _Known:
    now: dict[UUID | None, tuple[int, Process]] = {}
    ever: dict[UUID | None, tuple[Process, ...]] = {}
    for row in SalesProcess.objects.order_by("program_id", "-number"):
        process = rules.from_json({"stages": row.stages, "entry": row.entry, "lost_reasons": row.lost_reasons})
        now.setdefault(row.program_id, (row.number, process))
        ever[row.program_id] = (*ever.get(row.program_id, ()), process)
    return _Known(now, ever)


def process_of(program_id: UUID | None) -> Process:
    """How deals of this program are sold now."""
    return known().process(program_id)


def version_of(program_id: UUID | None) -> tuple[int, Process]:
    return known().version(program_id)


def stage_name(code: str, program_id: UUID | None = None) -> str:
    """What a stage is called, also one that is no longer used."""
    if code in rules.RESERVED:
        return str(built_in_stage(code))
    found = next((stage for process in known().history(program_id) if (stage := process.stage(code))), None)
    return (found.name if found else "") or str(built_in_stage(code))


def reason_label(code: str, program_id: UUID | None = None) -> str:
    """What a lost reason is called, also one that is no longer offered."""
    found = next((reason for process in known().history(program_id) if (reason := process.reason(code))), None)
    return (found.label if found else "") or str(built_in_reason(code))


def stage_lanes(program_id: UUID | None = None) -> tuple[StageView, ...]:
    """The open stages of a program in order; without a program those of all, by their chance to win."""
    if program_id is not None:
        return tuple(_view(stage, place, program_id) for place, stage in enumerate(process_of(program_id).stages))
    found: dict[str, tuple[StageDef, UUID | None]] = {}
    state = known()
    for key, (_number, process) in {None: state.version(None), **state.now}.items():
        for stage in process.stages:
            found.setdefault(stage.code, (stage, key))
    ordered = sorted(found.values(), key=lambda pair: pair[0].probability)
    return tuple(_view(stage, place, key) for place, (stage, key) in enumerate(ordered))


def stage_named(code: str, program_id: UUID | None = None) -> StageView:
    """One stage with its chance to win: of the program's own table, else of any version that had it."""
    if code in rules.RESERVED:
        return StageView(code=code, name=stage_name(code), position=rules.MOST_STAGES, probability=rules.CLOSED_PROBABILITY[code])
    for process in known().history(program_id):
        if stage := process.stage(code):
            return StageView(code=code, name=stage_name(code, program_id), position=process.codes.index(code), probability=stage.probability)
    return StageView(code=code, name=stage_name(code, program_id), position=0, probability=0)


def _view(stage: StageDef, position: int, program_id: UUID | None) -> StageView:
    return StageView(code=stage.code, name=stage_name(stage.code, program_id), position=position, probability=stage.probability)


def next_stages(program_id: UUID | None, stage: str) -> tuple[tuple[str, str], ...]:
    """(code, name) of the stages that a deal standing in `stage` can be moved to, in the words of its program."""
    return tuple((one.code, stage_name(one.code, program_id)) for one in process_of(program_id).stages if one.code != stage)


def every_stage() -> tuple[tuple[str, str], ...]:
    """(code, name) of every stage that a deal can stand in, won and lost last."""
    return (*((one.code, one.name) for one in stage_lanes()), *((stage.value, stage_name(stage.value)) for stage in CLOSED_STAGES))


def early_codes() -> tuple[str, ...]:
    """Codes of the stages before a deal is more likely won than lost, in any version there was."""
    state = known()
    processes = [DEFAULT, *(process for versions in state.ever.values() for process in versions)]
    codes = {stage.code: rules.is_late(stage) for process in processes for stage in process.stages}
    return tuple(code for code, late in codes.items() if not late)


def reasons_of(program_id: UUID | None) -> tuple[tuple[str, str, bool, bool], ...]:
    """(code, label, needs a competitor, needs a comment) of each reason for which a deal of the program can be lost."""
    return tuple((one.code, reason_label(one.code, program_id), one.needs_competitor, one.needs_comment) for one in process_of(program_id).lost_reasons)


def reason_code(text: str, program_id: UUID | None) -> str:
    """The code of a reason that is written as its code or its label, in any case; "other" for any other text."""
    written = text.strip().casefold()
    return next((code for code, label, *_needs in reasons_of(program_id) if written in (code, label.casefold())), OTHER)


def every_reason() -> tuple[tuple[str, str], ...]:
    state = known()
    processes = [process for _number, process in state.now.values()] or [DEFAULT]
    return tuple({reason.code: (reason.code, reason_label(reason.code)) for process in processes for reason in process.lost_reasons}.values())
