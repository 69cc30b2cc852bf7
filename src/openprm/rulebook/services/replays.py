"""What-if runs: a draft replayed over the real history, in parts, so that progress can be seen and no transaction is long."""

import time
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, NotFound, refuse_if, refused_by
from openprm.kernel.events import publish

from .. import policies
from ..events import ReplayRequested
from ..models import ONE_REPLAY, Replay, ReplaySubject, RuleVersion
from ..ports import WhatIfSource
from ..queries.compiled import compiled
from ..queries.kinds import get_kind
from ..queries.reading import base_of
from ..queries.replays import find_source
from ..rules.replay import Subject, Tally

AT_ONCE = 2000
MOST_MONTHS = 36
ABANDONED_AFTER = timedelta(hours=1)


class NoHistory(NotFound):
    """No domain keeps a history of this kind of rules, so there is nothing to replay."""


class ReplayRuns(Conflict):
    """The same draft is being replayed at this moment."""


class WhatIfMissing(Conflict):
    """These rules are published only after somebody saw whom exactly this draft would move."""


def begin_replay(*, actor: Actor, draft_id: UUID, months: int | None = None, at: datetime) -> UUID:
    """Start replaying the saved draft; the worker then goes through it by `advance_replay`. A run of the same table that still works is given back.

    Raises NotFound, NotAllowed, NoHistory, ReplayRuns.
    """
    draft = policies.reach(actor).filter(state=RuleVersion.State.DRAFT).one(draft_id)
    refuse_if(policies.why_not_edit(actor, draft))
    source, base = _source(draft.rule_set.kind), base_of(draft.rule_set, at)
    running = _runs_of(draft, base).filter(state=Replay.State.RUNNING).first()
    if running and running.requested_at > at - ABANDONED_AFTER:
        return running.pk
    if running:
        fail_replay(replay_id=running.pk, problem=_("It stopped half-way and was given up."), at=at)
    replay = _new_replay(actor, draft, base, source, months, at)
    with refused_by(ONE_REPLAY, ReplayRuns(_("This draft is being replayed already. Wait for it to finish."))):
        replay.save(force_insert=True)
    audit.record(actor, "rulebook.replayed", replay, refs=(draft.rule_set_id,), at=at)
    publish(ReplayRequested(replay.pk, at))
    return replay.pk


def advance_replay(*, replay_id: UUID, at: datetime, most: int = AT_ONCE) -> bool:
    """Replay the next part; true when nothing is left. Safe to run twice: each part is counted once. In the system's scope."""
    replay = Replay.objects.select_related("version__rule_set").locked().one(replay_id)
    if replay.state != Replay.State.RUNNING:
        return True
    started = time.monotonic()
    source = _source(replay.kind)
    part = source.subjects(program_id=replay.program_id, at=replay.until)[replay.done : replay.done + most]
    _replay_part(replay, source, dict(part))
    replay.milliseconds += round((time.monotonic() - started) * 1000)
    if replay.done >= replay.total or not part:
        replay.state, replay.finished_at, replay.total = Replay.State.DONE, at, replay.done
    replay.save()
    return replay.state == Replay.State.DONE


def fail_replay(*, replay_id: UUID, problem: str, at: datetime) -> None:
    """Say that a run could not be finished, so that nobody waits for it."""
    replay = Replay.objects.locked().one(replay_id)
    if replay.state == Replay.State.RUNNING:
        replay.state, replay.finished_at, replay.problem = Replay.State.FAILED, at, problem[:500]
        replay.save()


def why_not_publish_unseen(draft: RuleVersion, base: RuleVersion | None) -> str | None:
    """The reason why this draft waits for a what-if run of exactly its table, against exactly the rules it would replace."""
    source = find_source(draft.rule_set.kind)
    if source is None or not source.is_required or _runs_of(draft, base).filter(state=Replay.State.DONE).exists():
        return None
    return _("Run the what-if first: nobody has seen yet whom this draft would move and what it would cost.")


def _new_replay(actor: Actor, draft: RuleVersion, base: RuleVersion | None, source: WhatIfSource, months: int | None, at: datetime) -> Replay:
    return Replay(
        version=draft, kind=draft.rule_set.kind, program_id=draft.rule_set.program_id, sha256=draft.sha256, base_sha256=base.sha256 if base else "",
        months=max(1, min(months or source.months, MOST_MONTHS)), until=at, total=len(source.subjects(program_id=draft.rule_set.program_id, at=at)),
        requested_by=actor.user_id, requested_by_name=actor.name, requested_at=at,
    )  # fmt: skip


def _replay_part(replay: Replay, source: WhatIfSource, names: dict[UUID, str]) -> None:
    if not names:
        return
    from ..engine.replay import compare  # the columnar engine takes a second to load, and only the worker needs it

    draft, kind = replay.version, get_kind(replay.kind)
    if draft.sha256 != replay.sha256:
        raise Conflict(_("The draft was changed while it was replayed. Run the what-if again."))
    base = base_of(draft.rule_set, replay.until) or draft
    history = source.history(subject_ids=tuple(names), program_id=replay.program_id, months=replay.months, at=replay.until)
    found = compare(source, history, compiled(base, kind).read, compiled(draft, kind).read)
    ReplaySubject.objects.bulk_create([_kept(replay, one, names) for one in found.subjects if one.direction != "same"], ignore_conflicts=True)
    replay.tally = Tally.from_json(replay.tally).plus(found.tally).as_json()
    replay.done, replay.cases = replay.done + len(names), replay.cases + found.cases


def _kept(replay: Replay, one: Subject, names: dict[UUID, str]) -> ReplaySubject:
    subject_id = UUID(one.key)
    return ReplaySubject(
        replay=replay, subject_id=subject_id, label=names[subject_id][:200], direction=one.direction, before=one.before[:120], after=one.after[:120],
        rank_before=one.rank_before, rank_after=one.rank_after, cost_before_minor=one.cost_before, cost_after_minor=one.cost_after,
        months_better=one.months_better, months_worse=one.months_worse,
    )  # fmt: skip


def _runs_of(draft: RuleVersion, base: RuleVersion | None):
    return Replay.objects.filter(version=draft, sha256=draft.sha256, base_sha256=base.sha256 if base else "")


def _source(kind: str) -> WhatIfSource:
    found = find_source(kind)
    if found is None:
        raise NoHistory(_("Nobody keeps a history of these rules, so a draft of them cannot be replayed."))
    return found
