"""Who sees which plans and whose usage, and why somebody cannot do a thing: a sentence, or None."""

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from openprm.incentives.models import Plan, UsageCredit, UsageLine, UsageShare
from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet


def reach(actor: Actor) -> ScopedQuerySet:
    """The vendor's plans. A partner's own are read by `open_to`, in the system's scope."""
    return Plan.objects.all() if actor.sees_all_partners and actor.can("incentives.view") else Plan.objects.none()


def open_to(partner_id: UUID, program_ids: tuple[UUID, ...]) -> ScopedQuerySet:
    """The plans by which a partner may earn: of its programs or of all, for everybody or for it by name. In the system's scope."""
    rows = Plan.objects.filter(Q(program=None) | Q(program_id__in=program_ids))
    return rows.filter(Q(partner_ids=[]) | Q(partner_ids__contains=[partner_id]))


def reach_lines(actor: Actor) -> ScopedQuerySet:
    return UsageLine.objects.all() if actor.sees_all_partners and actor.can("incentives.view") else UsageLine.objects.none()


def reach_shares(actor: Actor) -> ScopedQuerySet:
    rows = UsageShare.objects.all() if actor.can("incentives.view") else UsageShare.objects.none()
    return rows if actor.sees_all_partners else rows.filter(partner_id__in=actor.partner_ids)


def reach_credits(actor: Actor) -> ScopedQuerySet:
    rows = UsageCredit.objects.all() if actor.can("incentives.view") else UsageCredit.objects.none()
    return rows if actor.sees_all_partners else rows.filter(partner_id__in=actor.partner_ids)


def why_not_edit(actor: Actor) -> str | None:
    if not actor.sees_all_partners or not actor.can("incentives.edit"):
        return _("Your role does not write plans. Ask finance or an administrator.")
    return None


def why_not_publish(actor: Actor) -> str | None:
    if not actor.sees_all_partners or not actor.can("incentives.publish"):
        return _("Your role does not publish plans. Ask finance or an administrator.")
    return None


def why_not_book(actor: Actor) -> str | None:
    if not actor.sees_all_partners or not actor.can("incentives.usage"):
        return _("Your role does not book usage. Ask finance or an administrator.")
    return None
