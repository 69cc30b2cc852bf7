"""Numbers of facts that no room keeps yet. They have their definition and say what is missing; the room that keeps it takes the entry over."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from openprm.kpis.definitions.kinds import Kpi


def _missing(name: str, group: Any, label: Any, unit: Any, direction: Any, dataset: str, missing: Any, formula: Any, *edge_cases: Any) -> Kpi:
    return Kpi(
        name=name,
        group=group,
        label=label,
        unit=unit,
        direction=direction,
        needs=(dataset,),
        missing=missing,
        formula=formula,
        edge_cases=edge_cases,
        source="KPIS.md",
    )


KPIS: Sequence[Kpi] = (
    _missing(
        "psat",
        "experience",
        _("Partner satisfaction"),
        "percent",
        "up",
        "surveys.replies",
        _("answers of partners to surveys (data set surveys.replies)"),
        _("Answers of 4 or 5 of 5 / all answers."),
        _("Refused below the smallest number of answers."),
        _("Each answer has the same weight."),
    ),
    _missing(
        "pnps",
        "experience",
        _("Partner net promoter score"),
        "points",
        "up",
        "surveys.replies",
        _("answers of partners to surveys (data set surveys.replies)"),
        _("% of 9 and 10 - % of 0 to 6, from -100 to 100."),
        _("One partner can answer for many people; who did not answer is told."),
    ),
    _missing(
        "enablement",
        "experience",
        _("People with a valid certificate"),
        "percent",
        "up",
        "enablement.certificates",
        _("courses and certificates of people (data set enablement.certificates)"),
        _("Active sellers with a valid certificate / active sellers."),
        _("Expired certificates and leavers drop out."),
    ),
    _missing(
        "engagement_score",
        "experience",
        _("Engagement score"),
        "index",
        "up",
        "intelligence.engagement",
        _("weighted signs of work in the portal, mail, chat and API (data set intelligence.engagement)"),
        _("Weighted sum of signs, fading with time."),
        _("Sign-ins alone mislead where work is done elsewhere."),
    ),
    _missing(
        "capability_score",
        "experience",
        _("Capability score"),
        "index",
        "up",
        "enablement.capabilities",
        _("metrics of performance, skilling and customer success with weights (data set enablement.capabilities)"),
        _("Sum of capped weighted metrics, at most 100."),
        _("Each metric needs more than 0; partial credit is linear up to its threshold."),
    ),
)
