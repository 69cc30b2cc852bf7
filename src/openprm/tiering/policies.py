"""Who sees which standing, and why somebody may not decide, configure, enter or report."""

from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.models import Model, ScopedQuerySet
from openprm.tiering.models import BenefitNote, MetricValue, Standing, TierMove


def reach(actor: Actor) -> ScopedQuerySet:
    """The standings this actor sees: all for the vendor, its own for a partner."""
    return _own(actor, Standing)


def reach_moves(actor: Actor) -> ScopedQuerySet:
    return _own(actor, TierMove)


def reach_values(actor: Actor) -> ScopedQuerySet:
    return _own(actor, MetricValue)


def reach_notes(actor: Actor) -> ScopedQuerySet:
    return _own(actor, BenefitNote)


def why_not_decide(actor: Actor, move: TierMove | None = None) -> str | None:
    """A reason why this actor may not decide on a move, or None."""
    if not (actor.sees_all_partners and actor.can("tiering.decide")):
        return _("Only administrators and partner managers of the vendor decide on tiers.")
    if move is not None and move.state != TierMove.State.PENDING:
        return _("This move is decided already: %(state)s.") % {"state": move.get_state_display().lower()}
    return None


def why_not_configure(actor: Actor) -> str | None:
    """A reason why this actor may not change how programs move their partners, or None."""
    if actor.sees_all_partners and actor.can("tiering.configure"):
        return None
    return _("Only an administrator of the vendor changes tier policies and metrics.")


def why_not_enter(actor: Actor) -> str | None:
    """A reason why this actor may not enter values of metrics, or None."""
    if actor.sees_all_partners and actor.can("tiering.enter"):
        return None
    return _("Only administrators and partner managers of the vendor enter values.")


def why_not_speak(actor: Actor) -> str | None:
    """A reason why this actor may not say whether a benefit was given, or None."""
    if actor.can("tiering.report"):
        return None
    return _("Your role does not report on benefits. Ask an administrator of your company.")


def _own(actor: Actor, model: type[Model]) -> ScopedQuerySet:
    if not actor.can("tiering.view"):
        return model.objects.none()
    rows = model.objects.all()
    return rows if actor.sees_all_partners else rows.filter(partner_id__in=actor.partner_ids)
