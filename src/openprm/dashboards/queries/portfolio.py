"""The partners of one manager: how each stands, what is owed to them, which deals stand still, where models disagree."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from openprm.attribution import queries as attribution
from openprm.dashboards.queries.results import Board, Disagreement, PartnerLine
from openprm.deals import queries as deals
from openprm.inbox import queries as inbox
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money
from openprm.kpis.rules.windows import months_back
from openprm.partners import queries as partners
from openprm.promises import queries as promises
from openprm.tiering import queries as tiering

MOST_PARTNERS = 50
SHOWN = 8
MODEL_MONTHS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    """`left_out` partners are not in the table, for its length."""

    partners: tuple[PartnerLine, ...]
    left_out: int
    waiting: tuple[inbox.Waiting, ...]
    waiting_count: int
    stalled: tuple[deals.VendorRow, ...]
    stalled_count: int
    disagreements: tuple[Disagreement, ...]
    models: tuple[str, ...]
    compared: int


def portfolio(actor: Actor, board: Board, at: datetime) -> Portfolio:
    """What stands beside the numbers on the dashboard of a partner manager."""
    everybody = list(partners.export_partners(actor, filters=_filters(actor, board)))
    ids = {row.id for row in everybody}
    stalled = deals.rows_of(actor, _stalled(actor, ids), at)
    shown = sorted(everybody, key=lambda row: (-sum(board.by_partner.get(str(row.id), {}).values()), row.name))[:MOST_PARTNERS]
    waiting, gaps = inbox.waiting(actor, at), _disagreements(actor, board.as_of, {row.name for row in everybody})
    return Portfolio(
        partners=_lines(actor, shown, board, Counter(row.partner_id for row in stalled), at), left_out=len(everybody) - len(shown),
        waiting=tuple(waiting[:SHOWN]), waiting_count=len(waiting), stalled=tuple(stalled[:SHOWN]), stalled_count=len(stalled),
        disagreements=gaps[0], models=gaps[1], compared=gaps[2],
    )  # fmt: skip


def _filters(actor: Actor, board: Board) -> dict[str, object]:
    ask = board.ask
    named = {"type": ask.type, "motion": ask.motion, "region": ask.region, "program": (ask.program,) if ask.program else ()}
    mine = {} if ask.whose == "all" else {"manager": actor.user_id}
    return {"status": "active", **{name: value for name, value in named.items() if value}, **mine}


def _stalled(actor: Actor, ids: set[UUID]) -> Iterable:
    return deals.listed(actor, deals.Filters(stalled=True)).filter(partner_id__in=ids).order_by("-base_amount_minor", "pk")[:500]


def _lines(actor: Actor, rows: list[partners.PartnerRow], board: Board, stalled: Mapping[UUID, int], at: datetime) -> tuple[PartnerLine, ...]:
    standings = _standings(actor, [row.id for row in rows])
    kept = {one.partner_id: one for one in promises.by_partner(actor, since=promises.since_weeks_ago(at), at=at)}
    return tuple(_line(row, board, standings.get(row.id), kept.get(row.id), stalled.get(row.id, 0)) for row in rows)


def _line(
    row: partners.PartnerRow, board: Board, standing: tiering.StandingRow | None, kept: promises.PartnerRecord | None, stalled: int
) -> PartnerLine:  # fmt: skip
    amounts = board.by_partner.get(str(row.id), {})
    return PartnerLine(
        partner_id=row.id, name=row.name, program=row.program, tier=row.tier, state=standing.state if standing else "",
        state_label=standing.state_label if standing else "", lacks=standing.lacks[0] if standing and standing.lacks else "",
        revenue=Money(amounts.get("concentration_top5", 0), board.currency), pipeline=Money(amounts.get("open_pipeline", 0), board.currency),
        kept=kept.kept if kept else 0, due=kept.total if kept else 0, overdue=kept.overdue if kept else 0, stalled=stalled,
    )  # fmt: skip


def _standings(actor: Actor, ids: list[UUID]) -> dict[UUID, tiering.StandingRow]:
    """Of several programs the one that is worst off."""
    rows = tiering.export_standings(actor, filters={"partner": tuple(ids)}) if ids else ()
    found: dict[UUID, tiering.StandingRow] = {}
    for row in rows:
        if row.partner_id not in found or _badness(row) > _badness(found[row.partner_id]):
            found[row.partner_id] = row
    return found


def _badness(row: tiering.StandingRow) -> int:
    return {"grace": 2, "at_risk": 1}.get(row.state, 0)


def _disagreements(actor: Actor, as_of: date, names: set[str]) -> tuple[tuple[Disagreement, ...], tuple[str, ...], int]:
    """Deals of the last three months in which the models give these partners very different parts."""
    first = as_of.replace(day=1)
    found = attribution.disagreements(actor, since=months_back(first, MODEL_MONTHS - 1), until=months_back(first, -1))
    labels = dict(found.models)
    mine = tuple(_disagreement(one, labels) for one in found.deals if one.partner in names)
    return mine[:SHOWN], tuple(labels.values()), found.looked_at


def _disagreement(one: Any, labels: Mapping[str, str]) -> Disagreement:
    row, gap = one.row, one.gap
    return Disagreement(
        deal_id=row.deal_id, number=row.number, customer=row.customer, partner=one.partner, base=row.base, low=gap.low / 10_000, high=gap.high / 10_000,
        low_model=labels.get(gap.low_model, gap.low_model), high_model=labels.get(gap.high_model, gap.high_model), at_stake=one.at_stake,
    )  # fmt: skip
