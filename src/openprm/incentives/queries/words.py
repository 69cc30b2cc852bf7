"""A plan in words: sentences that say what is paid for what, to whom and when; and an example."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openprm.deals import queries as deals
from openprm.incentives.queries.conditions import condition_choices
from openprm.incentives.rules.bands import PER_CENT, Group, groups
from openprm.incentives.rules.calculate import WrongCurrency, judge
from openprm.incentives.rules.model import EarnEvent, PlanLine, PlanTerms, RateRow, Spent
from openprm.incentives.wording import BASIS, EVENT, SPAN, TERM
from openprm.kernel.actor import SYSTEM
from openprm.kernel.money import Money
from openprm.partners import queries as partners
from openprm.rulebook.rules.cells import plain_number
from openprm.rulebook.rules.language import date_words, money_words, number_words


@dataclass(frozen=True, slots=True)
class BandWords:
    """One row of a plan for a reader: from where, and what is paid."""

    clause: str
    band: str
    pays: str


@dataclass(frozen=True, slots=True)
class LadderWords:
    """The bands that share their conditions."""

    when: str
    bands: tuple[BandWords, ...]


@dataclass(frozen=True, slots=True)
class PlanWords:
    """A plan as a person reads it."""

    title: str
    headline: str
    ladders: tuple[LadderWords, ...]
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """What a plan pays for a sample event, line by line, or why nothing."""

    lines: tuple[PlanLine, ...]
    total: Money
    why_nothing: str


def in_words(plan: PlanTerms) -> PlanWords:
    names = _names()
    title = _("%(plan)s, version %(number)s") % {"plan": plan.name, "number": plan.number} if plan.number else _("%(plan)s, draft") % {"plan": plan.name}
    return PlanWords(title, _headline(plan), tuple(_ladder(plan, group, names) for group in groups(plan.terms.rates)), tuple(_terms(plan)))


def example(plan: PlanTerms, *, amount: Money, partner_id: UUID, tier: str = "", on: date, facts: Mapping[str, object] | None = None) -> Example:
    """What the plan pays for one sample event; conditions count as met, and nothing was paid before."""
    met = {one.key: True for one in plan.terms.conditions}
    lines = tuple(UUID(str(one)) for one in (facts or {}).get("product_lines", ()))  # type: ignore[attr-defined]
    event = EarnEvent(
        plan.terms.event, partner_id, "sample", partner_id, on, user_id=partner_id, program_id=plan.program_id, tier=tier, list=amount, net=amount,
        margin=amount, product_lines=lines, facts={**met, "growth": "0", **(facts or {})},
    )  # fmt: skip
    try:
        found = judge(plan, event, Spent())
    except WrongCurrency:
        return Example(lines=(), total=Money(0, plan.terms.currency), why_nothing=_("The plan pays in %(currency)s.") % {"currency": plan.terms.currency})
    return Example(lines=found.lines, total=Money(sum(line.amount.minor for line in found.lines), plan.terms.currency), why_nothing=found.why_nothing)


def _headline(plan: PlanTerms) -> str:
    terms = plan.terms
    event = str(EVENT[terms.event])
    if all(row.rate is None for row in terms.rates):
        return _("Paid when %(event)s.") % {"event": event}
    return _("Paid when %(event)s, on the %(basis)s.") % {"event": event, "basis": BASIS[terms.basis]}


def _ladder(plan: PlanTerms, group: Group, names: Mapping[str, str]) -> LadderWords:
    return LadderWords(
        _when(group, names, is_rest=len(groups(plan.terms.rates)) > 1), tuple(BandWords(row.clause, _band(plan, row), _pays(plan, row)) for row in group.rows)
    )


def _when(group: Group, names: Mapping[str, str], *, is_rest: bool) -> str:
    said = []
    for name, condition in group.conditions.items():
        if name == "new_customer":
            said.append(_("the customer is new") if True in condition.values else _("the customer bought before"))
            continue
        values = ", ".join(names.get(str(value), str(value)) for value in condition.values)
        label = {"tier": _("tier"), "partner_type": _("type"), "country": _("country"), "product_line": _("product"), "channel": _("channel")}[name]
        said.append(_("%(label)s not %(values)s") % {"label": label, "values": values} if condition.op == "not in" else f"{label} {values}")
    return "; ".join(said) or (_("In every other case") if is_rest else _("In every case"))


def _band(plan: PlanTerms, row: RateRow) -> str:
    def show(place: int) -> str:
        if row.by == "growth":
            return f"{number_words(Decimal(place) / PER_CENT)} %"
        return _money(place, plan.terms.currency)

    if row.high is None:
        return _("from %(low)s") % {"low": show(row.low)} if row.low else ""
    if not row.low:
        return _("below %(high)s") % {"high": show(row.high)}
    return _("from %(low)s to below %(high)s") % {"low": show(row.low), "high": show(row.high)}


def _pays(plan: PlanTerms, row: RateRow) -> str:
    if row.rate is not None:
        return f"{number_words(row.rate)} %"
    if row.points is not None:
        worth = _money(plan.terms.point_value, plan.terms.currency)
        return _("%(points)s points of %(worth)s each") % {"points": number_words(row.points), "worth": worth}
    return _money(row.fixed or 0, plan.terms.currency)


def _terms(plan: PlanTerms):
    terms = plan.terms
    banded = any(row.low or row.high for row in terms.rates)
    if banded and terms.bands == "marginal" and not any(row.by == "growth" for row in terms.rates):
        yield _("Each band pays its own rate on what lies in it. Bands add up over %(span)s.") % {"span": SPAN[terms.span]}
    elif banded:
        yield _("The band that is reached pays on the whole amount. Bands add up over %(span)s.") % {"span": SPAN[terms.span]}
    if terms.fee_percent:
        yield _("The marketplace's fee of %(percent)s %% is taken off first.") % {"percent": plain_number(terms.fee_percent)}
    if terms.duration_months is not None:
        yield _duration(terms.duration_months)
    if terms.rep_share == 100:
        yield _("All of it goes to the rep who did it.")
    elif terms.rep_share:
        yield _("%(percent)s %% of it goes to the rep who did it, the rest to the company.") % {"percent": plain_number(terms.rep_share)}
    yield from (_("%(term)s: %(amount)s.") % {"term": TERM[f"cap.{name}"], "amount": _money(minor, terms.currency)} for name, minor in terms.caps.items())
    yield from (_("%(term)s: %(amount)s.") % {"term": TERM[f"limit.{name}"], "amount": _money(minor, terms.currency)} for name, minor in terms.limits.items())
    if terms.minimum:
        yield _("Less than %(amount)s is not paid.") % {"amount": _money(terms.minimum, terms.currency)}
    known = dict(condition_choices())
    yield from (_("Only if: %(what)s. While nobody knows, the line is held.") % {"what": known.get(_text(one), _text(one))} for one in terms.conditions)
    if terms.hold_days:
        yield ngettext("It is held for %(days)d day before it can be paid.", "It is held for %(days)d days before it can be paid.", terms.hold_days) % {
            "days": terms.hold_days
        }
    if terms.true_up:
        yield _("Every quarter the year to date is computed anew, and the difference is booked.")
    if not terms.is_stackable:
        yield _("It is not paid beside other plans of this sort: the best one counts.")
    if plan.starts_on:
        yield _("In force since %(day)s.") % {"day": date_words(plan.starts_on)}
    if plan.ends_on:
        yield _("Until %(day)s.") % {"day": date_words(plan.ends_on)}


def _duration(months: int) -> str:
    if not months:
        return _("Paid once per customer.")
    return ngettext(
        "Paid for %(months)d month from the first deal with a customer.", "Paid for %(months)d months from the first deal with a customer.", months
    ) % {"months": months}


def _text(condition) -> str:
    return f"{condition.code}:{condition.argument}" if condition.argument else condition.code


def _names() -> dict[str, str]:
    """Names for codes and ids that stand in cells."""
    return {**dict(partners.tier_codes()), **{str(line.id): line.name for line in deals.product_lines(SYSTEM)}}


def _money(minor: int, currency: str) -> str:
    return money_words(Money(minor, currency).major, currency)
