"""What routing planned becomes rows, log and news, in a fixed number of statements for each batch."""

from collections.abc import Sequence

from django.db import connection

from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.batches import insert_all
from openprm.kernel.events import publish
from openprm.leads.events import LeadsOffered, LeadsUnrouted
from openprm.leads.models import Offer, Receiver, Routing
from openprm.leads.services.desk import Desk, Planned

_SETTLE = """
update leads_lead as l set status = s.status, status_reason = s.reason, method = s.method, rounds = l.rounds + 1, partner_id = null, accepted_at = null,
       routed_at = %s, version = l.version + 1, updated_at = %s
  from unnest(%s::uuid[], %s::text[], %s::text[], %s::text[]) as s(id, status, reason, method)
 where l.id = s.id
"""


def write(planned: Sequence[Planned], desk: Desk, actor: Actor) -> None:
    """Everything that was planned, in a fixed number of statements for each batch."""
    if not planned:
        return
    insert_all(Routing, [one.routing for one in planned])
    insert_all(Offer, [offer for one in planned for offer in one.offers])
    _settle(planned, desk)
    turns = {partner_id for one in planned for partner_id in one.partner_ids}
    Receiver.objects.filter(partner_id__in=turns).update(last_offered_at=desk.at)
    _tell(planned, desk, actor)


def _settle(planned: Sequence[Planned], desk: Desk) -> None:
    """The leads' own columns, in the database and on the rows at hand."""
    columns = zip(*((one.lead.pk, one.status.value, one.reason[:500], one.routing["method"]) for one in planned), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, [desk.at, desk.at, *(list(column) for column in columns)])
    for one in planned:
        lead = one.lead
        lead.status, lead.status_reason, lead.method, lead.rounds = one.status, one.reason[:500], one.routing["method"], lead.rounds + 1
        lead.partner_id, lead.accepted_at, lead.routed_at, lead.version = None, None, desk.at, lead.version + 1


def _tell(planned: Sequence[Planned], desk: Desk, actor: Actor) -> None:
    offered = [one for one in planned if one.offers]
    left = [one for one in planned if not one.offers]
    audit.record_many(actor, "lead.offered", [_offered_entry(one) for one in offered], at=desk.at)
    audit.record_many(actor, "lead.unrouted", [_left_entry(one) for one in left], at=desk.at)
    pairs = [(one.lead.pk, partner_id, one.routing["method"]) for one in offered for partner_id in one.partner_ids]
    if pairs:
        leads, partner_ids, methods = zip(*pairs, strict=True)
        publish(LeadsOffered(lead_ids=leads, partner_ids=partner_ids, methods=methods, actor_id=actor.user_id, at=desk.at))
    if left:
        publish(LeadsUnrouted(lead_ids=tuple(one.lead.pk for one in left), actor_id=actor.user_id, at=desk.at))


def _offered_entry(one: Planned) -> audit.Entry:
    partner_ids = one.partner_ids
    told = {name: one.routing[name] for name in ("method", "clause", "rule_version")}
    return audit.Entry(one.lead, after={}, refs=(one.lead.pk, *partner_ids), visible_to=partner_ids, data=told, note=one.routing["reason"])


def _left_entry(one: Planned) -> audit.Entry:
    return audit.Entry(one.lead, after={}, refs=(one.lead.pk,), note=one.reason)
