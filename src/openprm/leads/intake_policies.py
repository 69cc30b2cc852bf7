"""Who may make forms and sending systems, who may refer, and which rows of intake somebody reaches."""

from typing import Any

from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.leads.models import Arrival, EventSource, Referral, WebForm


def reach_forms(actor: Actor) -> Any:
    return WebForm.objects.all() if actor.sees_all_partners else WebForm.objects.none()


def reach_sources(actor: Actor) -> Any:
    return EventSource.objects.all() if actor.sees_all_partners else EventSource.objects.none()


def reach_arrivals(actor: Actor) -> Any:
    return Arrival.objects.all() if actor.sees_all_partners else Arrival.objects.none()


def reach_referrals(actor: Actor) -> Any:
    """A partner reaches the referrals that it made; the one that is sent the lead sees the lead, as any other."""
    if actor.sees_all_partners:
        return Referral.objects.all()
    return Referral.objects.filter(referrer__in=actor.partner_ids) if actor.is_partner else Referral.objects.none()


def why_not_manage_intake(actor: Actor) -> str | None:
    if not actor.can("leads.manage_intake"):
        return _("Your role cannot change how leads come in. Ask a marketing manager or an administrator.")
    return None


def why_not_refer(actor: Actor) -> str | None:
    if actor.sees_all_partners:
        return None if actor.can("leads.route") else _("Your role cannot refer leads. Ask a partner manager.")
    if not actor.is_partner or not actor.can("leads.refer"):
        return _("Your role cannot refer leads. Ask an administrator of your team.")
    return None


def why_not_answer_referral(actor: Actor, referral: Referral) -> str | None:
    if not actor.can("leads.route"):
        return _("Your role cannot answer referrals. Ask a partner manager.")
    if referral.state != Referral.State.WAITING:
        return _("This referral was answered already.")
    return None
