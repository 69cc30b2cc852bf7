"""Reads of action plans: `from openprm.actionplans import queries as actionplans`."""

from openprm.actionplans.queries import news as facts
from openprm.actionplans.queries.files import evidence_names, open_evidence
from openprm.actionplans.queries.plans import export_plans, has_agreed, list_plans, newest_plans, people_of, plan, plans_of_subject, rows_of, step_page
from openprm.actionplans.queries.results import (
    FileView,
    OpenedFile,
    Owed,
    PlanRow,
    PlanView,
    Proposed,
    ShiftPreview,
    StepPage,
    StepView,
    TemplateChoice,
    TemplateView,
    ToSign,
    VersionView,
)
from openprm.actionplans.queries.shifting import proposed, shift_preview
from openprm.actionplans.queries.subjects import subject
from openprm.actionplans.queries.templates import choices, content_for, template, templates
from openprm.actionplans.queries.waiting import due_soon, moved_closes, owed, to_sign

__all__ = [
    "FileView",
    "OpenedFile",
    "Owed",
    "PlanRow",
    "PlanView",
    "Proposed",
    "ShiftPreview",
    "StepPage",
    "StepView",
    "TemplateChoice",
    "TemplateView",
    "ToSign",
    "VersionView",
    "choices",
    "content_for",
    "due_soon",
    "evidence_names",
    "export_plans",
    "facts",
    "has_agreed",
    "list_plans",
    "moved_closes",
    "newest_plans",
    "open_evidence",
    "owed",
    "people_of",
    "plan",
    "plans_of_subject",
    "proposed",
    "rows_of",
    "shift_preview",
    "step_page",
    "subject",
    "template",
    "templates",
    "to_sign",
]
