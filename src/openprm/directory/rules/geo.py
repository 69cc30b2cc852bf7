"""Distances on the globe: pure arithmetic that the SQL of the locator repeats, and a test holds the two together."""

import math
import re
from dataclasses import dataclass

EARTH_KM = 6371.0088
NEAREST, FARTHEST = 1, 5000
_PAIR = re.compile(r"^\s*(-?\d{1,2}(?:\.\d{1,8})?)\s*[,;]\s*(-?\d{1,3}(?:\.\d{1,8})?)\s*$")


@dataclass(frozen=True, slots=True)
class Point:
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Box:
    """A box that holds every point within a distance. `longitudes` are two ranges where the date line crosses it."""

    south: float
    north: float
    longitudes: tuple[tuple[float, float], ...]


def point_of(text: str) -> Point | None:
    """The point that "60.17, 24.94" spells, or None."""
    found = _PAIR.match(text)
    if not found:
        return None
    point = Point(float(found[1]), float(found[2]))
    return point if is_on_earth(point.latitude, point.longitude) else None


def is_on_earth(latitude: float, longitude: float) -> bool:
    return -90 <= latitude <= 90 and -180 <= longitude <= 180


def distance_km(one: Point, other: Point) -> float:
    """The way along the globe's surface, by the haversine formula."""
    rise = math.radians(other.latitude - one.latitude) / 2
    turn = math.radians(other.longitude - one.longitude) / 2
    chord = math.sin(rise) ** 2 + math.cos(math.radians(one.latitude)) * math.cos(math.radians(other.latitude)) * math.sin(turn) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(chord)))


def box_around(center: Point, km: float) -> Box:
    """The smallest box of whole parallels and meridians around a circle; over a pole it takes all longitudes."""
    span = math.degrees(km / EARTH_KM)
    south, north = max(-90.0, center.latitude - span), min(90.0, center.latitude + span)
    if south == -90.0 or north == 90.0:
        return Box(south, north, ((-180.0, 180.0),))
    width = math.degrees(math.asin(min(1.0, math.sin(km / EARTH_KM) / math.cos(math.radians(center.latitude)))))
    west, east = center.longitude - width, center.longitude + width
    if west < -180:
        return Box(south, north, ((west + 360, 180.0), (-180.0, east)))
    if east > 180:
        return Box(south, north, ((west, 180.0), (-180.0, east - 360)))
    return Box(south, north, ((west, east),))
