"""On which ground the person behind a lead may be written to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openprm.kernel.actor import Actor
from openprm.kernel.scope import system_scope
from openprm.leads import policies
from openprm.leads.models import Arrival


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalView:
    """One time that a lead came in. A partner reads the ground and the words, not the address or the points."""

    received_at: datetime
    source: str
    source_detail: str
    was_known: bool
    ground: str
    consent_text: str
    text_version: str
    given_at: datetime | None
    proof: str
    clause: str
    clause_text: str
    withdrawn_at: datetime | None
    network_address: str = ""
    points: int | None = None
    points_given: bool = False
    points_detail: tuple[tuple[str, str, int], ...] = ()


def arrivals(actor: Actor, lead_id: UUID) -> tuple[ArrivalView, ...]:
    """Every time that a lead came in, newest first. Raises NotFound for a lead outside the actor's reach."""
    lead = policies.reach(actor).one(lead_id)
    with system_scope():
        rows = list(Arrival.objects.filter(lead=lead).order_by("-received_at"))
    return tuple(_view(row, full=actor.sees_all_partners) for row in rows)


def leads_by_external_ids(actor: Actor, source: str, ids: Sequence[str]) -> dict[str, UUID]:
    """The leads of another system by their ids there."""
    rows = policies.reach(actor).filter(external_source=source, external_id__in=[text for text in ids if text])
    return dict(rows.values_list("external_id", "pk"))


def _view(row: Arrival, *, full: bool) -> ArrivalView:
    own = {
        "network_address": row.network_address or "",
        "points": row.points,
        "points_given": row.points_given,
        "points_detail": tuple((one["clause"], one["text"], one["points"]) for one in row.points_detail),
    }
    return ArrivalView(
        received_at=row.received_at,
        source=row.source,
        source_detail=row.source_detail if full else "",
        was_known=row.was_known,
        ground=row.ground,
        consent_text=row.consent_text,
        text_version=row.text_version,
        given_at=row.given_at,
        proof=row.proof,
        clause=row.clause,
        clause_text=row.clause_text,
        withdrawn_at=row.withdrawn_at,
        **(own if full else {}),
    )
