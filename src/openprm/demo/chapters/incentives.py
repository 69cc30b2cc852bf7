"""What partners can earn over two years: plans of every kind, one that changed, one announced, one in draft, and usage of two partners' customers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from openprm.demo.stage import PartnerOnStage, Stage
from openprm.incentives import services
from openprm.incentives.rules.draft import RateDraft, TermsDraft
from openprm.incentives.rules.windows import add_months
from openprm.kernel.actor import Actor

CUSTOMERS = (("KAR-2201", "Karelia Timber", 8_200_00), ("PLN-0417", "Polaris Dairy", 14_650_00), ("VES-7730", "Vesterhav Ports", 5_480_00))
MONTHS = 6


@dataclass(frozen=True)
class _Plan:
    """One plan as finance wrote it."""

    code: str
    name: str
    kind: str
    about: str
    head: Mapping[str, str]
    rates: Sequence[RateDraft]
    conditions: tuple[str, ...] = ()
    program: str = ""
    days_ago: int = 725

    @property
    def terms(self) -> TermsDraft:
        return TermsDraft({"currency": "EUR", **self.head}, self.conditions, tuple(self.rates))


PLANS = (
    _Plan(
        "deal-commission", "Deal commission", "commission", "A share of every deal that you register and win.",
        {"event": "deal_won", "basis": "credited", "hold_days": "30", "rep_share": "10", "cap.event": "40000"},
        (RateDraft(tier=("gold", "platinum"), high="100000", rate="10"), RateDraft(tier=("gold", "platinum"), low="100000", rate="12"), RateDraft(rate="7")),
        program="services",
    ),
    _Plan(
        "referral-fee", "Referral fee", "referral", "For a customer that you brought and we won, once.",
        {"event": "referral_converted", "basis": "net", "duration_months": "0", "hold_days": "30", "cap.event": "10000"}, (RateDraft(rate="5"),),
    ),
    _Plan(
        "qualified-lead", "Qualified lead", "bounty", "A fixed thank-you for each lead that we find qualified.",
        {"event": "lead_qualified", "bands": "whole", "limit.month": "20000"}, (RateDraft(fixed="150"),),
    ),
    _Plan(
        "volume-rebate", "Volume rebate", "volume_rebate", "Paid back on what you sold in the year to date, computed anew every quarter.",
        {"event": "period", "basis": "net", "bands": "whole", "true_up": "quarter", "stackable": "false"},
        (RateDraft(high="150000", rate="0"), RateDraft(low="150000", high="400000", rate="1.5"), RateDraft(low="400000", rate="2.5")),
        program="resell",
    ),
    _Plan(
        "growth-rebate", "Growth rebate", "growth_rebate", "For quarters in which you grow against the same quarter a year before.",
        {"event": "period", "basis": "net", "bands": "whole", "stackable": "false"},
        (RateDraft(by="growth", high="15", rate="0"), RateDraft(by="growth", low="15", high="40", rate="1"), RateDraft(by="growth", low="40", rate="2")),
        days_ago=540,
    ),
    _Plan(
        "consumption-share", "Consumption share", "consumption", "A share of what your customers use, every month, for three years.",
        {"event": "usage", "basis": "net", "span": "month", "duration_months": "36", "hold_days": "14"},
        (RateDraft(high="10000", rate="4"), RateDraft(low="10000", rate="5")),
    ),
    _Plan(
        "marketplace-share", "Marketplace share", "marketplace", "For deals that close through a cloud marketplace, after its fee.",
        {"event": "deal_won", "basis": "net", "fee_percent": "3"}, (RateDraft(channel=("marketplace",), rate="8"),), days_ago=400,
    ),
    _Plan(
        "certified-seller", "Certified seller SPIFF", "spiff", "Goes to the rep who was certified on the day the deal was won.",
        {"event": "deal_won", "bands": "whole", "rep_share": "100", "limit.month": "7500", "limit.total": "60000"}, (RateDraft(fixed="250"),),
        conditions=("certificate:product",), program="resell", days_ago=200,
    ),
    _Plan(
        "learning-points", "Learning points", "points", "Points for each course passed, worth ten cents each.",
        {"event": "course_passed", "bands": "whole", "point_value": "0.10", "rep_share": "100"}, (RateDraft(points="200"),), days_ago=300,
    ),
)  # fmt: skip


def tell(stage: Stage) -> None:
    """The plans on their first days, a better commission a year later, news that waits, and half a year of usage."""
    plans = {plan.code: _published(stage, plan) for plan in PLANS}
    _change(stage, plans["deal-commission"], "8", days_ago=380, is_published=True)
    _change(stage, plans["deal-commission"], "9", days_ago=2, is_published=False)
    _announce(stage, plans["referral-fee"])
    sellers = [one for one in stage.partners if one.people.get("partner_admin")][:2]
    _shares(stage, sellers)
    _usage(stage)


def _published(stage: Stage, plan: _Plan):
    at = stage.at(days_ago=plan.days_ago, hour=9)
    with stage.acting(stage.admin, at) as admin:
        plan_id = services.create_plan(
            actor=admin, code=plan.code, name=plan.name, kind=plan.kind, about=plan.about, program_id=stage.programs.get(plan.program), terms=plan.terms,
            at=at,
        )  # fmt: skip
        services.publish_plan(actor=admin, plan_id=plan_id, at=at)
        return plan_id


def _change(stage: Stage, plan_id, rate: str, *, days_ago: int, is_published: bool) -> None:
    """The commission of those without a high tier becomes better."""
    at, first = stage.at(days_ago=days_ago), PLANS[0]
    with stage.acting(stage.admin, at) as admin:
        rates = (*first.rates[:2], RateDraft(rate=rate))
        services.save_terms(actor=admin, plan_id=plan_id, terms=TermsDraft(first.terms.head, (), rates), at=at)
        if is_published:
            services.publish_plan(actor=admin, plan_id=plan_id, note=f"{rate} % for everybody, after a good first year.", at=at)


def _announce(stage: Stage, plan_id) -> None:
    at = stage.at(days_ago=4)
    with stage.acting(stage.admin, at) as admin:
        terms = TermsDraft({**PLANS[1].terms.head, "cap.event": "15000"}, (), (RateDraft(rate="6"),))
        services.save_terms(actor=admin, plan_id=plan_id, terms=terms, at=at)
        services.publish_plan(actor=admin, plan_id=plan_id, note="A higher fee from next month on.", at=at)


def _shares(stage: Stage, sellers: Sequence[PartnerOnStage]) -> None:
    first, at = _first_month(stage), stage.at(days_ago=200)
    with stage.acting(stage.admin, at) as admin:
        for (key, _name, _minor), seller, percent in ((CUSTOMERS[0], sellers[0], "100"), (CUSTOMERS[1], sellers[0], "60"), (CUSTOMERS[1], sellers[-1], "40")):
            services.set_share(actor=admin, customer_key=key, partner_id=seller.partner_id, percent=Decimal(percent), from_month=first, at=at)
        services.set_share(actor=admin, customer_key=CUSTOMERS[2][0], partner_id=sellers[-1].partner_id, percent=Decimal(75), from_month=first, at=at)


def _usage(stage: Stage) -> None:
    """Each month is told in the next, the older ones are closed, and one report comes late."""
    first = _first_month(stage)
    for place in range(MONTHS):
        month = add_months(first, place)
        at = stage.at(days_ago=(stage.until.date() - add_months(month, 1)).days - 3, hour=8)
        with stage.acting(stage.admin, at) as admin:
            services.report_usage(actor=admin, reports=_reports(stage, month), at=at)
            if place < MONTHS - 1:
                services.close_month(actor=admin, month=month, at=at + timedelta(hours=2))
    at = stage.at(days_ago=1, hour=10)
    with stage.acting(stage.admin, at) as admin:
        _late(admin, add_months(first, MONTHS - 3), at)


def _reports(stage: Stage, month: date) -> tuple[services.UsageReport, ...]:
    return tuple(_report(key, name, round(minor * stage.chance.uniform(0.85, 1.2)), month) for key, name, minor in CUSTOMERS)


def _late(admin: Actor, month: date, at) -> None:
    key, name, minor = CUSTOMERS[1]
    services.report_usage(actor=admin, reports=(_report(key, name, minor + 1_900_00, month),), at=at)


def _report(key: str, name: str, minor: int, month: date) -> services.UsageReport:
    return services.UsageReport(
        source="billing", external_id=f"{key}-{month:%Y-%m}", customer_key=key, customer_name=name, service_month=month, amount_minor=minor, currency="EUR",
        quantity=Decimal(minor) / 250,
    )  # fmt: skip


def _first_month(stage: Stage) -> date:
    """Six whole months before the month in which the story ends."""
    return add_months(stage.until.date().replace(day=1), -MONTHS)
