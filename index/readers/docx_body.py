"""What does a person read in the body of a Word document, in which order?

Tracked insertions are read and deletions are not, as if all changes were accepted; so are content
controls, smart tags, text boxes (once: Word writes them twice) and tables inside tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from index.documents import BlockKind
from index.readers.docx_styles import Role, Styles, is_on
from index.readers.pieces import Cell, Piece, Row, as_boilerplate, table_pieces
from index.readers.xml_parts import first

_KINDS: Mapping[Role, BlockKind] = {
    "title": "heading",
    "heading": "heading",
    "item": "item",
    "contents": "boilerplate",
    "text": "paragraph",
}
# Properties, what was deleted, and what a person does not see.
_SKIPPED = frozenset(
    """w:pPr w:rPr w:sdtPr w:sdtEndPr w:tblPr w:tblGrid w:trPr w:tcPr w:sectPr w:del w:moveFrom
    w:delText w:instrText w:delInstrText w:fldData w:rt w:smartTagPr w:customXmlPr""".split()
)
_WORDS = frozenset({"w:t", "m:t", "a:t"})
_SIGNS = {
    "w:tab": "\t", "w:ptab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "-",
}  # fmt: skip
_COMMENT = "w:commentReference"
_NOTES = frozenset({"w:footnoteReference", "w:endnoteReference", _COMMENT})
_ROW_WRAPPERS = frozenset({"w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo"})
_PRIVATE = range(0xE000, 0xF900)
"""Characters that mean something in a symbol font alone."""


@dataclass(slots=True)
class _Line:
    """A paragraph while it is read: its words, and what stands beside or below them."""

    words: list[str] = field(default_factory=list)
    after: list[Piece] = field(default_factory=list)
    page: int | None = None


class Body:
    """Reads parts of one document: its body, notes, headers and footers.

    ``notes`` are the notes by the tag of their reference and their id; ``linked`` reads what
    stands in another part (a chart, a diagram, a page of HTML), by the id of the relationship.
    """

    def __init__(
        self,
        styles: Styles,
        notes: Mapping[tuple[str, str], Element],
        linked: Callable[[str], list[Piece]],
    ) -> None:
        self.title: str | None = None
        """The first paragraph in the style for titles."""
        self._styles = styles
        self._notes = dict(notes)
        self._linked = linked
        self._page: int | None = None
        self._in_code: list[bool] = []
        self._in_note = False
        self._carried: _Line | None = None

    def read(self, root: Element) -> list[Piece]:
        """Pieces of ``root``, with pages where Word left its marks of where they ended."""
        marked = next(root.iter("w:lastRenderedPageBreak"), None) is not None
        self._page = 1 if marked else None
        pieces: list[Piece] = []
        self._read_blocks(root, pieces)
        if self._carried is not None:
            self._finish(self._carried, "paragraph", pieces)
        return pieces

    def _read_blocks(self, parent: Element, pieces: list[Piece]) -> None:
        for child in parent:
            tag = child.tag
            if tag == "w:p":
                self._read_paragraph(child, pieces)
            elif tag == "w:tbl":
                self._read_table(child, pieces)
            elif tag == "w:altChunk":
                pieces.extend(self._linked(child.get("r:id", "")))
            elif tag == "mc:AlternateContent":
                self._read_blocks(_alternative(child), pieces)
            elif tag == "w:sdt":
                self._read_control(child, pieces)
            elif tag not in _SKIPPED:
                self._read_blocks(child, pieces)

    def _read_control(self, control: Element, pieces: list[Piece]) -> None:
        if _is_placeholder(control):
            return
        inside: list[Piece] = []
        self._read_blocks(control, inside)
        pieces.extend(inside)

    def _read_paragraph(self, paragraph: Element, pieces: list[Piece]) -> None:
        line = self._carried or _Line()
        self._carried = None
        self._read_inline(paragraph, line)
        # The code of a field ends with its paragraph: a file that forgets its end hides nothing.
        self._in_code = [False] * len(self._in_code)
        if first(paragraph, "w:pPr", "w:rPr", "w:del") is not None:
            self._carried = line
            return
        role = self._styles.role(paragraph)
        if role == "title" and self.title is None:
            self.title = " ".join("".join(line.words).split()) or None
        self._finish(line, _KINDS[role], pieces)

    def _finish(self, line: _Line, kind: BlockKind, pieces: list[Piece]) -> None:
        self._carried = None
        page = line.page if line.page is not None else self._page
        pieces.append(Piece("".join(line.words), kind, page))
        pieces.extend(line.after)

    def _read_inline(self, parent: Element, line: _Line) -> None:  # noqa: C901, PLR0912  a branch a tag
        for child in parent:
            tag = child.tag
            if tag in _WORDS:
                self._add(child.text or "", line)
            elif tag in _SIGNS:
                self._add(_SIGNS[tag], line)
            elif tag == "w:r":
                if not is_on(first(child, "w:rPr"), "w:vanish"):
                    self._read_inline(child, line)
            elif tag == "w:lastRenderedPageBreak":
                self._page = (self._page or 1) + 1
            elif tag == "w:fldChar":
                self._turn_field(child.get("w:fldCharType"))
            elif tag in _NOTES:
                line.after.extend(self._note(tag, child.get("w:id", "")))
            elif tag == "w:sym":
                self._add(_symbol(child.get("w:char", "")), line)
            elif tag == "mc:AlternateContent":
                self._read_inline(_alternative(child), line)
            elif tag == "w:txbxContent":
                self._read_box(child, line)
            elif tag == "w:sdt":
                if not _is_placeholder(child):
                    self._read_inline(child, line)
            elif tag == "c:chart":
                line.after.extend(self._linked(child.get("r:id", "")))
            elif tag == "dgm:relIds":
                line.after.extend(self._linked(child.get("r:dm", "")))
            elif tag not in _SKIPPED:
                self._read_inline(child, line)

    def _add(self, words: str, line: _Line) -> None:
        if any(self._in_code):
            return
        if line.page is None and words.strip():
            line.page = self._page
        line.words.append(words)

    def _turn_field(self, turn: str | None) -> None:
        if turn == "begin":
            self._in_code.append(True)
        elif turn == "separate" and self._in_code:
            self._in_code[-1] = False
        elif turn == "end" and self._in_code:
            self._in_code.pop()

    def _read_box(self, content: Element, line: _Line) -> None:
        # A box has paragraphs and fields of its own.
        carried, in_code = self._carried, self._in_code
        self._carried, self._in_code = None, []
        self._read_blocks(content, line.after)
        if self._carried is not None:
            self._finish(self._carried, "paragraph", line.after)
        self._carried, self._in_code = carried, in_code

    def _note(self, tag: str, number: str) -> list[Piece]:
        """Read a note once, where it is first referred to; a note has no notes of its own."""
        note = None if self._in_note else self._notes.pop((tag, number), None)
        if note is None:
            return []
        self._in_note = True
        line = _Line()
        self._read_box(note, line)
        self._in_note = False
        if tag == _COMMENT:
            return as_boilerplate(line.after)
        return [replace(piece, apart=True) for piece in line.after]

    def _read_table(self, table: Element, pieces: list[Piece]) -> None:
        rows: list[Row] = []
        for row in _unwrapped(table, "w:tr"):
            properties = first(row, "w:trPr")
            if first(properties, "w:del") is not None:
                continue
            page = self._page
            cells = tuple(self._cell(cell) for cell in _unwrapped(row, "w:tc"))
            rows.append(Row(cells, page, is_on(properties, "w:tblHeader")))
        pieces.extend(table_pieces(rows))

    def _cell(self, cell: Element) -> Cell:
        line = _Line()
        self._read_box(cell, line)
        span = first(cell, "w:tcPr", "w:gridSpan")
        return Cell(
            tuple(piece for piece in line.after if piece.words.strip()),
            _count(span.get("w:val", "")) if span is not None else 1,
        )


def _count(value: str) -> int:
    # 63 columns are the most that Word allows.
    return min(max(int(value), 1), 63) if value.isdecimal() and len(value) < 4 else 1


def _unwrapped(parent: Element, tag: str) -> Iterator[Element]:
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in _ROW_WRAPPERS:
            yield from _unwrapped(child, tag)


def _alternative(element: Element) -> Element:
    """Choose one of several ways to say the same: the first, which newer programs show."""
    for tag in ("mc:Choice", "mc:Fallback"):
        found = first(element, tag)
        if found is not None:
            return found
    return Element("none")


def _is_placeholder(control: Element) -> bool:
    """Whether a control shows only its hint, "Click here to enter text"."""
    return is_on(first(control, "w:sdtPr"), "w:showingPlcHdr")


def _symbol(code: str) -> str:
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    if number in _PRIVATE or 0xD800 <= number < 0xE000 or not 0x20 <= number < 0x110000:
        return " "
    return chr(number)
