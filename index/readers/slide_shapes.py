"""What does a person read on a slide, shape by shape?"""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element

from index.documents import BlockKind
from index.readers.pieces import Cell, Piece, Row, table_pieces
from index.readers.xml_parts import first

_SKIPPED = frozenset(
    """a:pPr a:rPr a:endParaRPr a:bodyPr a:lstStyle p:nvSpPr p:spPr p:style p:nvGrpSpPr
    p:grpSpPr""".split()
)
_TITLES = frozenset({"title", "ctrTitle"})
_REPEATED = frozenset({"dt", "ftr", "hdr", "sldNum"})
# Placeholders whose paragraphs are the points of a list, unless the point is taken away.
_LISTS = frozenset({"body", "obj", ""})


class Shapes:
    """Reads the shapes of one slide, or of its notes, in the order in which they are stacked.

    ``linked`` reads what stands in another part, by the id of the relationship.
    """

    def __init__(self, linked: Callable[[str], list[Piece]]) -> None:
        self.titles: list[str] = []
        self._pieces: list[Piece] = []
        self._linked = linked

    def read(self, root: Element) -> list[Piece]:
        """Pieces of all shapes below ``root``, titles left out and kept in ``titles``."""
        self._read_shapes(root)
        return self._pieces

    def _read_shapes(self, parent: Element) -> None:
        for child in parent:
            tag = child.tag
            if tag == "p:sp":
                self._read_shape(child)
            elif tag == "a:tbl":
                self._pieces.extend(table_pieces(_rows(child)))
            elif tag == "c:chart":
                self._pieces.extend(self._linked(child.get("r:id", "")))
            elif tag == "dgm:relIds":
                self._pieces.extend(self._linked(child.get("r:dm", "")))
            elif tag == "mc:AlternateContent":
                choice = first(child, "mc:Choice")
                chosen = choice if choice is not None else first(child, "mc:Fallback")
                if chosen is not None:
                    self._read_shapes(chosen)
            elif tag not in _SKIPPED:
                self._read_shapes(child)

    def _read_shape(self, shape: Element) -> None:
        place = first(shape, "p:nvSpPr", "p:nvPr", "p:ph")
        kind = place.get("type", "") if place is not None else "box"
        paragraphs = list(_paragraphs(shape))
        if kind in _TITLES:
            title = " ".join(" ".join(map(_words, paragraphs)).split())
            self.titles.extend([title] if title else [])
            return
        for paragraph in paragraphs:
            self._pieces.append(Piece(_words(paragraph), _paragraph_kind(paragraph, kind)))


def _paragraphs(shape: Element) -> list[Element]:
    body = first(shape, "p:txBody")
    return [child for child in body if child.tag == "a:p"] if body is not None else []


def _paragraph_kind(paragraph: Element, place: str) -> BlockKind:
    if place in _REPEATED:
        return "boilerplate"
    properties = first(paragraph, "a:pPr")
    points = {child.tag for child in properties} if properties is not None else set()
    if points & {"a:buChar", "a:buAutoNum", "a:buBlip"}:
        return "item"
    return "item" if place in _LISTS and "a:buNone" not in points else "paragraph"


def _words(element: Element) -> str:
    words: list[str] = []
    for child in element:
        if child.tag in {"a:t", "m:t"}:
            words.append(child.text or "")
        elif child.tag == "a:br":
            words.append("\n")
        elif child.tag == "a:tab":
            words.append("\t")
        elif child.tag == "mc:AlternateContent":
            choice = first(child, "mc:Choice")
            words.append(_words(choice if choice is not None else child))
        elif child.tag not in _SKIPPED:
            words.append(_words(child))
    return "".join(words)


def _rows(table: Element) -> list[Row]:
    properties = first(table, "a:tblPr")
    headed = properties is not None and properties.get("firstRow") in {"1", "true"}
    rows: list[Row] = []
    for row in table:
        if row.tag == "a:tr":
            cells = tuple(_cell(cell) for cell in row if cell.tag == "a:tc")
            rows.append(Row(cells, is_header=headed and not rows))
    return rows


def _cell(cell: Element) -> Cell:
    body = first(cell, "a:txBody")
    paragraphs = [child for child in body if child.tag == "a:p"] if body is not None else []
    return Cell(tuple(Piece(words) for p in paragraphs if (words := _words(p)).strip()))
