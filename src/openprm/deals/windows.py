"""What protection that reflects work (X11) and the customer's choice (X34) contribute to the whole."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from openprm.activities.events import ActivityConfirmed, ActivityRecorded, ActivityStruck
from openprm.deals import events, subjects, window_jobs
from openprm.deals.choice_source import WaitingChoices
from openprm.deals.evidence_rules import WORK_RULE_KINDS
from openprm.deals.pages import customer_choice, work_windows
from openprm.kernel.registry import AuditVerb, ObjectPanel, Page, Subscription

ONE, CHOICE = "deals/<uuid:registration_id>/choice/", "deals/choices/<uuid:choice_id>/"
POST = ("POST",)


def _page(path: str, view: Any, name: str, permission: str | None, methods: tuple[str, ...], workspace: Any = "vendor") -> Page:
    return Page(path=path, view=view, name=name, workspace=workspace, permission=permission, methods=methods)


PAGES = (
    _page(f"{ONE}ask/", customer_choice.ask, "choice_ask", "deals.protect", POST),
    _page(f"{ONE}letter/", customer_choice.tell, "choice_tell", "deals.protect", POST),
    _page(f"{CHOICE}settle/", customer_choice.settle, "choice_settle", "deals.protect", POST),
    _page(f"{CHOICE}letter/", customer_choice.letter, "choice_letter", "deals.view_internal", ("GET",)),
    _page(f"{CHOICE}object/", customer_choice.object_to, "portal_choice_object", "deals.register", POST, "partner"),
    _page("choice/<str:token>/", customer_choice.choice, "choice", None, ("GET", "POST"), "public"),
)


def _panel(key: str, workspace: Any, template: str, context: Any, slot: Any, order: int) -> ObjectPanel:
    return ObjectPanel(
        key=f"deals.{workspace}_{key}", target="registration", workspace=workspace, template=template, context=context, slot=slot, order=order,
        permission="deals.view",
    )  # fmt: skip


OBJECT_PANELS = tuple(
    panel
    for workspace in ("vendor", "partner")
    for panel in (
        _panel("work_window", workspace, "deals/windows/panel.html", work_windows.panel, "main", 10),
        _panel("choice", workspace, "deals/choice/panel.html", customer_choice.panel, "side", 80),
    )
)
SUBSCRIPTIONS = tuple(
    Subscription(event=event, handler=handler)
    for event, handler in (
        (events.DealApproved, window_jobs.on_approved),
        (events.DealStageMoved, window_jobs.on_stage_moved),
        (events.ProtectionExtended, window_jobs.on_extended),
        (ActivityRecorded, window_jobs.on_activity),
        (ActivityConfirmed, window_jobs.on_activity),
        (ActivityStruck, window_jobs.on_activity_struck),
        (events.ProtectionMoved, window_jobs.on_moved),
        (events.ProtectionShorteningAnnounced, window_jobs.on_shortening),
        (events.CustomerAsked, window_jobs.on_asked),
        (events.CustomerStays, window_jobs.on_stays),
        (events.CustomerChoiceRecorded, window_jobs.on_left),
        (events.CustomerChoiceObjected, window_jobs.on_objected),
        (events.CustomerChoiceSettled, window_jobs.on_settled),
    )
)
JOBS = (window_jobs.settle_windows, window_jobs.release_chosen)
AUDIT_VERBS = {
    "deal.protection_grew": AuditVerb(label=_("saw the protection grow by work"), icon="shield-plus", tone="ok"),
    "deal.protection_shrank": AuditVerb(label=_("saw the protection shrink, as announced"), icon="shield-off", tone="warn"),
    "deal.protection_shortening_announced": AuditVerb(label=_("announced a shortening of the protection"), icon="hourglass", tone="warn"),
    "deal.customer_asked": AuditVerb(label=_("asked the customer whom it wants to work with"), icon="mail", tone="info"),
    "deal.customer_stays": AuditVerb(label=_("said that the customer stays"), icon="circle-check", tone="ok"),
    "deal.customer_chose": AuditVerb(label=_("said that the customer wants to work with somebody else"), icon="log-out", tone="warn"),
    "deal.choice_objected": AuditVerb(label=_("objected to the customer's choice"), icon="scale", tone="bad"),
    "deal.choice_stands": AuditVerb(label=_("decided that the customer's choice stands"), icon="scale", tone="warn"),
    "deal.choice_released": AuditVerb(label=_("released the deal to the customer's choice"), icon="log-out"),
    "deal.choice_dropped": AuditVerb(label=_("dropped the customer's choice"), icon="undo-2", tone="info"),
}
RULE_KINDS = WORK_RULE_KINDS
PROMISES: tuple[Any, ...] = ()
KINDS = window_jobs.KINDS
DECISION_SOURCES = (WaitingChoices(),)
PORTS = {"activities.subjects": (subjects.registration,)}
