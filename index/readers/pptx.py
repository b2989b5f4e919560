"""What does a PowerPoint presentation say, slide by slide?"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

from index.documents import Reading, Refusal
from index.readers.files import RawFile
from index.readers.office_metadata import read_office_metadata
from index.readers.office_parts import OfficeParts
from index.readers.office_reading import OfficeText, reading_of
from index.readers.package import Link, Package, damaged
from index.readers.pieces import Piece, as_boilerplate
from index.readers.refusals import Refused, too_many_pages
from index.readers.slide_sections import notes_section, without_footers
from index.readers.slide_shapes import Shapes
from index.readers.xml_parts import main_part, read_links

_SLIDE = re.compile(r"ppt/slides/slide(\d{1,6})\.xml")


def read_pptx(file: RawFile) -> Reading | Refusal:
    """One document; a slide is a page and its title a section, hidden slides too."""
    try:
        package = Package(file)
        parts = OfficeParts(package)
        return reading_of(file, _read(parts, file.limits.max_pages), read_office_metadata(package))
    except Refused as refused:
        return refused.refusal


def _read(parts: OfficeParts, max_slides: int) -> OfficeText:
    slides = _slides(parts)
    if len(slides) > max_slides:
        raise too_many_pages(parts.package.name, len(slides), max_slides)
    if not slides:
        raise damaged(parts.package.name, "It has no slides.")
    pieces: list[Piece] = []
    title: str | None = None
    for number, slide in enumerate(slides, start=1):
        found, slide_title = _slide_pieces(parts, slide, number)
        title = slide_title if number == 1 else title
        pieces.extend(found)
    return OfficeText(without_footers(pieces, len(slides)), title, tuple(parts.remarks))


def _slides(parts: OfficeParts) -> list[str]:
    """Parts of the slides in the order of the show."""
    main = main_part(parts.package, "ppt/presentation.xml")
    links = read_links(parts.package, main)
    root = parts.side(main)
    numbers = [s.get("r:id", "") for s in root.iter("p:sldId")] if root is not None else []
    # A slide that is named twice is shown once: nothing is lost by it, and no file grows by it.
    listed = dict.fromkeys(links[number].target for number in numbers if number in links)
    if listed:
        return list(listed)
    named = ((_SLIDE.fullmatch(name), name) for name in parts.package.names())
    return [name for _, name in sorted((int(m[1]), name) for m, name in named if m)]


def _slide_pieces(parts: OfficeParts, slide: str, number: int) -> tuple[list[Piece], str | None]:
    root = parts.side(slide)
    if root is None:
        parts.remarks.append(f"Slide {number} was not read.")
        return [], None
    links = read_links(parts.package, slide)
    shapes = Shapes(partial(parts.shown, links))
    found = shapes.read(root)
    title = shapes.titles[0] if shapes.titles else None
    headings = [Piece(words, "heading") for words in shapes.titles]
    pieces = [replace(p, page=number, section=title or "") for p in [*headings, *found]]
    comments = [replace(p, page=number, section=title or "") for p in _comments(parts, links)]
    return [*pieces, *_notes(parts, links, number, title), *comments], title


def _comments(parts: OfficeParts, links: dict[str, Link]) -> list[Piece]:
    """What others wrote beside a slide: kept, but never evidence."""
    root = parts.of_kind(links, "comments")
    texts = (
        (element for element in root.iter() if element.tag in {"p:text", "a:p"})
        if (root is not None)
        else ()
    )
    return as_boilerplate(Piece("".join(text.itertext())) for text in texts)


def _notes(
    parts: OfficeParts, links: dict[str, Link], number: int, title: str | None
) -> list[Piece]:
    root = parts.of_kind(links, "notesSlide")
    if root is None:
        return []
    found = Shapes(lambda _: []).read(root)
    section = notes_section(title)
    return [
        replace(p, kind="paragraph", page=number, section=section)
        for p in found
        if p.kind != "boilerplate"
    ]
