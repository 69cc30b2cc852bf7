"""The kinds of rules that the domains contributed."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.kernel.registry import registry

from ..ports import RuleKind


def all_kinds() -> tuple[RuleKind, ...]:
    return registry.all("rule_kinds")


def get_kind(code: str) -> RuleKind:
    """Raises NotFound."""
    found = find_kind(code)
    if found is None:
        raise NotFound(_("There are no rules of the kind “%(code)s”.") % {"code": code[:80]}, code="rule_kind_not_found")
    return found


def find_kind(code: str) -> RuleKind | None:
    return next((kind for kind in all_kinds() if kind.code == code), None)


def kinds_for(actor: Actor) -> tuple[RuleKind, ...]:
    return tuple(kind for kind in all_kinds() if kind.for_partners or actor.sees_all_partners)


def get_kind_for(actor: Actor, code: str) -> RuleKind:
    """The kind, if this person may read its rules. Raises NotFound."""
    kind = get_kind(code)
    if kind not in kinds_for(actor) or not actor.can("rulebook.view"):
        return get_kind("")
    return kind


def programs_of(kind: RuleKind) -> tuple[tuple[UUID, str], ...]:
    offered: Iterable[tuple[UUID, str]] = kind.programs() if kind.programs else ()
    return tuple((program_id, str(name)) for program_id, name in offered)


def program_name(kind: RuleKind, program_id: UUID | None) -> str:
    """'All programs' for the general rules."""
    if program_id is None:
        return _("All programs")
    return dict(programs_of(kind)).get(program_id) or _("A program that has ended")
