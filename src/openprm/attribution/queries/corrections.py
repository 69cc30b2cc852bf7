"""What locked months would say by now, beside what they say."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date
from typing import Any
from uuid import UUID

from openprm.attribution import policies
from openprm.attribution.models import CorrectedPart, Correction, Month
from openprm.attribution.queries.results import CorrectedRow, CorrectionSums, CorrectionView
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.models import ScopedQuerySet
from openprm.kernel.money import Money
from openprm.kernel.scope import scope

SHOWN = 200
READS = ("attribution_month", "attribution_run", "attribution_correction", "attribution_correctedpart")


def newest() -> dict[UUID, UUID]:
    """Run -> its newest correction, for all locked months. One query, as the system."""
    with scope(SYSTEM):
        return dict(_newest().values_list("run", "pk"))


def _newest() -> ScopedQuerySet:
    return Correction.objects.filter(run__in=Month.objects.values("run")).order_by("run", "-as_of").distinct("run")


def correction_sums(actor: Actor, run_ids: Iterable[UUID]) -> dict[UUID, CorrectionSums]:
    """The newest correction of each run that says anything. One query; only the vendor reads it."""
    rows = policies.reach_corrections(actor).filter(run__in=list(run_ids)).order_by("run", "-as_of").distinct("run")
    return {row.run_id: sums_of(row) for row in rows if row.deal_count}


def correction(actor: Actor, run_id: UUID) -> CorrectionView | None:
    """What a locked run would say now, deal by deal and partner by partner; None where it would say the same."""
    row = policies.reach_corrections(actor).filter(run=run_id).order_by("-as_of").first()
    if row is None or not row.deal_count:
        return None
    parts = policies.reach_corrected(actor).filter(correction=row).select_related("partner").order_by("-closed_at", "deal_id", "partner_id")[:SHOWN]
    return CorrectionView(sums=sums_of(row), rows=tuple(map(corrected_row, parts)))


def rows(actor: Actor) -> Iterator[tuple[Any, ...]]:
    """The parts that differ by now, in the order of `datasets.CORRECTIONS`: all of them for the vendor, a partner its own."""
    with scope(SYSTEM):
        told = {pk: (run_id, month, as_of) for pk, run_id, month, as_of in _newest().values_list("pk", "run_id", "run__month", "as_of")}
    found = policies.reach_corrected(actor).filter(correction__in=list(told)).order_by("closed_at", "deal_id", "partner_id")
    for row in found.iterator(chunk_size=2000):
        yield (
            *told[row.correction_id], row.kind, row.deal_id, row.number, row.customer, row.account_id, row.closed_at.astimezone(UTC).date(), row.partner_id,
            row.locked_points, row.found_points, row.locked_minor, row.found_minor, row.found_minor - row.locked_minor, row.currency,
        )  # fmt: skip


def newest_corrected(actor: Actor, *, since: date | None = None, until: date | None = None):
    """The parts that differ, of all locked months: of a partner its own."""
    rows = policies.reach_corrected(actor).filter(correction__in=list(newest().values())).select_related("partner")
    rows = rows.filter(closed_at__date__gte=since) if since else rows
    return rows.filter(closed_at__date__lt=until) if until else rows


def corrected_credit(actor: Actor, run_id: UUID, deal_id: UUID) -> Money | None:
    """What the actor's own part of a deal would be by now; None where it is the same."""
    row = policies.reach_corrected(actor).filter(correction=newest().get(run_id), deal_id=deal_id).first()
    return Money(row.found_minor, row.currency) if row else None


def corrected_row(row: CorrectedPart) -> CorrectedRow:
    return CorrectedRow(
        deal_id=row.deal_id, number=row.number, customer=row.customer, closed_at=row.closed_at, partner_id=row.partner_id, partner=row.partner.name,
        locked_points=row.locked_points, found_points=row.found_points, locked=Money(row.locked_minor, row.currency),
        found=Money(row.found_minor, row.currency), difference=Money(row.found_minor - row.locked_minor, row.currency),
    )  # fmt: skip


def sums_of(row: Correction) -> CorrectionSums:
    return CorrectionSums(
        as_of=row.as_of, touches=row.touch_count, deals=row.deal_count,
        **{name: Money(getattr(row, f"{name}_minor"), row.currency) for name in ("sourced", "influenced", "unattributed")},
    )  # fmt: skip
