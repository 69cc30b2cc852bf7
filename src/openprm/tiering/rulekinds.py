"""The two tables of tiering: which tier a partner's facts earn, and how many points its metrics give."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from openprm.partners import queries as partners
from openprm.partners.rules import TYPES
from openprm.rulebook.ports import Choice, Fact, Outcome, Row, RuleKind, Table
from openprm.tiering.ports import TierFact
from openprm.tiering.queries import metrics
from openprm.tiering.rules import ladder
from openprm.tiering.rules.ladder import KEEP

TRACKS = (
    Choice("small", _("Small"), _("the partner is small")),
    Choice("medium", _("Medium"), _("the partner is of medium size")),
    Choice("large", _("Large"), _("the partner is large")),
)
_TRACK = Fact("track", _("Size of the partner"), "choice", choices=TRACKS)
_TYPE = Fact("partner_type", _("Type of partner"), "choice", choices=TYPES)
_FLOORS = Fact(
    "floors_met",
    _("Every floor is met"),
    "bool",
    choices=(Choice("true", _("Yes"), _("no floored metric is zero")), Choice("false", _("No"), _("a floored metric is zero"))),
)


def as_rule_fact(fact: TierFact) -> Fact:
    return Fact(fact.name, fact.label, fact.type, unit=fact.unit, phrase=fact.phrase, decimals=fact.decimals, help=fact.help)


def more_facts() -> Iterable[Fact]:
    """What other domains contribute beyond the standard facts, and the vendor's own metrics."""
    fixed = {fact.name for fact in metrics.STANDARD}
    contributed = {fact.name: fact for source in metrics.sources() for fact in source.facts if fact.name not in fixed}
    own = {fact.name: fact for fact in metrics.own_facts()}
    return tuple(as_rule_fact(fact) for fact in {**contributed, **own}.values())


def programs() -> tuple[tuple[UUID, str], ...]:
    return tuple((UUID(program_id), name) for program_id, name in partners.program_choices())


def tier_answers() -> tuple[Choice, ...]:
    """Every tier code in use, and 'keep'."""
    keep = Choice(KEEP, _("No change"), _("the partner keeps its tier"))
    return (keep, *(Choice(code, name) for code, name in partners.tier_codes()))


def metric_answers() -> tuple[Choice, ...]:
    return tuple(Choice(name, str(fact.label)) for name, fact in metrics.base_facts().items())


TIER_RULES = RuleKind(
    code=ladder.TIER_RULES,
    title=_("Tiers"),
    about=_("What earns which tier. The first clause that applies decides, so the highest tier stands on top."),
    inputs=(
        *(as_rule_fact(fact) for fact in metrics.STANDARD), as_rule_fact(metrics.POINTS), _FLOORS, as_rule_fact(metrics.MONTHS), _TYPE, _TRACK,
    ),
    more_inputs=more_facts,
    programs=programs,
    outcomes=(Outcome("tier", _("Tier"), "choice", choices=tier_answers, phrase=_("the tier is %(value)s")),),
    default_table=Table(
        inputs=("revenue_won",),
        outputs=("tier",),
        rows=(Row("T1", {}, {"tier": f'"{KEEP}"'}, "No criteria are published yet: tiers are given by hand."),),
    ),
    notice_days=30,
)  # fmt: skip

_FULL = {"small": ("100000", "5", "2"), "medium": ("250000", "10", "4"), "large": ("600000", "20", "8")}


def _default_points() -> tuple[Row, ...]:
    rows = []
    for place, (track, (revenue, deals, people)) in enumerate(_FULL.items(), start=1):
        for metric, full, most in (("revenue_won", revenue, "50"), ("won_deals", deals, "20"), ("certifications", people, "30")):
            then = {"metric": f'"{metric}"', "full_at": full, "points": most, "floored": "true" if metric != "won_deals" else "false"}
            rows.append(Row(f"P{place}.{len(rows) % 3 + 1}", {"track": f'"{track}"'}, then))
    return tuple(rows)


POINTS_RULES = RuleKind(
    code=ladder.POINTS_RULES,
    title=_("Points"),
    about=_("How many points each metric gives, by the size of the partner. Less than the full value gives its share of the points."),
    inputs=(_TRACK, _TYPE),
    programs=programs,
    outcomes=(
        Outcome("metric", _("Metric"), "choice", choices=metric_answers, phrase=_("%(value)s counts")),
        Outcome("full_at", _("Full points from"), "number", phrase=_("full points begin at %(value)s")),
        Outcome("points", _("Points"), "number", phrase=_("it gives up to %(value)s points")),
        Outcome(
            "floored",
            _("Must be above zero"),
            "bool",
            choices=(Choice("true", _("Yes"), _("it must be above zero")), Choice("false", _("No"), _("it may be zero"))),
        ),
    ),
    default_table=Table(inputs=("track",), outputs=("metric", "full_at", "points", "floored"), rows=_default_points(), hit="collect"),
    hit="collect",
    notice_days=30,
)
RULE_KINDS = (TIER_RULES, POINTS_RULES)
