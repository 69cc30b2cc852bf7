"""Which kinds, proofs, co-op lines, links and extensions an actor reaches, and why it may not act on one."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.funds.models import AccrualLine, AccrualRate, Activity, ActivityType, Extension, ProofFile, RequestLink
from openprm.funds.policies import reach_activities as reach_activities
from openprm.funds.policies import reach_allocations as reach_allocations
from openprm.funds.policies import reach_requests as reach_requests
from openprm.kernel.actor import Actor
from openprm.kernel.models import Model, ScopedQuerySet


def reach_kinds(actor: Actor) -> ScopedQuerySet:
    """The catalogue: all of it for the vendor, what is in use for a partner."""
    if not actor.can("funds.view"):
        return ActivityType.objects.none()
    return ActivityType.objects.all() if actor.sees_all_partners else ActivityType.objects.filter(is_active=True)


def reach_rates(actor: Actor) -> ScopedQuerySet:
    """Accrual rates are published: both sides read them."""
    return AccrualRate.objects.all() if actor.can("funds.view") else AccrualRate.objects.none()


def reach_proofs(actor: Actor) -> ScopedQuerySet:
    return _own(actor, ProofFile)


def reach_lines(actor: Actor) -> ScopedQuerySet:
    return _own(actor, AccrualLine)


def reach_links(actor: Actor) -> ScopedQuerySet:
    return _own(actor, RequestLink)


def reach_extensions(actor: Actor) -> ScopedQuerySet:
    return _own(actor, Extension)


def _own(actor: Actor, model: type[Model]) -> ScopedQuerySet:
    if not actor.can("funds.view"):
        return model.objects.none()
    rows: Any = model.objects.all()
    return rows if actor.sees_all_partners else rows.filter(partner__in=actor.partner_ids)


def why_not_configure(actor: Actor) -> str | None:
    if actor.sees_all_partners and actor.can("funds.configure"):
        return None
    return _("Only administrators, finance and marketing of the vendor set what is paid for and what it must prove.")


def why_not_hand_in(actor: Actor, activity: Activity) -> str | None:
    """Proofs are handed in by the partner's own people while money may still be claimed."""
    if not (actor.is_system or (actor.can("funds.request") and activity.partner_id in actor.partner_ids)):
        return _("Only administrators and marketers of the partner hand in proofs.")
    if activity.status in ("declined", "closed"):
        return _("This activity is closed. There is nothing to prove any more.")
    return None


def why_not_remove(actor: Actor, proof: ProofFile) -> str | None:
    if reason := why_not_hand_in(actor, proof.activity):
        return reason
    return _("This file was handed in with a claim: it stays as evidence. Add another one instead.") if proof.claim_id else None


def why_not_link(actor: Actor, partner_id: UUID) -> str | None:
    if actor.is_system or (actor.can("funds.link") and (actor.sees_all_partners or partner_id in actor.partner_ids)):
        return None
    return _("Only administrators and marketers of the partner, and the people who manage it, say what a request brought.")


def why_not_extend(actor: Actor, partner_id: UUID) -> str | None:
    if actor.is_system or (actor.can("funds.request") and partner_id in actor.partner_ids):
        return None
    return _("Only administrators and marketers of the partner ask for a later deadline.")


def why_not_answer(actor: Actor, extension: Extension) -> str | None:
    if not (actor.sees_all_partners and actor.can("funds.decide_extension")):
        return _("Only administrators, finance and partner managers of the vendor move a deadline.")
    return None if extension.state == Extension.State.OPEN else _("This question is answered already.")


def why_not_correct(actor: Actor) -> str | None:
    if actor.sees_all_partners and actor.can("funds.configure"):
        return None
    return _("Only administrators and finance of the vendor correct what accrued.")
