"""Which pieces of text does a web page inside another file hold?"""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from index.documents import Refusal
from index.readers.decoding import decode
from index.readers.html import DEEPEST, declared_encoding, depth, has_crowded_tag
from index.readers.html_text import extract_text
from index.readers.package import PartFault
from index.readers.page_writer import PageText
from index.readers.pieces import Piece


def html_pieces(data: bytes, part: str) -> list[Piece]:
    """Blocks of the page ``part`` as pieces, menus as boilerplate."""
    page = html_page(data, part)
    return [Piece(page.text[block.start : block.end], block.kind) for block in page.blocks]


def html_page(data: bytes, part: str) -> PageText:
    """Text and blocks of the page ``part``.

    :raises PartFault: it is no text, or built to be hard to parse
    """
    decoded = decode(data, declared_encoding(data))
    if isinstance(decoded, Refusal):
        raise PartFault(f"The part {part} is no text.")
    if depth(decoded.text) > DEEPEST or has_crowded_tag(decoded.text):
        raise PartFault(f"The part {part} nests deeper than any real page.")
    return extract_text(LexborHTMLParser(decoded.text))
