"""Where in the stored text of a web page does each piece of it come to stand?"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.documents import Block, BlockKind
from index.readers.boilerplate import is_boilerplate
from index.readers.paragraphs import text_blocks

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
class Context:
    """What holds for everything inside an element."""

    kind: BlockKind = "paragraph"
    row: bool = False
    preformatted: bool = False


class PageWriter:
    """Collects the stored text; knows the place of everything it has written."""

    def __init__(self, title: str | None, *, website: bool = True) -> None:
        self.website = website
        self._pending: list[str] = []
        self._cells: list[str] = []
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._context = Context()
        self._section: str | None = None
        self._first_heading: str | None = None
        self._title = " ".join(title.split()).casefold() if title else None
        self._seen_title = False

    def is_title(self, words: str) -> bool:
        """Whether words are the page's title, which has not been seen yet."""
        return (
            self._title is not None
            and not self._seen_title
            and " ".join(words.split()).casefold() == self._title
        )

    def add(self, words: str, context: Context) -> None:
        """Append text of the block that is being read."""
        self._context = context
        self._pending.append(words)

    def line_end(self, context: Context) -> None:
        """End a line: of a poem or an address it is a block of its own."""
        if context.row:
            self.add(" ", context)
        elif context.preformatted:
            self.add("\n", context)
        else:
            self.flush()

    def cell_end(self) -> None:
        """End a cell of a table row; empty ones leave no trace."""
        words = _SPACE.sub(" ", "".join(self._pending)).strip(_SPACES)
        self._pending.clear()
        if words and not words.isspace():
            self._cells.append(words)

    def flush(self) -> None:
        """Write what is pending as a block of its own."""
        context = self._context
        if context.preformatted and not context.row:
            words = "".join(self._pending).replace("\r\n", "\n").strip("\n")
            self._pending.clear()
            self._write_lines(words)
            return
        self.cell_end()
        words = "\t".join(self._cells)
        self._cells.clear()
        if words:
            start = self._append(words)
            begin = start + len(words) - len(words.lstrip())
            end = start + len(words.rstrip())
            self._blocks.append(self._block(begin, end, words.strip(), context.kind))

    def page(self) -> PageText:
        """Give what was written."""
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
        if self.website and kind != "boilerplate" and is_boilerplate(words):
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
        if not words or words.isspace():
            return
        start = self._append(words)
        for block in text_blocks(words):
            kind = self._context.kind if self._context.kind != "paragraph" else block.kind
            self._blocks.append(Block(start + block.start, start + block.end, kind, self._section))
