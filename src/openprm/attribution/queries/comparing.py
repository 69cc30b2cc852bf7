"""Models side by side (X21), and deals with a partner beside deals without (P1, X23)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import islice
from uuid import UUID

from django.db.models import QuerySet

from openprm.attribution import policies
from openprm.attribution.engine.models import Settings
from openprm.attribution.models import Configuration, Month, Result
from openprm.attribution.queries.pieces import deal_row
from openprm.attribution.queries.reading import deal_of, judged_of
from openprm.attribution.queries.results import Disagreement, Disagreements, Estimate, ModelRow, ModelTable, PartnerModels, Uplift
from openprm.attribution.rules import learned as learning
from openprm.attribution.rules.comparison import gaps
from openprm.attribution.rules.journeys import Deal, Judged, points_by_model, points_of_many, split
from openprm.attribution.rules.learned import Totals, totals
from openprm.attribution.rules.uplift import Case, compare
from openprm.attribution.rules.words import COMPARED, COMPARED_TOTALS, Outcome
from openprm.attribution.wording import MODEL
from openprm.deals import queries as deals
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money, minor_units

SHOWN = 25
MOST = 20_000
BANDS = (25_000, 100_000, 500_000)


def table(judged: tuple[Judged, ...], names: dict[UUID, str], configuration: Configuration) -> ModelTable:
    """One deal under every compared model; a gap wider than the configured one is flagged."""
    by_model = points_by_model(judged, COMPARED, Settings(half_life=float(configuration.half_life)))
    found = gaps(by_model)
    rows = tuple(
        ModelRow(
            partner_id=partner, partner=names.get(partner, ""), points=tuple(by_model[model].get(partner, 0) for model in COMPARED), gap=gap,
            is_flagged=gap.width >= configuration.gap_points,
        )
        for partner, gap in found.items()
    )  # fmt: skip
    return ModelTable(models=_models(), rows=rows, flag_at=configuration.gap_points, has_flag=any(row.is_flagged for row in rows))


def disagreements(actor: Actor, *, since: date, until: date) -> Disagreements:
    """Won and attributed deals of [since, until): each partner under every model, and the deals where the most money hangs on the choice.

    The models that divide each deal see the largest deals, at most 20,000; those that learn see every decided deal.
    """
    rows = _won(actor, since, until)
    configuration = policies.reach_configurations(actor).order_by("-number").first()
    flag_at = configuration.gap_points if configuration else 2500
    settings = Settings(half_life=float(configuration.half_life) if configuration else 7.0)
    by_model = points_of_many([(deal_of(row), judged_of(row.judged)) for row in rows], COMPARED, settings)
    learned = totals(_decided(actor, since, until), COMPARED_TOTALS)
    names = identity.organization_names({partner for found in by_model.values() for points in found.values() for partner in points})
    deals_found = sorted((one for row in rows for one in _flagged(row, by_model, names, flag_at)), key=lambda one: (-one.at_stake.minor, one.row.deal_id))
    return Disagreements(
        models=_models(), learned=tuple((name, str(MODEL[name])) for name in COMPARED_TOTALS),
        left_out=tuple((str(MODEL[name]), why) for name, why in learned.left_out.items()),
        partners=_partners(_sums(rows, by_model), learned, names, flag_at), deals=tuple(deals_found[:SHOWN]), flag_at=flag_at, looked_at=len(rows),
    )  # fmt: skip


def _standing(actor: Actor, since: date, until: date) -> QuerySet:
    return policies.reach_results(actor).filter(run__in=Month.objects.filter(month__gte=since, month__lt=until).values("run"))


def _won(actor: Actor, since: date, until: date) -> list[Result]:
    rows = _standing(actor, since, until).filter(is_won=True).exclude(outcome=Outcome.UNATTRIBUTED)
    return list(rows.select_related("run").defer("line", "touch_ids").order_by("-base_minor", "id")[:MOST])


def _decided(actor: Actor, since: date, until: date) -> Iterator[list[tuple[Deal, tuple[Judged, ...]]]]:
    """Won and lost deals with their touches, some thousands at once."""
    rows = _standing(actor, since, until).defer("line", "touch_ids").order_by("closed_at", "deal_id").iterator(chunk_size=2000)
    while batch := [(deal_of(row), judged_of(row.judged)) for row in islice(rows, 2000)]:
        yield batch


def _sums(rows: Sequence[Result], by_model: Mapping[str, Mapping[UUID, Mapping[UUID, int]]]) -> dict[UUID, dict[str, int]]:
    sums: dict[UUID, dict[str, int]] = defaultdict(lambda: dict.fromkeys(COMPARED, 0))
    for row in rows:
        for model in COMPARED:
            for partner, minor in split(row.base_minor, by_model[model].get(row.deal_id, {})).items():
                sums[partner][model] += minor
    return sums


def _flagged(row: Result, by_model: Mapping[str, Mapping[UUID, Mapping[UUID, int]]], names: dict[UUID, str], flag_at: int) -> list[Disagreement]:
    here = {model: found[row.deal_id] for model, found in by_model.items() if row.deal_id in found}
    partner, gap = max(gaps(here).items(), key=lambda one: (one[1].width, str(one[0])))
    if gap.width < flag_at:
        return []
    stake = Money(row.base_minor * gap.width // 10_000, deals.base_currency())
    low, high = str(MODEL[gap.low_model]), str(MODEL[gap.high_model])
    return [Disagreement(row=deal_row(row, row.run.month, False), partner=names.get(partner, ""), gap=gap, low_label=low, high_label=high, at_stake=stake)]


def _partners(sums: dict[UUID, dict[str, int]], learned: Totals, names: dict[UUID, str], flag_at: int) -> tuple[PartnerModels, ...]:
    made = [
        PartnerModels(
            partner_id=partner, partner=names.get(partner, ""), credits=tuple(_money(minor[model]) for model in COMPARED),
            learned=tuple(_estimate(learned.parts.get(name, {}).get(partner)) for name in COMPARED_TOTALS), gap=_apart(minor),
            is_flagged=_apart(minor) * 100 >= flag_at,
        )
        for partner, minor in sums.items()
    ]  # fmt: skip
    return tuple(sorted(made, key=lambda one: (-max(money.minor for money in one.credits), one.partner_id)))


def _estimate(part: learning.Part | None) -> Estimate | None:
    if part is None:
        return None
    ends = (None, None) if part.low is None or part.high is None else (_money(part.low), _money(part.high))
    return Estimate(value=_money(part.value), low=ends[0], high=ends[1])


def _money(minor: int) -> Money:
    return Money(minor, deals.base_currency())


def _apart(minor: dict[str, int]) -> int:
    """How far the models are apart, in hundredths of the largest."""
    most = max(minor.values())
    return round(100 * (most - min(minor.values())) / most) if most else 0


def uplift(actor: Actor, *, since: date, until: date) -> Uplift:
    """Decided deals of [since, until), with and without a qualified touch, compared where country and size are alike."""
    rows = _standing(actor, since, until)
    columns = ("country", "base_minor", "outcome", "is_won", "opened_at", "closed_at")
    cases = [
        Case(
            stratum=(country, _band(minor)), with_partner=outcome != Outcome.UNATTRIBUTED, is_won=is_won, minor=minor,
            days=max(0, (closed - opened) // timedelta(days=1)),
        )
        for country, minor, outcome, is_won, opened, closed in rows.values_list(*columns).iterator(chunk_size=5000)
    ]  # fmt: skip
    return Uplift(comparisons=compare(cases), deals=len(cases), currency=deals.base_currency())


def _band(minor: int) -> str:
    major = minor / 10 ** minor_units(deals.base_currency())
    return str(sum(major >= edge for edge in BANDS))


def _models() -> tuple[tuple[str, str], ...]:
    return tuple((name, str(MODEL[name])) for name in COMPARED)
