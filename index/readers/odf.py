"""What does an OpenDocument text, presentation or spreadsheet say?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from xml.etree.ElementTree import Element

from index.documents import Reading, Refusal, RefusalReason
from index.readers.dates import iso_date
from index.readers.files import RawFile
from index.readers.metadata import Metadata
from index.readers.odf_sheets import read_sheets
from index.readers.odf_text import OdfText
from index.readers.office_metadata import clean_author, clean_title
from index.readers.office_parts import OfficeParts
from index.readers.office_reading import OfficeText, reading_of
from index.readers.package import Package, PartFault, damaged
from index.readers.pieces import Piece, as_boilerplate
from index.readers.refusals import Refused
from index.readers.slide_sections import notes_section, without_footers
from index.readers.xml_parts import first, read_xml, words_of


def read_odt(file: RawFile) -> Reading | Refusal:
    """One document: headers, text with notes below their paragraphs, footers."""
    return _read(file, "office:text", _text)


def read_odp(file: RawFile) -> Reading | Refusal:
    """One document; a slide is a page and its title a section."""
    return _read(file, "office:presentation", _slides)


def read_ods(file: RawFile) -> Reading | Refusal:
    """One document; a sheet is a page, and each row a section."""
    return _read(file, "office:spreadsheet", lambda body, _: read_sheets(body))


def _read(
    file: RawFile, kind: str, read: Callable[[Element, OdfText], list[Piece]]
) -> Reading | Refusal:
    try:
        package = Package(file)
        _refuse_encrypted(package)
        parts = OfficeParts(package)
        root = parts.main("content.xml")
        styles = parts.side("styles.xml") if "styles.xml" in package else None
        text = OdfText([root] if styles is None else [root, styles])
        body = first(root, "office:body", kind)
        if body is None:
            raise damaged(file.path.name, "The part with its text has no text.")
        pieces = read(body, text)
        headers, footers = (_repeated(styles, text, name) for name in ("header", "footer"))
        found = OfficeText([*headers, *pieces, *footers], text.title, tuple(parts.remarks))
        return reading_of(file, found, _metadata(package))
    except Refused as refused:
        return refused.refusal


def _text(body: Element, text: OdfText) -> list[Piece]:
    return text.read(body)


def _slides(body: Element, text: OdfText) -> list[Piece]:
    pieces: list[Piece] = []
    pages = [page for page in body if page.tag == "draw:page"]
    for number, page in enumerate(pages, start=1):
        titles: list[Piece] = []
        found: list[Piece] = []
        for shape in page:
            is_title = shape.get("presentation:class") == "title"
            holder = Element("holder")
            holder.append(shape)
            (titles if is_title else found).extend(text.read(holder))
        words = " ".join(" ".join(piece.words for piece in titles).split())
        if number == 1 and text.title is None:
            text.title = words or None
        shown = [Piece(words, "heading"), *found]
        pieces.extend(replace(piece, page=number, section=words) for piece in shown)
        notes = first(page, "presentation:notes")
        if notes is not None:
            section = notes_section(words)
            pieces.extend(replace(p, page=number, section=section) for p in text.read(notes))
    return without_footers(pieces, len(pages))


def _repeated(styles: Element | None, text: OdfText, kind: str) -> list[Piece]:
    """Headers or footers of all kinds of page, each line once, never evidence."""
    if styles is None:
        return []
    names = {f"style:{kind}", f"style:{kind}-left", f"style:{kind}-first"}
    return as_boilerplate(
        piece for element in styles.iter() if element.tag in names for piece in text.read(element)
    )


def _refuse_encrypted(package: Package) -> None:
    try:
        manifest = package.read("META-INF/manifest.xml")
    except PartFault:
        return
    if b"encryption-data" in manifest or "encrypted-package" in package:
        raise Refused(
            RefusalReason.ENCRYPTED,
            f"{package.name} is protected by a password. Save it without one and add that file.",
        )


def _metadata(package: Package) -> Metadata:
    fields: dict[str, str | None] = {}
    try:
        meta = first(read_xml(package, "meta.xml").root, "office:meta")
    except (PartFault, Refused):
        meta = None
    for element in meta if meta is not None else ():
        fields.setdefault(element.tag, words_of(element))
    return Metadata(
        clean_title(fields.get("dc:title")),
        clean_author(fields.get("dc:creator") or fields.get("meta:initial-creator")),
        iso_date(fields.get("dc:date") or fields.get("meta:creation-date") or ""),
    )
