"""The picture of a badge: drawn from the brand colour, the tier's rank and names, nothing else. Pure."""

import math
from dataclasses import dataclass
from xml.sax.saxutils import escape

METALS = {
    "platinum": ("#eef2f7", "#9aa8bb", "#3f4d60"),
    "diamond": ("#e6f6ff", "#8cc3e8", "#1f5a80"),
    "gold": ("#fff3cf", "#d9a521", "#6f4e00"),
    "silver": ("#f6f7f9", "#a9b1bd", "#46505e"),
    "bronze": ("#fbe7d7", "#c07a44", "#6a3a14"),
}
_HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 460" width="400" height="460" role="img" aria-label=%s>'
FONT = "Inter, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one picture shows. `rank` of `rungs` stars are filled; `partner` may be empty for the badge as such."""

    title: str
    subtitle: str
    issuer: str
    partner: str = ""
    year: str = ""
    color: str = "#2f54eb"
    rank: int = 1
    rungs: int = 1
    is_void: bool = False
    void_word: str = ""


def draw(look: Look) -> str:
    """An SVG of 400 by 460, readable on light and dark."""
    pale, metal, ink = ("#eceef1", "#9aa1ac", "#5b6470") if look.is_void else _metal(look)
    deep, color = ("#5b6470", "#7b8490") if look.is_void else (_shade(look.color, 0.62), look.color)
    label = " · ".join(filter(None, (look.title, look.subtitle, look.partner, look.void_word)))
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 460" width="400" height="460" role="img" aria-label={_attribute(label)}>',
            f"<title>{escape(label)}</title>",
            "<defs>",
            _gradient("f", "0.6", "1", color, deep),
            _gradient("m", "1", "1", pale, metal, pale),
            "</defs>",
            _hexagon(200, 200, 192, "url(#m)"),
            _hexagon(200, 200, 178, "#ffffff"),
            _hexagon(200, 200, 171, "url(#f)"),
            f'<path d="{_ring(200, 200, 158)}" fill="none" stroke="#ffffff" stroke-opacity="0.28" stroke-width="1.5"/>',
            _stars(look, pale),
            _text(200, 118, look.issuer, size=_size(look.issuer, 17, 24), weight=500, fill="#ffffff", opacity=0.92),
            *_title(look.title),
            _text(200, 258, look.subtitle, size=_size(look.subtitle, 18, 28), weight=500, fill="#ffffff", opacity=0.92),
            _text(200, 332, look.year, size=15, weight=500, fill="#ffffff", opacity=0.85),
            _ribbon(look, pale, metal, ink),
            "</svg>",
        )
    )


def _gradient(name: str, x: str, y: str, *colors: str) -> str:
    stops = "".join(f'<stop offset="{place / (len(colors) - 1):g}" stop-color="{color}"/>' for place, color in enumerate(colors))
    return f'<linearGradient id="{name}" x1="0" y1="0" x2="{x}" y2="{y}">{stops}</linearGradient>'


def _metal(look: Look) -> tuple[str, str, str]:
    named = next((look_of for name, look_of in METALS.items() if name in look.title.casefold()), None)
    return named or (_tint(look.color, 0.82), _tint(look.color, 0.35), _shade(look.color, 0.55))


def _hexagon(x: float, y: float, radius: float, fill: str) -> str:
    return f'<path d="{_ring(x, y, radius)}" fill="{fill}"/>'


def _ring(x: float, y: float, radius: float) -> str:
    """A hexagon on its point, the corners rounded."""
    corners = [(x + radius * math.sin(math.radians(60 * turn)), y - radius * math.cos(math.radians(60 * turn))) for turn in range(6)]
    cut, parts = 0.16, []
    for place, (cx, cy) in enumerate(corners):
        (px, py), (nx, ny) = corners[place - 1], corners[(place + 1) % 6]
        start, end = (cx + (px - cx) * cut, cy + (py - cy) * cut), (cx + (nx - cx) * cut, cy + (ny - cy) * cut)
        parts.append(f"{'L' if parts else 'M'}{start[0]:.1f} {start[1]:.1f}Q{cx:.1f} {cy:.1f} {end[0]:.1f} {end[1]:.1f}")
    return "".join(parts) + "Z"


def _stars(look: Look, pale: str) -> str:
    count = min(max(look.rungs, 1), 6)
    filled = min(max(look.rank, 1), count)
    left = 200 - (count - 1) * 15
    marks = []
    for place in range(count):
        fill = f'fill="{pale}"' if place < filled else 'fill="none" stroke="#ffffff" stroke-opacity="0.45" stroke-width="1.5"'
        marks.append(f'<path d="{_star(left + place * 30, 300, 10)}" {fill}/>')
    return "".join(marks)


def _star(x: float, y: float, radius: float) -> str:
    points = []
    for turn in range(10):
        reach = radius if turn % 2 == 0 else radius * 0.45
        angle = math.radians(36 * turn)
        points.append(f"{x + reach * math.sin(angle):.1f} {y - reach * math.cos(angle):.1f}")
    return "M" + "L".join(points) + "Z"


def _title(title: str) -> tuple[str, ...]:
    lines = _wrapped(title, 16)
    size = min(_size(line, 42, 11) for line in lines)
    first = 205 - (len(lines) - 1) * size * 0.68
    return tuple(_text(200, first + place * size * 1.08, line, size=size, weight=700, fill="#ffffff") for place, line in enumerate(lines))


def _ribbon(look: Look, pale: str, metal: str, ink: str) -> str:
    name = look.void_word if look.is_void else look.partner
    if not name:
        return ""
    return (
        '<path d="M34 388h332l-16 27 16 27H34l16-27z" fill="#ffffff"/>'
        f'<path d="M34 388h332l-16 27 16 27H34l16-27z" fill="{pale}" stroke="{metal}" stroke-width="2" stroke-linejoin="round"/>'
        + _text(200, 422, name, size=_size(name, 22, 26), weight=600, fill=ink)
    )


def _text(x: float, y: float, text: str, *, size: float, weight: int, fill: str, opacity: float = 1) -> str:
    faded = f' fill-opacity="{opacity}"' if opacity < 1 else ""
    return (
        f'<text x="{x:g}" y="{y:.1f}" text-anchor="middle" font-family="{FONT}" font-size="{size:g}" font-weight="{weight}" fill="{fill}"{faded}>'
        f"{escape(_clipped(text, 44))}</text>"
        if text
        else ""
    )


def _size(text: str, size: float, letters: int) -> float:
    """The size at which `letters` letters fill the width, smaller for longer texts."""
    return round(size * min(1.0, letters / max(1, len(_clipped(text, 44)))), 1)


def _wrapped(text: str, width: int) -> list[str]:
    words, lines = _clipped(text, 44).split(), [""]
    for word in words:
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width and len(lines) < 2:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _clipped(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _attribute(text: str) -> str:
    return '"' + escape(text, {'"': "&quot;"}) + '"'


def _shade(color: str, share: float) -> str:
    return _hex(channel * share for channel in _rgb(color))


def _tint(color: str, share: float) -> str:
    return _hex(channel + (255 - channel) * share for channel in _rgb(color))


def _rgb(color: str) -> list[int]:
    digits = color.lstrip("#")
    return [int(digits[place : place + 2], 16) for place in (0, 2, 4)]


def _hex(channels) -> str:
    return "#" + "".join(f"{min(255, max(0, round(channel))):02x}" for channel in channels)
