"""Who may import, export and see imports."""

from django.utils.translation import gettext as _

from openprm.integrations.models import Import, SavedMapping
from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet
from openprm.kernel.transfer import Exporter, Importer


def reach(actor: Actor) -> ScopedQuerySet:
    """The imports this actor sees: all for those of the vendor who may import, none for others."""
    return Import.objects.all() if actor.sees_all_partners and actor.can("integrations.view_imports") else Import.objects.none()


def reach_mappings(actor: Actor) -> ScopedQuerySet:
    return SavedMapping.objects.all() if actor.sees_all_partners and actor.can("integrations.view_imports") else SavedMapping.objects.none()


def why_not_import(actor: Actor, importer: Importer) -> str | None:
    """A reason why this actor may not import rows of this entity, or None."""
    if actor.sees_all_partners and actor.can("integrations.import") and actor.can(importer.permission):
        return None
    return _("Your role cannot import %(entity)s. Ask an administrator of the vendor.") % {"entity": str(importer.label).lower()}


def why_not_export(actor: Actor, exporter: Exporter) -> str | None:
    if actor.can(exporter.permission):
        return None
    return _("Your role cannot export %(entity)s.") % {"entity": str(exporter.label).lower()}
