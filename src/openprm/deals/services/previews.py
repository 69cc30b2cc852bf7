"""What will happen on submitting, shown before: who decides, by when, under which clause (D6)."""

from datetime import datetime
from uuid import UUID

from openprm.deals.models import Territory
from openprm.deals.rules.draft import RegistrationDraft
from openprm.deals.services import booking, customers, routing
from openprm.deals.services.clocks import DECISION
from openprm.deals.services.drafts import checked_products, missing, normal, partner_of
from openprm.deals.services.refusals import NoExchangeRate
from openprm.deals.services.results import Preview, PreviewStep
from openprm.deals.services.routing import Facts, Standing
from openprm.deals.services.unit import as_system
from openprm.deals.wording import role_label
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotAllowed, Problem
from openprm.promises import queries as promises


def preview_submission(*, actor: Actor, draft: RegistrationDraft, partner_id: UUID | None = None, at: datetime) -> Preview:
    """Who would decide this deal and by when, if no other claim stands. Nothing is saved.

    It knows the partner's own facts only: a preview that looked at others would be a pre-check without a limit.
    Raises NotAllowed, Invalid.
    """
    if not actor.can("deals.register"):
        raise NotAllowed()
    draft, partner_id = normal(draft), partner_of(actor, partner_id)
    checked_products(draft)
    with as_system(actor):
        return _foresee(draft, partner_id, at)


def _foresee(draft: RegistrationDraft, partner_id: UUID, at: datetime) -> Preview:
    standing = routing.standing_of(partner_id, draft.program_id, at)
    facts, problems = _facts(draft, standing, at)
    ruling, terms = routing.ask("deals.decision", facts, at), routing.terms_of(facts, at)[0]
    outcome = (ruling.outcome or {}).get("decision") or "review"
    used, most = routing.capacity_of(partner_id, standing, at)
    return Preview(
        outcome=outcome,
        steps=_steps((ruling.outcome or {}).get("approvers") or "", partner_id, standing, facts.territory) if outcome == "review" else (),
        due_at=promises.would_be_due(
            code=DECISION,
            partner_id=partner_id,
            program_id=standing.program_id,
            tier_code=standing.tier_code,
            pace=routing.pace_of(partner_id, standing, at),
            at=at,
        ),
        clause=ruling.clause,
        clause_text=ruling.clause_text,
        protection_days=terms.days,
        capacity_used=used,
        capacity_max=most,
        problems=(*missing(draft, at), *problems),
    )


def _facts(draft: RegistrationDraft, standing: Standing, at: datetime) -> tuple[Facts, tuple[Problem, ...]]:
    territory = Territory.objects.filter(pk=draft.territory_id).first() if draft.territory_id else customers.territory_for(draft.customer_country)
    code = territory.code if territory else ""
    try:
        amount, problems = booking.booked_amount(draft.amount_minor, draft.currency, at.date()).base_minor, ()
    except NoExchangeRate as refusal:
        amount, problems = 0, refusal.problems
    return Facts(standing=standing, amount_minor=amount, deal_type=draft.deal_type, territory=code), problems


def _steps(approvers: str, partner_id: UUID, standing: Standing, territory: str) -> tuple[PreviewStep, ...]:
    steps = routing.steps_named(approvers)
    people = routing.people_for(steps, manager_id=standing.manager_id, territory=territory, region=routing.partner_region(partner_id))
    return tuple(PreviewStep(position=step.position, role=step.role, label=str(role_label(step.role)), person=_name(people.get(step.role))) for step in steps)


def _name(user_id: UUID | None) -> str:
    return identity.actor_of(user_id).name if user_id else ""
