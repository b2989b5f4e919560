"""How do the pieces of a document, in reading order, become its stored text and its blocks?

Readers of Office formats collect pieces; the place of each in the text is decided here alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from index.documents import Block, BlockKind
from index.readers.paragraphs import text_blocks

LONGEST_HEADING = 300
"""Characters of the longest heading; what is longer is a paragraph that looks like one."""
ROW_CHARACTERS = 1_500
"""Characters of a table row up to which it can be a row of values rather than the layout."""
MOST_PIECES_IN_CELL = 3
"""Paragraphs for each cell of a row of values."""

# A no-break space is a character like others.
_SPACE = re.compile(r"[ \t\r\f\v]+")
_SPACE_IN_ROW = re.compile(r"[ \r\f\v]+")
_SPACES = " \t\r\f\v"


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph, a heading, a list item or a table row, before its place is known."""

    words: str
    kind: BlockKind = "paragraph"
    page: int | None = None
    section: str | None = None
    """Name of the slide or sheet; where it is given, the nearest heading does not count."""
    apart: bool = False
    """A note: in a table it stands below its row, not in its cell."""

    @property
    def is_inline(self) -> bool:
        """Whether it is part of the words of a cell that holds it."""
        return not self.apart and self.kind not in {"cell", "boilerplate"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: what it holds, and over how many columns it stretches."""

    pieces: tuple[Piece, ...]
    columns: int = 1

    @property
    def words(self) -> str:
        """Its own text in one line; tables inside it have rows of their own."""
        own = (piece.words for piece in self.pieces if piece.is_inline)
        return " ".join(" ".join(own).split())


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; ``is_header`` where the document itself says so."""

    cells: tuple[Cell, ...]
    page: int | None = None
    is_header: bool = False

    @property
    def columns(self) -> int:
        """Over how many columns its cells stretch."""
        return sum(cell.columns for cell in self.cells)


def lay_out(pieces: Iterable[Piece], *, title: str | None) -> tuple[str, tuple[Block, ...]]:
    """Write ``pieces`` one below the other; a heading that is the ``title`` opens no section."""
    written: list[str] = []
    blocks: list[Block] = []
    place = 0
    running: str | None = None
    for piece in pieces:
        words, kind = _tidied(piece)
        if not words.strip():
            continue
        section = running if piece.section is None else piece.section or None
        if kind == "heading":
            section = " ".join(words.split())
            if section.casefold() != (title or "").casefold():
                running = section
        place += 1 if written else 0
        for start, end in _spans(words, kind):
            blocks.append(Block(place + start, place + end, kind, section, piece.page))
        written.append(words)
        place += len(words)
    return "\n".join(written), tuple(blocks)


def table_pieces(rows: Sequence[Row]) -> list[Piece]:
    """One line for each row of values, then what is inside its cells.

    Where the table marks one row as its header, the words of the header stand before each value.
    A table that lays out whole paragraphs side by side is read cell by cell instead.
    """
    widest = max((row.columns for row in rows), default=0)
    headers = [row for row in rows if row.is_header]
    # Two rows of headers do not say which of them names a column.
    names = _names(headers[0].cells) if len(headers) == 1 else []
    pieces: list[Piece] = []
    for row in rows:
        filled = [cell for cell in row.cells if cell.words]
        if widest < 2 or not filled or _is_layout(filled, widest):
            pieces.extend(piece for cell in row.cells for piece in cell.pieces)
            continue
        words = _row_words(row, [] if row.is_header else names)
        pieces.append(Piece(words, "cell", row.page))
        pieces.extend(p for cell in row.cells for p in cell.pieces if not p.is_inline)
    return pieces


def _row_words(row: Row, header: Sequence[str]) -> str:
    if not header or row.columns != len(header):
        return "\t".join(cell.words for cell in row.cells if cell.words)
    words: list[str] = []
    column = 0
    for cell in row.cells:
        name = header[column].rstrip(": ") if cell.columns == 1 else ""
        column += cell.columns
        if cell.words:
            words.append(f"{name}: {cell.words}" if name else cell.words)
    return "; ".join(words)


def _is_layout(filled: Sequence[Cell], widest: int) -> bool:
    paragraphs = sum(len(cell.pieces) for cell in filled)
    length = sum(len(cell.words) for cell in filled)
    return length > ROW_CHARACTERS or paragraphs > MOST_PIECES_IN_CELL * widest


def _names(cells: Sequence[Cell]) -> list[str]:
    return [name for cell in cells for name in [cell.words] + [""] * (cell.columns - 1)]


def as_boilerplate(pieces: Iterable[Piece]) -> list[Piece]:
    """The same pieces, marked as what is never evidence; each line once."""
    seen: dict[str, Piece] = {}
    for piece in pieces:
        seen.setdefault(" ".join(piece.words.split()), replace(piece, kind="boilerplate"))
    return list(seen.values())


def _tidied(piece: Piece) -> tuple[str, BlockKind]:
    # The tabs between the cells of a row stay; all other white space is one space.
    space = _SPACE_IN_ROW if piece.kind == "cell" else _SPACE
    lines = [space.sub(" ", line).strip(_SPACES) for line in piece.words.split("\n")]
    lines = [line for line in lines if line.strip()]
    if piece.kind in {"heading", "cell", "boilerplate"}:
        words = " ".join(lines)
        too_long = piece.kind == "heading" and len(words) > LONGEST_HEADING
        return words, "paragraph" if too_long else piece.kind
    return "\n".join(lines), piece.kind


def _spans(words: str, kind: BlockKind) -> list[tuple[int, int]]:
    if "\n" in words and kind != "heading":
        return [(block.start, block.end) for block in text_blocks(words)]
    return [(len(words) - len(words.lstrip()), len(words.rstrip()))]
