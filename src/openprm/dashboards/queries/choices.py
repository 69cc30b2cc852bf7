"""What a dashboard can be narrowed to."""

from openprm.dashboards.wording import PARTS
from openprm.kernel.actor import Actor
from openprm.partners import queries as partners

Choice = tuple[str, str]


def labelled(actor: Actor, part: str) -> tuple[Choice, ...]:
    """The values of one part with their names."""
    if part == "program":
        return partners.program_choices(actor)
    if part == "tier":
        return partners.tier_codes()
    if part == "region":
        return partners.regions(actor)
    if part == "type":
        return tuple((code, str(label)) for code, label in partners.type_labels().items())
    return tuple((code, str(label)) for code, label in partners.motion_labels().items())


def every_choice(actor: Actor) -> dict[str, tuple[Choice, ...]]:
    """All parts; a partner's own rows are not divided."""
    return {} if actor.is_partner else {part: labelled(actor, part) for part in PARTS}
