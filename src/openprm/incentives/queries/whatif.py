"""What a draft of a plan would have paid for what really happened, beside the terms that stand now."""

import time
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.incentives import policies
from openprm.incentives.queries.plans import draft_id_of
from openprm.incentives.rulekinds import PLAN
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, refuse_if
from openprm.kernel.money import Money
from openprm.rulebook import queries as rulebook
from openprm.rulebook.rules.reading import ReadTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One partner under the terms before and after."""

    partner_id: UUID
    partner: str
    before: Money
    after: Money

    @property
    def difference(self) -> Money:
        return Money(self.after.minor - self.before.minor, self.after.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWhatIf:
    """The sums, and who gains or loses, the largest difference first."""

    months: int
    events: int
    seconds: float
    before: Money
    after: Money
    gaining: int
    losing: int
    moved: tuple[Moved, ...]
    by_month: tuple[tuple[str, Money, Money], ...]

    @property
    def difference(self) -> Money:
        return Money(self.after.minor - self.before.minor, self.after.currency)


def what_if(actor: Actor, plan_id: UUID, at: datetime, *, months: int | None = None) -> PlanWhatIf:
    """Replay the plan's draft over the real history. Raises NotFound, NotAllowed, Conflict when there is no draft."""
    plan = policies.reach(actor).one(plan_id)
    refuse_if(policies.why_not_edit(actor))
    draft_id, source = draft_id_of(plan.pk), rulebook.find_source(PLAN)
    if draft_id is None or source is None:
        raise Conflict(_("There is no draft of “%(plan)s”. Change its terms first.") % {"plan": plan.name})
    started = time.monotonic()
    after = ReadTable(rulebook.draft(actor=SYSTEM, draft_id=draft_id, at=at).table, rulebook.get_kind(PLAN))
    before = rulebook.find_table(kind=PLAN, program_id=plan.pk, at=at) or after
    names = dict(source.subjects(program_id=plan.pk, at=at))
    asked = max(1, min(months or source.months, 36))
    history = source.history(subject_ids=tuple(names), program_id=plan.pk, months=asked, at=at)
    found, currency = rulebook.compare_at_once(source, history, before, after), source.currency
    moved = [
        Moved(partner_id=UUID(one.key), partner=names[UUID(one.key)], before=Money(one.cost_before, currency), after=Money(one.cost_after, currency))
        for one in found.subjects
    ]
    moved = sorted((one for one in moved if one.difference.minor), key=lambda one: (-abs(one.difference.minor), one.partner))
    return PlanWhatIf(
        months=asked, events=found.cases, seconds=round(time.monotonic() - started, 1), before=Money(found.tally.cost_before, currency),
        after=Money(found.tally.cost_after, currency), gaining=sum(one.difference.minor > 0 for one in moved),
        losing=sum(one.difference.minor < 0 for one in moved), moved=tuple(moved),
        by_month=tuple((one.month[:7], Money(one.cost_before, currency), Money(one.cost_after, currency)) for one in found.tally.months),
    )  # fmt: skip
