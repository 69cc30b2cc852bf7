"""The books of three partners: what their people cost, a year of effort on their deals, and what is left of each euro."""

from datetime import date, datetime
from uuid import UUID

from openprm.deals import queries as deals
from openprm.deals.queries import Filters
from openprm.demo.stage import PartnerOnStage, Stage
from openprm.profitability import services
from openprm.profitability.services import Draft

MOST = 3
MONTHS = 12
MARGINS = (1850, 2200, 1500)
GROUPS = (("Consultants", 78_00), ("Engineers", 92_00), ("Sales", 64_00))


def tell(stage: Stage) -> None:
    """Three partners with won deals open their books; each keeps its own."""
    found = [one for one in stage.partners if one.people.get("partner_admin") and _won(stage, one)]
    for number, partner in enumerate(found[:MOST]):
        _keep(stage, partner, MARGINS[number])


def _won(stage: Stage, partner: PartnerOnStage) -> list[tuple[UUID, datetime]]:
    at = stage.at(days_ago=0)
    with stage.acting(partner.people["partner_admin"][0], at) as actor:
        rows = deals.listed(actor, Filters(status=("closed_won",))).order_by("-closed_at")
        return list(rows.values_list("pk", "closed_at")[:MONTHS])


def _keep(stage: Stage, partner: PartnerOnStage, margin: int) -> None:
    at = stage.at(days_ago=3, hour=16)
    won = [(deal_id, closed_at) for deal_id, closed_at in _won(stage, partner) if closed_at < at]
    with stage.acting(partner.people["partner_admin"][0], at) as actor:
        services.save_book(actor=actor, currency="EUR", margin_bp=margin, at=at)
        begun = at.date().replace(year=at.year - 2, month=1, day=1)
        groups = [services.add_group(actor=actor, name=name, hourly_minor=hourly, since=begun, at=at) for name, hourly in GROUPS]
        services.set_rate(actor=actor, group_id=groups[0], hourly_minor=82_00, since=at.date().replace(month=1, day=1), at=at)
        services.record_many(actor=actor, drafts=[*_standing(stage, at, groups), *_effort(stage, won, groups)], source="file", at=at)


def _standing(stage: Stage, at: datetime, groups: list[UUID]) -> list[Draft]:
    """What being a partner costs: the fee once a year, training every month, exams now and then."""
    consultants = groups[0]
    months = [_months_before(at.date(), count) for count in range(MONTHS)]
    fee = Draft(kind="membership", month=months[-1], amount_minor=2_500_00, note="Yearly fee")
    training = [Draft(kind="training", month=month, minutes=60 * stage.chance.randint(4, 14), group_id=consultants, note="Courses") for month in months]
    exams = [Draft(kind="certification", month=month, amount_minor=450_00 * stage.chance.randint(1, 2), note="Exams") for month in months[::4]]
    return [fee, *training, *exams]


def _effort(stage: Stage, won: list[tuple[UUID, datetime]], groups: list[UUID]) -> list[Draft]:
    """Hours before and after each sale."""
    _consultants, engineers, sales = groups
    found: list[Draft] = []
    for deal_id, closed_at in won:
        month = closed_at.date().replace(day=1)
        found.append(
            Draft(kind="presales", month=month, minutes=60 * stage.chance.randint(12, 60), group_id=sales, deal_id=deal_id, note="Workshops and the offer")
        )
        found.append(Draft(kind="delivery", month=month, minutes=60 * stage.chance.randint(30, 140), group_id=engineers, deal_id=deal_id, note="Rollout"))
    return found


def _months_before(day: date, count: int) -> date:
    number = day.year * 12 + day.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)
