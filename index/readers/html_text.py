"""Which text does a parsed web page show, and what is each stretch of it?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from index.documents import Block, BlockKind
from index.readers.boilerplate import is_boilerplate
from index.readers.paragraphs import text_blocks

ROW_NODES = 400
"""Nodes of a table row up to which it can be a row of data rather than the page's layout."""

_DROPPED = frozenset(
    "script style noscript template svg head canvas iframe object math select datalist".split()
)
_INLINE = frozenset(
    """a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark meter
    output picture q ruby rb rt rp s samp small span strike strong sub sup time tt u var wbr
    link meta source audio video map area input nobr center""".split()
) - {"center"}
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_AROUND = frozenset("nav footer aside menu form button dialog".split())
_ROLES = frozenset(
    "navigation banner contentinfo complementary search menu menubar dialog alert button".split()
)
_LAYOUT = frozenset("table h1 h2 h3 h4 ul ol pre blockquote article section".split())
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# White space of HTML; a no-break space is a character like others.
_SPACE = re.compile(r"[ \t\n\r\f]+")
_SPACES = " \t\n\r\f"


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of a page and its blocks."""

    text: str
    blocks: tuple[Block, ...]
    first_heading: str | None


@dataclass(frozen=True, slots=True)
class _Context:
    """What holds for everything inside an element."""

    kind: BlockKind = "paragraph"
    row: bool = False
    preformatted: bool = False


def extract_text(tree: LexborHTMLParser, *, title: str | None = None) -> PageText:
    """The visible text of ``tree``; a heading that repeats is boilerplate the second time."""
    writer = _Writer(title)
    root = tree.body or tree.root
    if root is None:
        return PageText("", (), None)
    # An own stack, because Python's would overflow on a deep page.
    stack: list[tuple[LexborNode | None, _Context, bool]] = [(root, _Context(), False)]
    while stack:
        node, context, leaving = stack.pop()
        if node is None:
            continue
        tag = node.tag or ""
        if leaving:
            _leave(writer, tag, context)
            continue
        if node is not root:
            stack.append((node.next, context, False))
        if node.is_text_node:
            writer.add(node.text_content or "", context)
        elif node.is_element_node and tag not in _DROPPED:
            inner = _enter(writer, node, tag, context)
            stack.append((node, context if tag in _INLINE else inner, True))
            stack.append((node.child, inner, False))
    writer.flush()
    return writer.page()


def _enter(writer: _Writer, node: LexborNode, tag: str, context: _Context) -> _Context:
    attributes = node.attributes
    if tag == "br":
        writer.line_end()
        return context
    if tag not in _INLINE:
        if context.row:
            writer.add(" | " if tag in {"td", "th"} and writer.pending else " ", context)
        else:
            writer.flush()
    kind = _kind(tag, attributes, context.kind)
    row = context.row or (tag == "tr" and _is_data_row(node))
    if row and not context.row and kind == "paragraph":
        kind = "cell"
    inner = _Context(kind, row, context.preformatted or tag in {"pre", "textarea", "listing"})
    if tag not in _INLINE and not context.row:
        writer.open(inner)
    elif kind == "boilerplate" and context.kind != kind and not context.row:
        writer.flush()
        writer.open(inner)
    return inner


def _leave(writer: _Writer, tag: str, context: _Context) -> None:
    if tag in _INLINE or tag == "br":
        return
    if context.row and tag != "tr":
        writer.add(" ", context)
    else:
        writer.flush()


def _kind(tag: str, attributes: Mapping[str, str | None], outer: BlockKind) -> BlockKind:
    if outer == "boilerplate" or tag in _AROUND:
        return "boilerplate"
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return "boilerplate"
    if (attributes.get("role") or "").lower() in _ROLES:
        return "boilerplate"
    if _HIDING_STYLE.search(attributes.get("style") or ""):
        return "boilerplate"
    if tag in _HEADINGS:
        return "heading"
    return "item" if tag in {"li", "dd"} else outer


def _is_data_row(row: LexborNode) -> bool:
    """Whether a table row holds values; old pages lay out whole articles in tables."""
    seen = 0
    for node in row.traverse(include_text=True):
        seen += 1
        if seen > ROW_NODES or (node.tag in _LAYOUT and seen > 1):
            return False
    return True


class _Writer:
    """Collects the stored text; knows the place of everything it has written."""

    def __init__(self, title: str | None) -> None:
        self.pending: list[str] = []
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._context = _Context()
        self._section: str | None = None
        self._first_heading: str | None = None
        self._title = " ".join(title.split()).casefold() if title else None
        self._seen_title = False

    def open(self, context: _Context) -> None:
        self._context = context

    def add(self, words: str, context: _Context) -> None:
        if not self.pending:
            self._context = context
        self.pending.append(words)

    def line_end(self) -> None:
        if self._context.row:
            self.pending.append(" ")
        elif self._context.preformatted:
            self.pending.append("\n")
        else:
            self.flush()

    def flush(self) -> None:
        """Write what is pending as a block of its own."""
        words = "".join(self.pending)
        self.pending.clear()
        context = self._context
        if not words or words.isspace():
            return
        if context.preformatted:
            self._write_lines(words.replace("\r\n", "\n").strip("\n"))
            return
        words = _SPACE.sub(" ", words).strip(_SPACES)
        start = self._append(words)
        begin = start + len(words) - len(words.lstrip())
        end = start + len(words.rstrip())
        self._blocks.append(self._block(begin, end, words.strip(), context.kind))

    def page(self) -> PageText:
        return PageText("".join(self._parts), tuple(self._blocks), self._first_heading)

    def _append(self, words: str) -> int:
        if self._parts:
            self._parts.append("\n")
            self._length += 1
        start = self._length
        self._parts.append(words)
        self._length += len(words)
        return start

    def _block(self, start: int, end: int, words: str, kind: BlockKind) -> Block:
        if kind != "boilerplate" and is_boilerplate(words):
            kind = "boilerplate"
        if kind == "heading":
            heading = " ".join(words.split())
            is_title = heading.casefold() == self._title
            if is_title and self._seen_title:
                kind = "boilerplate"
            elif is_title or self._first_heading is None:
                self._first_heading = self._first_heading or heading
                self._seen_title = self._seen_title or is_title
                return Block(start, end, kind, heading)
            else:
                self._section = heading
        return Block(start, end, kind, self._section)

    def _write_lines(self, words: str) -> None:
        start = self._append(words)
        for block in text_blocks(words):
            kind = self._context.kind if self._context.kind != "paragraph" else block.kind
            self._blocks.append(
                Block(start + block.start, start + block.end, kind, self._section)
            )
