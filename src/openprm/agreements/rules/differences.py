"""What changed between two texts, word by word, in an order that a person can read. Pure.

Paragraphs are matched first; a pair that resembles each other is compared word by word, all others are whole
insertions or deletions. Long stretches without a change are folded into a count.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "ins", "del"]
Shape = Literal["text", "heading", "item", "folded"]
ALIKE = 0.4
KEPT_AROUND = 1
_WORDS = re.compile(r"\s+|[^\W_]+(?:['’.-][^\W_]+)*|.", re.UNICODE)
_MARKS = re.compile(r"(\*\*|__|`)")
_STARTS_ANEW = re.compile(r"\s*([-*+]|\d+[.)])\s|#{1,6}\s|\|")
_NUMBER = re.compile(r"^\d+(\.\d+)*[.)]?\s+")
LOOK_AHEAD = 12
MOST_COMPARISONS = 4_000_000


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stayed, came or went."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph of the comparison. A folded one stands for `count` paragraphs that stayed."""

    shape: Shape
    pieces: tuple[Piece, ...] = ()
    count: int = 0

    @property
    def is_changed(self) -> bool:
        return any(piece.kind != "same" for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Comparison:
    passages: tuple[Passage, ...]
    words_added: int
    words_removed: int

    @property
    def is_same(self) -> bool:
        return not (self.words_added or self.words_removed)

    @property
    def changed(self) -> int:
        return sum(passage.is_changed for passage in self.passages)


def compare(before: str, after: str) -> Comparison:
    """Every passage of both texts in reading order, with what changed marked and the rest folded."""
    passages = list(_passages(_paragraphs(before), _paragraphs(after)))
    return Comparison(
        passages=tuple(_folded(passages)),
        words_added=_count(passages, "ins"),
        words_removed=_count(passages, "del"),
    )


def _paragraphs(text: str) -> list[str]:
    """Blocks of lines; every heading, every item of a list and every row of a table is one of its own."""
    found: list[str] = []
    for block in re.split(r"\n\s*\n", text.strip()):
        for place, line in enumerate(block.split("\n")):
            if place == 0 or _STARTS_ANEW.match(line):
                found.append(line.strip())
            else:
                found[-1] = f"{found[-1]} {line.strip()}"
    return [paragraph for paragraph in found if paragraph]


def _passages(before: list[str], after: list[str]) -> Iterator[Passage]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, b_from, b_to, a_from, a_to in matcher.get_opcodes():
        if tag == "equal":
            yield from (_passage(text, [Piece("same", _plain(text))]) for text in after[a_from:a_to])
        else:
            yield from _replaced(before[b_from:b_to], after[a_from:a_to])


def _replaced(before: list[str], after: list[str]) -> Iterator[Passage]:
    """Walk both sides; each new paragraph takes the first old one that it resembles, the ones passed over are gone."""
    left = list(before)
    for text in after:
        mate = next((at for at, old in enumerate(left[:LOOK_AHEAD]) if _alike(old, text)), None)
        if mate is None:
            yield _passage(text, [Piece("ins", _plain(text))])
            continue
        yield from (_passage(old, [Piece("del", _plain(old))]) for old in left[:mate])
        yield _passage(text, _word_by_word(_plain(left[mate]), _plain(text)))
        left = left[mate + 1 :]
    yield from (_passage(old, [Piece("del", _plain(old))]) for old in left)


def _alike(before: str, after: str) -> bool:
    old, new = _essence(before), _essence(after)
    if len(old) * len(new) > MOST_COMPARISONS:
        return False
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _essence(paragraph: str) -> list[str]:
    """The words that say what a paragraph is about: without its marks and its number, which move when a clause is put in."""
    return _NUMBER.sub("", _plain(paragraph)).split()


def _word_by_word(before: str, after: str) -> list[Piece]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) * len(new) > MOST_COMPARISONS:
        return [Piece("del", before), Piece("ins", after)]
    pieces: list[Piece] = []
    for tag, b_from, b_to, a_from, a_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            _add(pieces, "same", "".join(new[a_from:a_to]))
        else:
            _add(pieces, "del", "".join(old[b_from:b_to]))
            _add(pieces, "ins", "".join(new[a_from:a_to]))
    return _joined(pieces)


def _add(pieces: list[Piece], kind: Kind, text: str) -> None:
    if text:
        pieces.append(Piece(kind, text))


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """A lone blank between two changes belongs to them: "thirty days" became "sixty working days", not three scraps."""
    joined: list[Piece] = []
    held = {"del": "", "ins": ""}

    def flush() -> None:
        for kind in ("del", "ins"):
            _add(joined, kind, held[kind])  # type: ignore[arg-type]
            held[kind] = ""

    for at, piece in enumerate(pieces):
        between = 0 < at < len(pieces) - 1
        if piece.kind != "same":
            held[piece.kind] += piece.text
        elif between and piece.text.isspace() and any(held.values()):
            held["del"] += piece.text if held["del"] else ""
            held["ins"] += piece.text if held["ins"] else ""
        else:
            flush()
            joined.append(piece)
    flush()
    return joined


def _passage(source: str, pieces: Sequence[Piece]) -> Passage:
    shape: Shape = "heading" if source.startswith("#") else "item" if re.match(r"([-*+]|\d+[.)])\s", source) else "text"
    return Passage(shape, tuple(pieces))


def _plain(text: str) -> str:
    """The paragraph as it reads: without the marks of headings, items and emphasis."""
    return _MARKS.sub("", re.sub(r"^(#{1,6}|[-*+])\s+", "", text))


def _folded(passages: Sequence[Passage]) -> Iterator[Passage]:
    near = {at + step for at, passage in enumerate(passages) if passage.is_changed for step in range(-KEPT_AROUND, KEPT_AROUND + 1)}
    hidden = 0
    for at, passage in enumerate(passages):
        if at not in near:
            hidden += 1
            continue
        if hidden:
            yield Passage("folded", count=hidden)
            hidden = 0
        yield passage
    if hidden:
        yield Passage("folded", count=hidden)


def _count(passages: Sequence[Passage], kind: Kind) -> int:
    return sum(len(piece.text.split()) for passage in passages for piece in passage.pieces if piece.kind == kind)
