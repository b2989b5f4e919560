"""Which text does a parsed web page show, and what is each stretch of it?"""

from __future__ import annotations

import re
from collections.abc import Mapping

from selectolax.lexbor import LexborHTMLParser, LexborNode

from index.documents import BlockKind
from index.readers.page_writer import Context, PageText, PageWriter

ROW_NODES = 400
"""Nodes of a table row up to which it can be a row of data rather than the page's layout."""
ROW_CHARACTERS = 1_500
"""As ``ROW_NODES``, in characters."""
MOST_BREAKS_IN_CELL = 3
"""Line ends and paragraphs for each cell of a row of data."""

_DROPPED = frozenset(
    "script style noscript template svg head canvas iframe object math select datalist".split()
)
_BLOCKS = frozenset(
    """address article aside blockquote body caption center dd details dialog dir div dl dt fieldset
    figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main
    menu nav ol optgroup option p plaintext pre search section select summary table tbody td
    textarea tfoot th thead title tr ul xmp""".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_AROUND = frozenset("nav footer aside menu form button dialog".split())
_AROUND_IN_BOOK = _AROUND - {"aside", "footer"}
"""In a book these hold notes."""
_ROLES = frozenset(
    "navigation banner contentinfo complementary search menu menubar dialog alert button".split()
)
_LAYOUT = frozenset("table h1 h2 h3 h4 ul ol pre blockquote article section".split())
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def extract_text(
    tree: LexborHTMLParser, *, title: str | None = None, website: bool = True
) -> PageText:
    """Read the visible text of ``tree``; a heading that repeats is boilerplate the second time.

    A page that is no ``website`` but part of a book has nothing that websites put round a text.
    """
    writer = PageWriter(title, website=website)
    root = tree.body or tree.root
    if root is None:
        return PageText("", (), None)
    # An own stack, because Python's would overflow on a deep page.
    stack: list[tuple[LexborNode | None, Context, Context | None]] = [(root, Context(), None)]
    while stack:
        node, context, inner = stack.pop()
        if node is None:
            continue
        tag = node.tag or ""
        if inner is not None:
            _leave(writer, tag, inner, context)
            continue
        if node is not root:
            stack.append((node.next, context, None))
        if node.is_text_node:
            writer.add(node.text_content or "", context)
        elif node.is_element_node and tag not in _DROPPED:
            inner = _enter(writer, node, tag, context)
            stack.append((node, context, inner))
            stack.append((node.child, inner, None))
    writer.flush()
    return writer.page()


def _enter(writer: PageWriter, node: LexborNode, tag: str, context: Context) -> Context:
    """Make room for an element; what holds for its content."""
    if tag == "img" and writer.is_title(node.attributes.get("alt") or ""):
        # A headline that is a picture: its words stand nowhere else.
        writer.flush()
        writer.add(node.attributes.get("alt") or "", Context("heading"))
        writer.flush()
        return context
    if tag == "br":
        writer.line_end(context)
        return context
    attributes = node.attributes
    kind = _kind(tag, attributes, context.kind, website=writer.website)
    if context.row:
        if tag in {"td", "th"}:
            writer.cell_end()
        elif _is_block(tag):
            writer.add(" ", context)
        return context
    if _is_block(tag) or kind != context.kind:
        writer.flush()
    row = tag == "tr" and _is_data_row(node)
    if row and kind == "paragraph":
        kind = "cell"
    return Context(kind, row, context.preformatted or tag in {"pre", "textarea", "listing"})


def _leave(writer: PageWriter, tag: str, context: Context, outer: Context) -> None:
    if not outer.row and (_is_block(tag) or context != outer):
        writer.flush()
    elif outer.row and _is_block(tag):
        writer.add(" ", outer)


def _is_block(tag: str) -> bool:
    # Elements that HTML does not know show inline; own elements (with a hyphen) hold blocks.
    return tag in _BLOCKS or ("-" in tag and ":" not in tag)


def _kind(
    tag: str, attributes: Mapping[str, str | None], outer: BlockKind, *, website: bool
) -> BlockKind:
    if outer == "boilerplate" or tag in (_AROUND if website else _AROUND_IN_BOOK):
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
    cells = breaks = length = 0
    for seen, node in enumerate(row.traverse(include_text=True), start=1):
        tag = node.tag or ""
        cells += tag in {"td", "th"}
        breaks += tag in {"br", "p"}
        if node.is_text_node:
            length += len(node.text_content or "")
        if seen > ROW_NODES or length > ROW_CHARACTERS or (tag in _LAYOUT and seen > 1):
            return False
    return cells > 1 and breaks <= MOST_BREAKS_IN_CELL * cells
