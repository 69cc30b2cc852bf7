"""Bringing a partner into a deal or lead from account mapping: an engagement on it, and an invitation to sell it together."""

from datetime import datetime
from uuid import UUID

from django.urls import reverse

from openprm.cosell import policies, services
from openprm.cosell.rules.lifecycle import OPEN
from openprm.kernel.actor import Actor
from openprm.partners import queries as partners

ROLE_OF = {"isv": "software", "si": "services", "consultant": "services", "distributor": "distributor", "msp": "msp", "reseller": "reseller", "var": "reseller"}


class Attaching:
    """Fills `mapping.attach`."""

    def why_not(self, actor: Actor, target: str) -> str | None:
        return policies.why_not_open(actor)

    def attach(self, actor: Actor, target: str, object_id: UUID, partner_id: UUID, at: datetime) -> str:
        """Invite the partner into the engagement that we host on this deal or lead, a new one where there is none; gives its address.

        Raises NotFound, NotAllowed, Invalid, Conflict.
        """
        engagement_id = _standing(actor, target, object_id) or _opened(actor, target, object_id, at)
        role = ROLE_OF.get(partners.partner(actor, partner_id).type, "facilitator")
        services.invite(actor=actor, engagement_id=engagement_id, receiver_id=partner_id, role=role, at=at)
        return reverse("cosell:engagement", args=[engagement_id])


def _standing(actor: Actor, target: str, object_id: UUID) -> UUID | None:
    about = {"registration": "registration_id", "lead": "lead_id"}[target]
    rows = policies.reach(actor).filter(**{about: object_id}, host=actor.organization_id, state__in=OPEN)
    return rows.order_by("opened_at", "pk").values_list("pk", flat=True).first()


def _opened(actor: Actor, target: str, object_id: UUID, at: datetime) -> UUID:
    about = {f"{target}_id": object_id}
    return services.open_engagement(actor=actor, at=at, **about).engagement_id
