"""Who sees private comparisons, and who may begin, answer and end them: people of the vendor, and nobody in their place."""

from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet
from openprm.mapping.privatemodels import PsiPeer, PsiRow, PsiRun

VIEW, COMPARE, PEERS = "mapping.view_private", "mapping.compare_private", "mapping.manage_peers"


def _sees(actor: Actor) -> bool:
    return actor.is_system or (actor.is_vendor and not actor.viewing_as and actor.can(VIEW))


def reach_peers(actor: Actor) -> ScopedQuerySet:
    return PsiPeer.objects.all() if _sees(actor) else PsiPeer.objects.none()


def reach_runs(actor: Actor) -> ScopedQuerySet:
    return PsiRun.objects.select_related("peer") if _sees(actor) else PsiRun.objects.none()


def reach_rows(actor: Actor) -> ScopedQuerySet:
    """The names that both sides agreed to tell."""
    return PsiRow.objects.all() if _sees(actor) else PsiRow.objects.none()


def why_not_manage_peers(actor: Actor) -> str | None:
    if actor.is_vendor and actor.can(PEERS):
        return None
    return _("Only an administrator decides with whom lists are compared privately, and within which limits.")


def why_not_compare(actor: Actor) -> str | None:
    if actor.is_vendor and actor.can(COMPARE):
        return None
    return _("Only administrators and partner managers begin and answer private comparisons.")
