"""What locked months would say with the touches that became known since: told beside the locked numbers, which never change."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from openprm.attribution.models import CorrectedPart, Correction, Credit, Month, Result, Run
from openprm.attribution.rules import canonical
from openprm.attribution.rules.journeys import Settled
from openprm.attribution.rules.words import LEARNED, Outcome
from openprm.attribution.services import candidates
from openprm.attribution.services.computing import OVERLAP, Journeys, divided
from openprm.attribution.services.judging import Judge
from openprm.attribution.services.running import journeys_of
from openprm.attribution.services.unit import as_system, one_at_a_time
from openprm.kernel.batches import insert_all

Held = dict[UUID, tuple[int, int]]


def correct(*, at: datetime) -> int:
    """Look at every locked month; gives how many of them say something else than at the last look."""
    with as_system():
        one_at_a_time("runs")
        locked = Month.objects.filter(locked_at__isnull=False).select_related("run__configuration").order_by("month")
        return sum(_correct(row.run, at) for row in locked)


def _correct(run: Run, at: datetime) -> bool:
    """The rules are those of the run, its deals too; only what is known of touches is of now."""
    last = Correction.objects.filter(run=run).order_by("-as_of").first()
    moved = candidates.moved_since(run.pk, run.as_of - OVERLAP)
    rows = {row.deal_id: row for row in Result.objects.filter(run=run, deal_id__in=moved)}
    differing = [one for one in _again(run, moved, at) if rows[one.deal.id].line != canonical.line(one).decode()]
    sha = canonical.sha256(canonical.result(differing))
    if sha == (last.sha256 if last else canonical.sha256(b"")):
        return False
    _write(run, differing, rows, sha, at)
    return True


def _again(run: Run, moved: Collection[UUID], at: datetime) -> Iterator[Settled]:
    """The deals that touches moved before, divided again; a model that learns sees the whole month."""

    def found() -> Iterator[Journeys]:
        for batch in journeys_of(run, run.as_of, None if run.configuration.model in LEARNED else moved):
            now = {deal.id: touches for deal, touches in _now(run, [deal for deal, _old in batch if deal.id in moved], at)}
            yield [(deal, now.get(deal.id, old)) for deal, old in batch]

    return (one for batch in divided(Judge(run.as_of), run.configuration, found) for one in batch if one.deal.id in moved)


def _now(run: Run, deals: Sequence[Any], at: datetime) -> Journeys:
    return candidates.before(deals, run.configuration.window_days, at) if deals else []


def _write(run: Run, differing: Sequence[Settled], rows: dict[UUID, Result], sha: str, at: datetime) -> None:
    sums = {one: getattr(run, f"{one}_minor") for one in Outcome}
    for one in differing:
        if one.deal.is_won:
            sums[Outcome(rows[one.deal.id].outcome)] -= one.deal.base_minor
            sums[Outcome(one.outcome)] += one.deal.base_minor
    row = Correction(
        run=run, as_of=at, sha256=sha, deal_count=len(differing), currency=run.currency,
        touch_count=sum(len({judged.touch.id for judged in one.judged} ^ set(rows[one.deal.id].touch_ids)) for one in differing),
        **{f"{one}_minor": minor for one, minor in sums.items()},
    )  # fmt: skip
    row.save(force_insert=True)
    insert_all(CorrectedPart, [part for one in differing for part in _parts(row, rows[one.deal.id], one)])


def _parts(row: Correction, result: Result, one: Settled) -> Iterator[dict[str, Any]]:
    """Every partner whose part of this deal would be another one."""
    locked: Held = {part.partner_id: (part.basis_points, part.credit_minor) for part in Credit.objects.filter(result=result)}
    found: Held = {part.partner_id: (part.points, part.minor) for part in one.parts}
    for partner_id in sorted(locked.keys() | found.keys()):
        before, after = locked.get(partner_id, (0, 0)), found.get(partner_id, (0, 0))
        if before != after:
            yield {
                "correction_id": row.pk, "kind": result.kind, "deal_id": result.deal_id, "number": result.number, "customer": result.customer,
                "account_id": result.account_id, "closed_at": result.closed_at, "partner_id": partner_id, "currency": row.currency,
                "locked_points": before[0], "locked_minor": before[1], "found_points": after[0], "found_minor": after[1],
            }  # fmt: skip
