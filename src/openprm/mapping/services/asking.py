"""Asking the other side to show more, and answering."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if
from openprm.kernel.events import publish
from openprm.mapping import policies
from openprm.mapping.events import DataAnswered, DataRequested
from openprm.mapping.models import Ask
from openprm.mapping.rules.sharing import Kind, Level, Terms
from openprm.mapping.services import unit
from openprm.mapping.services.sharing import set_terms

MOST_OPEN = 10


@transaction.atomic
def ask(*, actor: Actor, partner_id: UUID, terms: Terms, kind: str = "", population_id: UUID | None = None, message: str = "", at: datetime) -> UUID:
    """Ask the other side to show a list that one sees something of, or one of a kind. Raises NotAllowed, NotFound, Conflict, Invalid."""
    refuse_if(policies.why_not_share(actor))
    home, other = unit.sides(actor, partner_id)
    if not policies.connected(partner_id):
        raise Conflict(_("Both sides must agree to compare lists first."), code="not_connected")
    if terms.level == Level.HIDDEN:
        raise Invalid(_("Say how much you would like to see."), field="level", code="required")
    population = policies.reach_shown(actor, at).filter(owner=other).one(population_id) if population_id else None
    if population is None and kind not in set(Kind):
        raise Invalid(_("Say which list, or what kind of companies."), field="kind", code="required")
    if policies.reach_asks(actor).filter(asker=home, owner=other, state="open").count() >= MOST_OPEN:
        raise Conflict(_("%(most)d of your requests are open. Wait for an answer, or take one back.") % {"most": MOST_OPEN}, code="too_many_asks")
    row = Ask(
        partner_id=partner_id,
        asker_id=home,
        owner_id=other,
        person=actor.name[:120],
        kind=population.kind if population else kind,
        population=population,
        level=int(terms.level),
        fields=list(terms.fields),
        purpose=terms.purpose,
        message=unit.line("message", message, 500),
    )
    row.save(force_insert=True)
    _record(actor, "mapping.asked", row, at)
    publish(DataRequested(ask_id=row.pk, at=at))
    return row.pk


@transaction.atomic
def answer(*, actor: Actor, ask_id: UUID, terms: Terms | None, population_id: UUID | None = None, text: str = "", at: datetime) -> None:
    """Grant a request with terms of one's own choice, or decline it (`terms` None). Raises NotAllowed, NotFound, Conflict, Invalid."""
    refuse_if(policies.why_not_share(actor))
    row = policies.own(actor, Ask).locked().one(ask_id)
    if row.state != "open":
        raise Conflict(_("This request was answered already."), code="already_answered")
    if terms is not None:
        chosen = population_id or row.population_id
        if chosen is None:
            raise Invalid(_("Say which of your lists you show."), field="population_id", code="required")
        set_terms(actor=actor, population_id=chosen, terms=terms, partner_id=row.partner_id, at=at)
    row.state = "granted" if terms is not None else "declined"
    row.answer, row.answered_by, row.answered_at = unit.line("answer", text, 500), actor.name[:120], at
    row.save()
    _record(actor, f"mapping.ask_{row.state}", row, at)
    publish(DataAnswered(ask_id=row.pk, at=at))


@transaction.atomic
def withdraw(*, actor: Actor, ask_id: UUID, at: datetime) -> None:
    """Take an open request back. Raises NotAllowed, NotFound, Conflict."""
    refuse_if(policies.why_not_share(actor))
    home = policies.refuse_outsider(actor)
    row = policies.reach_asks(actor).filter(asker=home).locked().one(ask_id)
    if row.state != "open":
        raise Conflict(_("This request was answered already."), code="already_answered")
    row.state = "withdrawn"
    row.save(update_fields=["state", "updated_at"])


def _record(actor: Actor, verb: str, row: Ask, at: datetime) -> None:
    audit.record(actor, verb, row, after={}, refs=[row.partner_id], visible_to=[row.partner_id], data={"level": Level(row.level).code, "kind": row.kind}, at=at)
