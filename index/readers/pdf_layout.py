"""How do the lines of a PDF page become paragraphs, headings, items and rows, as a person reads?

A PDF says where letters stand, not what they are: everything here is read off sizes and gaps.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from index.readers.pdf_pages import Line, Page
from index.readers.pieces import Piece

_HYPHEN = re.compile("[\x02\ufffe]\\s?")
_SOFT_HYPHEN = "\N{SOFT HYPHEN}"
"""Stands where a word was cut at a line's end: the search joins the word, a browser shows it so."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
_ITEM = re.compile(r"(?:[•‣◦▪●○■□–—*·-]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+\S")
_SENTENCE_END = re.compile(r"[.!?:;][\"”’)\]]*$")
_PAGE_NUMBER = re.compile(
    r"(?:page\s*)?[-–—\s]*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?[-–—\s]*$", re.IGNORECASE
)
_LARGER = 1.15
"""Times the usual size, from which a line is a heading."""
_LONGEST_HEADING = 160
"""Characters."""
_EDGE = 2
"""Lines at the top and at the bottom of a page among which headers and footers stand."""
_REPEATED = 0.4
"""Share of the pages on which a line stands that is a header or a footer."""
_FEWEST_REPEATS = 3
_TITLE = re.compile(r"[^\W\d_]{2}")
_MOST_TITLE_LINES = 3
_SIDE_BY_SIDE = 4
"""Words of each of two lines at one height that make them columns of text, not cells."""


def usual_size(pages: Iterable[Page]) -> float:
    """Return the size of the font that most characters have, in points."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[round(line.size)] += len(line.words)
    return float(max(sizes, key=lambda size: (sizes[size], -size), default=10.0))


def repeated_lines(pages: Sequence[Page]) -> frozenset[str]:
    """Return the headers and footers: what stands at the edge of many pages, figures aside."""
    counted: Counter[str] = Counter()
    for page in pages:
        counted.update({_pattern(line) for line in _edges(page)})
    enough = max(_FEWEST_REPEATS, _REPEATED * len(pages))
    return frozenset(pattern for pattern, count in counted.items() if count >= enough)


def page_pieces(page: Page, *, usual: float, repeated: frozenset[str]) -> list[Piece]:
    """Return what stands on a page, in reading order."""
    edges = _furniture(page, repeated, usual)
    inside = [line for line in page.lines if line not in edges]
    pieces = [
        _piece(group, page.number, usual) for group in _groups(_in_reading_order(inside), usual)
    ]
    kept = dict.fromkeys(edges)
    return pieces + [Piece(_clean(line.words), "boilerplate", page.number) for line in kept]


def _pattern(line: Line) -> str:
    return re.sub(r"\d+", "#", " ".join(line.words.split()).lower())


def _edges(page: Page) -> list[Line]:
    """Return the lines at the very top and at the very bottom of a page."""
    by_height = sorted(page.lines, key=lambda line: -line.top)
    count = min(_EDGE, len(by_height) // 3)
    return [*by_height[:count], *by_height[len(by_height) - count :]]


def _furniture(page: Page, repeated: frozenset[str], usual: float) -> list[Line]:
    """Return a page's headers, footers and number; the title that headers repeat is none."""
    return [
        line
        for line in _edges(page)
        if (_pattern(line) in repeated or _PAGE_NUMBER.fullmatch(line.words.strip()))
        and not (page.number == 1 and line.size >= _LARGER * usual)
    ] + [line for line in page.lines if _is_upright_stamp(line)]


def _is_upright_stamp(line: Line) -> bool:
    """Whether a line runs up the margin, as stamps of archives do."""
    return len(line.words) > 8 and line.height > 4 * max(line.size, line.right - line.left, 1.0)


# Order


def _in_reading_order(lines: Sequence[Line]) -> list[Line]:
    """Keep the page's own order, unless it jumps between two columns of text line by line."""
    jumps = [
        (one, other)
        for one, other in pairwise(lines)
        if _are_level(one, other)
        and other.left > one.right
        and min(len(one.words.split()), len(other.words.split())) >= _SIDE_BY_SIDE
    ]
    if len(jumps) < 3 or len(jumps) < 0.2 * len(lines):
        return list(lines)
    gap = median(other.left for _, other in jumps) - 1
    ordered: list[Line] = []
    band: list[Line] = []
    for line in lines:
        if line.left < gap < line.right - 1:  # across both columns: what is above comes first
            ordered += _by_column(band, gap)
            band = []
            ordered.append(line)
        else:
            band.append(line)
    return ordered + _by_column(band, gap)


