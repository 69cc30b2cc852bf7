"""Reads of onboarding: `from openprm.onboarding import queries as onboarding`."""

from openprm.onboarding.queries import news as facts
from openprm.onboarding.queries.cohorts import overview
from openprm.onboarding.queries.kits import deliveries, deliveries_of, delivery_letter, kit, kits, welcome_kits
from openprm.onboarding.queries.pilots import invitation, invitations, newest_pilots, pilot, pilot_view, pilots
from openprm.onboarding.queries.plans import (
    export_plans,
    list_plans,
    newest_plans,
    plan_for_partner,
    plan_for_vendor,
    plan_row,
    plans_of_partner,
    stuck_count,
    stuck_plans,
)
from openprm.onboarding.queries.results import (
    BeforeFirstDeal,
    FirstDealPanel,
    FirstDealSupport,
    HelpView,
    KitView,
    LevelView,
    OpenedFile,
    Overview,
    PartnerPlan,
    PilotInvitation,
    PilotView,
    PlanRow,
    TaskPage,
    TaskView,
    TemplateView,
    VendorPlan,
    WelcomeKit,
)
from openprm.onboarding.queries.support import (
    before_first_deal,
    export_before_first_deal,
    first_deal_panel,
    first_deal_support,
    help_view,
    newest_before_first_deal,
    newest_questions,
    question,
    questions,
    support_row,
)
from openprm.onboarding.queries.tasks import open_evidence, own_open_count, task, waiting_for
from openprm.onboarding.queries.templates import may_configure, may_manage, milestone_choices, template, template_choices, templates

__all__ = [
    "BeforeFirstDeal", "FirstDealPanel", "FirstDealSupport", "HelpView", "KitView", "LevelView", "OpenedFile", "Overview", "PartnerPlan", "PilotInvitation",
    "PilotView", "PlanRow", "TaskPage", "TaskView", "TemplateView", "VendorPlan", "WelcomeKit", "before_first_deal", "deliveries", "deliveries_of",
    "delivery_letter", "export_before_first_deal", "export_plans", "facts", "first_deal_panel", "first_deal_support", "help_view", "invitation", "invitations",
    "kit", "kits", "list_plans", "may_configure", "may_manage", "milestone_choices", "newest_before_first_deal", "newest_pilots", "newest_plans",
    "newest_questions", "open_evidence", "overview", "own_open_count", "pilot", "pilot_view", "pilots", "plan_for_partner", "plan_for_vendor", "plan_row",
    "plans_of_partner",
    "question", "questions", "stuck_count", "stuck_plans", "support_row", "task", "template", "template_choices", "templates", "waiting_for",
    "welcome_kits",
]  # fmt: skip
