"""Who sees which rules, and why a version may not be changed."""

from datetime import datetime

from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet

from .models import Decision, Replay, RuleVersion


def reach(actor: Actor) -> ScopedQuerySet:
    """The versions this person may read: partners never see drafts, nor kinds that are kept inside."""
    if not actor.can("rulebook.view"):
        return RuleVersion.objects.none()
    rows = RuleVersion.objects.select_related("rule_set")
    return rows if actor.sees_all_partners else rows.filter(for_partners=True).exclude(state=RuleVersion.State.DRAFT)


def reach_decisions(actor: Actor) -> ScopedQuerySet:
    if not actor.can("rulebook.view"):
        return Decision.objects.none()
    rows = Decision.objects.select_related("version")
    return rows if actor.sees_all_partners else rows.filter(for_partners=True, partner_id__in=actor.partner_ids)


def reach_replays(actor: Actor) -> ScopedQuerySet:
    """What-if runs name partners side by side, so only the vendor's people who may change rules see them."""
    return Replay.objects.all() if actor.sees_all_partners and actor.can("rulebook.edit") else Replay.objects.none()


def why_not_edit(actor: Actor, version: RuleVersion | None = None) -> str | None:
    if not actor.can("rulebook.edit"):
        return _("Your role does not change rules. Ask an administrator or a partner manager.")
    if version and version.state != RuleVersion.State.DRAFT:
        return _("This version is published and stays as it is. Make a new draft from it.")
    return None


def why_not_publish(actor: Actor, version: RuleVersion | None = None) -> str | None:
    if not actor.can("rulebook.publish"):
        return _("Your role does not publish rules. Ask an administrator.")
    return why_not_edit(actor, version) if version else None


def why_not_withdraw(actor: Actor, version: RuleVersion, at: datetime) -> str | None:
    if not actor.can("rulebook.publish"):
        return _("Your role does not publish rules. Ask an administrator.")
    if version.state != RuleVersion.State.PUBLISHED:
        return _("Only an announced version can be withdrawn.")
    if version.effective_at is None or version.effective_at <= at:
        return _("Version %(number)s is already in force. Publish a new version to change it.") % {"number": version.number}
    return None
