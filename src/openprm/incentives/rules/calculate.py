"""The calculator: what one plan pays for one event. Pure, so that anybody can compute a line again from its proof file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from openprm.kernel.money import Money
from openprm.ledger.rules.allocate import allocate
from openprm.rulebook.rules.cells import plain_number
from openprm.rulebook.rules.language import date_words, money_words, number_words
from openprm.rulebook.rules.language import gettext as _

from .bands import Part, fits, groups, millionths, parts, share_of
from .model import EarnEvent, PlanLine, PlanTerms, RateRow, Spent, Step
from .windows import add_months

UNKNOWN = "unknown"
"""The key of a line whose amount is not known yet."""
LIMIT_WORDS = {
    "event": "the cap for one event", "day": "the limit of the day", "week": "the limit of the week", "month": "the limit of the month",
    "total": "the limit of the plan", "partner_month": "the partner's cap of the month", "partner_year": "the partner's cap of the year",
    "partner_total": "the partner's cap",
}  # fmt: skip


class WrongCurrency(ValueError):
    """The event's amounts are in another currency than the plan's; bring them there with `EarnEvent.in_currency` first."""


@dataclass(frozen=True)
class Judged:
    """The lines, or in `why_nothing` the sentence that says why there are none."""

    lines: tuple[PlanLine, ...] = ()
    why_nothing: str = ""


NOTHING_SPENT = Spent()


def lines_for(plan: PlanTerms, event: EarnEvent, spent: Spent = NOTHING_SPENT) -> tuple[PlanLine, ...]:
    """What the plan pays for the event; empty when it pays nothing. Raises WrongCurrency."""
    return judge(plan, event, spent).lines


def judge(plan: PlanTerms, event: EarnEvent, spent: Spent = NOTHING_SPENT) -> Judged:
    """The same with the reason when nothing is paid. Raises WrongCurrency."""
    if reason := why_outside(plan, event):
        return Judged(why_nothing=reason)
    group = next((one for one in groups(plan.terms.rates) if fits(one, _facts(event))), None)
    if group is None:
        return Judged(why_nothing=_("No clause of the plan applies to this event."))
    basis = _basis(plan, event)
    if basis is None:
        return Judged((_waiting(plan),))
    if group.by_growth and event.facts.get("growth") is None:
        return Judged(why_nothing=_("There is nothing to compare with: growth is not known."))
    growth = Decimal(str(event.facts["growth"])) if event.facts.get("growth") is not None else None
    before = max(0, spent.volume - (abs(basis.minor) if basis.minor < 0 else 0))
    laid = parts(group, bands=plan.terms.bands, basis=abs(basis.minor), before=before, growth=growth)
    lines = [_line(plan, event, part, basis) for part in laid]
    return _limited(plan, event, spent, [line for line in lines if line.amount.minor])


def counted(plan: PlanTerms, event: EarnEvent) -> int:
    """What this event adds to the volume of later ones, paid or not. Raises WrongCurrency."""
    if why_outside(plan, event) or not any(fits(one, _facts(event)) for one in groups(plan.terms.rates)):
        return 0
    basis = _basis(plan, event)
    return basis.minor if basis else 0


def why_outside(plan: PlanTerms, event: EarnEvent) -> str:
    """Why the plan does not look at the event at all; empty when it does."""
    terms = plan.terms
    if event.code != terms.event:
        return _("The plan pays for another event.")
    if plan.starts_on and event.occurred_on < plan.starts_on:
        return _("It happened before the plan took effect on %(day)s.") % {"day": date_words(plan.starts_on)}
    if plan.ends_on and event.occurred_on >= plan.ends_on:
        return _("It happened after the plan ended on %(day)s.") % {"day": date_words(plan.ends_on)}
    if plan.program_id and event.program_id != plan.program_id:
        return _("The plan belongs to another program.")
    if plan.partner_ids and event.partner_id not in plan.partner_ids:
        return _("The plan is not open to this partner.")
    if event.facts.get("plan_id") not in (None, str(plan.plan_id)):
        return _("It was done for another plan.")
    return _why_too_late(plan, event) or _why_condition(plan, event)


def unknown_conditions(plan: PlanTerms, event: EarnEvent) -> tuple[str, ...]:
    """The conditions nobody has answered: their lines are held."""
    return tuple(f"{one.code} {one.argument}".strip() for one in plan.terms.conditions if event.facts.get(one.key) is None)


def _why_too_late(plan: PlanTerms, event: EarnEvent) -> str:
    months, first = plan.terms.duration_months, event.facts.get("first_on")
    if months is None or not first:
        return ""
    if months == 0:
        return _("The plan pays once, and it has paid for this customer already.")
    until = add_months(date.fromisoformat(str(first)), months)
    return "" if event.occurred_on < until else _("The plan pays for %(months)d months; they ended on %(day)s.") % {"months": months, "day": date_words(until)}


def _why_condition(plan: PlanTerms, event: EarnEvent) -> str:
    failed = [one for one in plan.terms.conditions if event.facts.get(one.key) is False]
    return _("A condition of the plan is not met: %(condition)s.") % {"condition": f"{failed[0].code} {failed[0].argument}".strip()} if failed else ""


def _basis(plan: PlanTerms, event: EarnEvent) -> Money | None:
    """The amount that counts, to the minor unit: the credited share first, then what a marketplace keeps."""
    terms = plan.terms
    if all(row.rate is None and row.low == 0 and row.high is None for row in terms.rates):
        return event.net if event.net and event.net.currency == terms.currency else Money(0, terms.currency)
    money = {"list": event.list, "margin": event.margin}.get(terms.basis, event.net)
    if money is None:
        return None
    if money.currency != terms.currency:
        raise WrongCurrency(f"{money.currency} is not {terms.currency}")
    share = millionths(event.credited_share * 100) if terms.basis == "credited" else 1_000_000
    credited = share_of(money.minor, share)
    return Money(credited - share_of(credited, millionths(terms.fee_percent)), terms.currency)


def _waiting(plan: PlanTerms) -> PlanLine:
    """A line without an amount that waits for what the plan counts: it is told, never guessed."""
    what = {"list": _("list price"), "margin": _("margin")}.get(plan.terms.basis, _("net amount"))
    return PlanLine(
        line_key=UNKNOWN, label=plan.name, recipient="partner", user_id=None, amount=Money(0, plan.terms.currency), basis=Money(0, plan.terms.currency),
        rate=None, hold_days=plan.terms.hold_days, held_for=_("The %(what)s is not known yet. It is calculated when it is told.") % {"what": what},
        steps=(Step(_("Basis"), _("not known")),),
    )  # fmt: skip


def _facts(event: EarnEvent) -> dict[str, object]:
    known = {name: event.facts.get(name) for name in ("partner_type", "country", "channel", "new_customer")}
    return {**known, "tier": event.tier or None, "product_line": tuple(str(one) for one in event.product_lines)}


def _line(plan: PlanTerms, event: EarnEvent, part: Part, basis: Money) -> PlanLine:
    sign, row, currency = (-1 if basis.minor < 0 else 1), part.row, plan.terms.currency
    laid = Money(sign * part.minor, currency)
    minor = pays(plan, row, part.minor)
    held = unknown_conditions(plan, event)
    steps = (*_basis_steps(plan, event, basis), *_row_steps(plan, row, laid), Step(_("Amount"), _words(sign * minor, currency)))
    return PlanLine(
        line_key="base" if len(plan.terms.rates) == 1 else f"clause:{row.clause}", label=plan.name, recipient="partner", user_id=None,
        amount=Money(sign * minor, currency), basis=laid, rate=row.rate, clause=row.clause, hold_days=plan.terms.hold_days,
        held_for=_("Not known yet: %(what)s") % {"what": ", ".join(held)} if held else "", points=row.points, steps=steps,
    )  # fmt: skip


def pays(plan: PlanTerms, row: RateRow, minor: int) -> int:
    """What one clause pays for this much of the basis, in minor units."""
    if row.rate is not None:
        return share_of(minor, millionths(row.rate))
    if row.points is not None:
        return share_of(plan.terms.point_value, millionths(row.points * 100))
    return row.fixed or 0


def _limited(plan: PlanTerms, event: EarnEvent, spent: Spent, lines: list[PlanLine]) -> Judged:
    """The true-up, the caps and limits, the minimum, and last the split between company and rep."""
    earned = sum(line.amount.minor for line in lines)
    if plan.terms.true_up:
        lines, earned = _trued_up(plan, event, lines, earned)
    allowed, capped_by = allowed_of(plan, earned, spent)
    if not lines or allowed == 0:
        why = _("Nothing is left: %(limit)s is used up.") % {"limit": _(LIMIT_WORDS[capped_by])} if capped_by else _("The rate for this event is zero.")
        return Judged(why_nothing=why)
    if 0 < allowed < plan.terms.minimum:
        return Judged(why_nothing=_("It comes to less than the smallest amount that the plan pays."))
    if capped_by:
        lines = _cut(lines, allowed, capped_by)
    return Judged(tuple(half for line in lines for half in _split(plan, event, line) if half.amount.minor))


def allowed_of(plan: PlanTerms, earned: int, spent: Spent) -> tuple[int, str]:
    """How much of `earned` the caps and limits let through, and which of them cut it."""
    if earned <= 0:
        return earned, ""
    room = {"event": plan.terms.caps["event"]} if "event" in plan.terms.caps else {}
    room |= {name: most - spent.paid.get(name, 0) for name, most in plan.terms.caps.items() if name != "event"}
    room |= {name: most - spent.paid.get(name, 0) for name, most in plan.terms.limits.items()}
    tightest = min(room, key=lambda name: room[name], default="")
    if not tightest or earned <= room[tightest]:
        return earned, ""
    return max(0, room[tightest]), tightest


def _trued_up(plan: PlanTerms, event: EarnEvent, lines: list[PlanLine], earned: int) -> tuple[list[PlanLine], int]:
    """What the whole span earns, less what was booked for it before: the difference is the line, up or down."""
    booked, currency = int(event.facts.get("accrued", 0)), plan.terms.currency
    if not lines and not booked:
        return [], 0
    shown = lines[-1] if lines else _line(plan, event, Part(plan.terms.rates[0], 0), Money(0, currency))
    basis = Money(sum(line.basis.minor for line in lines), currency)
    steps = (
        *(step for line in lines for step in line.steps),
        Step(_("Booked before for the same year"), _words(booked, currency)),
        Step(_("Difference"), _words(earned - booked, currency)),
    )
    return [replace(shown, line_key="true_up", amount=Money(earned - booked, currency), basis=basis, steps=steps)], earned - booked


def _cut(lines: list[PlanLine], allowed: int, capped_by: str) -> list[PlanLine]:
    found, currency = [], lines[0].amount.currency
    for line, minor in zip(lines, allocate(allowed, [line.amount.minor for line in lines]), strict=True):
        step = Step(_("Cut by %(limit)s") % {"limit": _(LIMIT_WORDS[capped_by])}, _words(minor, currency))
        found.append(replace(line, amount=Money(minor, currency), capped_by=capped_by, steps=(*line.steps, step)))
    return found


def _split(plan: PlanTerms, event: EarnEvent, line: PlanLine) -> tuple[PlanLine, ...]:
    """The company's part and the rep's, by largest remainder: together exactly the line."""
    share = millionths(plan.terms.rep_share)
    if not share:
        return (line,)
    if event.user_id is None:
        return (replace(line, steps=(*line.steps, Step(_("No rep is named: all of it goes to the company"), ""))),)
    sign = -1 if line.amount.minor < 0 else 1
    company, rep = (sign * minor for minor in allocate(abs(line.amount.minor), [1_000_000 - share, share]))
    currency = line.amount.currency
    return (
        replace(line, amount=Money(company, currency), steps=(*line.steps, _split_step(_("Company"), company, currency))),
        replace(
            line, line_key=f"{line.line_key}:rep", recipient="user", user_id=event.user_id, amount=Money(rep, currency),
            steps=(*line.steps, _split_step(_("Rep, %(percent)s %%") % {"percent": plain_number(plan.terms.rep_share)}, rep, currency)),
        ),
    )  # fmt: skip


def _split_step(label: str, minor: int, currency: str) -> Step:
    return Step(label, _words(minor, currency))


def _basis_steps(plan: PlanTerms, event: EarnEvent, basis: Money) -> tuple[Step, ...]:
    terms, found = plan.terms, []
    amount = {"list": event.list, "margin": event.margin}.get(terms.basis, event.net)
    if amount is None or all(row.rate is None for row in terms.rates):
        return ()
    found.append(Step(_(BASIS_WORDS[terms.basis]), _words(amount.minor, amount.currency)))
    if terms.basis == "credited":
        found.append(Step(_("Credited share"), f"{number_words(event.credited_share * 100)} %"))
    if terms.fee_percent:
        found.append(Step(_("Less the marketplace fee"), f"{number_words(terms.fee_percent)} %"))
    return (*found, Step(_("Basis"), _words(basis.minor, basis.currency))) if len(found) > 1 else tuple(found)


BASIS_WORDS = {"list": "List price", "net": "Net amount", "margin": "Margin", "credited": "Net amount"}


def _row_steps(plan: PlanTerms, row: RateRow, laid: Money) -> tuple[Step, ...]:
    if row.rate is not None:
        return (
            Step(_("In the band of clause %(clause)s") % {"clause": row.clause}, _words(laid.minor, laid.currency)),
            Step(_("Rate"), f"{number_words(row.rate)} %"),
        )
    if row.points is not None:
        worth = _words(plan.terms.point_value, laid.currency)
        return (Step(_("Points of clause %(clause)s") % {"clause": row.clause}, number_words(row.points)), Step(_("Worth of one point"), worth))
    return (Step(_("Fixed amount of clause %(clause)s") % {"clause": row.clause}, _words(row.fixed or 0, laid.currency)),)


def _words(minor: int, currency: str) -> str:
    return money_words(Money(minor, currency).major, currency)
