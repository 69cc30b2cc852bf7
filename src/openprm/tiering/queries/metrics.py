"""Which facts there are: those of the house, those that other domains contribute, and the vendor's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.kernel.memory import Remembered
from openprm.kernel.registry import registry
from openprm.tiering.models import Metric
from openprm.tiering.ports import FactSource, TierFact
from openprm.tiering.rules import formula

CURRENCY = getattr(settings, "OPENPRM_CURRENCY", "EUR")
PORT = "tiering.facts"
METRICS = Remembered("tiering.metrics")

STANDARD = (
    TierFact(
        name="revenue_won", label=_("Revenue won in 12 months"), type="money", unit=CURRENCY, phrase=_("the revenue won in the last 12 months"),
        window="rolling",
    ),
    TierFact(
        name="won_deals", label=_("Deals won in 12 months"), phrase=_("the number of deals won in the last 12 months"), decimals=0, window="rolling"
    ),
    TierFact(
        name="registrations", label=_("Registrations in 12 months"), phrase=_("the number of registrations in the last 12 months"), decimals=0, window="rolling"
    ),
    TierFact(
        name="approved_registrations", label=_("Approved registrations in 12 months"), phrase=_("the number of registrations approved in the last 12 months"),
        decimals=0, window="rolling",
    ),
    TierFact(
        name="protected_pipeline", label=_("Open protected pipeline"), type="money", unit=CURRENCY, phrase=_("the open protected pipeline")
    ),
    TierFact(name="certifications", label=_("Certified people"), phrase=_("the number of certified people"), decimals=0, counted=True),
    TierFact(name="satisfaction", label=_("Customer rating"), phrase=_("the customer rating")),
)  # fmt: skip
POINTS = TierFact(name="points", label=_("Points"), phrase=_("the points"))
MONTHS = TierFact(name="months_in_program", label=_("Months in the program"), phrase=_("the months in the program"), decimals=0)
RESERVED = frozenset({"points", "floors_met", "months_in_program", "partner_type", "track", "tier"})


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricView:
    """A metric of the vendor's own. `reads` are the facts of its formula."""

    id: UUID
    code: str
    label: str
    about: str
    kind: str
    unit: str
    formula: str
    is_retired: bool
    version: int
    reads: tuple[str, ...] = ()


def sources() -> tuple[FactSource, ...]:
    return registry.filling(PORT)


def filled_facts() -> dict[str, FactSource]:
    """Which source answers for which fact; the first one wins."""
    found: dict[str, FactSource] = {}
    for source in sources():
        for fact in source.facts:
            found.setdefault(fact.name, source)
    return found


def base_facts() -> dict[str, TierFact]:
    """Facts that are not computed: contributed, standard, entered by hand."""
    contributed = {fact.name: fact for source in sources() for fact in source.facts}
    entered = {one.code: _as_fact(one) for one in all_metrics() if one.kind == Metric.Kind.ENTERED}
    return {**{fact.name: fact for fact in STANDARD}, **contributed, **entered}


def own_facts() -> tuple[TierFact, ...]:
    """The vendor's own metrics as facts, the retired ones too: old rules may name them."""
    return tuple(_as_fact(one) for one in all_metrics())


def all_facts() -> dict[str, TierFact]:
    return {**base_facts(), **{fact.name: fact for fact in own_facts()}, POINTS.name: POINTS, MONTHS.name: MONTHS}


def formulas() -> dict[str, formula.Formula]:
    """The computed metrics, each after those it reads."""
    read = {one.code: formula.read(one.formula) for one in all_metrics() if one.kind == Metric.Kind.COMPUTED}
    return {name: read[name] for name in formula.in_order(read, {*base_facts(), MONTHS.name})}


def all_metrics() -> tuple[MetricView, ...]:
    return METRICS.get(find=lambda: tuple(_view(row) for row in Metric.objects.order_by("label")))


def metric(actor: Actor, metric_id: UUID) -> MetricView:
    """Raises NotFound."""
    if not actor.can("tiering.view"):
        raise NotFound()
    return _view(Metric.objects.all().one(metric_id))


def by_hand() -> tuple[TierFact, ...]:
    """The facts whose values people enter: the entered metrics in use, and standard ones that no domain fills."""
    filled = filled_facts()
    entered = {one.code for one in all_metrics() if one.kind == Metric.Kind.ENTERED and not one.is_retired}
    return tuple(fact for name, fact in base_facts().items() if name not in filled and (name in entered or any(one.name == name for one in STANDARD)))


def _as_fact(one: MetricView) -> TierFact:
    money = one.unit == Metric.Unit.MONEY
    return TierFact(name=one.code, label=one.label, type="money" if money else "number", unit=CURRENCY if money else "", help=one.about)


def _view(row: Metric) -> MetricView:
    reads: Mapping[str, None] = dict.fromkeys(formula.names(formula.read(row.formula))) if row.formula else {}
    return MetricView(
        id=row.pk, code=row.code, label=row.label, about=row.about, kind=row.kind, unit=row.unit, formula=row.formula, is_retired=row.is_retired,
        version=row.version, reads=tuple(reads),
    )  # fmt: skip
