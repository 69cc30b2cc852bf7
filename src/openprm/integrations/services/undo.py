"""Taking an import back: what it made goes, what it changed gets its old values, unless somebody worked on it since."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.integrations import policies
from openprm.integrations.imports.limits import BATCH, SHOWN_ROWS
from openprm.integrations.models import Import, ImportResult
from openprm.integrations.services.importers import importer_of
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Problem, Refusal, refuse_if
from openprm.kernel.jobs import encode
from openprm.kernel.transfer import Change, Importer, Kind, Values


class UndoRefused(Conflict):
    """Somebody worked on what the import brought; `problems` says on what. Nothing was taken back."""


class NotRun(Conflict):
    """Only an import that was run, and not yet taken back, can be taken back."""


@dataclass
class _Touched:
    """One object of the import: the values it left, and those that were there before (a created one had none)."""

    label: str
    row: int
    created: bool = False
    left: dict[str, Any] = field(default_factory=dict)
    original: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def undo_import(*, actor: Actor, import_id: UUID, at: datetime) -> dict[str, int]:
    """Take an import back as a whole; gives how many rows were removed and restored.

    Raises NotFound, NotAllowed, NotRun, UndoRefused (with a reason per object; nothing is taken back then).
    """
    held = policies.reach(actor).locked().one(import_id)
    if held.status != Import.Status.DONE:
        raise NotRun(_("Only an import that was run can be taken back, and only once."))
    done = {"removed": 0, "restored": 0}
    problems: list[Problem] = []
    for entity in reversed(list(dict.fromkeys(_results(held).values_list("entity", flat=True)))):
        importer = importer_of(entity)
        refuse_if(policies.why_not_import(actor, importer))
        _undo_entity(actor, importer, _touched(held, entity), at, done, problems)
    if problems:
        shown = " ".join(problem.message for problem in problems[:3])
        more = _("and %(count)d more") % {"count": len(problems) - 3} if len(problems) > 3 else ""
        raise UndoRefused(_("Nothing was taken back. %(shown)s %(more)s") % {"shown": shown, "more": more}, problems=problems[: SHOWN_ROWS * 5])
    held.status, held.undone_at = Import.Status.UNDONE, at
    held.save(update_fields=["status", "undone_at", "updated_at"])
    audit.record(actor, "import.undone", held, after={}, data={"name": held.name, **done}, at=at)
    return done


def _results(held: Import) -> Any:
    return ImportResult.objects.filter(of=held, action__in=("create", "update")).order_by("position")


def _touched(held: Import, entity: str) -> dict[UUID, _Touched]:
    """What the import did to each object of an entity, its several steps folded into one."""
    found: dict[UUID, _Touched] = {}
    for result in _results(held).filter(entity=entity).iterator(chunk_size=2000):
        touched = found.setdefault(result.object_id, _Touched(result.label, result.row))
        touched.created = touched.created or result.action == "create"
        touched.original = result.before | touched.original
        touched.left |= result.after
    return found


def _undo_entity(actor: Actor, importer: Importer, touched: dict[UUID, _Touched], at: datetime, done: dict[str, int], problems: list[Problem]) -> None:
    ids = list(touched)
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        present = importer.current(actor=actor, ids=batch)
        for object_id in batch:
            if reason := _why_not(importer, touched[object_id], present.get(object_id)):
                problems.append(Problem(f"{importer.entity}[{touched[object_id].row}]", reason, "changed_since"))
        if not problems:
            _take_back(actor, importer, {one: touched[one] for one in batch if one in present}, at, done, problems)


def _why_not(importer: Importer, touched: _Touched, present: Values | None) -> str | None:
    """What happened to an object since, or None when it stands as the import left it."""
    name = touched.label or _("row %(row)d") % {"row": touched.row}
    if present is None:
        return None if touched.created else _("“%(name)s” is gone.") % {"name": name}
    labels = {one.name: str(one.label) for one in importer.fields}
    changed = [labels.get(column, column) for column, value in touched.left.items() if _plain(present.get(column)) != _plain(value)]
    return _("“%(name)s” was changed since: %(fields)s.") % {"name": name, "fields": ", ".join(changed)} if changed else None


def _plain(value: Any) -> Any:
    value = encode(value)
    return None if value == "" else value


def _take_back(actor: Actor, importer: Importer, touched: dict[UUID, _Touched], at: datetime, done: dict[str, int], problems: list[Problem]) -> None:
    made = [object_id for object_id, one in touched.items() if one.created]
    changed = [Change(object_id, one.left, _typed(importer, one.original)) for object_id, one in touched.items() if not one.created]
    if changed:
        importer.update(actor=actor, changes=changed, at=at)
    if made:
        problems += _remove(actor, importer, made, touched, at)
    done["removed"] += len(made)
    done["restored"] += len(changed)


def _remove(actor: Actor, importer: Importer, ids: list[UUID], touched: dict[UUID, _Touched], at: datetime) -> list[Problem]:
    """Remove in one go; when something hangs on one of them, one by one, to say on which."""
    try:
        with transaction.atomic():
            importer.remove(actor=actor, ids=ids, at=at)
        return []
    except (Refusal, ProtectedError):
        return [problem for one in ids if (problem := _remove_one(actor, importer, one, touched[one], at))]


def _remove_one(actor: Actor, importer: Importer, object_id: UUID, touched: _Touched, at: datetime) -> Problem | None:
    place = f"{importer.entity}[{touched.row}]"
    try:
        with transaction.atomic():
            importer.remove(actor=actor, ids=[object_id], at=at)
    except Refusal as refusal:
        return Problem(place, refusal.message, refusal.code)
    except ProtectedError:
        return Problem(place, _("“%(name)s” is used by something else by now.") % {"name": touched.label}, "in_use")
    return None


def _typed(importer: Importer, values: dict[str, Any]) -> Values:
    kinds = {one.name: one.kind for one in importer.fields}
    return {name: None if value is None else _FROM_JSON.get(kinds[name], _same)(value) for name, value in values.items()}


def _same(value: Any) -> Any:
    return value


_FROM_JSON = {Kind.DATE: date.fromisoformat, Kind.REFERENCE: UUID, Kind.DECIMAL: Decimal}
