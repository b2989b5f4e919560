"""What does a Word document say?"""

from __future__ import annotations

from functools import partial
from xml.etree.ElementTree import Element

from index.documents import Reading, Refusal
from index.readers.docx_body import Body
from index.readers.docx_styles import Styles
from index.readers.files import RawFile
from index.readers.office_metadata import read_office_metadata
from index.readers.office_parts import OfficeParts
from index.readers.office_reading import OfficeText, reading_of
from index.readers.package import Link, Package
from index.readers.pieces import Piece, as_boilerplate
from index.readers.refusals import Refused
from index.readers.xml_parts import main_part, read_links


def read_docx(file: RawFile) -> Reading | Refusal:
    """One document: headers, body with notes below their paragraphs, footers."""
    try:
        package = Package(file)
        parts = OfficeParts(package)
        return reading_of(file, _read(parts), read_office_metadata(package))
    except Refused as refused:
        return refused.refusal


def _read(parts: OfficeParts) -> OfficeText:
    main = main_part(parts.package, "word/document.xml")
    links = read_links(parts.package, main)
    root = parts.main(main)
    body = Body(
        Styles(parts.of_kind(links, "styles")), _notes(parts, links), partial(parts.shown, links)
    )
    pieces = body.read(root)
    headers, footers = (_repeated(parts, links, body, kind) for kind in ("header", "footer"))
    return OfficeText([*headers, *pieces, *footers], body.title, tuple(parts.remarks))


def _repeated(parts: OfficeParts, links: dict[str, Link], body: Body, kind: str) -> list[Piece]:
    """Headers or footers of all sections, each line once, never evidence."""
    targets = [link.target for link in links.values() if link.kind == kind]
    roots = map(parts.side, dict.fromkeys(targets))
    return as_boilerplate(piece for root in roots if root is not None for piece in body.read(root))


def _notes(parts: OfficeParts, links: dict[str, Link]) -> dict[tuple[str, str], Element]:
    notes: dict[tuple[str, str], Element] = {}
    for kind in ("footnote", "endnote", "comment"):
        root = parts.of_kind(links, f"{kind}s")
        for note in root if root is not None else ():
            # Those with a type are the lines that separate notes from the text.
            if note.tag == f"w:{kind}" and note.get("w:type", "normal") == "normal":
                notes[f"w:{kind}Reference", note.get("w:id", "")] = note
    return notes
