"""Imports: mapped, tried, run. A run is all-or-nothing unless the person chose to skip bad rows."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openprm.audit import services as audit
from openprm.integrations import policies
from openprm.integrations.events import RunAsked, TrialAsked
from openprm.integrations.imports.findings import Findings
from openprm.integrations.imports.mapping import FileMapping, ImportMapping, checked, from_json, unmapped
from openprm.integrations.imports.rows import RowReader
from openprm.integrations.models import Import, ImportFile, ImportResult, ImportRow, SavedMapping
from openprm.integrations.services.importers import importer_of, importers
from openprm.integrations.services.progress import Progress, progress_of
from openprm.integrations.services.run import EntityRun, Outcome
from openprm.integrations.services.staging import staged_rows
from openprm.integrations.services.totals import Proof
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if
from openprm.kernel.events import publish

MOST_REPORTED = 100_000


class ImportNotReady(Conflict):
    """The import is at another step of its way."""


class _Refused(Exception):
    """Some rows cannot be taken, so none is: rolls the run back."""


class _Trial(Exception):
    """The end of a trial: rolls the run back."""


@transaction.atomic
def map_columns(*, actor: Actor, import_id: UUID, mapping: ImportMapping, skip_bad_rows: bool) -> None:
    """Say which column feeds which field. Raises NotFound, NotAllowed, Invalid, ImportNotReady."""
    held = _open(actor, import_id, ("staged", "checked", "failed"))
    for file, one in _pairs(held, mapping):
        checked(one, importer_of(file.entity), file.columns, file.name)
    held.mapping, held.source, held.skip_bad_rows, held.status = mapping.as_json(), mapping.source[:60], skip_bad_rows, Import.Status.STAGED
    held.save()


@transaction.atomic
def begin_trial(*, actor: Actor, import_id: UUID) -> None:
    """Mark an import as being tried and ask for it; the job does it. Raises NotFound, NotAllowed, ImportNotReady."""
    _begin(_open(actor, import_id, ("staged", "checked", "failed")), Import.Status.CHECKING)
    if actor.user_id:
        publish(TrialAsked(import_id=import_id, user_id=actor.user_id))


@transaction.atomic
def begin_run(*, actor: Actor, import_id: UUID) -> None:
    """Mark an import as running and ask for it; the job does it. Raises NotFound, NotAllowed, ImportNotReady."""
    _begin(_open(actor, import_id, ("checked",)), Import.Status.RUNNING)
    if actor.user_id:
        publish(RunAsked(import_id=import_id, user_id=actor.user_id))


def try_import(*, actor: Actor, import_id: UUID, at: datetime, is_shown: bool = False) -> None:
    """Do everything and take it back; the report says what a run will do. Raises NotFound, NotAllowed, ImportNotReady."""
    _execute(actor, import_id, at, is_trial=True, is_shown=is_shown)


def run_import(*, actor: Actor, import_id: UUID, at: datetime, is_shown: bool = False) -> None:
    """Run an import in one transaction. A refusal leaves only its report behind. Raises NotFound, NotAllowed, ImportNotReady."""
    _execute(actor, import_id, at, is_trial=False, is_shown=is_shown)


@transaction.atomic
def discard_import(*, actor: Actor, import_id: UUID) -> None:
    """Throw away a file that was never run. Raises NotFound, NotAllowed, ImportNotReady."""
    _open(actor, import_id, ("staged", "checked", "failed")).delete()


@transaction.atomic
def save_mapping(*, actor: Actor, import_id: UUID, name: str) -> UUID:
    """Keep the mapping of a one-file import under a name; the same name replaces it. Raises NotFound, NotAllowed, Invalid."""
    held = _open(actor, import_id, ("staged", "checked", "failed", "done"))
    name = " ".join(name.split())
    if not name or len(name) > 80:
        raise Invalid(_("Give the mapping a name of at most 80 characters."), field="mapping_name")
    entity = held.mapping["files"][0]["entity"]
    kept, _new = SavedMapping.objects.update_or_create(entity=entity, name=name, defaults={"mapping": held.mapping | {"name": name}})
    return kept.pk


def forget_mapping(*, actor: Actor, mapping_id: UUID) -> None:
    """Remove a saved mapping. Raises NotFound, NotAllowed."""
    kept = policies.reach_mappings(actor).one(mapping_id)
    refuse_if(policies.why_not_import(actor, importer_of(kept.entity)))
    kept.delete()


def _open(actor: Actor, import_id: UUID, statuses: Sequence[str]) -> Any:
    held = policies.reach(actor).locked().one(import_id)
    for entity in dict.fromkeys(held.files.values_list("entity", flat=True)):
        refuse_if(policies.why_not_import(actor, importer_of(entity)))
    if held.status not in statuses:
        raise ImportNotReady(_("This import is at another step by now: %(status)s. Reload the page.") % {"status": held.get_status_display()})
    return held


def _begin(held: Import, status: str) -> None:
    held.status, held.message = status, ""
    held.save(update_fields=["status", "message", "updated_at"])


@transaction.atomic
def _execute(actor: Actor, import_id: UUID, at: datetime, *, is_trial: bool, is_shown: bool) -> None:
    held = _open(actor, import_id, ("staged", "checking", "checked", "running", "failed"))
    mapping, findings, buffer = from_json(held.mapping), Findings(), []
    ImportResult.objects.filter(of=held).delete()
    total = sum(held.files.values_list("row_count", flat=True))
    with progress_of(held.pk, total, is_shown=is_shown) as progress:
        held.status, held.message = Import.Status.CHECKED if is_trial else Import.Status.DONE, ""
        try:
            with transaction.atomic():
                held.counts, held.checks = _run_files(actor, held, mapping, findings, buffer, progress, at)
                if is_trial:
                    raise _Trial
                _keep(held, buffer)
        except _Trial:
            _keep(held, buffer[:MOST_REPORTED])
        except _Refused as refused:
            held.counts, held.checks = refused.args[0], []
            held.status = Import.Status.CHECKED if is_trial else Import.Status.FAILED
            held.message = _refusal(held.counts["refuse"])
            _keep(held, [(file, outcome) for file, outcome in buffer if outcome.action == "refuse"][:MOST_REPORTED])
    held.findings, held.finished_at = findings.as_json(), at
    held.save()
    if held.status == Import.Status.DONE:
        ImportRow.objects.filter(file__of=held).delete()
        audit.record(actor, "import.finished", held, after={}, data={"name": held.name, **held.counts}, at=at)


def _refusal(count: int) -> str:
    said = ngettext("%(count)d row cannot be taken, so nothing is changed.", "%(count)d rows cannot be taken, so nothing is changed.", count)
    return f"{said % {'count': count}} {_('Mend the file, or choose to load the good rows.')}"


def _run_files(
    actor: Actor, held: Import, mapping: ImportMapping, findings: Findings, buffer: list[tuple[ImportFile, Outcome]], progress: Progress, at: datetime
) -> tuple[dict[str, Any], list[Any]]:
    """Run every file in the order of dependence. Raises _Refused with the counts when rows are refused and none may be skipped."""
    counts: dict[str, Any] = {"rows": 0, "create": 0, "update": 0, "same": 0, "refuse": 0, "files": []}
    checks: list[Any] = []
    proofs: list[Callable[[], list[Any]]] = []
    for file, one in _in_order(_pairs(held, mapping)):
        importer = importer_of(file.entity)
        progress.stage_is(file.name)
        fitted = checked(one, importer, file.columns, file.name)
        for column in unmapped(fitted, file.columns):
            findings.add("unmapped", file=file.name, column=column)
        done = _run_file(actor, held, file, importer, fitted, mapping, findings, buffer, progress, at)
        _count(counts, file, done.outcomes)
        if fitted.measure:
            proofs.append(lambda file=file, one=fitted, importer=importer, run=done: _prove(actor, file, one, importer, mapping, run, buffer))
    if counts["refuse"] and not held.skip_bad_rows:
        raise _Refused(counts)
    progress.stage_is(_("Comparing sums"))
    for prove in proofs:
        checks += prove()
    return counts, checks


def _run_file(
    actor: Actor, held: Import, file: ImportFile, importer: Any, fitted: FileMapping, mapping: ImportMapping, findings: Findings,
    buffer: list[tuple[ImportFile, Outcome]], progress: Progress, at: datetime,
) -> EntityRun:  # fmt: skip
    reader = RowReader(fitted, importer.fields, file.columns, mapping.reading, file.name, findings)
    run = EntityRun(
        actor=actor, importer=importer, importers=importers(), mapping=fitted, reader=reader, source=mapping.source, findings=findings, at=at,
        sink=lambda outcomes: buffer.extend((file, outcome) for outcome in outcomes), tick=progress.tick,
    )  # fmt: skip
    run.run(staged_rows(file))
    return run


def _prove(
    actor: Actor, file: ImportFile, fitted: FileMapping, importer: Any, mapping: ImportMapping, run: EntityRun, buffer: list[tuple[ImportFile, Outcome]]
) -> list[Any]:
    own = [outcome for of, outcome in buffer if of.pk == file.pk]
    proof = Proof(fitted, importer, file.columns, mapping.reading, run.known)
    proof.of_file(staged_rows(file), {outcome.row for outcome in own if outcome.action == "refuse"})
    proof.of_database(actor, list(dict.fromkeys(outcome.object_id for outcome in own if outcome.object_id)))
    return proof.result()


def _count(counts: dict[str, Any], file: ImportFile, outcomes: dict[str, int]) -> None:
    counts["rows"] += file.row_count
    counts["files"].append({"name": file.name, "entity": file.entity, "rows": file.row_count, **outcomes})
    for action, number in outcomes.items():
        counts[action] += number


def _pairs(held: Import, mapping: ImportMapping) -> list[tuple[ImportFile, FileMapping]]:
    """Each file with its part of the mapping: by name, or the only one."""
    files = list(held.files.order_by("position"))
    named = {one.file.casefold(): one for one in mapping.files}
    if len(files) == 1 and len(mapping.files) == 1:
        return [(files[0], replace(mapping.files[0], entity=files[0].entity))]
    return [(file, named[file.name.casefold()]) for file in files if file.name.casefold() in named]


def _in_order(pairs: list[tuple[ImportFile, FileMapping]]) -> list[tuple[ImportFile, FileMapping]]:
    """Files after those whose entities they name."""
    return sorted(pairs, key=lambda pair: (_depth(pair[0].entity), pair[0].position))


def _depth(entity: str) -> int:
    after = importer_of(entity).after
    return 1 + max(map(_depth, after)) if after else 0


def _keep(held: Import, buffer: list[tuple[ImportFile, Outcome]]) -> None:
    rows = [
        ImportResult(
            of=held, file=file, row=one.row, position=position, entity=file.entity, action=one.action, object_id=one.object_id, label=one.label,
            before=one.before, after=one.after, notes=list(one.notes),
        )
        for position, (file, one) in enumerate(buffer)
    ]  # fmt: skip
    ImportResult.objects.bulk_create(rows, batch_size=1000)
