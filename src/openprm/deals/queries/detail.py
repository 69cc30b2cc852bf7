"""One registration, as the vendor and as the partner may see it. The count of queries does not depend on the deal."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.accounts import queries as accounts
from openprm.deals import policies
from openprm.deals.models import ApprovalStep, Decision, Document, Line, Note, Opportunity, ProtectionGrant, Registration, Task
from openprm.deals.models.work import Visibility
from openprm.deals.queries import findings
from openprm.deals.queries.lists import opportunity_views
from openprm.deals.queries.people import collaborators
from openprm.deals.queries.pieces import amount_of, base_amount_of, is_stalled, person_of, promise_of, status_words, verdict_words
from openprm.deals.queries.processes import reason_label
from openprm.deals.queries.results import (
    DecisionView,
    DocumentView,
    GrantView,
    JourneyStep,
    LineView,
    NoteView,
    PartnerRegistration,
    Person,
    Promise,
    StepView,
    TaskView,
    VendorRegistration,
)
from openprm.deals.queries.stages import next_stages
from openprm.deals.rules.chain import StepState, open_position
from openprm.deals.rules.draft import COLUMNS, LineDraft, RegistrationDraft
from openprm.deals.rules.lifecycle import MAX_RESUBMITS, RETURNABLE_FIELDS, WAITS_FOR_VENDOR, DealType, Status, editable_fields
from openprm.deals.rules.window import WindowCurve, curve
from openprm.deals.wording import DEAL_TYPE, field_label, partner_sentence, role_label, status_label
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor, Side
from openprm.kernel.money import Money
from openprm.partners import queries as partners
from openprm.promises import queries as promises

DECISION, INFORMATION = "deals.decision", "deals.information"
_JOINED = ("partner", "program", "territory", "submitter", "reviewer")
_COPIED = (
    *("number", "version", "title", "deal_type", "customer_name", "customer_domain", "customer_country", "customer_city", "contact_name", "contact_email"),
    *("contact_phone", "contact_title", "description", "next_step", "competitor", "engaged_since_date", "expected_close_date", "program_id", "territory_id"),
    *("fx_date", "created_at", "submitted_at", "decided_at", "closed_at", "lost_reason", "ended_reason", "returned_message", "resubmit_count", "partner_id"),
    *("account_id", "lost_code", "follows_id", "first_deal_id", "split_from_id"),
)


def registration_for_vendor(actor: Actor, registration_id: UUID, at: datetime) -> VendorRegistration:
    """Everything, with names. Raises NotFound, also for a partner's person."""
    rows = policies.reach(actor) if actor.sees_all_partners else Registration.objects.none()
    row = rows.select_related(*_JOINED).one(registration_id)
    steps, grants, decisions = list(row.steps.all()), _grants(row), list(row.decisions.all())
    facts = accounts.sales_facts([row.account_id]).get(row.account_id) if row.account_id else None
    manager_id = partners.manager_of(row.partner_id)
    names = identity.names_of({*_people(steps, decisions), *filter(None, (manager_id, facts and facts.owner_id))})
    found = findings.for_vendor(row)
    return VendorRegistration(
        **_common(actor, row, steps, grants, decisions, names, at),
        partner=row.partner.name,
        account_name=facts.name if facts else "",
        account_motion=facts.motion if facts else "",
        account_owner=names.get(facts.owner_id, "") if facts else "",
        reviewer=row.reviewer.name if row.reviewer else "",
        partner_manager=names.get(manager_id, ""),
        findings=found,
        candidates=findings.candidates(actor, row) if row.account_id is None and row.status in WAITS_FOR_VENDOR else (),
        compared_with=findings.compared_with(),
        opportunity=_opportunity(actor, row),
        suggestion=findings.suggestion(row, found, decisions) if row.status in WAITS_FOR_VENDOR else None,
        returnable_fields=tuple((name, str(field_label(name))) for name in RETURNABLE_FIELDS),
        why_not_approve=policies.why_not_approve(actor, row, steps),
        why_not_review=policies.why_not_review(actor, row),
        why_not_start_review=policies.why_not_start_review(actor, row),
        why_not_protect=policies.why_not_protect(actor, row),
        why_not_cancel=policies.why_not_cancel(actor, row),
        why_not_advance=policies.why_not_advance(actor, row),
        why_not_comment=policies.why_not_comment(actor, row, Visibility.INTERNAL),
    )


