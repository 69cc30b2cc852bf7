"""Putting a credential into a picture and getting it out again, as Open Badges 3.0 prescribes. Pure.

SVG: `<openbadges:credential verify="TOKEN">` right after `<svg>`. PNG: an iTXt chunk named openbadgecredential.
"""

import io
import json
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from PIL import Image, UnidentifiedImageError
from PIL.PngImagePlugin import PngInfo

NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
CHUNK = "openbadgecredential"
LARGEST_FILE = 2 * 1024 * 1024
LARGEST_PIXELS = 16_000_000


class NotABadge(ValueError):
    """No credential is in the file. The message is a code: too_large, empty, no_credential, broken_picture."""


def bake_svg(svg: str, token: str) -> str:
    """The picture with the token in it. `svg` begins with the `<svg ...>` that our artwork draws."""
    head, _close, rest = svg.partition(">")
    return f'{head} xmlns:openbadges="{NAMESPACE}">\n<openbadges:credential verify="{token}"></openbadges:credential>{rest}'


def bake_png(picture: Image.Image, token: str) -> bytes:
    info, out = PngInfo(), io.BytesIO()
    info.add_itxt(CHUNK, token)
    picture.save(out, "PNG", optimize=True, pnginfo=info)
    return out.getvalue()


def token_in(content: bytes) -> str:
    """The compact token in a file of any form: a token, JSON that holds one, an SVG or a PNG. Raises NotABadge."""
    if len(content) > LARGEST_FILE:
        raise NotABadge("too_large")
    if content.startswith(b"\x89PNG"):
        return _in_png(content)
    text = _decoded(content).strip()
    if not text:
        raise NotABadge("empty")
    if text.startswith("<"):
        return _in_svg(content)
    if text.startswith(("{", '"', "[")):
        return _in_json(text)
    if text.count(".") == 2 and not any(letter.isspace() for letter in text):
        return text
    raise NotABadge("no_credential")


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotABadge("no_credential") from None


def _in_svg(content: bytes) -> str:
    try:
        root = fromstring(content)
    except (ParseError, DefusedXmlException, ValueError, RecursionError):
        raise NotABadge("broken_picture") from None
    found = next(root.iter(f"{{{NAMESPACE}}}credential"), None)
    token = found.get("verify", "").strip() if found is not None else ""
    if not token:
        raise NotABadge("no_credential")
    return token


def _in_png(content: bytes) -> str:
    try:
        with Image.open(io.BytesIO(content), formats=("PNG",)) as picture:
            if picture.width * picture.height > LARGEST_PIXELS:
                raise NotABadge("too_large")
            picture.load()
            token = str(picture.text.get(CHUNK, "")).strip()
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError, AttributeError):
        raise NotABadge("broken_picture") from None
    if not token:
        raise NotABadge("no_credential")
    return token


def _in_json(text: str) -> str:
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        raise NotABadge("no_credential") from None
    if isinstance(found, dict):
        found = found.get("token") or found.get("credential") or found.get("jwt")
    if not isinstance(found, str) or found.count(".") != 2:
        raise NotABadge("no_credential")
    return found.strip()
