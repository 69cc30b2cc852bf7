"""White-label maths: one hex from the vendor gives the tokens of both themes, always readable (WCAG AA). Pure.

Works in OKLab: a colour keeps its hue while its lightness moves until the contrast is reached.
"""

from functools import lru_cache

INK, WHITE = "#10131a", "#ffffff"
SOFT_LIGHT, SOFT_DARK = "#eceef5", "#2c313b"  # the tints that brand-coloured text also sits on
SURFACE_DARK = "#1e2127"
TEXT, TEXT_WITH_MARGIN, GRAPHICS = 4.5, 4.6, 3.05


@lru_cache(maxsize=256)
def brand_tokens(color: str) -> dict[str, str]:
    """The brand tokens of the design system for a "#rrggbb" colour."""
    lightness = _oklab(color)[0]
    on = WHITE if contrast(WHITE, color) >= contrast(INK, color) else INK
    fill = color if contrast(on, color) >= TEXT else _seek(color, on, lightness, -0.01 if on == WHITE else 0.01, TEXT)
    dark, on_dark = _dark_fill(fill)
    return {
        "--brand": fill,
        "--on-brand": on,
        "--brand-dark": dark,
        "--on-brand-dark": on_dark,
        "--brand-ink-light": _seek(color, SOFT_LIGHT, min(lightness, 0.52), -0.01, TEXT_WITH_MARGIN),
        "--brand-ink-dark": _seek(color, SOFT_DARK, max(lightness, 0.72), 0.01, TEXT_WITH_MARGIN),
        "--brand-mark-light": _seek(color, WHITE, min(lightness, 0.80), -0.01, GRAPHICS),
        "--brand-mark-dark": _seek(color, SURFACE_DARK, max(lightness, 0.50), 0.01, GRAPHICS),
    }


def brand_css(color: str, radius: int) -> str:
    """The style sheet that is linked after app.css."""
    tokens = brand_tokens(color) | {"--radius": f"{radius}px"}
    return ":root {\n" + "".join(f"  {name}: {value};\n" for name, value in tokens.items()) + "}\n"


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _dark_fill(fill: str) -> tuple[str, str]:
    """The fill for the dark theme, and the text on it."""
    lightness = _oklab(fill)[0]
    dark = fill if 0.5 <= lightness <= 0.85 else _at_lightness(fill, min(max(lightness, 0.52), 0.85))
    on = WHITE if contrast(WHITE, dark) >= TEXT else INK
    return (dark, on) if contrast(on, dark) >= TEXT else (_seek(dark, on, _oklab(dark)[0], 0.01, TEXT), on)


def _seek(color: str, against: str, lightness: float, step: float, need: float) -> str:
    """Walk the lightness until the contrast is enough; black or white when the walk ends first."""
    while 0 < lightness < 1:
        candidate = _at_lightness(color, lightness)
        if contrast(candidate, against) >= need:
            return candidate
        lightness += step
    return "#000000" if step < 0 else WHITE


def _at_lightness(color: str, lightness: float) -> str:
    """Same hue, new lightness; the chroma shrinks until the colour fits sRGB."""
    _lightness, a, b = _oklab(color)
    share = 1.0
    while True:
        linear = _from_oklab(lightness, a * share, b * share)
        if all(-1e-4 <= channel <= 1.0001 for channel in linear) or share < 0.02:
            return _hex([_gamma(max(0.0, min(1.0, channel))) for channel in linear])
        share -= 0.02


def _luminance(color: str) -> float:
    return sum(share * _linear(channel) for share, channel in zip((0.2126, 0.7152, 0.0722), _rgb(color), strict=True))


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _gamma(channel: float) -> float:
    return 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055


def _rgb(color: str) -> list[float]:
    digits = color.lstrip("#")
    return [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]


def _hex(channels: list[float]) -> str:
    return "#" + "".join(f"{round(max(0.0, min(1.0, channel)) * 255):02x}" for channel in channels)


def _oklab(color: str) -> tuple[float, float, float]:
    r, g, b = map(_linear, _rgb(color))
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    middle = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def _from_oklab(lightness: float, a: float, b: float) -> list[float]:
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return [
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    ]