def registration_for_partner(actor: Actor, registration_id: UUID, at: datetime) -> PartnerRegistration:
    """The partner's own registration, with sentences that name nobody. Raises NotFound."""
    row = policies.reach(actor).select_related(*_JOINED).one(registration_id)
    steps, grants, decisions = list(row.steps.all()), _grants(row), list(row.decisions.all())
    manager_id = partners.manager_of(row.partner_id)
    names = identity.names_of({*_people(steps, decisions), *filter(None, (manager_id,))})
    opportunity = _opportunity(actor, row)
    return PartnerRegistration(
        **_common(actor, row, steps, grants, decisions, names, at),
        findings=tuple(partner_sentence(kind) for kind in row.finding_kinds),
        contact_person=Person(id=manager_id, name=names[manager_id]) if manager_id in names else None,
        opportunity_stage=opportunity.stage_label if opportunity else "",
        editable_fields=editable_fields(row.status, row.returned_fields),
        why_not_edit=policies.why_not_edit(actor, row),
        why_not_submit=policies.why_not_submit(actor, row),
        why_not_resubmit=policies.why_not_resubmit(actor, row),
        why_not_withdraw=policies.why_not_withdraw(actor, row),
        why_not_cancel=policies.why_not_cancel(actor, row),
        why_not_advance=policies.why_not_advance(actor, row),
        why_not_comment=policies.why_not_comment(actor, row, Visibility.SHARED),
        why_not_ask_extension=policies.why_not_ask_extension(actor, row),
    )


def draft_of(actor: Actor, registration_id: UUID) -> RegistrationDraft:
    """What the form holds, to fill it again. Raises NotFound."""
    row = policies.reach(actor).one(registration_id)
    lines = tuple(
        LineDraft(product_id=line.product_id, quantity=line.quantity, amount_minor=line.amount_minor, term_months=line.term_months) for line in row.lines.all()
    )
    return RegistrationDraft(**{name: getattr(row, name) for name in COLUMNS}, lines=lines)


def _common(
    actor: Actor,
    row: Registration,
    steps: list[ApprovalStep],
    grants: list[ProtectionGrant],
    decisions: list[Decision],
    names: dict[UUID, str],
    at: datetime,
) -> dict[str, Any]:
    promise = promise_of(promises.clock(row.pk, DECISION, at)) if row.submitted_at else None
    window, terms, lines = _window(row, [one for one in grants if one.kind == ProtectionGrant.Kind.DEAL], at), _terms(decisions), _lines(row)
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in _COPIED},
        **status_words(row),
        **verdict_words(row),
        "deal_type_label": str(DEAL_TYPE[DealType(row.deal_type)]),
        "program": row.program.name if row.program else "",
        "territory": row.territory.name if row.territory else "",
        "lines": lines,
        "product_line_count": len({line.product_line_id for line in lines}),
        "amount": amount_of(row),
        "base_amount": base_amount_of(row),
        "fx_rate": f"{row.fx_rate.normalize():f}" if row.fx_rate is not None else "",
        "submitter": person_of(row.submitter),
        "returned_fields": tuple(row.returned_fields),
        "returned_field_labels": tuple(str(field_label(name)) for name in row.returned_fields),
        "resubmits_left": max(0, MAX_RESUBMITS - row.resubmit_count),
        "promise": promise,
        "information_promise": promise_of(promises.clock(row.pk, INFORMATION, at)) if row.status == Status.RETURNED else None,
        "window": window,
        "window_if_approved": None,
        "protection_days": window.days_total if window else int(terms.get("days") or 0),
        "extension_days": int(terms.get("extension_days") or 0),
        "extended": any(grant.extended_at for grant in grants),
        "grants": tuple(_grant(grant) for grant in grants),
        "steps": _steps(steps, names),
        "decisions": tuple(_decision(decision) for decision in decisions),
        "journey": journey(row, promise, window),
        "notes": _notes(actor, row),
        "tasks": _tasks(actor, row, at),
        "documents": _documents(actor, row),
        "collaborators": collaborators(row),
        "next_stages": next_stages(row, at),
        "stalled": is_stalled(row),
        "snoozed_until": row.stall_snoozed_until if row.stall_snoozed_until and row.stall_snoozed_until > at else None,
        "snooze_reason": row.stall_snooze_reason,
        "lost_label": reason_label(row.lost_code, row.program_id) if row.lost_code else "",
        "lost_competitor": row.lost_competitor,
        "why_not_amend": policies.why_not_amend(actor, row),
        "why_not_reopen": policies.why_not_reopen(actor, row),
    }


