"""Which elements does an XML part hold?

Names come with short prefixes (``w:p``, ``text:h``) whatever the file calls its namespaces, in
both dialects of Office. Entities are never expanded, nothing outside is fetched, and a broken
part is read up to its fault.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from index.documents import RefusalReason
from index.readers.package import Link, Package, PartFault, resolve
from index.readers.refusals import Refused

DEEPEST = 200
"""Nested elements; a table in a text box in a table of a real document has some 60."""
MOST_ELEMENTS = 1_500_000
"""Elements of one part, some 400 bytes each; a document of 870 pages has 100,000."""

_OFFICE = "http://schemas.openxmlformats.org/"
_STRICT = "http://purl.oclc.org/ooxml/"
_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_PREFIXES = {
    **{
        dialect + name + end: prefix
        for prefix, name in (
            ("w", "wordprocessingml"),
            ("a", "drawingml"),
            ("p", "presentationml"),
            ("s", "spreadsheetml"),
        )
        for dialect, end in ((_OFFICE, "/2006/main"), (_STRICT, "/main"))
    },
    _OFFICE + "officeDocument/2006/math": "m",
    _STRICT + "officeDocument/math": "m",
    _OFFICE + "officeDocument/2006/relationships": "r",
    _STRICT + "officeDocument/relationships": "r",
    _OFFICE + "drawingml/2006/chart": "c",
    _STRICT + "drawingml/chart": "c",
    _OFFICE + "drawingml/2006/diagram": "dgm",
    _STRICT + "drawingml/diagram": "dgm",
    _OFFICE + "package/2006/relationships": "rel",
    _OFFICE + "package/2006/content-types": "types",
    _OFFICE + "package/2006/metadata/core-properties": "core",
    _OFFICE + "markup-compatibility/2006": "mc",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://www.idpf.org/2007/opf": "opf",
    "urn:oasis:names:tc:opendocument:xmlns:container": "ocf",
    "http://www.w3.org/2001/04/xmlenc#": "enc",
    "http://www.daisy.org/z3986/2005/ncx/": "ncx",
    "http://www.w3.org/1999/xlink": "xlink",
    **{
        f"{_OASIS}{name}:1.0": name
        for name in "office text table meta manifest style presentation chart".split()
    },
    f"{_OASIS}drawing:1.0": "draw",
    f"{_OASIS}svg-compatible:1.0": "svg",
}


@dataclass(frozen=True, slots=True)
class XmlPart:
    """The root of a part; ``broken`` says that the part ends at a fault."""

    root: Element
    broken: bool = False


class _Builder(TreeBuilder):
    """Builds the tree with short names and counts what it builds."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.root: Element | None = None
        self._name = name
        self._depth = 0
        self._count = 0
        self._short: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> Element:
        self._depth += 1
        self._count += 1
        if self._depth > DEEPEST or self._count > MOST_ELEMENTS:
            raise Refused(
                RefusalReason.HOSTILE,
                f"{self._name} nests its parts deeper, or has more of them, than any real document "
                "does. Save its text as a text file and add that.",
            )
        named = {self._shorten(key): value for key, value in attributes.items()}
        element = super().start(self._shorten(tag), named)
        if self.root is None:
            self.root = element
        return element

    def end(self, tag: str) -> Element:
        self._depth -= 1
        return super().end(self._shorten(tag))

    def _shorten(self, name: str) -> str:
        short = self._short.get(name)
        if short is None:
            space, _, local = name.rpartition("}")
            space = space.removeprefix("{")
            short = f"{_PREFIXES.get(space, '?')}:{local}" if space else local
            self._short[name] = short
        return short


def parse_xml(data: bytes, name: str, part: str) -> XmlPart:
    """Parse the part called ``part`` of the file called ``name``.

    :raises PartFault: not even the first element is there
    :raises Refused: it declares entities, or is too deep or too large
    """
    builder = _Builder(name)
    parser = DefusedXMLParser(target=builder)
    broken = False
    try:
        # All at once: expat before 2.6 reads a long word from its start for every further chunk.
        parser.feed(data)
        parser.close()
    except DefusedXmlException as error:
        raise Refused(
            RefusalReason.HOSTILE,
            f"{name} defines abbreviations of its own that could grow without end, which no real "
            "document does. Save its text as a text file and add that.",
        ) from error
    except (ParseError, ValueError, LookupError):
        broken = True
    root = builder.root
    if root is None:
        raise PartFault(f"The part {part} is damaged.")
    return XmlPart(root, broken)


def read_xml(package: Package, part: str) -> XmlPart:
    """Unpack and parse the part called ``part``."""
    return parse_xml(package.read(part), package.name, part)


def read_links(package: Package, part: str) -> dict[str, Link]:
    """Relationships of ``part`` to other parts by their ids; empty where there are none."""
    folder, _, own = part.rpartition("/")
    listed = f"{folder}/_rels/{own}.rels" if folder else f"_rels/{own}.rels"
    try:
        root = read_xml(package, listed).root
    except PartFault:
        return {}
    return {
        item.get("Id", ""): Link(
            resolve(part, item.get("Target", "")), item.get("Type", "").rpartition("/")[2]
        )
        for item in root
        if item.tag == "rel:Relationship" and item.get("TargetMode") != "External"
    }


def main_part(package: Package, usual: str) -> str:
    """Name of the part with the document itself; ``usual`` where the package does not say."""
    links = read_links(package, "").values()
    return next((link.target for link in links if link.kind == "officeDocument"), usual)


def first(element: Element | None, *path: str) -> Element | None:
    """The first child called ``path[0]`` of ``element``, its first child called ``path[1]``, …

    ``Element.find`` would take the prefixes for namespaces of its own.
    """
    for tag in path:
        if element is None:
            return None
        element = next((child for child in element if child.tag == tag), None)
    return element


def words_of(element: Element | None) -> str | None:
    """Text of a field of metadata in one line, or ``None``."""
    if element is None:
        return None
    return " ".join("".join(element.itertext()).split())[:500] or None