def _by_column(lines: Sequence[Line], gap: float) -> list[Line]:
    return [*(x for x in lines if x.left < gap), *(x for x in lines if x.left >= gap)]


def _are_level(one: Line, other: Line) -> bool:
    """Whether two lines stand at one height."""
    shared = min(one.top, other.top) - max(one.bottom, other.bottom)
    return shared > 0.5 * min(one.height, other.height)


# Paragraphs


def _groups(lines: Sequence[Line], usual: float) -> list[list[Line]]:
    """Put the lines of one paragraph, one heading or one row together."""
    rights = _column_ends(lines)
    groups: list[list[Line]] = []
    for at, line in enumerate(lines):
        if groups and _belongs(groups[-1], line, rights[at - 1], usual):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _column_ends(lines: Sequence[Line]) -> list[float]:
    """Return for each line how far to the right the lines that start near it reach."""
    return [
        max(o.right for o in lines if abs(o.left - line.left) < 3 * max(line.size, 1.0))
        for line in lines
    ]


def _belongs(group: Sequence[Line], line: Line, end: float, usual: float) -> bool:
    last = group[-1]
    size = last.size
    if _are_level(last, line) and line.left >= last.left:
        return True  # the next cell of a row, or the line goes on in another font
    if abs(line.size - size) > 0.12 * size or _ITEM.match(line.words):
        return False
    is_open = not _SENTENCE_END.search(last.words.rstrip())
    if line.bottom > last.bottom:  # the next column, or the next box
        return is_open and line.words[:1].islower()
    if any(_is_apart(one, other) for one, other in pairwise(group)):
        return False  # a row of cells ends with its line
    gap = last.bottom - line.top
    if gap > 0.95 * size:
        return False
    if size >= _LARGER * usual:
        return is_open  # a heading of several lines, often centred
    if line.left - last.left > 0.8 * size and not (is_open and line.words[:1].islower()):
        return False  # an indented first line
    is_short = last.right < end - max(0.2 * (end - last.left), 2 * size)
    return is_open and not is_short if is_short or not is_open else True


def _is_apart(one: Line, other: Line) -> bool:
    """Whether two lines at one height stand as far apart as the cells of a table."""
    return _are_level(one, other) and other.left - one.right > one.size


def _piece(group: Sequence[Line], number: int, usual: float) -> Piece:
    if any(_is_apart(one, other) for one, other in pairwise(group)):
        return Piece(_row(group), "cell", number)
    words = _clean(" ".join(line.words.strip() for line in group))
    is_heading = group[0].size >= _LARGER * usual and len(words) <= _LONGEST_HEADING
    if is_heading and not words.endswith((".", ";", ",")):
        return Piece(words, "heading", number)
    return Piece(words, "item" if _ITEM.match(words) else "paragraph", number)


def _row(group: Sequence[Line]) -> str:
    written = _clean(group[0].words)
    for one, other in pairwise(group):
        written += ("\t" if _is_apart(one, other) else " ") + _clean(other.words)
    return written


def _clean(words: str) -> str:
    """Join words that were cut at a line's end, and drop what is no character."""
    joined = _HYPHEN.sub(_SOFT_HYPHEN, words)
    return " ".join(_CONTROL.sub(" ", joined).split())


def shown_title(page: Page, usual: float) -> str | None:
    """Return the words in the largest letters of the first page, if they stand out."""
    upright = [line for line in page.lines if line.height < 2 * line.size]
    largest = max((line.size for line in upright if _TITLE.search(line.words)), default=0.0)
    if not largest or largest < _LARGER * usual:
        return None
    at = next(n for n, line in enumerate(upright) if line.size == largest)
    lines = [line for line in upright[at : at + _MOST_TITLE_LINES] if line.size == largest]
    title = _clean(" ".join(line.words for line in lines)).replace(_SOFT_HYPHEN, "")
    return title if len(title) <= _LONGEST_HEADING else None