def _people(steps: Iterable[ApprovalStep], decisions: Iterable[Decision]) -> set[UUID]:
    found = {step.approver_id for step in steps} | {step.decided_by_id for step in steps} | {decision.by_id for decision in decisions}
    return {one for one in found if one}


def _lines(row: Registration) -> tuple[LineView, ...]:
    lines = Line.objects.filter(registration=row).select_related("product", "product_line").order_by("position")
    return tuple(
        LineView(
            product_id=line.product_id,
            product=line.product.name,
            product_line_id=line.product_line_id,
            product_line=line.product_line.name,
            quantity=line.quantity,
            amount=Money(line.amount_minor, row.currency),
            term_months=line.term_months,
            term_ends_on=line.term_ends_on,
        )
        for line in lines
    )


def _grants(row: Registration) -> list[ProtectionGrant]:
    return list(row.grants.select_related("product_line", "territory").order_by("product_line__name"))


def _grant(grant: ProtectionGrant) -> GrantView:
    return GrantView(
        id=grant.pk,
        product_line=grant.product_line.name,
        territory=grant.territory.name,
        status=grant.status,
        starts_at=grant.starts_at,
        ends_at=grant.ended_at or grant.ends_at,
        extended_reason=grant.extended_reason,
        is_first_right=grant.kind == ProtectionGrant.Kind.RENEWAL,
    )


def _window(row: Registration, grants: list[ProtectionGrant], at: datetime) -> WindowCurve | None:
    if not grants:
        return None
    return curve(min(grant.starts_at for grant in grants), max(grant.ended_at or grant.ends_at for grant in grants), at)


def _terms(decisions: Iterable[Decision]) -> dict[str, Any]:
    approved = [decision for decision in decisions if decision.kind == Decision.Kind.APPROVED]
    return (approved[-1].outcome.get("protection") or {}) if approved else {}


def _steps(steps: list[ApprovalStep], names: dict[UUID, str]) -> tuple[StepView, ...]:
    turn = open_position((step.position, step.state) for step in steps)
    return tuple(
        StepView(
            position=step.position,
            role=step.role,
            label=str(role_label(step.role)),
            person=names.get(step.approver_id, ""),
            state=step.state,
            open=step.position == turn and step.state == StepState.WAITING,
            decided_by=names.get(step.decided_by_id, ""),
            decided_at=step.decided_at,
        )
        for step in steps
    )


def _decision(decision: Decision) -> DecisionView:
    return DecisionView(
        kind=decision.kind,
        at=decision.created_at,
        by=decision.by_name,
        automatic=decision.automatic,
        reason=decision.reason,
        clause=decision.clause,
        clause_text=decision.clause_text,
        rule_version=decision.rule_version,
        rule_version_id=decision.rule_version_id,
        inputs=tuple((findings.fact_label(name), findings.fact_words(name, value)) for name, value in decision.inputs.items()),
        would_change=tuple(decision.would_change),
    )


