"""Which chapters does an EPUB book have, what are they called, and what is the book?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from index.documents import RefusalReason
from index.readers.dates import iso_date
from index.readers.html_chapter import html_links
from index.readers.metadata import Metadata
from index.readers.package import Package, PartFault, damaged, resolve
from index.readers.refusals import Refused
from index.readers.xml_parts import first, read_xml, words_of

# Fonts may be scrambled so that they cannot be taken out of the book; that hides no text.
_FOR_FONTS = frozenset({"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"})
_PAGES = (".xhtml", ".html", ".htm")


@dataclass(frozen=True, slots=True)
class BookContents:
    """The parts of a book in reading order, and what is known of them."""

    chapters: tuple[str, ...]
    titles: Mapping[str, str]
    """Titles of chapters, as the table of contents has them."""
    navigation: frozenset[str]
    """Parts that are a table of contents."""
    metadata: Metadata
    remarks: tuple[str, ...] = ()


def read_contents(package: Package) -> BookContents:
    """Read the package document of the book and its table of contents.

    :raises Refused: the book is protected, or has no chapters
    """
    _refuse_protected(package)
    part = _package_document(package)
    try:
        found = read_xml(package, part)
    except PartFault as fault:
        return _by_names(package, str(fault))
    root = found.root
    items = {item.get("id", ""): item for item in root.iter("opf:item")}
    named = {number: resolve(part, item.get("href", "")) for number, item in items.items()}
    # A part that is named twice is read once: nothing is lost by it, and no file grows by it.
    order = [item.get("idref", "") for item in root.iter("opf:itemref")]
    chapters = tuple(dict.fromkeys(named[number] for number in order if number in named))
    if not chapters:
        return _by_names(package, "The list of its chapters is missing.")
    navigation = frozenset(
        named[number]
        for number, item in items.items()
        if "nav" in item.get("properties", "").split()
    )
    ncx = [
        named[number]
        for number, item in items.items()
        if item.get("media-type") == "application/x-dtbncx+xml"
    ]
    remark = ("The list of its chapters breaks off: some may be missing.",) if found.broken else ()
    titles = {**_ncx_titles(package, ncx), **_navigation_titles(package, navigation)}
    return BookContents(chapters, titles, navigation, _metadata(root), remark)


def _package_document(package: Package) -> str:
    try:
        root = read_xml(package, "META-INF/container.xml").root
    except PartFault:
        root = Element("none")
    for file in root.iter("ocf:rootfile"):
        path = file.get("full-path", "")
        if path in package:
            return path
    return next((name for name in package.names() if name.endswith(".opf")), "")


def _by_names(package: Package, fault: str) -> BookContents:
    """Without a package document the pages of the book are all that is known of it."""
    pages = sorted(name for name in package.names() if name.endswith(_PAGES))
    if not pages:
        raise damaged(package.name, fault)
    remark = f"{fault} The chapters were read in the order of their names."
    return BookContents(tuple(pages), {}, frozenset(), Metadata(), (remark,))


def _refuse_protected(package: Package) -> None:
    try:
        root = read_xml(package, "META-INF/encryption.xml").root
    except PartFault:
        return
    methods = {method.get("Algorithm", "") for method in root.iter("enc:EncryptionMethod")}
    if methods - _FOR_FONTS:
        raise Refused(
            RefusalReason.ENCRYPTED,
            f"{package.name} is protected against copying (DRM), so its text cannot be read. Add a "
            "version without protection.",
        )


def _ncx_titles(package: Package, parts: list[str]) -> dict[str, str]:
    titles: dict[str, str] = {}
    for part in parts:
        try:
            root = read_xml(package, part).root
        except PartFault:
            continue
        for point in root.iter("ncx:navPoint"):
            content = first(point, "ncx:content")
            label = words_of(first(point, "ncx:navLabel", "ncx:text"))
            if content is not None and label:
                titles.setdefault(resolve(part, content.get("src", "")), label)
    return titles


def _navigation_titles(package: Package, parts: frozenset[str]) -> dict[str, str]:
    titles: dict[str, str] = {}
    for part in sorted(parts):
        try:
            links = html_links(package.read(part), part)
        except PartFault:
            continue
        for address, label in links:
            if address and label:
                titles.setdefault(resolve(part, address), label[:500])
    return titles


def _metadata(root: Element) -> Metadata:
    fields: dict[str, list[str]] = {}
    for element in root.iter():
        words = words_of(element) if element.tag.startswith("dc:") else None
        if words:
            fields.setdefault(element.tag, []).append(words)
    dates = sorted(
        (element for element in root.iter("dc:date")),
        # Older books give several dates; that of publication counts.
        key=lambda element: element.get("opf:event", "publication") != "publication",
    )
    creators = ", ".join(dict.fromkeys(fields.get("dc:creator", [])))[:500]
    return Metadata(
        next(iter(fields.get("dc:title", [])), None),
        creators or next(iter(fields.get("dc:publisher", [])), None),
        next((date for date in map(iso_date, map(_text, dates)) if date), None),
    )


def _text(element: Element) -> str:
    return words_of(element) or ""
