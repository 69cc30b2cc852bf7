"""What the program cost, what its numbers should be, how they were told at the end of each month, and what of one program is public."""

from datetime import date, timedelta
from decimal import Decimal

from openprm.demo.stage import Stage
from openprm.kernel.actor import SYSTEM
from openprm.kpis import services

TEAM, TOOLS = 24_500_00, 3_200_00
ONCE = (("recruiting", 9_800_00, "Two partner events"), ("onboarding", 6_400_00, "Starter trainings"), ("servicing", 4_150_00, "Help desk for partners"))
TARGETS = (
    ("total_revenue", 22_000_000_00), ("channel_share", 60), ("registration_sla", 95), ("registration_acceptance", 80), ("active_partners", 45),
    ("concentration_top5", 40),
)  # fmt: skip
KEPT = ("total_revenue", "sourced_revenue", "active_partners", "registration_sla", "concentration_hhi")
MONTHS, KEPT_MONTHS = 14, 5


def tell(stage: Stage) -> None:
    months = _months(stage.until.date(), MONTHS)
    _costs(stage, months)
    _targets(stage)
    with stage.acting(SYSTEM, stage.until):
        for first in months[:KEPT_MONTHS]:
            services.keep(as_of=first - timedelta(days=1), names=KEPT, by_segment=False)
    at = stage.at(days_ago=20, hour=11)
    with stage.acting(stage.admin, at) as actor:
        services.publish_label(actor=actor, program_id=stage.programs["resell"], at=at)


def _months(day: date, count: int) -> list[date]:
    """The first days of the last months, newest first."""
    numbers = [day.year * 12 + day.month - 1 - back for back in range(count)]
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def _costs(stage: Stage, months: list[date]) -> None:
    at = stage.at(days_ago=4, hour=9)
    with stage.acting(stage.admin, at) as actor:
        for month in months[1:]:
            services.enter_cost(actor=actor, month=month, kind="team", amount_minor=TEAM, note="Partner managers and operations", at=at)
            services.enter_cost(actor=actor, month=month, kind="tools", amount_minor=TOOLS, note="Licences", at=at)
        for place, (kind, amount_minor, note) in enumerate(ONCE):
            for month in months[2 + place :: 3]:
                services.enter_cost(actor=actor, month=month, kind=kind, amount_minor=amount_minor, note=note, at=at)


def _targets(stage: Stage) -> None:
    at = stage.at(days_ago=200, hour=14)
    with stage.acting(stage.admin, at) as actor:
        for name, value in TARGETS:
            services.set_target(actor=actor, kpi=name, period="year", starts_on=stage.until.date().replace(month=1, day=1), value=Decimal(value), at=at)
