"""What forms offer: companies to invite, people, stages, and a partner's own connection rule."""

from datetime import datetime

from openprm.cosell import policies
from openprm.cosell.models import ConnectionRule
from openprm.cosell.queries.pieces import names_of
from openprm.cosell.queries.results import ConnectionView, Option
from openprm.cosell.rules.words import Connections
from openprm.cosell.wording import CONNECTIONS
from openprm.deals import queries as deals
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor


def companies(actor: Actor) -> tuple[Option, ...]:
    """Whom the vendor can invite: its active partners. A partner names a company by its web domain instead of leafing through others;
    it is offered the vendor alone."""
    if actor.is_vendor:
        rows = identity.organizations(actor, kind="partner").filter(status="active").order_by("name").values_list("pk", "name")
        return tuple(Option(value=str(pk), label=name) for pk, name in rows)
    vendor = identity.vendor_organization()
    return (Option(value=str(vendor.id), label=vendor.name),)


def colleagues(actor: Actor) -> tuple[Option, ...]:
    """The active people of one's own company, for a task."""
    party = policies.party_of(actor)
    if party is None or actor.viewing_as:
        return ()
    return tuple(Option(value=str(one.id), label=one.name) for one in identity.people(actor, party) if one.is_active and one.id)


def stages() -> tuple[tuple[str, str], ...]:
    return tuple((one.code, str(one.name)) for one in deals.stage_lanes())


def connection_rule(actor: Actor, at: datetime) -> ConnectionView:
    """A partner's own rule; without one it takes every invitation."""
    row = ConnectionRule.objects.filter(party_id__in=policies.parties_of(actor)).first() or ConnectionRule(mode=Connections.ALLOW_ALL, exceptions=[], version=0)
    names = names_of(set(row.exceptions))
    exceptions = tuple(Option(value=str(one), label=names.get(one, "")) for one in row.exceptions)
    return ConnectionView(mode=row.mode, mode_label=str(CONNECTIONS[row.mode]), exceptions=exceptions, version=row.version)
