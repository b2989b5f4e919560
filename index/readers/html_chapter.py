"""What does a web page inside another file, such as a chapter of a book, say?"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from index.documents import Refusal
from index.readers.decoding import decode
from index.readers.html import DEEPEST, declared_encoding, depth, has_crowded_tag
from index.readers.html_text import extract_text
from index.readers.package import PartFault
from index.readers.page_writer import PageText
from index.readers.pieces import Piece

# In XHTML any element may end itself. For an HTML parser "<title/>" opens a title that never
# ends, and the whole chapter would be its words.
_SELF_CLOSED = re.compile(r"<([a-zA-Z][\w:-]{0,40})((?:\s[^<>]*)?)/>")
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())


def html_pieces(data: bytes, part: str) -> list[Piece]:
    """Blocks of the page ``part`` as pieces."""
    page = html_page(data, part)
    return [Piece(page.text[block.start : block.end], block.kind) for block in page.blocks]


def html_page(data: bytes, part: str) -> PageText:
    """Text and blocks of the page ``part``."""
    return extract_text(_parsed(data, part), website=False)


def html_links(data: bytes, part: str) -> list[tuple[str, str]]:
    """Address and words of every link on the page ``part``, in order."""
    return [
        (link.attributes.get("href") or "", " ".join(link.text().split()))
        for link in _parsed(data, part).css("a[href]")
    ]


def _parsed(data: bytes, part: str) -> LexborHTMLParser:
    """Parse a page.

    :raises PartFault: it is no text, or built to be hard to parse
    """
    decoded = decode(data, declared_encoding(data))
    if isinstance(decoded, Refusal):
        raise PartFault(f"The part {part} is no text.")
    markup = _SELF_CLOSED.sub(_opened_and_closed, decoded.text)
    if depth(markup) > DEEPEST or has_crowded_tag(markup):
        raise PartFault(f"The part {part} nests deeper than any real page.")
    return LexborHTMLParser(markup)


def _opened_and_closed(tag: re.Match[str]) -> str:
    name = tag[1].lower()
    return tag[0] if name in _VOID else f"<{tag[1]}{tag[2]}></{tag[1]}>"
