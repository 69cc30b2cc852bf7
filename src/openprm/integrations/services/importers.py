"""The importers and exporters that the domains contribute."""

from django.utils.translation import gettext as _

from openprm.kernel.errors import Invalid
from openprm.kernel.registry import registry
from openprm.kernel.transfer import Exporter, Importer


def importers() -> dict[str, Importer]:
    return {one.entity: one for one in registry.all("importers")}


def exporters() -> dict[str, Exporter]:
    return {one.entity: one for one in registry.all("exporters")}


def importer_of(entity: str) -> Importer:
    """Raises Invalid for an entity that cannot be imported."""
    known = importers()
    if entity not in known:
        raise Invalid(_("Say what the rows are: %(known)s.") % {"known": ", ".join(known)}, field="entity")
    return known[entity]


def exporter_of(entity: str) -> Exporter:
    """Raises Invalid for an entity that cannot be exported."""
    known = exporters()
    if entity not in known:
        raise Invalid(_("Say what to export: %(known)s.") % {"known": ", ".join(known)}, field="entity")
    return known[entity]
