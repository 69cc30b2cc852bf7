"""A whole dashboard from one reading of the facts, under the rights of the person who looks."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from openprm.dashboards import policies
from openprm.dashboards.boards import BOARDS
from openprm.dashboards.boards import Board as Places
from openprm.dashboards.queries import charts
from openprm.dashboards.queries.choices import labelled
from openprm.dashboards.queries.results import Band, Board, Chart, Tile
from openprm.dashboards.rules.asking import Ask, Code
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.kpis import queries as kpis
from openprm.kpis.queries import Asked, Definition, Segment, Sheet


def board(actor: Actor, code: Code, ask: Ask, at: datetime) -> Board:
    """Raises NotFound for a dashboard that this person may not see, and Invalid."""
    if not policies.may_see(actor, code):
        raise NotFound()
    places, asked = BOARDS[code], asked_of(actor, code, ask, at)
    known = {one.name: one for one in kpis.definitions(actor)}
    sheet = kpis.sheet(
        actor, places.names, asked, by_month=places.by_month, by_partner=places.by_partner, by_stage="open_pipeline",
        beside=_beside(actor, ask, asked), compared=places.beside if ask.beside else (),
    )  # fmt: skip
    return _board(actor, code, ask, places, sheet, known, asked)


def asked_of(actor: Actor, code: Code, ask: Ask, at: datetime) -> Asked:
    """What the numbers are asked for: the same that the page of each number is opened with."""
    manager = str(actor.user_id) if code == "manager" and ask.whose != "all" else ""
    segment = Segment(**ask.parts, manager=manager)
    return Asked(as_of=ask.as_of or at.date(), period=ask.period, compare=ask.compare, segment=segment)  # type: ignore[arg-type]


def _beside(actor: Actor, ask: Ask, asked: Asked) -> list[tuple[str, Segment]]:
    if not ask.beside:
        return []
    return [(label, replace(asked.segment, **{ask.beside: value})) for value, label in labelled(actor, ask.beside)]


def _board(actor: Actor, code: Code, ask: Ask, places: Places, sheet: Sheet, known: dict[str, Definition], asked: Asked) -> Board:
    tiles = _tiles(actor, places, sheet, known, asked)
    whole = tiles[places.whole]
    kinds = tuple(tiles[name] for name in places.kinds)
    return Board(
        code=code, ask=ask, as_of=asked.as_of, since=whole.figure.since, segment=asked.segment.key, configuration=whole.figure.configuration,
        currency=whole.figure.currency, read_at=whole.figure.read_at, kinds=kinds, whole=whole, adds_up=_adds_up(kinds, whole),
        bands=tuple(Band(title=str(title), tiles=tuple(tiles[name] for name in names)) for title, names in places.bands),
        charts=tuple(_charts(code, places, sheet, whole.figure.currency)), beside=sheet.beside, by_partner=sheet.partners,
    )  # fmt: skip


def _adds_up(kinds: Sequence[Tile], whole: Tile) -> bool | None:
    values = [tile.figure.value for tile in (*kinds, whole)]
    if any(value is None for value in values):
        return None
    return sum((value for value in values[:-1]), Decimal(0)) == values[-1]  # type: ignore[misc]


def _tiles(actor: Actor, places: Places, sheet: Sheet, known: dict[str, Definition], asked: Asked) -> dict[str, Tile]:
    aims = kpis.targets_for(actor, asked)
    trends = kpis.trends(actor, places.names, asked)
    return {name: Tile(figure=sheet.figures[name], definition=known[name], target=aims.get(name), trend=trends.get(name, ())) for name in places.names}


def _charts(code: Code, places: Places, sheet: Sheet, currency: str) -> list[Chart]:
    drawn = [charts.revenue(sheet, places.kinds, places.whole, currency), charts.stages(sheet, currency)]
    if code == "executive":
        names = identity.organization_names({UUID(key) for key in sheet.partners})
        drawn += [
            charts.largest(sheet, {str(key): name for key, name in names.items()}, currency), charts.costs(sheet, currency), charts.retention(sheet),
            charts.first_revenue(sheet.figures["time_to_first_revenue"]),
        ]  # fmt: skip
    return [*drawn, charts.in_time(sheet)] if code != "manager" else drawn
