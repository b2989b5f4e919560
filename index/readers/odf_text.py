"""What does a person read in an OpenDocument file, in which order?

What was inserted while changes were tracked is read, what was deleted is not; notes and comments
stand below their paragraph, and comments are never evidence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from index.documents import BlockKind
from index.readers.pieces import Cell, Piece, Row, as_boilerplate, table_pieces

MOST_REPEATS = 100
"""Columns in which the same cell is read."""
LONGEST_REPEATED = 200
"""Characters of a cell that may stand in several columns."""

_LONGEST_CHAIN = 30
_PARAGRAPHS = frozenset({"text:p", "text:h"})
# What was deleted, declarations, numbers of notes, descriptions of pictures.
_SKIPPED = frozenset(
    """text:tracked-changes office:annotation-end dc:creator dc:date text:note-citation
    text:sequence-decls text:variable-decls text:user-field-decls text:dde-connection-decls
    text:alphabetical-index-auto-mark-file office:forms text:ruby-text svg:title svg:desc
    text:table-of-content-source text:illustration-index-source text:table-index-source
    text:object-index-source text:user-index-source text:alphabetical-index-source
    text:bibliography-source office:event-listeners presentation:notes table:shapes
    table:named-expressions table:table-source draw:object draw:object-ole""".split()
)
_INDEXES = frozenset(
    """text:table-of-content text:illustration-index text:table-index text:object-index
    text:user-index text:alphabetical-index text:bibliography""".split()
)
_ROW_GROUPS = frozenset(
    "table:table-header-rows table:table-rows table:table-row-group table:table-row".split()
)


@dataclass(slots=True)
class _Line:
    """A paragraph while it is read: its words, and what stands beside or below it."""

    words: list[str] = field(default_factory=list)
    after: list[Piece] = field(default_factory=list)


class OdfText:
    """Reads the text of one OpenDocument file."""

    def __init__(self, roots: list[Element]) -> None:
        self.title: str | None = None
        """The first paragraph in the style for titles."""
        self._parents = {
            style.get("style:name", ""): style.get("style:parent-style-name", "")
            for root in roots
            for style in root.iter("style:style")
            if style.get("style:family") == "paragraph"
        }

    def read(self, parent: Element) -> list[Piece]:
        """Pieces of everything in ``parent``."""
        pieces: list[Piece] = []
        self._read_blocks(parent, pieces, "paragraph")
        return pieces

    def _read_blocks(self, parent: Element, pieces: list[Piece], kind: BlockKind) -> None:
        for child in parent:
            tag = child.tag
            if tag in _PARAGRAPHS:
                self._read_paragraph(child, pieces, kind)
            elif tag == "table:table":
                pieces.extend(table_pieces(self.rows(child)))
            elif tag in {"text:list-item", "text:list-header"}:
                self._read_blocks(child, pieces, "item" if kind == "paragraph" else kind)
            elif tag == "office:annotation":
                pieces.extend(as_boilerplate(self.read(child)))
            elif tag in _INDEXES or child.get("text:display") == "none":
                self._read_blocks(child, pieces, "boilerplate")
            elif tag not in _SKIPPED:
                self._read_blocks(child, pieces, kind)

    def _read_paragraph(self, paragraph: Element, pieces: list[Piece], kind: BlockKind) -> None:
        line = _Line()
        self._read_inline(paragraph, line)
        words = "".join(line.words)
        named = self._named(paragraph.get("text:style-name", ""))
        if kind != "boilerplate" and (paragraph.tag == "text:h" or named):
            kind = "heading"
        if named == "title" and self.title is None:
            self.title = " ".join(words.split()) or None
        pieces.append(Piece(words, kind))
        pieces.extend(line.after)

    def _named(self, style: str) -> str:
        """``title`` or ``heading`` where the style, or one that it is based on, says so."""
        for _ in range(_LONGEST_CHAIN):
            plain = style.replace("_20_", " ").lower()
            if plain == "title":
                return "title"
            if plain.startswith("heading"):
                return "heading"
            if style not in self._parents:
                return ""
            style = self._parents[style]
        return ""

    def _read_inline(self, parent: Element, line: _Line) -> None:
        line.words.append(_flat(parent.text))
        for child in parent:
            tag = child.tag
            if tag == "text:s":
                line.words.append(" ")
            elif tag == "text:tab":
                line.words.append("\t")
            elif tag == "text:line-break":
                line.words.append("\n")
            elif tag == "text:note":
                found: list[Piece] = []
                self._read_blocks(child, found, "paragraph")
                line.after.extend(replace(piece, apart=True) for piece in found)
            elif tag == "office:annotation":
                line.after.extend(as_boilerplate(self.read(child)))
            elif tag.startswith("draw:") and tag not in _SKIPPED and tag != "draw:a":
                self._read_blocks(child, line.after, "paragraph")
            elif tag in _PARAGRAPHS:
                self._read_paragraph(child, line.after, "paragraph")
            elif tag not in _SKIPPED:
                self._read_inline(child, line)
            line.words.append(_flat(child.tail))

    def rows(self, table: Element) -> list[Row]:
        """Rows of a table with what stands in their cells."""
        return [
            Row(tuple(self._cells(row)), is_header=is_header)
            for row, is_header in table_rows(table)
        ]

    def _cells(self, row: Element) -> Iterator[Cell]:
        for cell in row:
            if cell.tag not in {"table:table-cell", "table:covered-table-cell"}:
                continue
            pieces: list[Piece] = []
            self._read_blocks(cell, pieces, "paragraph")
            found = Cell(tuple(piece for piece in pieces if piece.words.strip()))
            yield found
            # Tables and notes inside are read once: repeated at every depth they would grow to
            # a hundred times themselves with each.
            again = Cell(tuple(piece for piece in found.pieces if piece.is_inline))
            yield from [again] * (repeats(cell, len(found.words)) - 1)


def table_rows(table: Element, *, is_header: bool = False) -> Iterator[tuple[Element, bool]]:
    """Rows of ``table``, and whether each belongs to its header."""
    for child in table:
        if child.tag == "table:table-row":
            # The same row many times below itself says no more than once.
            yield child, is_header
        elif child.tag in _ROW_GROUPS:
            yield from table_rows(
                child, is_header=is_header or child.tag == "table:table-header-rows"
            )


def repeats(cell: Element, words: int) -> int:
    """In how many columns a cell of so many characters stands; a file may ask for a million."""
    value = cell.get("table:number-columns-repeated", "1")
    count = int(value) if value.isdecimal() and len(value) < 10 else 1
    return min(max(count, 1), MOST_REPEATS) if words <= LONGEST_REPEATED else 1


def _flat(words: str | None) -> str:
    # Line ends of the markup are spaces; those of the text are elements.
    return " ".join(words.splitlines()) if words and "\n" in words else words or ""
