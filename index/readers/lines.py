"""Which lines does a plain text have, and what is each of them by its own look?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.documents import BlockKind
from index.readers.boilerplate import is_boilerplate

# A literal <br> is what is left of a line end when a web page was saved as text.
_BREAK = re.compile(r"\r\n|[\n\r\f\v\x85\u2028\u2029]|<br ?/?>", re.IGNORECASE)
_RULE = re.compile(r"[\s\-=_*~#+.·•|:<>\\/`—–]+")
_UNDERLINE = re.compile(r"={3,}|-{3,}|~{3,}")
_QUOTE_MARKS = re.compile(r"(?:>[ \t]?)+")
_HEADING_MARKS = re.compile(r"#{1,6}[ \t]+(?=\S)")
_ITEM_MARK = re.compile(
    r"(?:[-*+•‣◦▪●■·⁃][ \t\u00a0]+|[•●■▪]|\(?\d{1,3}[.)][ \t]+|\(?[a-z]\)[ \t]+)(?=\S)"
)
_TABLE_ROW = re.compile(r"\|.*\|")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that holds something, without the marks before it."""

    start: int
    end: int
    length: int
    """Characters from the start of the raw line, indentation and marks included."""
    after_blank: bool
    """Whether a blank line, a ruled line or the start of the text stands before it."""
    kind: BlockKind
    underlined: bool = False
    indented: bool = False


def read_lines(text: str, start: int, end: int) -> list[Line]:
    """List the lines of ``text[start:end]`` that hold more than white space and ruling."""
    lines: list[Line] = []
    blank = True
    for first, last in _raw_lines(text, start, end):
        begin, stop = _strip(text, first, last)
        if begin == stop:
            blank = True
        elif _RULE.fullmatch(text, begin, stop):
            underlines = lines and not blank and _UNDERLINE.fullmatch(text, begin, stop)
            if underlines and lines[-1].kind == "paragraph":
                lines[-1] = _underlined(lines[-1])
            blank = True
        else:
            lines.append(_line(text, (first, begin, stop), after_blank=blank))
            blank = False
    return lines


def _raw_lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for found in _BREAK.finditer(text, start, end):
        yield begin, found.start()
        begin = found.end()
    yield begin, end


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _underlined(line: Line) -> Line:
    return Line(line.start, line.end, line.length, line.after_blank, "heading", underlined=True)


def _line(text: str, place: tuple[int, int, int], *, after_blank: bool) -> Line:
    first, begin, stop = place
    length, indented = stop - first, begin > first
    quoted = _QUOTE_MARKS.match(text, begin, stop)
    if quoted and quoted.end() < stop:
        begin, stop = _strip(text, quoted.end(), stop)
    kind: BlockKind = "paragraph"
    heading = _HEADING_MARKS.match(text, begin, stop)
    item = _ITEM_MARK.match(text, begin, stop)
    if heading:
        kind, begin = "heading", heading.end()
    elif item:
        kind, begin = "item", item.end()
    elif stop - begin > 4 and _TABLE_ROW.fullmatch(text, begin, stop):
        kind = "cell"
        begin, stop = _strip_pipes(text, begin, stop)
    address = _ADDRESS.fullmatch(text, begin, stop)
    if address or is_boilerplate(text[begin : min(stop, begin + 700)]):
        kind = "boilerplate"
    return Line(begin, stop, length, after_blank, kind, indented=indented)


def _strip_pipes(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and (text[start] == "|" or text[start].isspace()):
        start += 1
    while end > start and (text[end - 1] == "|" or text[end - 1].isspace()):
        end -= 1
    return start, end
