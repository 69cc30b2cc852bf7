"""Who owns a task: the manager of the partner, or somebody with the role on that side."""

from collections.abc import Iterable
from functools import cached_property
from uuid import UUID

from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM
from openprm.onboarding.models import PlanTask
from openprm.onboarding.rules.content import Side
from openprm.partners import queries as partners


class Owners:
    """The people of both sides of one partnership, asked for once. Runs in the system's scope."""

    def __init__(self, partner_id: UUID):
        self.partner_id = partner_id

    @cached_property
    def manager_id(self) -> UUID | None:
        return partners.manager_of(self.partner_id)

    @cached_property
    def _partner(self) -> list[identity.Person]:
        return [person for person in identity.people(SYSTEM, self.partner_id) if person.is_active]

    @cached_property
    def _vendor(self) -> list[identity.Person]:
        return [person for person in identity.people(SYSTEM, identity.vendor_organization().id) if person.is_active]

    def of(self, side: str, role: str) -> UUID | None:
        """A person of that role; on the partner's side else its administrator; None while nobody has joined."""
        if side == Side.VENDOR:
            return self.manager_id if role == "partner_manager" and self.manager_id else _first(self._vendor, role) or self.manager_id
        return _first(self._partner, role) or _first(self._partner, "partner_admin")

    def may_own(self, side: str, user_id: UUID) -> bool:
        return user_id in {person.id for person in (self._vendor if side == Side.VENDOR else self._partner)}

    def own(self, tasks: Iterable[PlanTask]) -> list[PlanTask]:
        """Name an owner for the tasks that have none; gives those that got one."""
        found = []
        for task in tasks:
            owner_id = self.of(task.side, task.role) if task.owner_id is None else None
            if owner_id:
                task.owner_id = owner_id
                found.append(task)
        return found


def _first(people: list[identity.Person], role: str) -> UUID | None:
    return next((person.id for person in people if person.role == role), None)
