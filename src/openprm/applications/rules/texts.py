"""Text from strangers: one line, no control characters, and no markup that somebody might run."""

import re
import unicodedata

MARKUP = re.compile(r"<\s*[/!?]?\s*[a-z]|&#x?[0-9a-f]+;|\bjavascript\s*:|\bon[a-z]{3,20}\s*=\s*[\"']", re.IGNORECASE)


def one_line(text: str) -> str:
    """The text without control characters and runs of spaces."""
    return " ".join("".join(" " if unicodedata.category(letter)[0] == "C" else letter for letter in text).split())


def plain_text(text: str) -> str:
    """Several lines without other control characters, trimmed, with at most one empty line in a row."""
    kept = "".join(letter for letter in text.replace("\r\n", "\n").replace("\r", "\n") if letter == "\n" or unicodedata.category(letter)[0] != "C")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in kept.split("\n"))).strip()


def has_markup(text: str) -> bool:
    """Whether the text holds what looks like HTML or script."""
    return bool(MARKUP.search(text))
