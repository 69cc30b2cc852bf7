"""Who looked at what the other side shows, written down for that side."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from openprm.kernel.actor import Actor
from openprm.kernel.scope import system_scope
from openprm.mapping import policies
from openprm.mapping.models import Grant, Look
from openprm.mapping.rules.sharing import SMALLEST_LIST, Level, told


def note_look(*, actor: Actor, population_id: UUID, what: str, rows: int, at: datetime) -> None:
    """Write down that somebody of the actor's side saw `rows` of a list of the other side; of an own list nothing is written.

    How many overlaps were seen is told in whole fives, because it says something about the viewer's own list too.
    """
    note_looks(actor=actor, seen={population_id: rows}, what=what, at=at)


def note_looks(*, actor: Actor, seen: Mapping[UUID, int], what: str, at: datetime) -> None:
    """The same of several lists at once. Two queries."""
    grants = list(policies.live_grants(actor, at).filter(population__in=seen)) if seen else []
    Look.objects.bulk_create([_look(actor, grant, what, seen[grant.population_id], at) for grant in grants])


def note_panel(*, actor: Actor, population_ids: Iterable[UUID], at: datetime) -> None:
    """That a panel beside a deal, a lead or a company said something of these lists: once a day for each person and list."""
    grants = list(policies.live_grants(actor, at).filter(population__in=set(population_ids)))
    with system_scope():
        today = Look.objects.filter(grant__in=grants, what="panel", person=actor.name[:120], at__date=at.date()).values_list("grant", flat=True)
        told = set(today)
    Look.objects.bulk_create([_look(actor, grant, "panel", 0, at) for grant in grants if grant.pk not in told])


def _look(actor: Actor, grant: Grant, what: str, rows: int, at: datetime) -> Look:
    return Look(
        partner_id=grant.partner_id,
        owner_id=grant.owner_id,
        viewer_id=grant.viewer_id,
        population_id=grant.population_id,
        grant_id=grant.pk,
        person=actor.name[:120],
        what=what,
        rows=max(0, told(rows, Level.COUNTS, SMALLEST_LIST)) if what == "overlaps" else rows,
        at=at,
    )
