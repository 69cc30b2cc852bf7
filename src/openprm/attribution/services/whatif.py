"""A past month by another configuration or by rules that are not published yet: what each partner would have, and nothing written."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.attribution import policies
from openprm.attribution.models import Configuration, Credit, Result, Run
from openprm.attribution.queries.reading import deal_of
from openprm.attribution.rulekinds import CLAIM_WINDOW, TOUCHES
from openprm.attribution.rules.months import first_of
from openprm.attribution.rules.words import Outcome
from openprm.attribution.services import candidates
from openprm.attribution.services.computing import AT_ONCE, Journeys, divided
from openprm.attribution.services.configuring import draft_configuration
from openprm.attribution.services.judging import Judge
from openprm.attribution.services.running import journeys_of
from openprm.attribution.services.unit import as_system, choice, in_batches
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Invalid, refuse_if
from openprm.rulebook import queries as rulebook

RULES = ("then", "now", "draft")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imagined:
    """What a month would come to: money by outcome, then partner by partner, before and after."""

    run_id: UUID
    month: date
    currency: str
    before: Mapping[str, int]
    after: Mapping[str, int]
    partners: tuple[tuple[UUID, int, int], ...]
    deals: int
    changed: int


def imagine(*, actor: Actor, month: date, rules: str = "then", at: datetime, **configuration: Any) -> Imagined:
    """Divide the deals of a month's standing run as if another configuration, or other rules, had been published in time.

    `rules`: those of the run's day, those of now, or the drafts that are being written. What was known is what the run knew.
    Raises NotAllowed, Invalid.
    """
    refuse_if(policies.why_not_configure(actor))
    row = policies.reach_months(actor).filter(month=first_of(month)).select_related("run__configuration").first()
    if row is None:
        raise Invalid(_("Nothing was computed for this month yet."), field="month")
    wanted = draft_configuration(row.run.configuration, **configuration)
    with as_system():
        return _imagined(row.run, wanted, _judge(choice("rules", rules, RULES), row.run, at))


def _judge(rules: str, run: Run, at: datetime) -> Judge:
    if rules != "draft":
        return Judge(at if rules == "now" else run.as_of)
    drafts = {(kind, program): draft for kind in (TOUCHES, CLAIM_WINDOW) for program, draft in rulebook.drafts_of(kind).items()}
    if not drafts:
        raise Invalid(_("No draft of these rules is being written. Begin one under Rules."), field="rules")
    return Judge(at, drafts)


def _imagined(run: Run, configuration: Configuration, judge: Judge) -> Imagined:
    old = {row[0]: row[1:] for row in Result.objects.filter(run=run).values_list("deal_id", "outcome", "base_minor", "is_won").iterator(chunk_size=AT_ONCE)}
    before = _held(run)
    after, outcomes, changed, count = Counter[UUID](), Counter[str](), 0, 0
    for batch in divided(judge, configuration, lambda: _journeys(run, configuration)):
        for one in batch:
            count += 1
            changed += one.outcome != old[one.deal.id][0]
            outcomes[str(one.outcome)] += one.deal.base_minor if one.deal.is_won else 0
            for part in one.parts:
                after[part.partner_id] += part.minor
    return Imagined(
        run_id=run.pk, month=run.month, currency=run.currency, before={str(one): getattr(run, f"{one}_minor") for one in Outcome},
        after={str(one): outcomes[str(one)] for one in Outcome}, deals=count, changed=changed,
        partners=tuple(sorted(((one, before[one], after[one]) for one in before.keys() | after.keys()), key=lambda one: (-abs(one[2] - one[1]), one[0]))),
    )  # fmt: skip


def _held(run: Run) -> Counter[UUID]:
    sums: Counter[UUID] = Counter()
    for partner_id, minor in Credit.objects.filter(run=run).values_list("partner_id", "credit_minor").iterator(chunk_size=AT_ONCE):
        sums[partner_id] += minor
    return sums


def _journeys(run: Run, configuration: Configuration) -> Iterator[Journeys]:
    """The journeys of a run; where the window is another one, the touches are found anew, as they were known then."""
    if configuration.window_days == run.configuration.window_days:
        yield from journeys_of(run, run.as_of)
        return
    rows = Result.objects.filter(run=run).order_by("closed_at", "deal_id").defer("judged", "line")
    for batch in in_batches(rows.iterator(chunk_size=AT_ONCE), AT_ONCE):
        yield candidates.before([deal_of(row) for row in batch], configuration.window_days, run.as_of)
