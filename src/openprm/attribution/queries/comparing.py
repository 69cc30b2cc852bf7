"""Models side by side (X21), and deals with a partner beside deals without (P1, X23)."""

from collections import defaultdict
from datetime import date, timedelta
from uuid import UUID

from openprm.attribution import policies
from openprm.attribution.engine.models import Settings
from openprm.attribution.models import Configuration, Result
from openprm.attribution.queries.pieces import deal_row, names_of
from openprm.attribution.queries.reading import judged_of
from openprm.attribution.queries.results import Disagreement, Disagreements, ModelRow, ModelTable, PartnerModels, Uplift
from openprm.attribution.queries.standing import standing_results
from openprm.attribution.rules.comparison import gaps
from openprm.attribution.rules.journeys import Judged, points_by_model, split
from openprm.attribution.rules.uplift import Case, compare
from openprm.attribution.rules.words import COMPARED, Outcome
from openprm.attribution.wording import MODEL
from openprm.deals import queries as deals
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
    """Won and attributed deals of [since, until): each partner under every model, and the deals where the most money hangs on the choice."""
    rows = _won(actor, since, until)
    configuration = policies.reach_configurations(actor).order_by("-number").first()
    flag_at = configuration.gap_points if configuration else 2500
    settings = Settings(half_life=float(configuration.half_life) if configuration else 7.0)
    names = names_of({UUID(one["partner"]) for row in rows for one in row.judged}, actor)
    sums: dict[UUID, dict[str, int]] = defaultdict(lambda: dict.fromkeys(COMPARED, 0))
    found: list[Disagreement] = []
    for row in rows:
        by_model = points_by_model(judged_of(row.judged), COMPARED, settings)
        for model in COMPARED:
            for partner, minor in split(row.base_minor, by_model[model]).items():
                sums[partner][model] += minor
        found.extend(_flagged(row, by_model, names, flag_at))
    found.sort(key=lambda one: (-one.at_stake.minor, one.row.deal_id))
    return Disagreements(models=_models(), partners=_partners(sums, names, flag_at), deals=tuple(found[:SHOWN]), flag_at=flag_at, looked_at=len(rows))


def _won(actor: Actor, since: date, until: date) -> list[Result]:
    rows = policies.reach_results(actor).filter(pk__in=standing_results().order_by().values("pk"), run__month__gte=since, run__month__lt=until, is_won=True)
    return list(rows.exclude(outcome=Outcome.UNATTRIBUTED).select_related("run").order_by("-base_minor", "id")[:MOST])


def _flagged(row: Result, by_model: dict[str, dict[UUID, int]], names: dict[UUID, str], flag_at: int) -> list[Disagreement]:
    partner, gap = max(gaps(by_model).items(), key=lambda one: (one[1].width, str(one[0])))
    if gap.width < flag_at:
        return []
    stake = Money(row.base_minor * gap.width // 10_000, deals.base_currency())
    return [Disagreement(row=deal_row(row, row.run.month, False), partner=names.get(partner, ""), gap=gap, at_stake=stake)]


def _partners(sums: dict[UUID, dict[str, int]], names: dict[UUID, str], flag_at: int) -> tuple[PartnerModels, ...]:
    made = [
        PartnerModels(
            partner_id=partner, partner=names.get(partner, ""), credits=tuple(Money(minor[model], deals.base_currency()) for model in COMPARED),
            gap=_apart(minor), is_flagged=_apart(minor) * 100 >= flag_at,
        )
        for partner, minor in sums.items()
    ]  # fmt: skip
    return tuple(sorted(made, key=lambda one: (-max(money.minor for money in one.credits), one.partner_id)))


def _apart(minor: dict[str, int]) -> int:
    """How far the models are apart, in hundredths of the largest."""
    most = max(minor.values())
    return round(100 * (most - min(minor.values())) / most) if most else 0


def uplift(actor: Actor, *, since: date, until: date) -> Uplift:
    """Decided deals of [since, until), with and without a qualified touch, compared where country and size are alike."""
    rows = policies.reach_results(actor).filter(pk__in=standing_results().order_by().values("pk"), run__month__gte=since, run__month__lt=until)
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
