"""The approved deals of the pipeline, narrowed, and their sums in SQL."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, Case, Count, F, IntegerField, Max, Min, Q, QuerySet, Sum, Value, When, Window
from django.db.models.functions import Coalesce

from openprm.deals import queries as deals
from openprm.deals.queries import Filters
from openprm.kernel.actor import Actor
from openprm.partners import queries as partners
from openprm.pipeline.queries.results import Narrowed
from openprm.pipeline.rules.forecast import BEST_FROM, COMMIT_FROM, NOTHING, Figures

APPROVED = ("approved",)


def open_deals(actor: Actor, narrowed: Narrowed) -> QuerySet:
    """The approved deals that this person can see, narrowed."""
    return deals.listed(actor, _filters(narrowed))


def _filters(narrowed: Narrowed) -> Filters:
    return Filters(
        text=narrowed.text,
        status=APPROVED,
        partner_id=narrowed.partner_id,
        partner=narrowed.partner,
        program_id=narrowed.program_id,
        product_line_id=narrowed.product_line_id,
        closes_from=narrowed.closes_from,
        closes_to=narrowed.closes_to,
        mine=narrowed.mine,
    )


class Chances:
    """The win probability of each stage, in each program that has its own table."""

    def __init__(self, actor: Actor):
        self.general = {stage.code: stage for stage in deals.stage_lanes()}
        self.own: dict[tuple[Any, str], int] = {}
        for program in partners.programs(actor):
            for stage in deals.stage_lanes(program.id):
                known = self.general.get(stage.code)
                if known is None or known.probability != stage.probability:
                    self.own[program.id, stage.code] = stage.probability

    def of(self, stage: str, program_id: Any = None) -> int:
        if (program_id, stage) in self.own:
            return self.own[program_id, stage]
        return self.general[stage].probability if stage in self.general else deals.stage_named(stage, program_id).probability

    def sql(self) -> Case:
        """The same as `of`, for a sum in the database; a stage that no table has any more counts with nothing."""
        own = [When(program_id=program, stage=stage, then=Value(chance)) for (program, stage), chance in self.own.items()]
        general = [When(stage=code, then=Value(stage.probability)) for code, stage in self.general.items()]
        return Case(*own, *general, default=Value(0), output_field=IntegerField())


def sums(rows: QuerySet, chances: Chances, today: date, *groups: str) -> list[dict[str, Any]]:
    """Figures of the deals by group, in one statement: each row holds the groups, `figures`, and the days of the rates in them.
    Without a group there is one row, or none when there are no deals."""
    found = _summed(rows, chances, today, groups)
    return [{**{name: row[name] for name in (*groups, "first_rate", "last_rate")}, "figures": figures_of(row)} for row in found]


def largest(rows: QuerySet, chances: Chances, today: date, key: str, name: str, most: int) -> tuple[list[dict[str, Any]], int]:
    """The `most` groups with the largest sums, and how many groups there are. The others stay in the database."""
    found = list(_summed(rows, chances, today, (key, name)).annotate(groups=Window(Count("*"))).order_by("-total", name)[:most])
    return [{key: row[key], name: row[name], "figures": figures_of(row)} for row in found], found[0]["groups"] if found else 0


def _summed(rows: QuerySet, chances: Chances, today: date, groups: tuple[str, ...]) -> QuerySet:
    """Nothing is asked that the index of open deals does not hold."""
    amount = F("base_amount_minor")
    late, foreign = Q(expected_close_date__lt=today), ~Q(currency=deals.base_currency())
    return (
        rows.order_by()
        .annotate(chance=chances.sql(), everything=Value(1))
        .values(*(groups or ("everything",)))
        .annotate(
            n=Count("pk"),
            total=_sum(amount),
            weighted=_sum(amount * F("chance")),
            commit=_sum(amount, Q(chance__gte=COMMIT_FROM)),
            best=_sum(amount, Q(chance__gte=BEST_FROM, chance__lt=COMMIT_FROM)),
            late=Count("pk", filter=late),
            late_total=_sum(amount, late),
            first_rate=Min("fx_date", filter=foreign),
            last_rate=Max("fx_date", filter=foreign),
        )
    )


def _sum(amount: Any, only: Q | None = None) -> Coalesce:
    return Coalesce(Sum(amount, filter=only, output_field=BigIntegerField()), 0, output_field=BigIntegerField())


def figures_of(row: dict[str, Any]) -> Figures:
    """Sums of whole numbers come as decimals."""
    return Figures(*(int(row[name]) for name in ("n", "total", "weighted", "commit", "best", "late", "late_total")))


def all_of(rows: QuerySet, chances: Chances, today: date) -> Figures:
    """The figures of all these deals together."""
    found = sums(rows, chances, today)
    return found[0]["figures"] if found else NOTHING


def rows_by_id(actor: Actor, ids: Iterable[Any]) -> dict[Any, Any]:
    """Reachable open deals by id."""
    wanted = tuple(ids)
    return {row.pk: row for row in deals.listed(actor, Filters(status=APPROVED, ids=wanted))} if wanted else {}
