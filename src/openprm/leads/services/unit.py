"""What every use case of a lead shares: load it, save it, write it down, tell it."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from openprm.audit import services as audit
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Stale
from openprm.kernel.events import publish
from openprm.kernel.scope import scope
from openprm.leads import policies
from openprm.leads.models import Lead, Offer
from openprm.leads.rules.lifecycle import LIVE
from openprm.leads.services.results import Changed
from openprm.promises import services as promises

ACCEPT, CONVERT = "leads.accept", "leads.convert"


def as_system(actor: Actor) -> AbstractContextManager[Any]:
    """Writes that a partner's database role may not do itself: leads and offers are changed by the house alone. All or nothing."""
    return transaction.atomic() if actor.sees_all_partners else scope(SYSTEM)


def load(actor: Actor, lead_id: UUID, *, version: int | None = None) -> Lead:
    """The lead as this person may see it, unlocked. Raises NotFound, and Stale when it is not the version the person saw."""
    lead = policies.reach(actor).one(lead_id)
    if version is not None and version != lead.version:
        raise Stale()
    return lead


def hold(lead: Lead) -> Lead:
    """The row again, locked until the transaction ends. In the system's scope; offers are changed by whoever holds their lead."""
    return Lead.objects.locked().one(lead.pk)


def live_offers(lead: Lead) -> list[Offer]:
    return list(Offer.objects.filter(lead=lead, state__in=sorted(LIVE)).locked())


def save(lead: Lead, *fields: str) -> None:
    lead.version += 1
    lead.save(update_fields=[*fields, "version", "updated_at"])


def settle_clocks(lead: Lead, at: datetime, *, kept: bool) -> None:
    """The partner answered, or nobody waits for it any more."""
    for code in (ACCEPT, CONVERT):
        step = promises.keep if kept else promises.cancel
        step(subject_id=lead.pk, code=code, at=at)


def record(
    actor: Actor,
    verb: str,
    lead: Lead,
    *,
    at: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    partners: Iterable[UUID] = (),
    refs: Iterable[UUID] = (),
    note: str = "",
    data: dict[str, Any] | None = None,
    private: dict[str, Any] | None = None,
) -> None:
    """One audit event on the timelines of the lead, the named partners and the customer."""
    shown = tuple(dict.fromkeys(partners))
    audit.record(
        actor,
        verb,
        lead,
        before=before,
        after=after,
        refs=tuple(dict.fromkeys(filter(None, (lead.pk, lead.account_id, *shown, *refs)))),
        visible_to=shown,
        note=note,
        data=data,
        private=private,
        at=at,
    )


def announce(event: type, lead: Lead, actor: Actor, at: datetime, **values: Any) -> None:
    publish(event(lead_id=lead.pk, number=lead.number, actor_id=actor.user_id, at=at, **values))


def changed(lead: Lead, offered_to: Iterable[UUID] = ()) -> Changed:
    return Changed(lead_id=lead.pk, number=lead.number, version=lead.version, status=str(lead.status), offered_to=tuple(offered_to))
