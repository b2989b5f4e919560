"""Which side parts of an Office package can be read, and what is missing from it?

The main part must be there; a chart or a page of notes that is damaged leaves a remark.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from index.readers.drawings import drawing_pieces
from index.readers.html_chapter import html_pieces
from index.readers.package import Link, Package, PartFault, damaged
from index.readers.pieces import Piece
from index.readers.xml_parts import read_xml


class OfficeParts:
    """Reads parts of one package and collects the remarks about those that are not whole."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.remarks: list[str] = []

    def main(self, part: str) -> Element:
        """Root of the part without which there is no document.

        :raises Refused: it is missing or damaged from its start
        """
        try:
            found = read_xml(self.package, part)
        except PartFault as fault:
            raise damaged(self.package.name, str(fault)) from fault
        if found.broken:
            self.remarks.append(
                "The document breaks off in the middle: what stood after that was not read."
            )
        return found.root

    def side(self, part: str) -> Element | None:
        """Root of a part that the document could do without, or a remark."""
        try:
            found = read_xml(self.package, part)
        except PartFault as fault:
            self.remarks.append(f"{fault} What stands in it was not read.")
            return None
        if found.broken:
            self.remarks.append(
                f"The part {part} breaks off in the middle: what stood after that was not read."
            )
        return found.root

    def of_kind(self, links: dict[str, Link], kind: str) -> Element | None:
        """Root of the first part that ``links`` lead to for this purpose."""
        found = next((link for link in links.values() if link.kind == kind), None)
        return self.side(found.target) if found is not None else None

    def shown(self, links: dict[str, Link], number: str) -> list[Piece]:
        """Words of a chart, a diagram or an inserted web page; the link is used up."""
        link = links.pop(number, None)
        if link is None:
            return []
        if link.kind != "aFChunk":
            root = self.side(link.target)
            return drawing_pieces(root) if root is not None else []
        try:
            return html_pieces(self.package.read(link.target), link.target)
        except PartFault as fault:
            self.remarks.append(f"{fault} What stands in it was not read.")
            return []
