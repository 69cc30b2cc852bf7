"""What a person wrote anew in a mail: without the quoted mail below, without the signature, without markup."""

import html
import re
from html.parser import HTMLParser

import nh3
from mailparser_reply.constants import MAIL_LANGUAGES
from mailparser_reply.parser import EmailMessage

LANGUAGES = sorted(MAIL_LANGUAGES.keys() - {"david"})
LONGEST_READ = 6000  # the patterns of the library are slow on long texts that were made to be slow
_BLOCKS = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre", "hr", "blockquote"}
_QUOTES = re.compile(r"\b(gmail_quote|moz-cite-prefix|yahoo_quoted|protonmail_quote|divRplyFwdMsg|appendonsend)\b", re.IGNORECASE)
_QUOTED = re.compile(r"^\s*>")
_ATTRIBUTION = re.compile(r"[@\d].*:\s*$")
_RULE = re.compile(r"^[_\-=*]{8,}$")


def new_words(text: str) -> str:
    """The latest words of a plain mail. Inline answers between quoted lines stay with what they answer."""
    plain = _tidy(text)[:LONGEST_READ]
    replies = EmailMessage(text=plain, languages=list(LANGUAGES), keep_hyphen_lists=True).read().replies
    found = (replies[0].body or "") if replies else plain
    return _without_tail(found.strip().split("\n"))


def _tidy(text: str) -> str:
    """One kind of line end, no invisible signs, at most one empty line in a row."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").replace("\u200b", "")
    text = "".join(sign for sign in text if sign.isprintable() or sign in "\n\t")
    lines = [re.sub(r"[ \t]{3,}", "  ", line.rstrip()) for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _without_tail(lines: list[str]) -> str:
    """Without the quoted lines at the end and the line that announced them, in whatever language it was."""
    if any(line.strip() and not _QUOTED.match(line) for line in lines):
        had_quote = _drop_while(lines, lambda line: bool(_QUOTED.match(line)))
        if had_quote:
            _drop_announcement(lines)
        _drop_while(lines, lambda line: bool(_RULE.match(line)))
    return "\n".join(lines).strip()


def _drop_while(lines: list[str], matches) -> bool:
    found = False
    while lines and (not lines[-1].strip() or matches(lines[-1])):
        found = bool(lines.pop().strip()) or found
    return found


def _drop_announcement(lines: list[str]) -> None:
    """ "ma 23. marrask. 2026 klo 12.00 Halden <a@b.example> kirjoitti:", also over two lines."""
    if lines and _ATTRIBUTION.search(lines[-1]):
        lines.pop()
    elif len(lines) > 1 and lines[-1].strip().endswith(":") and _ATTRIBUTION.search(f"{lines[-2]} {lines[-1]}") and "@" in lines[-2]:
        del lines[-2:]
    while lines and not lines[-1].strip():
        lines.pop()


def text_of_html(markup: str) -> str:
    """The words of an HTML mail in lines; scripts, styles and what the mail program quoted are left out."""
    clean = nh3.clean(markup, tags={*_BLOCKS, "a", "b", "i", "span"}, attributes={"div": {"class", "id"}, "blockquote": {"class", "type"}}, link_rel=None)
    reader = _Lines()
    reader.feed(clean)
    reader.close()
    return html.unescape("".join(reader.parts))


class _Lines(HTMLParser):
    """Collects text; a block begins a line. Stops at the first quotation of a mail program."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.is_quoting = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "blockquote" or any(_QUOTES.search(value or "") for _, value in attrs):
            self.is_quoting = True
        if tag in _BLOCKS:
            self._break(2 if tag == "p" else 1)
        if tag == "li":
            self._say("- ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS and tag != "br":
            self._break(1)

    def handle_data(self, data: str) -> None:
        self._say(re.sub(r"\s+", " ", data))

    def _break(self, lines: int) -> None:
        said = "".join(self.parts[-3:])
        self.parts.append("\n" * max(0, lines - (len(said) - len(said.rstrip("\n")))))

    def _say(self, text: str) -> None:
        if not self.is_quoting:
            self.parts.append(text)
