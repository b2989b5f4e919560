"""What does a web page say?

The stored text is what a reader of the page sees, block by block; menus and the like are kept,
marked as boilerplate.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from index.documents import ReadDocument, Reading, Refusal, RefusalReason
from index.readers.decoding import decode
from index.readers.files import RawFile
from index.readers.html_metadata import read_html_metadata
from index.readers.html_text import extract_text
from index.readers.refusals import empty

DEEPEST = 1_000
"""Nested elements; parsing takes time quadratic in the depth, and pages need less than 100."""
MOST_ATTRIBUTES = 2_000
"""Attributes of one tag; 50,000 took eight seconds to parse."""

_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{4000,}")
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE
)
_DECLARED_XML = re.compile(rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{2,40})""")
_TAG = re.compile(r"<(?:(/?)([a-z][a-z0-9]*)|(!--))", re.IGNORECASE)
_RAW = frozenset("script style textarea title noscript xmp iframe".split())
# These have no end tag, or are closed by the next of their kind, so they add no depth: their
# true nesting goes through a list or a table, which is counted.
_NOT_COUNTED = frozenset(
    """area base br col embed hr img input link meta param source track wbr p li dt dd option
    optgroup tr td th thead tbody tfoot colgroup caption html head body""".split()
)


def read_html(file: RawFile) -> Reading | Refusal:
    """One document; title, date and source from the page's own metadata."""
    decoded = decode(file.data, declared_encoding(file.data))
    if isinstance(decoded, Refusal):
        return decoded
    if depth(decoded.text) > DEEPEST:
        return Refusal(
            RefusalReason.HOSTILE,
            f"{file.path.name} nests its elements more than {DEEPEST:,} deep, which no real page "
            "does. Save the text of the page as a text file and add that.",
        )
    if has_crowded_tag(decoded.text):
        return Refusal(
            RefusalReason.HOSTILE,
            f"{file.path.name} has an element with more than {MOST_ATTRIBUTES:,} attributes, which "
            "no real page does. Save the text of the page as a text file and add that.",
        )
    tree = LexborHTMLParser(decoded.text)
    metadata = read_html_metadata(tree)
    page = extract_text(tree, title=metadata.title)
    if not page.blocks:
        return empty(file.path.name)
    document = ReadDocument(
        text=page.text,
        blocks=page.blocks,
        title=metadata.title or page.first_heading or file.path.stem,
        source=metadata.source,
        published=metadata.published,
    )
    return Reading((document,), (decoded.remark,) if decoded.remark else ())


def has_crowded_tag(markup: str) -> bool:
    """Say whether a tag has too many attributes: comparing them takes quadratic time."""
    return any(len(tag[0].split()) > MOST_ATTRIBUTES for tag in _LONG_TAG.finditer(markup))


def depth(markup: str) -> int:
    """Find the deepest nesting that the tags of ``markup`` can stand for, by one linear scan."""
    deepest = now = place = 0
    while (tag := _TAG.search(markup, place)) is not None:
        place = tag.end()
        name = (tag[2] or "").lower()
        if tag[3]:
            closing = markup.find("-->", place)
            place = closing + 3 if closing >= 0 else len(markup)
        elif tag[1]:
            now -= name not in _NOT_COUNTED and now > 0
        elif name in _RAW:
            closing = _find_end(markup, name, place)
            place = closing if closing >= 0 else len(markup)
        elif name not in _NOT_COUNTED:
            now += 1
            deepest = max(deepest, now)
    return deepest


def _find_end(markup: str, name: str, place: int) -> int:
    found = re.compile(rf"</{name}", re.IGNORECASE).search(markup, place)
    return found.end() if found else -1


def declared_encoding(data: bytes) -> str | None:
    """Find the encoding that the page or its XML declaration names."""
    head = data[:65_536]
    found = _DECLARED.search(head) or _DECLARED_XML.search(head)
    return found[1].decode("ascii") if found else None
