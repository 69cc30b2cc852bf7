"""What the queue runs for onboarding: newcomers are welcomed, milestones tick tasks off, owners are reminded, both sides hear."""

from datetime import datetime
from uuid import UUID

from openprm.kernel.jobs import job
from openprm.onboarding import news, queries, services

TEAM = 3


@job(name="onboarding.remind", every="20 * * * *", lock="onboarding.remind")
def remind(*, at: datetime) -> None:
    """Remind owners before and after; a full batch is followed by another."""
    found = services.due_reminders(at=at)
    for reminder in found:
        news.due(reminder.task_id, is_overdue=reminder.is_overdue, at=at)
    if len(found) >= services.REMIND_AT_ONCE:
        remind.defer()


@job(name="onboarding.mark_stuck", every="40 5 * * *", lock="onboarding.mark_stuck")
def mark_stuck(*, at: datetime) -> None:
    services.mark_stuck(at=at)


@job(name="onboarding.welcome_partner")
def on_partner_created(*, partner_id: UUID, at: datetime) -> None:
    """A partner in no program yet gets the plan for everybody; one that is enrolled is welcomed by its program."""
    if queries.facts.is_newcomer(partner_id) and not queries.facts.programs_of(partner_id):
        _welcome(partner_id, None, at)


@job(name="onboarding.welcome_to_program")
def on_partner_enrolled(*, partner_id: UUID, program_id: UUID, tier_code: str, at: datetime) -> None:
    if queries.facts.is_newcomer(partner_id):
        _welcome(partner_id, program_id, at)


@job(name="onboarding.partner_moved")
def on_status_changed(*, partner_id: UUID, before: str, after: str, at: datetime) -> None:
    """Who becomes active is welcomed to every program it is in; who leaves has its plans ended."""
    if after == "active" and before in ("invited", "applicant", "pending", "offboarded") and queries.facts.is_newcomer(partner_id):
        for program_id in queries.facts.programs_of(partner_id) or (None,):
            _welcome(partner_id, program_id, at)
    if after in ("offboarded", "deactivated", "banned", "archived", "declined"):
        services.end_plans_of(partner_id=partner_id, reason=after.capitalize(), at=at)


def _welcome(partner_id: UUID, program_id: UUID | None, at: datetime) -> None:
    services.begin_first_deal(partner_id=partner_id, program_id=program_id, at=at)
    services.start_for_segment(partner_id=partner_id, program_id=program_id, at=at)
    if program_id:
        services.deliver_kit(partner_id=partner_id, program_id=program_id, at=at)


@job(name="onboarding.manager_changed")
def on_manager_assigned(*, partner_id: UUID, manager_id: UUID | None, at: datetime) -> None:
    services.hand_over_to_manager(partner_id=partner_id, manager_id=manager_id, at=at)


@job(name="onboarding.person_joined")
def on_person_joined(*, user_id: UUID, organization_id: UUID, invitation_id: UUID, invited_by_id: UUID | None, at: datetime) -> None:
    """Tasks that waited for an owner, the kit for the newcomer, and the milestones of a growing team."""
    team = queries.facts.team(organization_id)
    if user_id not in team or not queries.facts.is_partner(organization_id):
        return
    services.assign_waiting(partner_id=organization_id, at=at)
    services.reach_milestone(partner_id=organization_id, code="partner.first_sign_in", evidence=team[user_id], at=at)
    if len(team) >= TEAM:
        services.reach_milestone(partner_id=organization_id, code="partner.team_of_three", evidence=team[user_id], at=at)
    for delivery_id in queries.deliveries_of(organization_id):
        _mail_kit(delivery_id, {user_id: team[user_id]}, at)


@job(name="onboarding.kit_delivered")
def on_kit_delivered(*, delivery_id: UUID, partner_id: UUID, at: datetime) -> None:
    _mail_kit(delivery_id, queries.facts.team(partner_id), at)


def _mail_kit(delivery_id: UUID, people: dict[UUID, str], at: datetime) -> None:
    news.welcome(delivery_id, services.note_mailed(delivery_id=delivery_id, people=people, at=at), at)


@job(name="onboarding.tell_plan_started")
def on_plan_started(*, plan_id: UUID, partner_id: UUID, program_id: UUID | None, template_code: str, at: datetime) -> None:
    news.plan_started(plan_id, at)


@job(name="onboarding.tell_assigned")
def on_tasks_assigned(*, plan_id: UUID, task_ids: tuple[UUID, ...], actor_id: UUID | None, at: datetime) -> None:
    news.assigned(task_ids, actor_id, at)


@job(name="onboarding.tell_spoken")
def on_task_spoken_about(*, task_id: UUID, actor_id: UUID | None, text: str, at: datetime) -> None:
    news.spoken(task_id, actor_id, text, at)


@job(name="onboarding.tell_level")
def on_level_completed(*, plan_id: UUID, partner_id: UUID, program_id: UUID | None, level_key: str, level_name: str, badge: str, at: datetime) -> None:
    news.level_completed(plan_id, level_key, level_name, badge, at)


@job(name="onboarding.tell_completed")
def on_plan_completed(*, plan_id: UUID, partner_id: UUID, program_id: UUID | None, days: int, at: datetime) -> None:
    news.plan_completed(plan_id, days, at)


@job(name="onboarding.tell_stuck")
def on_stuck(*, plan_id: UUID, partner_id: UUID, reason: str, days: int, task_id: UUID | None, at: datetime) -> None:
    news.stuck(plan_id, reason, days, task_id, at)


@job(name="onboarding.tell_help_asked")
def on_help_asked(*, help_id: UUID, partner_id: UUID, at: datetime) -> None:
    news.help_asked(help_id, at)


@job(name="onboarding.tell_help_answered")
def on_help_answered(*, help_id: UUID, partner_id: UUID, at: datetime) -> None:
    news.help_answered(help_id, at)


@job(name="onboarding.tell_pilot_invited")
def on_pilot_invited(*, pilot_id: UUID, partner_id: UUID, at: datetime) -> None:
    news.pilot_invited(pilot_id, partner_id, at)


@job(name="onboarding.tell_pilot_answered")
def on_pilot_answered(*, pilot_id: UUID, partner_id: UUID, accepted: bool, at: datetime) -> None:
    news.pilot_answered(pilot_id, partner_id, accepted, at)


@job(name="onboarding.tell_pilot_over")
def on_pilot_ended(*, pilot_id: UUID, outcome: str, at: datetime) -> None:
    news.pilot_over(pilot_id, outcome, at)


@job(name="onboarding.agreement_accepted")
def on_agreement_accepted(
    *,
    acceptance_id: UUID,
    document_id: UUID,
    version_id: UUID,
    code: str,
    kind: str,
    number: int,
    partner_id: UUID,
    program_id: UUID | None,
    actor_id: UUID | None,
    is_complete: bool,
    at: datetime,
) -> None:
    if is_complete:
        services.reach_milestone(partner_id=partner_id, code="agreements.accepted", evidence=f"{code} {number}", refs=(acceptance_id,), at=at)


@job(name="onboarding.compliance_cleared")
def on_compliance_cleared(*, partner_id: UUID, case_id: UUID, risk: str, approved_until: datetime, at: datetime) -> None:
    services.reach_milestone(partner_id=partner_id, code="compliance.cleared", refs=(case_id,), at=at)


@job(name="onboarding.profile_published")
def on_profile_published(*, partner_id: UUID, slug: str, first: bool, at: datetime) -> None:
    services.reach_milestone(partner_id=partner_id, code="directory.profile_published", evidence=slug, at=at)
