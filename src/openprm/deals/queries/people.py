"""Who works on a deal, and who else of the partner's team could."""

from uuid import UUID

from openprm.deals.models import Collaborator, Registration
from openprm.deals.queries.results import PartnerRegistration, Person
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor


def collaborators(row: Registration) -> tuple[Person, ...]:
    """The people on a deal, by name; who registered it is one of them."""
    rows = Collaborator.objects.filter(registration=row).select_related("user").order_by("user__name", "user_id")
    return tuple(Person(id=one.user_id, name=one.user.name, email=one.user.email) for one in rows)


def colleagues(actor: Actor, deal: PartnerRegistration) -> tuple[Person, ...]:
    """The active people of the partner's team who are not on the deal yet; nobody for a person who cannot add them."""
    if not actor.can("deals.register"):
        return ()
    known = {person.id for person in deal.collaborators}
    return tuple(one for one in working_for(actor, deal.partner_id) if one.id not in known)


def working_for(actor: Actor, partner_id: UUID) -> tuple[Person, ...]:
    """The team without those who are only invited or no longer with it."""
    return tuple(Person(id=one.id, name=one.name, email=one.email) for one in identity.people(actor, partner_id) if one.id and one.is_active)
