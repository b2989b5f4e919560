"""Where in a Markdown text does each heading, paragraph, list item and table row stand?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.documents import Block, BlockKind
from index.readers.boilerplate import is_boilerplate

DEEPEST = 100
"""Nested quotations and lists that are read; what lies deeper is left out."""

# What may stand before the words of a line: quote marks, list marks, heading signs.
_MARKS = re.compile(
    r"(?:[ \t]+|>[ \t]?|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])|\[[ xX]\](?=[ \t]))*+(?:\#{1,6}[ \t]+)?"
)
_QUOTE_MARKS = re.compile(r"[ \t]*>")
_CLOSING_SIGNS = re.compile(r"[ \t]+#+[ \t]*$")
_ONLY_TAGS = re.compile(r"(?:\s*<[^>]*>?\s*)+")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_SENTENCE_END = re.compile(r"[.!?:…][\"'”’)\]*_]*$")
_HARD_BREAK = re.compile(r"(?: {2,}|\\)$")
_VISIBLE = re.compile(r"[^\s>#*\-+|=`~_:<\\]")


def markdown_blocks(text: str, *, title: str | None = None) -> tuple[Block, ...]:
    """Find the blocks of ``text``, marks at the start of lines left out.

    The first heading of level one, if it is the ``title`` or there is none, opens no section.
    """
    return tuple(_Walk(text, title).blocks())


class _Walk:
    """One pass over the tokens of a text."""

    def __init__(self, text: str, title: str | None) -> None:
        self._text = text
        self._title = title
        self._starts = [0, *(place.end() for place in re.finditer(r"\r\n|\n|\r", text)), len(text)]
        if len(self._starts) > 2 and self._starts[-1] == self._starts[-2]:
            self._starts.pop()
        self._section: str | None = None
        self._titled = False

    def blocks(self) -> Iterator[Block]:  # noqa: C901  one branch a kind of token
        parser = (
            MarkdownIt("commonmark", {"maxNesting": DEEPEST})
            .enable("table")
            .disable(["inline", "text_join"])
        )
        heading: str | None = None
        items = tables = 0
        for token in parser.parse(self._text):
            if token.type == "heading_open":
                heading = token.tag
            elif token.type == "heading_close":
                heading = None
            elif token.type in {"list_item_open", "list_item_close"}:
                items += token.nesting
            elif token.type in {"table_open", "table_close"}:
                tables += token.nesting
            elif token.type == "tr_open":
                yield from self._spans(self._lines(token), "cell")
            elif token.type in {"fence", "code_block"}:
                # The line that closes a fence shows nothing, so it makes no block.
                lines = self._lines(token)
                yield from self._each_line(lines[1:] if token.type == "fence" else lines)
            elif token.type == "html_block":
                yield from self._each_line(self._without_tags(token))
            elif token.type == "inline" and heading:
                yield from self._heading(token, heading)
            elif token.type == "inline" and not tables:
                yield from self._paragraph(token, "item" if items else "paragraph")

    def _lines(self, token: Token) -> list[tuple[int, int]]:
        first, last = token.map or (0, 0)
        return self._trimmed(first, last)

    def _trimmed(self, first: int, last: int) -> list[tuple[int, int]]:
        spans = []
        for line in range(first, min(last, len(self._starts) - 1)):
            start, end = self._starts[line], self._starts[line + 1]
            spans.append((start, start + len(self._text[start:end].rstrip("\r\n"))))
        return spans

    def _without_tags(self, token: Token) -> list[tuple[int, int]]:
        lines = self._lines(token)
        if not lines:
            return []
        comments = [
            found.span() for found in _COMMENT.finditer(self._text, lines[0][0], lines[-1][1])
        ]
        return [
            (start, end)
            for start, end in lines
            if not _ONLY_TAGS.fullmatch(self._text, start, end)
            and not any(first <= start and end <= last for first, last in comments)
        ]

    def _heading(self, token: Token, level: str) -> Iterator[Block]:
        lines = self._lines(token)
        if not lines:
            return
        start, end = self._inside(lines[0][0], lines[-1][1])
        # What stood before the closing signs may end in blanks that Markdown does not know.
        end = start + len(_CLOSING_SIGNS.sub("", self._text[start:end]).rstrip())
        if start >= end:
            return
        words = " ".join(self._text[start:end].strip("*_ ").split())
        is_title = level == "h1" and not self._titled and self._title in {None, words}
        repeated = self._titled and words == self._title
        if not is_title and not repeated:
            self._section = words
        self._titled = self._titled or is_title
        if is_title:
            self._title = words
        yield Block(start, end, "boilerplate" if repeated else "heading", words)

    def _paragraph(self, token: Token, kind: BlockKind) -> Iterator[Block]:
        lines = self._lines(token)
        begin = 0
        for place in range(1, len(lines) + 1):
            if place == len(lines) or self._breaks(lines[place - 1], lines[place]):
                yield from self._spans(lines[begin:place], kind)
                begin = place

    def _breaks(self, line: tuple[int, int], following: tuple[int, int]) -> bool:
        """Whether a line end inside a paragraph is meant: a hard break, a line of a quotation."""
        words = self._text[slice(*line)]
        if _HARD_BREAK.search(words) or is_boilerplate(self._text[slice(*following)]):
            return True
        quoted = _QUOTE_MARKS.match(self._text, *following)
        return bool(quoted and _SENTENCE_END.search(words.rstrip()))

    def _each_line(self, lines: Sequence[tuple[int, int]]) -> Iterator[Block]:
        for line in lines:
            yield from self._spans([line], "paragraph")

    def _spans(self, lines: Sequence[tuple[int, int]], kind: BlockKind) -> Iterator[Block]:
        if not lines:
            return
        start, end = self._inside(lines[0][0], lines[-1][1])
        if kind == "cell":
            while start < end and (self._text[start] == "|" or self._text[start].isspace()):
                start += 1
            while end > start and (self._text[end - 1] == "|" or self._text[end - 1].isspace()):
                end -= 1
        if start >= end or not _VISIBLE.search(self._text, start, end):
            return
        if kind != "cell" and is_boilerplate(self._text[start : min(end, start + 700)]):
            kind = "boilerplate"
        yield Block(start, end, kind, self._section)

    def _inside(self, start: int, end: int) -> tuple[int, int]:
        """Narrow a span to what is left without marks before it and white space round it."""
        marks = _MARKS.match(self._text, start, end)
        start = marks.end() if marks else start
        while start < end and self._text[start].isspace():
            start += 1
        while end > start and (self._text[end - 1].isspace()):
            end -= 1
        return start, end
