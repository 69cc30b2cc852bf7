"""Versions and words."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F

from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.kernel.memory import Remembered

from .. import policies
from ..models import RuleSet, RuleVersion
from ..ports import RuleKind
from ..rules.differences import differences
from ..rules.reading import ReadTable
from ..rules.words import table_in_words
from .compiled import compiled
from .kinds import get_kind, get_kind_for, kinds_for, program_name, programs_of
from .results import DraftView, RuleLine, RulesInWords, UpcomingChange, VersionLine, VersionView

State = RuleVersion.State
PUBLISHED = Remembered("rulebook.published")


def find_in_force(*, kind: str, program_id: UUID | None, at: datetime) -> RuleVersion | None:
    """The version that decides at `at`: the program's own if it has one in force, else the general one. Content is deferred."""
    standing = PUBLISHED.get(key=kind, find=lambda: _published(kind))
    fitting = [version for version in standing if version.rule_set.program_id in (None, program_id) and at in version.period]
    return min(fitting, key=lambda version: version.rule_set.program_id is None, default=None)


def _published(kind: str) -> tuple[RuleVersion, ...]:
    return tuple(RuleVersion.objects.filter(rule_set__kind=kind, state=State.PUBLISHED).select_related("rule_set").defer("content"))


def in_force(*, kind: str, program_id: UUID | None = None, at: datetime) -> VersionLine | None:
    """The version in force as a line of history, or None. Runs in the current scope."""
    found = find_in_force(kind=kind, program_id=program_id, at=at)
    return _line(found, at) if found else None


def find_table(*, kind: str, program_id: UUID | None, at: datetime) -> ReadTable | None:
    """The table that decides at `at`, with its cells read: for domains that say what is missing to another answer."""
    found = find_in_force(kind=kind, program_id=program_id, at=at)
    return compiled(found, get_kind(kind)).read if found else None


def drafts_of(kind: str) -> dict[UUID | None, UUID]:
    """The drafts of one kind that are being written, by program. Runs in the current scope."""
    rows = RuleVersion.objects.filter(rule_set__kind=kind, state=State.DRAFT)
    return dict(rows.values_list("rule_set__program_id", "pk"))


def list_rules(*, actor: Actor, at: datetime) -> list[RuleLine]:
    """Every kind this person may read: the general rules first, then those of each program that has its own. One query."""
    rows = policies.reach(actor).exclude(state=State.WITHDRAWN).order_by("rule_set__program_id", F("number").asc(nulls_last=True))
    by_set: dict[tuple[str, UUID | None], list[RuleVersion]] = {}
    for row in rows:
        by_set.setdefault((row.rule_set.kind, row.rule_set.program_id), []).append(row)
    return [_rule_line(kind, program_id, by_set[key], at) for kind in kinds_for(actor) for key in _general_first(kind, by_set) for program_id in [key[1]]]


def rules_in_words(*, actor: Actor, kind: str, program_id: UUID | None = None, at: datetime) -> RulesInWords:
    """The rules in force, what is announced and the history. Raises NotFound."""
    found = get_kind_for(actor, kind)
    versions = list(policies.reach(actor).exclude(state=State.DRAFT).filter(rule_set__kind=kind, rule_set__program_id=program_id).order_by("number"))
    current = next((version for version in versions if _is_in_force(version, at)), None)
    if current is None:
        raise NotFound(code="rules_not_found")
    table = compiled(current, found).table
    return RulesInWords(
        kind=kind, title=str(found.title), about=str(found.about), program_id=program_id, program_name=program_name(found, program_id),
        collects=found.hit == "collect", version=_line(current, at), sha256=current.sha256, clauses=table_in_words(table, found),
        upcoming=_upcoming(current, versions, found, at), history=tuple(_line(version, at) for version in reversed(versions)),
    )  # fmt: skip


def all_in_words(*, actor: Actor, at: datetime) -> list[RulesInWords]:
    """The whole rulebook as this person may read it."""
    return [rules_in_words(actor=actor, kind=line.kind, program_id=line.program_id, at=at) for line in list_rules(actor=actor, at=at) if line.in_force]


def versions(*, actor: Actor, kind: str, program_id: UUID | None = None, at: datetime) -> list[VersionLine]:
    """All published and withdrawn versions, newest first. Raises NotFound for a kind this person may not read."""
    get_kind_for(actor, kind)
    rows = policies.reach(actor).exclude(state=State.DRAFT).filter(rule_set__kind=kind, rule_set__program_id=program_id).defer("content")
    return [_line(row, at) for row in rows.order_by("-number")]


def version(*, actor: Actor, version_id: UUID, at: datetime) -> VersionView:
    """One version in words, with what it changed against the one before. Raises NotFound."""
    row = policies.reach(actor).exclude(state=State.DRAFT).one(version_id)
    kind = get_kind_for(actor, row.rule_set.kind)
    table, before = compiled(row, kind).table, _before(actor, row)
    return VersionView(
        kind=kind.code, title=str(kind.title), about=str(kind.about), program_id=row.rule_set.program_id,
        program_name=program_name(kind, row.rule_set.program_id), collects=kind.hit == "collect", version=_line(row, at), sha256=row.sha256,
        clauses=table_in_words(table, kind), changes=differences(compiled(before, kind).table, table, kind) if before else (),
        table=table, content=row.content,
    )  # fmt: skip


