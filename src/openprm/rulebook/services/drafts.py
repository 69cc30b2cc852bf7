"""Writing a new version: begin, save, throw away, try."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, NotFound, Problem, Stale, refuse_if, refused_by

from .. import policies
from ..models import ONE_DRAFT, RuleSet, RuleVersion
from ..ports import RuleKind, Table
from ..queries.compiled import compiled
from ..queries.decisions import past_cases
from ..queries.kinds import get_kind, get_kind_for, programs_of
from ..queries.reading import base_of
from ..rules.checks import TableProblem, check
from ..rules.evaluation import Compiled, Verdict
from ..rules.jdm import BadGraph, fingerprint, from_jdm, tidy, to_jdm
from ..rules.whatif import WhatIf, replay
from .evaluation import verdict_of

MOST_CASES = 2000


class DraftExists(Conflict):
    """The set already has a draft; one is enough, so that nobody's work is lost at publication."""


class TableHasProblems(Invalid):
    """The table cannot be saved; `table_problems` names each row and column."""

    def __init__(self, problems: tuple[TableProblem, ...]):
        self.table_problems = problems
        super().__init__(problems=[Problem(problem.field, problem.message) for problem in problems])


def create_draft(*, actor: Actor, kind: str, program_id: UUID | None = None, at: datetime) -> UUID:
    """Begin a draft as a copy of the newest announced version; the first one of a program copies the general rules.

    Raises NotFound, NotAllowed, DraftExists.
    """
    found = get_kind_for(actor, kind)
    refuse_if(policies.why_not_edit(actor))
    if program_id and program_id not in dict(programs_of(found)):
        raise NotFound(_("There is no such program for these rules."), code="program_not_found")
    rule_set, _created = RuleSet.objects.get_or_create(kind=found.code, program_id=program_id)
    base = base_of(rule_set, at)
    content = base.content if base else to_jdm(found.default_table, found)
    draft = RuleVersion(rule_set=rule_set, content=content, sha256=fingerprint(content), for_partners=found.for_partners, drafted_by=actor.user_id)
    with refused_by(ONE_DRAFT, DraftExists(_("There is already a draft of these rules. Continue it, or discard it first."))):
        draft.save(force_insert=True)
    audit.record(actor, "rulebook.drafted", draft, refs=(rule_set.pk,), at=at)
    return draft.pk


def save_draft(*, actor: Actor, draft_id: UUID, table: Table, revision: int | None = None, at: datetime) -> int:
    """Check and keep the table; gives the new revision.

    Raises NotFound, NotAllowed, Stale (somebody saved in between), TableHasProblems.
    """
    draft = _editable(actor, draft_id)
    if revision is not None and revision != draft.revision:
        raise Stale()
    kind = get_kind(draft.rule_set.kind)
    draft.content = checked_content(table, kind)
    draft.sha256 = fingerprint(draft.content)
    draft.revision += 1
    draft.save()
    audit.record(actor, "rulebook.draft_saved", draft, before={}, refs=(draft.rule_set_id,), at=at)
    return draft.revision


def discard_draft(*, actor: Actor, draft_id: UUID, at: datetime) -> None:
    """Raises NotFound, NotAllowed."""
    draft = _editable(actor, draft_id)
    audit.record(actor, "rulebook.draft_discarded", draft, after={}, refs=(draft.rule_set_id,), at=at)
    draft.delete()


def try_table(*, actor: Actor, kind: str, table: Table, inputs: Mapping[str, object]) -> Verdict:
    """What a table would answer, without keeping anything. Raises NotFound, TableHasProblems, Invalid."""
    found = get_kind_for(actor, kind)
    checked_content(table, found)
    return verdict_of(Compiled(tidy(table, found), found), inputs)


def what_if(*, actor: Actor, draft_id: UUID, at: datetime, limit: int = MOST_CASES) -> WhatIf:
    """Ask the draft about the newest recorded decisions, beside the rules it would replace. Raises NotFound, NotAllowed."""
    draft = policies.reach(actor).filter(state=RuleVersion.State.DRAFT).one(draft_id)
    refuse_if(policies.why_not_edit(actor, draft))
    kind, base = get_kind(draft.rule_set.kind), base_of(draft.rule_set, at)
    cases = past_cases(kind=kind, program_id=draft.rule_set.program_id, limit=min(limit, MOST_CASES))
    return replay(compiled(draft, kind), compiled(base, kind) if base else None, cases)


def checked_content(table: Table, kind: RuleKind) -> dict:
    """The table as the graph to be kept. Raises TableHasProblems."""
    clean = tidy(table, kind)
    if problems := check(clean, kind):
        raise TableHasProblems(problems)
    return to_jdm(clean, kind)


def read_graph(graph: dict, kind: RuleKind) -> Table:
    """A decision graph from outside. Raises Invalid."""
    try:
        return from_jdm(graph, kind)
    except BadGraph as problem:
        raise Invalid(str(problem), field="graph") from None


def _editable(actor: Actor, draft_id: UUID) -> RuleVersion:
    draft = policies.reach(actor).locked().one(draft_id)
    refuse_if(policies.why_not_edit(actor, draft))
    return draft
