"""Making lists and putting them away."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if, refused_by
from openprm.kernel.events import publish
from openprm.kernel.scope import system_scope
from openprm.mapping import policies
from openprm.mapping.events import ListChanged
from openprm.mapping.models import Entry, Making, Population
from openprm.mapping.rules.filters import Filter
from openprm.mapping.rules.sharing import Kind, Source
from openprm.mapping.services import unit
from openprm.mapping.services.rows import remove
from openprm.mapping.services.settling import settle
from openprm.mapping.services.sharing import partners_of
from openprm.mapping.services.targets import forget_source

MOST_LISTS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDraft:
    name: str
    kind: str
    source: str
    filter: Filter = field(default_factory=Filter)


@transaction.atomic
def create_list(*, actor: Actor, draft: ListDraft, at: datetime) -> UUID:
    """Begin a list of one's own side; nobody else sees it. One made of records is filled by a job. Raises NotAllowed, Invalid, Conflict."""
    refuse_if(policies.why_not_manage(actor))
    name = _checked(draft)
    home = policies.refuse_outsider(actor)
    if policies.reach(actor).count() >= MOST_LISTS:
        raise Conflict(_("You keep %(most)d lists. Put one away first.") % {"most": MOST_LISTS}, code="too_many_lists")
    population = Population(owner_id=home, kind=draft.kind, name=name)
    with refused_by("mapping_population_once_per_name", Conflict(_("You have a list of this name."), field="name", code="name_taken")):
        population.save(force_insert=True)
    Making(owner_id=home, population=population, source=draft.source, filter=draft.filter.plain()).save(force_insert=True)
    _record(actor, "mapping.list_made", population, at)
    if draft.source == Source.RECORDS:
        publish(ListChanged(population_id=population.pk, owner_id=home, at=at))
    return population.pk


@transaction.atomic
def change_list(*, actor: Actor, population_id: UUID, name: str, filter: Filter | None = None, version: int | None = None, at: datetime) -> int:
    """Rename a list, or take other records into it; gives the version. Raises NotAllowed, NotFound, Stale, Invalid, Conflict."""
    refuse_if(policies.why_not_manage(actor))
    population = policies.reach(actor).locked().one(population_id)
    unit.refuse_stale(population, version)
    population.name = _named(name)
    population.version += 1
    with refused_by("mapping_population_once_per_name", Conflict(_("You have a list of this name."), field="name", code="name_taken")):
        population.save()
    if filter is not None:
        Making.objects.filter(population=population).update(filter=filter.plain())
        publish(ListChanged(population_id=population.pk, owner_id=population.owner_id, at=at))
    _record(actor, "mapping.list_changed", population, at)
    return population.version


@transaction.atomic
def archive_list(*, actor: Actor, population_id: UUID, at: datetime) -> None:
    """Put a list away: its rows go for good, what was shown of it ends, the log of who looked stays. Raises NotAllowed, NotFound."""
    refuse_if(policies.why_not_manage(actor))
    population = policies.reach(actor).locked().one(population_id)
    population.archived_at, population.row_count = at, 0
    population.version += 1
    population.save()
    for partner_id in partners_of(population):
        settle(actor, partner_id, at, population.pk)
    remove(list(Entry.objects.filter(population=population).values_list("pk", flat=True)))
    with system_scope():
        forget_source(population, at)
    _record(actor, "mapping.list_put_away", population, at)


def _checked(draft: ListDraft) -> str:
    if draft.kind not in set(Kind):
        raise Invalid(_("Say what the list holds: customers, open deals, prospects or something of your own."), field="kind", code="unknown_kind")
    if draft.source not in set(Source):
        raise Invalid(_("Say where the rows come from: records, a file or the API."), field="source", code="unknown_source")
    return _named(draft.name)


def _named(name: str) -> str:
    found = unit.line("name", name, 120)
    if not found:
        raise Invalid(_("Give the list a name, for example Customers in Finland."), field="name", code="required")
    return found


def _record(actor: Actor, verb: str, population: Population, at: datetime) -> None:
    """The vendor's log is read by the vendor: of a partner's list nothing is written there before the partner shows it."""
    if actor.is_vendor:
        audit.record(actor, verb, population, after={}, data={"list": population.name}, at=at)
