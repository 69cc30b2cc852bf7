"""The one kind of rules of incentives: a plan. Each plan has a table of its own; the general one pays nothing."""

from collections.abc import Iterable
from datetime import UTC, datetime, time
from uuid import UUID

from django.utils.translation import gettext as _said
from django.utils.translation import gettext_lazy as _

from openprm.deals import queries as deals
from openprm.incentives.models import Plan
from openprm.incentives.rules.notice import NOTICE_DAYS, earliest_start
from openprm.incentives.rules.table import CLAUSES, INPUTS, OUTPUTS, problems
from openprm.incentives.wording import TERM
from openprm.kernel.actor import SYSTEM
from openprm.partners import queries as partners
from openprm.partners.rules import TYPES
from openprm.rulebook import queries as rulebook
from openprm.rulebook.ports import Choice, Fact, Outcome, Row, RuleKind, Table

PLAN = "incentives.plan"
EVER = datetime(9000, 1, 1, tzinfo=UTC)


def plans() -> Iterable[tuple[UUID, str]]:
    """Every plan stands where a program stands in other rules: with a table of its own."""
    return tuple(Plan.objects.order_by("name").values_list("pk", "name"))


def tiers() -> tuple[Choice, ...]:
    return tuple(Choice(code, name) for code, name in partners.tier_codes())


def product_lines() -> tuple[Choice, ...]:
    return tuple(Choice(str(line.id), line.name) for line in deals.product_lines(SYSTEM))


def earliest(plan_id: UUID | None, at: datetime) -> datetime:
    """A plan's first terms may begin at once; a change begins with the first day after its notice."""
    announced = rulebook.find_in_force(kind=PLAN, program_id=plan_id, at=EVER)
    if plan_id is None or announced is None or announced.rule_set.program_id != plan_id:
        return at
    return datetime.combine(earliest_start(at.date(), is_change=True), time(), UTC)


def why_ended(plan_id: UUID | None, at: datetime) -> str | None:
    """Why nothing more can be published for a plan; None when it goes on."""
    plan = Plan.objects.filter(pk=plan_id).first()
    if plan and plan.ended_on and plan.ended_on <= at.date():
        return _said("“%(plan)s” ended on %(day)s. Begin a new plan.") % {"plan": plan.name, "day": plan.ended_on}
    return None


PLAN_RULES = RuleKind(
    code=PLAN,
    title=_("Incentive plans"),
    about=_("What a plan pays for which event. Rows with a rate, an amount or points pay; rows with a term are the head of the plan."),
    inputs=(
        Fact("tier", _("Tier"), "choice", choices=tiers, phrase=_("the tier")),
        Fact("partner_type", _("Type of partner"), "choice", choices=TYPES),
        Fact("country", _("Customer's country"), "text", phrase=_("the customer's country")),
        Fact("product_line", _("Product line"), "choice", choices=product_lines, phrase=_("the product line")),
        Fact("channel", _("Channel"), "text", phrase=_("the channel")),
        Fact(
            "new_customer", _("New customer"), "bool",
            choices=(Choice("true", _("Yes"), _("the customer is new")), Choice("false", _("No"), _("the customer bought before"))),
        ),
        Fact("amount", _("Part of the amount"), "number", phrase=_("the part of the amount")),
        Fact("growth", _("Growth"), "number", unit="%", phrase=_("the growth")),
    ),
    outcomes=(
        Outcome("rate", _("Rate"), "number", unit="%", phrase=_("%(value)s of the basis is paid")),
        Outcome("fixed", _("Fixed amount"), "number", phrase=_("a fixed %(value)s is paid")),
        Outcome("points", _("Points"), "number", phrase=_("%(value)s points are given")),
        Outcome("term", _("Term"), "choice", choices=tuple(Choice(term, TERM[term]) for term in CLAUSES), phrase="%(value)s"),
        Outcome("value", _("Value"), "text", phrase=_("it is %(value)s")),
    ),
    programs=plans,
    default_table=Table(INPUTS, OUTPUTS, (Row("R1", {}, {"rate": "0"}, "Nothing is paid until a plan says so."),), "collect"),
    hit="collect",
    notice_days=NOTICE_DAYS,
    for_partners=False,
    check=problems,
    earliest=earliest,
    why_not_publish=why_ended,
)  # fmt: skip
RULE_KINDS = (PLAN_RULES,)
