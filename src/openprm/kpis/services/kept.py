"""Writing down what the numbers are at the end of a month, so that they can be read again as they were told."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.db import transaction

from openprm.kernel.actor import SYSTEM
from openprm.kpis.definitions import registry
from openprm.kpis.definitions.facts import EVERYBODY, Segment
from openprm.kpis.definitions.kinds import Kpi
from openprm.kpis.models import Snapshot
from openprm.kpis.queries.figures import Asked, Figure, told
from openprm.kpis.queries.reading import known_datasets, reading
from openprm.partners import queries as partners

KEPT_PERIODS = ("month", "12m")


@transaction.atomic
def keep(*, as_of: date, names: Sequence[str] = (), by_segment: bool = True) -> int:
    """Write down every measured KPI (or the named ones) as of a day, for the month and for twelve months: for all partners, each program and each tier of it.

    Numbers that stand already are left alone. Gives how many are new.
    """
    known = known_datasets()
    kpis = [kpi for kpi in registry.ALL if (not names or kpi.name in names) and not registry.missing(kpi, known)]
    before = Snapshot.objects.filter(as_of=as_of).count()
    with reading(SYSTEM, kpis) as read:
        rows = [_row(told(kpi, asked, read)) for kpi, asked in _asked(kpis, as_of, by_segment=by_segment)]
    Snapshot.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return Snapshot.objects.filter(as_of=as_of).count() - before


def _asked(kpis: Sequence[Kpi], as_of: date, *, by_segment: bool) -> Iterator[tuple[Kpi, Asked]]:
    for segment in (EVERYBODY, *(_segments() if by_segment else ())):
        for period in KEPT_PERIODS:
            yield from ((kpi, Asked(as_of=as_of, period=period, segment=segment)) for kpi in kpis if segment.is_all or _has(kpi))


def _has(kpi: Kpi) -> bool:
    """Of programs and tiers the numbers of the executive page are kept: all of them for every tier would be thousands."""
    return kpi.by_segment and kpi.name in registry.EXECUTIVE


def _segments() -> Iterator[Segment]:
    """Each running program, and each of its tiers."""
    for program in partners.programs(SYSTEM, active_only=True):
        yield Segment(program=str(program.id))
        yield from (Segment(program=str(program.id), tier=tier.code) for tier in program.tiers)


def _row(one: Figure) -> Snapshot:
    return Snapshot(
        kpi=one.name,
        segment=one.segment,
        period=one.period,
        as_of=one.as_of,
        value=one.value,
        low=one.low,
        high=one.high,
        n=one.n,
        why=one.why,
        parts={name: None if part is None else str(part) for name, part in one.parts.items()},
        currency=one.currency,
        configuration=one.configuration,
    )
