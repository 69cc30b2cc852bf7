"""Small drawn things: icons, avatars, fall-back logos, sparklines, promise beats. Pure Python, no request."""

# ruff: noqa: S308, E501  what comes from outside is escaped before it is joined; path data is one line a mark

import functools
import hashlib
import json
import logging
import pathlib

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

logger = logging.getLogger(__name__)
ICONS = pathlib.Path(__file__).resolve().parent / "static" / "dist" / "icons.json"
_BLANK = '<rect x="5" y="5" width="14" height="14" rx="3"/>'


@functools.cache
def icons() -> dict[str, str]:
    """Every icon of the build. Raises FileNotFoundError with the command that builds it."""
    try:
        return json.loads(ICONS.read_text())
    except FileNotFoundError:
        raise FileNotFoundError(f"{ICONS} is missing. Build the front end: cd frontend && npm ci && npm run build") from None


@functools.lru_cache(maxsize=2048)
def icon(name: str, cls: str = "", label: str = "") -> SafeString:
    """A Lucide icon: decorative, or with `label` when it carries meaning alone.

    A name outside the build draws a blank square and is logged; the smoke test of this folder fails on it.
    """
    shape = icons().get(name)
    if shape is None:
        logger.warning("icon %r is not in the build; run `npm run assets` in frontend/", name)
    a11y = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return mark_safe(
        f'<svg class="icon {escape(cls)}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round" {a11y}>{shape or _BLANK}</svg>'
    )


def _seed(text: str) -> int:
    return int(hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()[:8], 16)


@functools.lru_cache(maxsize=4096)
def avatar(name: str, cls: str = "", *, decorative: bool = False) -> SafeString:
    """The initials of a person on a stable colour. `decorative` where the name stands beside it."""
    initials = "".join(word[0] for word in name.split()[:2]).upper()
    a11y = 'aria-hidden="true"' if decorative else f'role="img" aria-label="{escape(name)}"'
    return mark_safe(f'<span class="avatar {escape(cls)}" style="--h:{_seed(name) % 360}" {a11y}>{escape(initials)}</span>')


_MARKS = [
    '<circle cx="12" cy="12" r="5.5" fill="none" stroke="#fff" stroke-width="2.6"/><circle cx="12" cy="12" r="1.7" fill="#fff"/>',
    '<path d="M6 17V7l6 6 6-6v10" fill="none" stroke="#fff" stroke-width="2.5" stroke-linejoin="round" stroke-linecap="round"/>',
    '<path d="M6.5 6.5h5a5.5 5.5 0 0 1 0 11h-5z" fill="#fff"/><circle cx="17" cy="7.5" r="1.8" fill="#fff" opacity=".75"/>',
    '<path d="M12 5.5 18.5 12 12 18.5 5.5 12z" fill="none" stroke="#fff" stroke-width="2.4" stroke-linejoin="round"/><path d="M12 9.6 14.4 12 12 14.4 9.6 12z" fill="#fff"/>',
    '<path d="M5.5 15.5c3-8 10-8 13 0" fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round"/><path d="M9 16c1.6-3.6 4.4-3.6 6 0" fill="none" stroke="#fff" stroke-width="2.2" stroke-linecap="round" opacity=".8"/>',
    '<rect x="6" y="6" width="5" height="5" rx="1.2" fill="#fff"/><rect x="13" y="6" width="5" height="5" rx="2.5" fill="#fff" opacity=".75"/><rect x="6" y="13" width="5" height="5" rx="2.5" fill="#fff" opacity=".75"/><rect x="13" y="13" width="5" height="5" rx="1.2" fill="#fff"/>',
    '<path d="M6 8.5h12M6 12h8.5M6 15.5h5" stroke="#fff" stroke-width="2.5" stroke-linecap="round"/>',
    '<path d="M6 18V9a3 3 0 0 1 6 0v6a3 3 0 0 0 6 0V6" fill="none" stroke="#fff" stroke-width="2.5" stroke-linecap="round"/>',
    '<circle cx="9.3" cy="12" r="4" fill="none" stroke="#fff" stroke-width="2.3"/><circle cx="14.7" cy="12" r="4" fill="none" stroke="#fff" stroke-width="2.3"/>',
    '<path d="M12 5.5 18 17H6z" fill="none" stroke="#fff" stroke-width="2.4" stroke-linejoin="round"/>',
    '<path d="M6.5 17.5V12M12 17.5v-11M17.5 17.5V9.5" stroke="#fff" stroke-width="2.7" stroke-linecap="round"/>',
    '<path d="M17 8a6 6 0 1 0 0 8" fill="none" stroke="#fff" stroke-width="2.7" stroke-linecap="round"/>',
    '<path d="M12 5.5v13M6.4 8.7l11.2 6.6M17.6 8.7 6.4 15.3" stroke="#fff" stroke-width="2.4" stroke-linecap="round"/>',
]


@functools.lru_cache(maxsize=8192)
def logo(name: str, cls: str = "", hue: str | int = "") -> SafeString:
    """The mark of a company that has not uploaded a logo: stable per name, always on palette."""
    seed = _seed(name)
    tone = int(hue) if str(hue).isdigit() else (seed >> 4) % 360
    return mark_safe(
        f'<svg class="logo {escape(cls)}" viewBox="0 0 24 24" aria-hidden="true"><rect width="24" height="24" fill="oklch(0.52 0.115 {tone})"/>{_MARKS[seed % len(_MARKS)]}</svg>'
    )


def spark(values, w: int = 84, h: int = 26, area: bool = True) -> SafeString:
    """A sparkline of "3 4 4 6" or of numbers. Decoration: the number beside it is the accessible value."""
    points = _points([float(x) for x in (values.split() if isinstance(values, str) else values)], w, h)
    if not points:
        return SafeString("")
    line = " ".join(f"{x},{y}" for x, y in points)
    fill = f'<polygon class="a" points="0,{h} {line} {w},{h}"/>' if area else ""
    return mark_safe(
        f'<svg class="spark" width="{w}" height="{h}" viewBox="0 0 {w} {h}" aria-hidden="true">{fill}<polyline class="l" points="{line}"/>'
        f'<circle class="p" cx="{points[-1][0]}" cy="{points[-1][1]}" r="3"/></svg>'
    )


def _points(values: list[float], w: int, h: int) -> list[tuple[float, float]]:
    if len(values) < 2:
        return []
    low, spread = min(values), (max(values) - min(values)) or 1
    return [(round(i * w / (len(values) - 1), 1), round(h - 2 - (x - low) / spread * (h - 4), 1)) for i, x in enumerate(values)]


def beats(pattern: str, label: str) -> SafeString:
    """One bar per week of a promise: k kept, w late, b broken, n nothing due."""
    spans = "".join(f'<span class="{"" if beat == "k" else beat}"></span>' for beat in pattern if beat in "kwbn")
    return mark_safe(f'<div class="beats" role="img" aria-label="{escape(label)}">{spans}</div>')
