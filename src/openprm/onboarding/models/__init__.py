"""What onboarding stores."""

from openprm.onboarding.models.kit import Kit, KitDelivery, KitOpening
from openprm.onboarding.models.pilot import Pilot, PilotGoal, PilotPartner
from openprm.onboarding.models.plan import Comment, Evidence, Plan, PlanLevel, PlanTask
from openprm.onboarding.models.support import FirstDeal, Help, ReachedMilestone
from openprm.onboarding.models.template import Template, TemplateVersion

__all__ = [
    "Comment", "Evidence", "FirstDeal", "Help", "Kit", "KitDelivery", "KitOpening", "Pilot", "PilotGoal", "PilotPartner", "Plan", "PlanLevel", "PlanTask",
    "ReachedMilestone", "Template", "TemplateVersion",
]  # fmt: skip
