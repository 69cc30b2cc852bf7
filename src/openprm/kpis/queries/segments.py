"""Which partners a number is about: from an address, in words, and as choices."""

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Invalid
from openprm.kpis import wording
from openprm.kpis.definitions.facts import Segment
from openprm.partners import queries as partners

PARTS = tuple(Segment.__dataclass_fields__)
IDS = frozenset({"partner", "program", "manager"})
LONGEST = 80


def segment_of(values: Mapping[str, str]) -> Segment:
    """The segment that an address, a command or a file names. Raises Invalid for an id that is none."""
    found = {name: str(values.get(name) or "").strip().replace("\x00", "")[:LONGEST] for name in PARTS}
    for name in IDS & set(PARTS):
        found[name] = _id(name, found[name])
    return Segment(**found)


def _id(name: str, text: str) -> str:
    try:
        return str(UUID(text)) if text else ""
    except ValueError:
        raise Invalid(_("“%(value)s” is not an id.") % {"value": text[:60]}, field=name) from None


def parts_of(segment: Segment) -> dict[str, str]:
    """What the segment names, as an address carries it."""
    return {name: getattr(segment, name) for name in PARTS if getattr(segment, name)}


def segment_words(segment: Segment) -> str:
    """The segment as a person reads it."""
    if segment.is_all:
        return _("All partners")
    return "; ".join(f"{wording.SEGMENTS[name]}: {_words(name, value)}" for name, value in parts_of(segment).items())


def _words(name: str, value: str) -> str:
    if name == "partner":
        return identity.organization_names({UUID(value)}).get(UUID(value), value)
    if name == "manager":
        return identity.names_of({UUID(value)}).get(UUID(value), value)
    known = {"program": partners.program_choices, "tier": partners.tier_codes}.get(name)
    choices = dict(known()) if known else {"type": partners.type_labels(), "motion": wording.MOTIONS}.get(name, {})
    return str(choices.get(value, value))


def segment_choices(actor: Actor) -> dict[str, tuple[tuple[str, str], ...]]:
    """What the filters of the numbers pages offer."""
    return {
        "program": partners.program_choices(),
        "tier": partners.tier_codes(),
        "region": partners.regions(actor),
        "type": tuple(partners.type_labels().items()),
        "motion": tuple(wording.MOTIONS.items()),
    }
