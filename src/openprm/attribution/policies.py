"""Which touches, credits, claims and disputes an actor reaches, and why it may not act on one."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from openprm.attribution.models import Claim, Configuration, CorrectedPart, Correction, Credit, Dispute, LateTouch, Month, Result, Review, Run, Touch
from openprm.attribution.rules.months import is_over
from openprm.attribution.rules.words import ClaimState, DisputeState, Side
from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet


def _own(actor: Actor, rows: ScopedQuerySet) -> ScopedQuerySet:
    if not actor.can("attribution.view"):
        return rows.none()
    return rows if actor.sees_all_partners else rows.filter(partner__in=actor.partner_ids)


def reach_touches(actor: Actor) -> ScopedQuerySet:
    """The vendor sees all; a partner what its own people did."""
    return _own(actor, Touch.objects.all())


def reach_credits(actor: Actor) -> ScopedQuerySet:
    return _own(actor, Credit.objects.all())


def reach_late(actor: Actor) -> ScopedQuerySet:
    return _own(actor, LateTouch.objects.all())


def reach_corrected(actor: Actor) -> ScopedQuerySet:
    return _own(actor, CorrectedPart.objects.all())


def reach_corrections(actor: Actor) -> ScopedQuerySet:
    """The sums of all partners are the vendor's to know."""
    return _vendors(actor, Correction.objects.all())


def reach_claims(actor: Actor) -> ScopedQuerySet:
    return _own(actor, Claim.objects.all())


def reach_disputes(actor: Actor) -> ScopedQuerySet:
    return _own(actor, Dispute.objects.all())


def reach_runs(actor: Actor) -> ScopedQuerySet:
    """What all partners together brought is the vendor's to know."""
    return _vendors(actor, Run.objects.all())


def reach_months(actor: Actor) -> ScopedQuerySet:
    return _vendors(actor, Month.objects.all())


def reach_results(actor: Actor) -> ScopedQuerySet:
    return _vendors(actor, Result.objects.all())


def reach_reviews(actor: Actor) -> ScopedQuerySet:
    return _vendors(actor, Review.objects.all())


def reach_configurations(actor: Actor) -> ScopedQuerySet:
    """How credit is divided is open to both sides."""
    return Configuration.objects.all() if actor.can("attribution.view") else Configuration.objects.none()


def _vendors(actor: Actor, rows: ScopedQuerySet) -> ScopedQuerySet:
    return rows if actor.sees_all_partners and actor.can("attribution.view") else rows.none()


def side_of(actor: Actor) -> Side:
    return Side.PARTNER if actor.is_partner else Side.VENDOR


def why_not_run(actor: Actor) -> str | None:
    return None if actor.sees_all_partners and actor.can("attribution.run") else _("Your role reads attribution and does not compute it.")


def why_not_lock(actor: Actor, row: Month, at: datetime) -> str | None:
    if not (actor.sees_all_partners and actor.can("attribution.lock")):
        return _("Only administrators and finance lock a month.")
    if row.locked_at:
        return _("%(month)s is locked already.") % {"month": f"{row.month:%Y-%m}"}
    return why_not_over(row.month, at)


def why_not_over(month: date, at: datetime) -> str | None:
    return None if is_over(month, at) else _("%(month)s is not over yet. It can be locked from the first of the next month on.") % {"month": f"{month:%Y-%m}"}


def why_not_configure(actor: Actor) -> str | None:
    return None if actor.sees_all_partners and actor.can("attribution.configure") else _("Only administrators and finance say how credit is divided.")


def why_not_claim(actor: Actor) -> str | None:
    return None if actor.can("attribution.claim") else _("Your role cannot claim credit. Ask an administrator of your team.")


def why_not_answer(actor: Actor, claim: Claim) -> str | None:
    """The side that did not speak first answers."""
    if claim.state != ClaimState.OPEN:
        return _("This claim was answered already.")
    if claim.side == side_of(actor):
        return _("Your own side made this claim. The other side confirms it.")
    may = actor.can("attribution.claim") if actor.is_partner else actor.can("attribution.decide")
    return None if may else _("Your role cannot answer claims.")


def why_not_withdraw(actor: Actor, claim: Claim) -> str | None:
    if claim.state != ClaimState.OPEN:
        return _("This claim was answered already.")
    if claim.side != side_of(actor) or not actor.can("attribution.claim"):
        return _("Only the side that made a claim takes it back.")
    return None


def why_not_dispute(actor: Actor) -> str | None:
    if actor.is_partner and actor.can("attribution.dispute"):
        return None
    return _("Only administrators and sales people of a partner dispute its credit.")


def why_not_settle(actor: Actor, row: Dispute) -> str | None:
    if not (actor.sees_all_partners and actor.can("attribution.decide")):
        return _("Only administrators and partner managers answer disputes.")
    return None if row.state == DisputeState.OPEN else _("This dispute was answered already.")


def why_not_drop(actor: Actor, row: Dispute) -> str | None:
    if row.state != DisputeState.OPEN:
        return _("This dispute was answered already.")
    return why_not_dispute(actor)


def why_not_review(actor: Actor) -> str | None:
    return None if actor.sees_all_partners and actor.can("attribution.decide") else _("Only administrators and partner managers review wins.")


def why_not_import(actor: Actor) -> str | None:
    return None if actor.sees_all_partners and actor.can("attribution.import") else _("Only administrators and partner managers of the vendor import touches.")
