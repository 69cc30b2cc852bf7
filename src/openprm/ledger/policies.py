"""Who reads which part of the books, and why somebody may not close, correct or configure them."""

from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet
from openprm.ledger.models import Account, Entry, Leg


def reach(actor: Actor) -> ScopedQuerySet:
    """The accounts this actor reads: all for the vendor's readers of the books, its own for a partner."""
    if actor.sees_all_partners and actor.can("ledger.view"):
        return Account.objects.all()
    if actor.is_partner and actor.can("ledger.statement"):
        return Account.objects.filter(partner_id__in=actor.partner_ids)
    return Account.objects.none()


def reach_entries(actor: Actor) -> ScopedQuerySet:
    return Entry.objects.all() if actor.sees_all_partners and actor.can("ledger.view") else Entry.objects.none()


def reach_legs(actor: Actor) -> ScopedQuerySet:
    """The legs on the accounts this actor reads."""
    if actor.sees_all_partners and actor.can("ledger.view"):
        return Leg.objects.all()
    if actor.is_partner and actor.can("ledger.statement"):
        return Leg.objects.filter(partner_id__in=actor.partner_ids)
    return Leg.objects.none()


def why_not_close(actor: Actor) -> str | None:
    """A reason why this actor may not close a month, or None."""
    return None if _is_finance(actor, "ledger.close") else _("Only finance managers and administrators of the vendor close the books.")


def why_not_correct(actor: Actor) -> str | None:
    """A reason why this actor may not book by hand, or None."""
    return None if _is_finance(actor, "ledger.post") else _("Only finance managers and administrators of the vendor book by hand.")


def why_not_configure(actor: Actor) -> str | None:
    """A reason why this actor may not change account codes and export settings, or None."""
    return None if _is_finance(actor, "ledger.configure") else _("Only finance managers and administrators of the vendor change how the books are exported.")


def _is_finance(actor: Actor, permission: str) -> bool:
    return actor.sees_all_partners and actor.can(permission)