def journey(row: Registration, promise: Promise | None, window: WindowCurve | None) -> tuple[JourneyStep, ...]:
    """Submitted, checked, decision, protected, closed: how far the deal is and what comes next."""
    decided, stopped = row.decided_at is not None, row.status in {Status.REJECTED, Status.WITHDRAWN, Status.CANCELED}
    closed = row.status in {Status.CLOSED_WON, Status.CLOSED_LOST, Status.EXPIRED}
    states = {
        "submitted": row.submitted_at is not None,
        "checked": row.submitted_at is not None,
        "decision": decided or stopped,
        "protected": closed,
        "closed": closed,
    }
    current = next((key for key, done in states.items() if not done), "")
    details = {
        "submitted": "",
        "checked": str(verdict_words(row)["verdict_label"]) if row.submitted_at else "",
        "decision": str(status_label(row.status)) if stopped else "",
        "protected": _("%(days)d days") % {"days": window.days_total} if window else "",
        "closed": str(status_label(row.status)) if closed else "",
    }
    moments = {
        "submitted": row.submitted_at,
        "checked": row.submitted_at,
        "decision": row.decided_at or row.closed_at if decided or stopped else promise.due_at if promise else None,
        "protected": row.protected_until,
        "closed": row.closed_at,
    }
    labels = {"submitted": _("Submitted"), "checked": _("Checked"), "decision": _("Decision"), "protected": _("Protected"), "closed": _("Closed")}

    def state(key: str) -> str:
        if stopped and key in {"protected", "closed"}:
            return "stopped"
        return "done" if states[key] else "current" if key == current else "todo"

    return tuple(JourneyStep(key=key, label=label, detail=details[key], at=moments[key], state=state(key)) for key, label in labels.items())


def _notes(actor: Actor, row: Registration) -> tuple[NoteView, ...]:
    rows = policies.reach_work(actor, Note).filter(registration=row).order_by("-created_at")[:100]
    return tuple(
        NoteView(
            id=note.pk,
            body=note.body,
            author=note.author_name,
            by_vendor=note.author_side != Side.PARTNER,
            internal=note.visibility == Visibility.INTERNAL,
            at=note.created_at,
        )
        for note in rows
    )


def _tasks(actor: Actor, row: Registration, at: datetime) -> tuple[TaskView, ...]:
    rows = policies.reach_work(actor, Task).filter(registration=row).select_related("assignee").order_by("done_at", "due_date", "created_at")[:100]
    return tuple(
        TaskView(
            id=task.pk,
            title=task.title,
            internal=task.visibility == Visibility.INTERNAL,
            assignee=task.assignee.name if task.assignee else "",
            due_date=task.due_date,
            done=task.done_at is not None,
            done_at=task.done_at,
            overdue=task.done_at is None and task.due_date is not None and task.due_date < at.date(),
        )
        for task in rows
    )


def _documents(actor: Actor, row: Registration) -> tuple[DocumentView, ...]:
    rows = policies.reach_work(actor, Document).filter(registration=row).order_by("-created_at")[:100]
    return tuple(
        DocumentView(
            id=document.pk,
            name=document.name,
            content_type=document.content_type,
            size=document.size,
            sha256=document.sha256,
            author=document.author_name,
            by_vendor=document.author_side != Side.PARTNER,
            internal=document.visibility == Visibility.INTERNAL,
            at=document.created_at,
            can_remove=actor.can("deals.comment") and (document.author_id == actor.user_id or actor.can("deals.review")),
        )
        for document in rows
    )


def _opportunity(actor: Actor, row: Registration):
    found = Opportunity.objects.filter(registration=row).select_related("partner", "product", "owner").first()
    return opportunity_views(actor, [found])[0] if found else None