def diff(*, actor: Actor, before_id: UUID, after_id: UUID):
    """What changed between two versions of one kind, clause by clause. Raises NotFound."""
    before, after = policies.reach(actor).one(before_id), policies.reach(actor).one(after_id)
    kind = get_kind_for(actor, after.rule_set.kind)
    if before.rule_set.kind != kind.code:
        raise NotFound(code="rule_version_not_found")
    return differences(compiled(before, kind).table, compiled(after, kind).table, kind)


def draft(*, actor: Actor, draft_id: UUID, at: datetime) -> DraftView:
    """A draft with what it would change. Raises NotFound, for partners always."""
    row = policies.reach(actor).filter(state=State.DRAFT).one(draft_id)
    kind = get_kind(row.rule_set.kind)
    table, base = compiled(row, kind).table, base_of(row.rule_set, at)
    return DraftView(
        id=row.pk, kind=kind.code, title=str(kind.title), about=str(kind.about), program_id=row.rule_set.program_id,
        program_name=program_name(kind, row.rule_set.program_id), table=table, clauses=table_in_words(table, kind),
        changes=differences(compiled(base, kind).table, table, kind) if base else (), base_number=base.number if base else None,
        revision=row.revision, notice_days=kind.notice_days, earliest_at=earliest_effective(kind, at, row.rule_set.program_id),
    )  # fmt: skip


def programs_without_rules(*, actor: Actor, kind: str) -> list[tuple[UUID, str]]:
    """The programs for which a table of their own could be begun."""
    found = get_kind_for(actor, kind)
    taken = set(RuleSet.objects.filter(kind=kind, versions__isnull=False).values_list("program_id", flat=True))
    return [(program_id, name) for program_id, name in programs_of(found) if program_id not in taken]


def earliest_effective(kind: RuleKind, at: datetime, program_id: UUID | None = None) -> datetime:
    """The first moment at which a version announced now may take effect."""
    if kind.earliest:
        return kind.earliest(program_id, at)
    return at + timedelta(days=kind.notice_days)


def base_of(rule_set: RuleSet, at: datetime) -> RuleVersion | None:
    """What a draft of the set is compared with: the last announced version, or for a new program the general one in force."""
    last = RuleVersion.objects.filter(rule_set=rule_set, state=State.PUBLISHED).order_by("-number").first()
    return last or find_in_force(kind=rule_set.kind, program_id=None, at=at)


def _general_first(kind: RuleKind, by_set: dict) -> list[tuple[str, UUID | None]]:
    names = dict(programs_of(kind))
    keys = [key for key in by_set if key[0] == kind.code]
    return sorted(keys, key=lambda key: (key[1] is not None, names.get(key[1], "")))


def _rule_line(kind: RuleKind, program_id: UUID | None, rows: list[RuleVersion], at: datetime) -> RuleLine:
    current = next((row for row in rows if _is_in_force(row, at)), None)
    return RuleLine(
        kind=kind.code, title=str(kind.title), about=str(kind.about), program_id=program_id, program_name=program_name(kind, program_id),
        clauses=len(compiled(current, kind).table.rows) if current else 0, in_force=_line(current, at) if current else None,
        upcoming=tuple(_line(row, at) for row in rows if _is_upcoming(row, at)),
        draft_id=next((row.pk for row in rows if row.state == State.DRAFT), None),
    )  # fmt: skip


def _upcoming(current: RuleVersion, versions: Iterable[RuleVersion], kind: RuleKind, at: datetime) -> tuple[UpcomingChange, ...]:
    found, before = [], current
    for row in versions:
        if _is_upcoming(row, at):
            changes = differences(compiled(before, kind).table, compiled(row, kind).table, kind)
            found.append(UpcomingChange(_line(row, at), changes))
            before = row
    return tuple(found)


def _before(actor: Actor, row: RuleVersion) -> RuleVersion | None:
    """The version that ended when this one began, or the one with the number before it."""
    earlier = policies.reach(actor).filter(rule_set=row.rule_set, state=State.PUBLISHED, number__lt=row.number)
    return earlier.order_by("-number").first()


def _is_in_force(row: RuleVersion, at: datetime) -> bool:
    started = row.period is not None and (row.period.lower is None or row.period.lower <= at)
    return row.state == State.PUBLISHED and started and (row.period.upper is None or at < row.period.upper)


def _is_upcoming(row: RuleVersion, at: datetime) -> bool:
    return row.state == State.PUBLISHED and row.effective_at is not None and row.effective_at > at


def _line(row: RuleVersion, at: datetime) -> VersionLine:
    return VersionLine(
        id=row.pk, number=row.number, state=row.state, effective_at=row.effective_at, ends_at=row.ends_at, published_at=row.published_at,
        published_by_name=row.published_by_name, note=row.note, is_in_force=_is_in_force(row, at), is_upcoming=_is_upcoming(row, at),
    )  # fmt: skip
