"""What does a Word document say?"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from index.documents import Reading, Refusal
from index.readers.docx_body import Body
from index.readers.docx_styles import Styles
from index.readers.drawings import drawing_pieces
from index.readers.files import RawFile
from index.readers.html_chapter import html_pieces
from index.readers.office_metadata import read_office_metadata
from index.readers.office_reading import OfficeText, reading_of
from index.readers.package import Link, Package, PartFault, damaged
from index.readers.pieces import Piece, as_boilerplate
from index.readers.refusals import Refused
from index.readers.xml_parts import main_part, read_links, read_xml


def read_docx(file: RawFile) -> Reading | Refusal:
    """One document: headers, body with notes below their paragraphs, footers."""
    try:
        return _Document(Package(file)).read(file)
    except Refused as refused:
        return refused.refusal


class _Document:
    def __init__(self, package: Package) -> None:
        self._package = package
        self._remarks: list[str] = []
        self._main = main_part(package, "word/document.xml")
        self._links = read_links(package, self._main)

    def read(self, file: RawFile) -> Reading | Refusal:
        """Read what is whole; remarks name the parts that are not."""
        try:
            part = read_xml(self._package, self._main)
        except PartFault as fault:
            raise damaged(file.path.name, str(fault)) from fault
        if part.broken:
            self._remarks.append(
                "The document breaks off in the middle: what stood after that was not read."
            )
        body = Body(Styles(self._linked_root("styles")), self._notes(), self._linked_pieces)
        pieces = body.read(part.root)
        headers, footers = self._repeated(body, "header"), self._repeated(body, "footer")
        metadata = read_office_metadata(self._package)
        text = OfficeText([*headers, *pieces, *footers], body.title, tuple(self._remarks))
        return reading_of(file, text, metadata)

    def _repeated(self, body: Body, kind: str) -> list[Piece]:
        """Headers or footers of all sections, each line once, never evidence."""
        roots = (self._root(link) for link in self._links.values() if link.kind == kind)
        return as_boilerplate(
            piece for root in roots if root is not None for piece in body.read(root)
        )

    def _notes(self) -> dict[tuple[str, str], Element]:
        notes: dict[tuple[str, str], Element] = {}
        for kind in ("footnote", "endnote"):
            root = self._linked_root(f"{kind}s")
            for note in root if root is not None else ():
                # Those with a type are the lines that separate notes from the text.
                if note.tag == f"w:{kind}" and note.get("w:type", "normal") == "normal":
                    notes[f"w:{kind}Reference", note.get("w:id", "")] = note
        return notes

    def _linked_root(self, kind: str) -> Element | None:
        found = next((link for link in self._links.values() if link.kind == kind), None)
        return self._root(found) if found is not None else None

    def _root(self, link: Link) -> Element | None:
        try:
            part = read_xml(self._package, link.target)
        except PartFault as fault:
            self._remarks.append(f"{fault} What stands in it was not read.")
            return None
        if part.broken:
            self._remarks.append(f"The part {link.target} breaks off in the middle.")
        return part.root

    def _linked_pieces(self, number: str) -> list[Piece]:
        """Read a chart, a diagram or an inserted web page, once."""
        link = self._links.pop(number, None)
        if link is None:
            return []
        if link.kind == "aFChunk":
            try:
                return html_pieces(self._package.read(link.target), link.target)
            except PartFault as fault:
                self._remarks.append(f"{fault} What stands in it was not read.")
                return []
        root = self._root(link)
        return drawing_pieces(root) if root is not None else []
