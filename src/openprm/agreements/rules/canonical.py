"""What is hashed: a text has one spelling, and a signature has one. Pure.

A version is hashed as the UTF-8 bytes of `# Title`, an empty line, the text and one line end, after Unicode NFC, with
line ends as LF and no blanks at the ends of lines. That is the file which people download, so `sha256sum` checks it.
A signature is hashed as JSON with sorted names, no blanks and no escapes.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

LONGEST_TEXT = 200_000
_BLANK_LINES = re.compile(r"\n{3,}")


def clean(text: str) -> str:
    """The text in its one spelling: NFC, LF, no control characters, no blanks at line ends, at most one empty line in a row."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ").split("\n")
    kept = ("".join(sign for sign in line if unicodedata.category(sign) not in ("Cc", "Cs", "Cn", "Co")).rstrip() for line in lines)
    return _BLANK_LINES.sub("\n\n", "\n".join(kept)).strip("\n")


def clean_line(text: str) -> str:
    """One line without control characters and doubled blanks."""
    kept = "".join(" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in unicodedata.normalize("NFC", text))
    return " ".join("".join(sign for sign in kept if unicodedata.category(sign) not in ("Cf", "Cs", "Cn", "Co")).split())


def document_bytes(title: str, text: str) -> bytes:
    """The file whose SHA-256 a version has."""
    return f"# {clean_line(title)}\n\n{clean(text)}\n".encode()


def hash_of(title: str, text: str) -> str:
    return sha256(document_bytes(title, text)).hexdigest()


def signature_bytes(facts: Mapping[str, Any]) -> bytes:
    """The canonical JSON of what a signature says: who, for whom, what, when, from where."""
    return json.dumps(dict(facts), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def fingerprint_of(facts: Mapping[str, Any]) -> str:
    return sha256(signature_bytes(facts)).hexdigest()
