"""Markdown to safe HTML, and to the blocks that a PDF is made of. Raw HTML in a text is shown as text."""

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

FIRST_HEADING = 3
TAGS = {
    "p", "br", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "s", "a", "blockquote", "hr", "code", "pre",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}


@lru_cache(maxsize=1)
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable(["html_inline", "html_block"])


def tokens(text: str) -> list[Token]:
    """What a text consists of. Its headings begin at the third level, under those of the page, and leave none out."""
    found = _reader().parse(text)
    headings = [token for token in found if token.type in ("heading_open", "heading_close")]
    levels = {tag: min(6, place) for place, tag in enumerate(sorted({token.tag for token in headings}), start=FIRST_HEADING)}
    for token in headings:
        token.tag = f"h{levels[token.tag]}"
    return found


def html(text: str) -> str:
    """The text as HTML that holds nothing but words and their shape: no script, no style, no foreign picture."""
    reader = _reader()
    drawn = reader.renderer.render(tokens(text), reader.options, {})
    return nh3.clean(drawn, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener noreferrer nofollow")
