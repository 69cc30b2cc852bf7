"""Who is told what about credit, in words, on both sides. Called by jobs, in the system's scope."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.attribution import queries
from openprm.attribution.rules.words import Side
from openprm.identity import queries as identity
from openprm.inbox import services as inbox
from openprm.inbox.ports import NotificationKind
from openprm.kernel.actor import SYSTEM


def _kind(code: str, label: Any, **look: Any) -> NotificationKind:
    return NotificationKind(code=f"attribution.{code}", label=label, group=gettext_lazy("Attribution"), **look)


KINDS = (
    _kind("claimed", gettext_lazy("somebody claims credit and I can confirm it"), icon="handshake", tone="info"),
    _kind("claim_answered", gettext_lazy("a claim of credit is answered"), icon="circle-check", tone="info"),
    _kind("disputed", gettext_lazy("a partner disputes its credit"), icon="scale", tone="warn", side="vendor"),
    _kind("dispute_answered", gettext_lazy("a dispute about credit is answered"), icon="scale", tone="info", side="partner"),
)


def claimed(claim_id: UUID, partner_id: UUID, side: str, actor_id: UUID | None, at: datetime) -> None:
    """The other side is asked."""
    one = queries.claim(SYSTEM, claim_id, at)
    if side == Side.PARTNER:
        title = _("%(partner)s claims credit at %(customer)s") % {"partner": one.partner, "customer": one.customer}
        _tell("claimed", "attribution.decide", None, title, one.kind_label, reverse("attribution:claim", args=[claim_id]), claim_id, actor_id, at)
        return
    title = _("Did you help at %(customer)s? Confirm it") % {"customer": one.customer}
    _tell("claimed", "attribution.claim", partner_id, title, one.kind_label, reverse("attribution:portal_claim", args=[claim_id]), claim_id, actor_id, at)


def claim_answered(claim_id: UUID, partner_id: UUID, state: str, answered_side: str, actor_id: UUID | None, at: datetime) -> None:
    """The side that claimed reads the answer."""
    one = queries.claim(SYSTEM, claim_id, at)
    title = _("%(customer)s: %(state)s") % {"customer": one.customer, "state": one.state_label}
    if answered_side == Side.PARTNER:
        _tell("claim_answered", "attribution.decide", None, title, one.answer, reverse("attribution:claim", args=[claim_id]), claim_id, actor_id, at)
        return
    url = reverse("attribution:portal_claim", args=[claim_id])
    _tell("claim_answered", "attribution.claim", partner_id, title, one.answer, url, claim_id, actor_id, at)


def disputed(dispute_id: UUID, actor_id: UUID | None, at: datetime) -> None:
    one = queries.dispute(SYSTEM, dispute_id, at)
    title = _("%(partner)s disputes its credit: %(deal)s") % {"partner": one.partner, "deal": one.deal}
    _tell("disputed", "attribution.decide", None, title, one.reason, reverse("attribution:dispute", args=[dispute_id]), dispute_id, actor_id, at)


def dispute_answered(dispute_id: UUID, partner_id: UUID, state: str, actor_id: UUID | None, at: datetime) -> None:
    one = queries.dispute(SYSTEM, dispute_id, at)
    title = _("Your dispute about %(deal)s: %(state)s") % {"deal": one.deal, "state": one.state_label}
    url = reverse("attribution:portal_dispute", args=[dispute_id])
    _tell("dispute_answered", "attribution.dispute", partner_id, title, one.answer, url, dispute_id, actor_id, at)


def _tell(
    kind: str, permission: str, partner_id: UUID | None, title: str, body: str, url: str, ref: UUID, actor_id: UUID | None, at: datetime
) -> None:  # fmt: skip
    """Everybody who may answer or read it, but the person who did it."""
    people: Iterable[UUID] = {one.id for one in identity.holders_of(permission, partner_id)} - {actor_id, None}
    inbox.notify(
        to=sorted(people, key=str), kind=f"attribution.{kind}", title=title, body=body[:500], url=url, refs=(ref,),
        key=f"attribution.{kind}:{ref}:{'p' if partner_id else 'v'}", at=at,
    )  # fmt: skip
