"""How programs move their partners, the values people entered, and what a price comes to in a tier."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.kernel.money import Money
from openprm.partners import queries as partners
from openprm.rulebook import queries as rulebook
from openprm.tiering import policies
from openprm.tiering.models import MetricValue, TierPolicy
from openprm.tiering.queries import words
from openprm.tiering.queries.members import policy_of
from openprm.tiering.queries.results import PolicyView, ValueRow
from openprm.tiering.rules.ladder import TIER_RULES, Policy


def policies_of(actor: Actor, at: datetime) -> tuple[PolicyView, ...]:
    """Every program with its tier policy, by name."""
    if not actor.can("tiering.view"):
        raise NotFound()
    rows = {row.program_id: row for row in TierPolicy.objects.all()}
    return tuple(_policy_view(program, rows.get(program.id), at) for program in partners.programs(actor))


def policy_view(actor: Actor, program_id: UUID, at: datetime) -> PolicyView:
    """Raises NotFound."""
    if not actor.can("tiering.view"):
        raise NotFound()
    return _policy_view(partners.program(actor, program_id), TierPolicy.objects.filter(program_id=program_id).first(), at)


def values_of(actor: Actor, partner_id: UUID) -> tuple[ValueRow, ...]:
    """What was entered for a partner, the newest first."""
    rows = policies.reach_values(actor).filter(partner_id=partner_id).order_by("-starts_on", "metric")
    return tuple(_value_row(row) for row in rows[:200])


def program_price(*, partner_id: UUID, program_id: UUID, list_price: Money, at: datetime) -> Money:
    """What a partner pays in its tier: the list price less the tier's discount. Without an enrollment, the list price."""
    enrollment = partners.enrollment(partner_id, at, program_id=program_id)
    percent = Decimal(int(enrollment.benefits.get("discount_percent", 0))) if enrollment else Decimal(0)
    less = (Decimal(list_price.minor) * percent / 100).quantize(Decimal(1), ROUND_HALF_UP)
    return Money(list_price.minor - int(less), list_price.currency)


def may(actor: Actor, verb: str) -> bool:
    """Whether pages offer this actor to decide, configure, enter or speak."""
    asked = {"decide": policies.why_not_decide, "configure": policies.why_not_configure, "enter": policies.why_not_enter, "speak": policies.why_not_speak}
    return asked[verb](actor) is None


def _policy_view(program: partners.ProgramView, row: TierPolicy | None, at: datetime) -> PolicyView:
    held = policy_of(row) if row else Policy()
    own = rulebook.find_table(kind=TIER_RULES, program_id=program.id, at=at)
    return PolicyView(
        program_id=program.id, program=program.name, promotes_at_once=held.promotes_at_once, demotes_at_once=held.demotes_at_once,
        is_forgiving=held.is_forgiving, grace_days=held.grace_days, warn_days=held.warn_days, ask_again_days=held.ask_again_days,
        version=row.version if row else 1, tiers=tuple(tier.name for tier in program.tiers),
        has_own_rules=own is not None and any(answer.get("tier") not in (None, "keep") for answer in own.outcomes.values()), partners=program.partners,
    )  # fmt: skip


def _value_row(row: MetricValue) -> ValueRow:
    ends: date | None = row.ends_on
    return ValueRow(
        id=row.pk, metric=row.metric, label=words.label(row.metric), amount=words.amount(row.amount, row.metric), starts_on=row.starts_on, ends_on=ends,
        note=row.note, by_name=row.entered_by_name,
    )  # fmt: skip
