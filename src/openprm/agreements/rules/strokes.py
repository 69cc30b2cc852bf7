"""A drawn signature as strokes in a box of 600 by 200 points: read strictly, bounded, drawn as a path. Pure."""

import json
from collections.abc import Sequence

WIDTH, HEIGHT = 600, 200
LONGEST_INPUT = 60_000
MOST_STROKES = 80
MOST_POINTS = 4000
LEAST_WIDTH = 24

Stroke = tuple[tuple[int, int], ...]


class BadStrokes(ValueError):
    """Not a drawing that this box can hold; the message says what is wrong in a word: form, size or empty."""


def read(text: str) -> tuple[Stroke, ...]:
    """The strokes in what a browser sent, `[[[x,y],...],...]`. Nothing drawn is an empty tuple. Raises BadStrokes."""
    if not text.strip():
        return ()
    if len(text) > LONGEST_INPUT:
        raise BadStrokes("size")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise BadStrokes("form") from None
    return checked(found)


def checked(found: object) -> tuple[Stroke, ...]:
    """Strokes with whole numbers inside the box, not too many, and wide enough to be a signature. Raises BadStrokes."""
    if not isinstance(found, list | tuple) or not all(isinstance(stroke, list | tuple) for stroke in found):
        raise BadStrokes("form")
    if len(found) > MOST_STROKES or sum(len(stroke) for stroke in found) > MOST_POINTS:
        raise BadStrokes("size")
    strokes = tuple(tuple(_point(point) for point in stroke) for stroke in found if stroke)
    if strokes and _extent(strokes) < LEAST_WIDTH:
        raise BadStrokes("empty")
    return strokes


def _point(point: object) -> tuple[int, int]:
    if not isinstance(point, list | tuple) or len(point) != 2 or not all(isinstance(value, int) and not isinstance(value, bool) for value in point):
        raise BadStrokes("form")
    x, y = point
    if not (0 <= x <= WIDTH and 0 <= y <= HEIGHT):
        raise BadStrokes("size")
    return x, y


def _extent(strokes: Sequence[Stroke]) -> int:
    points = [point for stroke in strokes for point in stroke]
    across, down = [x for x, _y in points], [y for _x, y in points]
    return max(max(across) - min(across), max(down) - min(down))


def path(strokes: Sequence[Sequence[Sequence[int]]]) -> str:
    """The strokes as an SVG path: only letters and numbers that this function writes."""
    return " ".join("M" + " L".join(f"{int(x)} {int(y)}" for x, y in (stroke if len(stroke) > 1 else [*stroke, *stroke])) for stroke in strokes if stroke)
