"""A map made of dots: the towns of the gazetteer draw the land, the partners' offices stand out on it. No tiles, no network."""

import csv
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

PLACES = Path(__file__).parent / "data" / "places.csv"
WIDTH, HEIGHT = 960, 480
NORTHMOST, SOUTHMOST = 78.0, -56.0
LAND_DOTS = 2600


@dataclass(frozen=True, slots=True)
class Mark:
    x: float
    y: float
    radius: float
    glow: float
    count: int


@dataclass(frozen=True, slots=True)
class DotMap:
    """`land` is the path of all land dots; `size` is how thick they are drawn."""

    land: str
    size: float
    marks: tuple[Mark, ...]
    offices: int


@dataclass(frozen=True, slots=True)
class _Frame:
    """A window of the world in Mercator's projection, as wide as it is drawn."""

    west: float
    top: float
    scale: float

    def at(self, latitude: float, longitude: float) -> tuple[float, float]:
        return (longitude - self.west) * self.scale, (self.top - _mercator(latitude)) * self.scale


def draw(points: Iterable[tuple[float, float]]) -> DotMap | None:
    """The map that holds all points; None without any."""
    inside = [(latitude, longitude) for latitude, longitude in points if SOUTHMOST <= latitude <= NORTHMOST]
    if not inside:
        return None
    frame = _frame_of(inside)
    land, size = _land(round(frame.west, 1), round(frame.top, 1), round(frame.scale, 3))
    return DotMap(land=land, size=size, marks=_marks(inside, _Frame(round(frame.west, 1), round(frame.top, 1), round(frame.scale, 3))), offices=len(inside))


def _frame_of(points: list[tuple[float, float]]) -> _Frame:
    xs, ys = [longitude for _latitude, longitude in points], [_mercator(latitude) for latitude, _longitude in points]
    wide, high = max(max(xs) - min(xs), 56.0) * 1.12, max(max(ys) - min(ys), 28.0) * 1.14
    scale = min(WIDTH / wide, HEIGHT / high, 40.0)
    scale = max(scale, WIDTH / 360)
    middle_x, middle_y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    west = min(max(middle_x - WIDTH / scale / 2, -180.0), 180.0 - WIDTH / scale)
    lowest, highest = _mercator(SOUTHMOST), _mercator(NORTHMOST)
    top = max(min(middle_y + HEIGHT / scale / 2, highest), min(lowest + HEIGHT / scale, highest))
    return _Frame(west, top, scale)


@lru_cache(maxsize=64)
def _land(west: float, top: float, scale: float) -> tuple[str, float]:
    """The towns in the window, moved onto a grid so that no two dots touch."""
    frame = _Frame(west, top, scale)
    spots = [(x, y) for x, y in (frame.at(*town) for town in _towns()) if 0 <= x <= WIDTH and 0 <= y <= HEIGHT]
    step = next(step for step in (6.0, 7.0, 8.0, 9.5, 11.0, 13.0, 400.0) if len(_cells(spots, step)) <= LAND_DOTS)
    return "".join(f"M{x:g} {y:g}h0" for x, y in sorted(_cells(spots, step))), round(step * 0.68, 2)


def _cells(spots: list[tuple[float, float]], step: float) -> set[tuple[float, float]]:
    return {(round(round(x / step) * step, 1), round(round(y / step) * step, 1)) for x, y in spots}


def _marks(points: list[tuple[float, float]], frame: _Frame) -> tuple[Mark, ...]:
    counts: dict[tuple[float, float], int] = {}
    for latitude, longitude in points:
        x, y = frame.at(latitude, longitude)
        cell = (round(x / 12) * 12.0, round(y / 12) * 12.0)
        counts[cell] = counts.get(cell, 0) + 1
    biggest = sorted(counts.items(), key=lambda pair: -pair[1])
    return tuple(_mark(x, y, count) for (x, y), count in biggest)


def _mark(x: float, y: float, count: int) -> Mark:
    radius = round(min(18.0, 5.5 + 2.2 * math.sqrt(count - 1)), 1)
    return Mark(x, y, radius, radius * 2.2, count)


@lru_cache(maxsize=1)
def _towns() -> tuple[tuple[float, float], ...]:
    with PLACES.open(encoding="utf-8", newline="") as file:
        return tuple((float(row["latitude"]), float(row["longitude"])) for row in csv.DictReader(file))


def _mercator(latitude: float) -> float:
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(max(min(latitude, 84.0), -84.0)) / 2)))
