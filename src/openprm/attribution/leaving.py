"""What a partner takes along of its credit when it leaves, and whose names are forgotten. Credit of locked months stays, for both sides."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from openprm.attribution import queries, services
from openprm.kernel.actor import Actor
from openprm.partners.ports import Erasure, ExportPart

CREDITS = ("number", "customer", "kind", "closed_at", "outcome", "basis_points", "credit_minor", "currency", "month", "is_locked")
TOUCHES = ("customer", "kind", "source", "summary", "occurred_at", "recorded_at", "is_verified", "is_struck")
CLAIMS = ("customer", "kind", "occurred_at", "statement", "side", "state", "answer", "made_at", "answered_at")
DISPUTES = ("deal", "reason", "state", "opened_at", "answer", "answered_at")


def _credits(actor: Actor) -> Iterator[Mapping[str, Any]]:
    rows = queries.newest_credits(actor).order_by("-closed_at", "-id")
    months = queries.months_of(rows.order_by().values_list("run", flat=True).distinct())
    for row in rows.iterator(chunk_size=1000):
        month, is_locked = months[row.run_id]
        yield {name: getattr(row, name, None) for name in CREDITS} | {"month": month, "is_locked": is_locked}


def _touches(actor: Actor) -> Iterator[Mapping[str, Any]]:
    return ({name: getattr(row, name) for name in TOUCHES} for row in queries.export_touches(actor))


def _claims(actor: Actor) -> Iterator[Mapping[str, Any]]:
    return ({name: getattr(row, name) for name in CLAIMS} for row in queries.listed_claims(actor).order_by("-made_at", "-id").iterator(chunk_size=1000))


def _disputes(actor: Actor) -> Iterator[Mapping[str, Any]]:
    return ({name: getattr(row, name) for name in DISPUTES} for row in queries.listed_disputes(actor).order_by("-opened_at", "-id").iterator(chunk_size=1000))


EXPORT = (
    ExportPart(code="credit", label=_("Credit"), about=_("Your part of every won deal, by the runs that stand."), columns=CREDITS, rows=_credits),
    ExportPart(code="touches", label=_("Touches"), about=_("What we know of your work at customers."), columns=TOUCHES, rows=_touches),
    ExportPart(code="credit_claims", label=_("Claims of credit"), columns=CLAIMS, rows=_claims),
    ExportPart(code="credit_disputes", label=_("Disputes about credit"), columns=DISPUTES, rows=_disputes),
)
ERASURE = (Erasure(code="attribution.people", label=_("Names in claims and disputes about credit"), erase=services.forget_people),)
