"""One function per thing that changes: the only way into action plans for writing."""

from openprm.actionplans.services.agreeing import shift_plan, sign_plan
from openprm.actionplans.services.evidence import add_evidence, remove_evidence
from openprm.actionplans.services.forgetting import forget_people
from openprm.actionplans.services.plans import PlanExists, end_plan, end_with_deal, start_plan
from openprm.actionplans.services.steps import StepBlocked, add_step, change_step, finish_step, remove_step, reopen_step, share_step, skip_step
from openprm.actionplans.services.templates import (
    NoDraft,
    begin_draft,
    create_template,
    discard_draft,
    ensure_defaults,
    publish_draft,
    put_steps,
    remove_template_step,
    save_step,
    update_template,
)
from openprm.actionplans.services.watch import AT_ONCE as REMIND_AT_ONCE
from openprm.actionplans.services.watch import overdue_steps

__all__ = [
    "REMIND_AT_ONCE", "NoDraft", "PlanExists", "StepBlocked", "add_evidence", "add_step", "begin_draft", "change_step", "create_template", "discard_draft",
    "end_plan", "end_with_deal", "ensure_defaults", "finish_step", "forget_people", "overdue_steps", "publish_draft", "put_steps", "remove_evidence",
    "remove_step", "remove_template_step", "reopen_step", "save_step", "share_step", "shift_plan", "sign_plan", "skip_step", "start_plan", "update_template",
]  # fmt: skip
