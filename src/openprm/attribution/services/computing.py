"""What one month comes to: its deals with their parts, and which of them must be computed again since an earlier run."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from openprm.attribution.models import Configuration, Result, Run
from openprm.attribution.queries.reading import settings_of
from openprm.attribution.rulekinds import CLAIM_WINDOW, TOUCHES
from openprm.attribution.rules import canonical, journeys
from openprm.attribution.rules.journeys import Deal, Settled
from openprm.attribution.rules.learned import Learned, learn
from openprm.attribution.rules.months import span
from openprm.attribution.rules.words import LEARNED
from openprm.attribution.services import candidates
from openprm.attribution.services.judging import Judge
from openprm.attribution.services.unit import in_batches
from openprm.deals import queries as deals
from openprm.deals.queries import DecidedDeal
from openprm.rulebook import queries as rulebook

AT_ONCE = 2000
MOST_AGAIN = 20_000
OVERLAP = timedelta(hours=6)
FACTS = ("kind", "number", "country", "account_id", "program_id", "deal_type", "is_won", "opened_at", "closed_at", "fx_rate", "fx_date")
MONEY = ("customer", "amount_minor", "currency", "base_minor")
Journeys = Sequence[tuple[Deal, Sequence[journeys.Touch]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The decided deals of a month, by the moment they closed, as they are known at `at`, and how they are divided."""

    month: date
    at: datetime
    configuration: Configuration
    facts: tuple[DecidedDeal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What an earlier run does not say as it is now: deals to write anew, and those that left the month. `is_new` when the result differs by a byte."""

    anew: tuple[Settled, ...]
    is_new: bool


def read(month: date, configuration: Configuration, at: datetime) -> Reading:
    since, until = span(month)
    facts = tuple(one for one in deals.decided_deals(since=since, until=until) if one.closed_at <= at)
    return Reading(month=month, at=at, configuration=configuration, facts=facts)


def settled(reading: Reading, judge: Judge, facts: Sequence[DecidedDeal]) -> Iterator[list[Settled]]:
    """These deals with their parts, some thousands at once: memory does not grow with their touches."""

    def found() -> Iterator[Journeys]:
        for batch in in_batches(facts, AT_ONCE):
            yield candidates.before([deal_of_fact(one) for one in batch], reading.configuration.window_days, reading.at)

    return divided(judge, reading.configuration, found)


def divided(judge: Judge, configuration: Configuration, found: Any) -> Iterator[list[Settled]]:
    """Journeys that `found()` gives, batch by batch, judged and divided. A model that learns sees all of them first."""
    settings = settings_of(configuration)
    learned: Learned | None = learn((judge.judge(batch) for batch in found()), configuration.model, settings) if configuration.model in LEARNED else None
    for batch in found():
        yield list(journeys.settle(judge.judge(batch), configuration.model, settings, learned))


def difference(reading: Reading, run: Run, judge: Judge) -> Difference | None:
    """What has to be written anew since `run`; None where everything has to be: other rules, another configuration, or most of the deals.

    A deal is computed again when its facts changed, when it is new in the month, or when a touch before it was recorded, struck,
    verified or moved since the run read them (and a little before, for what committed late).
    """
    if not _is_comparable(reading, run):
        return None
    known = _known(run)
    moved = candidates.moved_since(run.pk, run.as_of - OVERLAP)
    again = [one for one in reading.facts if one.id in moved or known.get(one.id) != facts_of(one)]
    if len(again) > max(MOST_AGAIN, len(reading.facts) // 2):
        return None
    lines = dict(Result.objects.filter(run=run, deal_id__in=[one.id for one in again]).values_list("deal_id", "line"))
    changed = {one.id for one in again if known.get(one.id) != facts_of(one)}
    found = [(one, lines.get(one.deal.id) != canonical.line(one).decode()) for batch in settled(reading, judge, again) for one in batch]
    gone = known.keys() - {one.id for one in reading.facts}
    anew = tuple(one for one, is_new in found if is_new or one.deal.id in changed)
    return Difference(anew=anew, is_new=bool(gone) or any(is_new for _one, is_new in found))


def _is_comparable(reading: Reading, run: Run) -> bool:
    if run.configuration_sha256 != reading.configuration.sha256 or reading.configuration.model in LEARNED:
        return False
    same_rules = versions(reading.facts, run.as_of) == versions(reading.facts, reading.at)
    return same_rules and not Result.objects.filter(run=run, line="").exists()


def versions(facts: Iterable[DecidedDeal], at: datetime) -> tuple[Any, ...]:
    """The published tables that judge these deals at a moment."""
    programs = sorted({one.program_id for one in facts}, key=str)
    found = (rulebook.find_in_force(kind=kind, program_id=program, at=at) for kind in (TOUCHES, CLAIM_WINDOW) for program in programs)
    return tuple(one.pk if one else None for one in found)


def _known(run: Run) -> dict[UUID, tuple[Any, ...]]:
    rows = Result.objects.filter(run=run).values_list("deal_id", *FACTS, *MONEY)
    return {row[0]: tuple(row[1:]) for row in rows.iterator(chunk_size=AT_ONCE)}


def facts_of(one: DecidedDeal) -> tuple[Any, ...]:
    """A deal's facts as a run keeps them."""
    return (*(getattr(one, name) for name in FACTS), one.customer[:200], one.amount.minor, one.amount.currency, one.base.minor)


def deal_of_fact(one: DecidedDeal) -> Deal:
    return Deal(
        id=one.id, kind=one.kind, account_id=one.account_id, program_id=one.program_id, deal_type=one.deal_type, is_won=one.is_won,
        opened_at=one.opened_at, closed_at=one.closed_at, base_minor=one.base.minor,
    )  # fmt: skip
