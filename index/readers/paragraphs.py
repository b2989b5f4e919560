"""Which lines of a plain text belong together, and what is each stretch?

A blank line always ends a paragraph. A single line end does so unless the text is hard-wrapped:
then a line ends where the next word would not have fitted.
"""

from __future__ import annotations

import re
from itertools import pairwise

from index.documents import Block
from index.readers.lines import Line, read_lines
from index.readers.metadata import line_date

WIDEST_WRAP = 110
"""Characters of the widest line that a person or an editor wraps by hand."""
NARROWEST_WRAP = 30
FEWEST_BREAKS = 2
"""Line ends inside paragraphs below which nothing can be said about wrapping."""
SLACK = 3
"""Characters by which a line may miss the width and still count as full."""
SHORTEST_PROSE_LINE = 45
"""Characters of the shortest line that prose is taken to be wrapped at."""
LONGEST_TITLE = 400
LONGEST_HEADING = 90
MOST_HEADING_WORDS = 13
SHORTEST_BODY = 60
"""Characters of the shortest paragraph that has a heading over it."""
MOST_WORDS_BEFORE_COLON = 5
"""Words of a heading that ends with a colon; longer ones are sentences that open a list."""

_NO_HEADING_END = tuple('.!?;,…"”)]—–-%')
_LABEL = re.compile(r"(?!chapter|part|section|step|annex|appendix)[\w-]+\s*:\s*\S", re.IGNORECASE)
# "iOS", "eBay": a small letter that does not go on with a sentence.
_NAME_IN_SMALL_LETTERS = re.compile(r"[a-z]{1,2}[A-Z]")
_FUNCTION_WORD_END = re.compile(
    r"\b(?:the|an?|of|and|or|to|in|for|with|by|on|at|from|that|which|was|were|is|are|has|had|its"
    r"|their|his|her|this)$"
)
_FIRST_WORD = re.compile(r"\S+")


def text_blocks(
    text: str, start: int = 0, end: int | None = None, *, title: str | None = None
) -> tuple[Block, ...]:
    """Find the blocks of the plain text ``text[start:end]``, in code points of ``text``.

    The first line that equals ``title`` is a heading, every later one boilerplate.
    """
    lines = read_lines(text, start, len(text) if end is None else end)
    title_key = _key(title) if title else ""
    titles = {line for line in lines if _is_title(text, line, title_key)}
    if len(titles) == len(lines):
        titles = set()  # a note of one line is its own text, not the title of nothing
    groups = _grouped(text, lines, wrap_width(text, lines), titles)
    blocks: list[Block] = []
    section: str | None = None
    title_seen = False
    for place, group in enumerate(groups):
        kind = group[0].kind
        begin, stop = group[0].start, group[-1].end
        following = groups[place + 1] if place + 1 < len(groups) else None
        if group[0] in titles:
            kind = "boilerplate" if title_seen else "heading"
            title_seen = True
            # The title stands for the whole document, so it opens no section.
            own = " ".join(text[begin:stop].split()) if kind == "heading" else section
            blocks.append(Block(begin, stop, kind, own))
            continue
        if kind == "paragraph" and _is_heading(text, group, following):
            kind = "heading"
        if kind == "heading":
            section = " ".join(text[begin:stop].strip("#* ").split()) or section
        blocks.append(Block(begin, stop, kind, section))
    return tuple(blocks)


def wrap_width(text: str, lines: list[Line]) -> int | None:
    """Characters to which the text was wrapped by hand; ``None`` if a line is a paragraph."""
    ends = [
        (line, following)
        for line, following in pairwise(lines)
        if not following.after_blank
        and following.kind == "paragraph"
        and line.kind in {"paragraph", "item"}
    ]
    lengths = sorted(line.length for line, _ in ends)
    if len(ends) < FEWEST_BREAKS:
        return None
    width = lengths[int(0.95 * (len(lengths) - 1))]
    if not NARROWEST_WRAP <= width <= WIDEST_WRAP:
        return None
    full = sum(_is_full(text, line, following, width) for line, following in ends)
    small = sum(not text[following.start].isupper() for _, following in ends)
    # Wrapped English prose goes on with a small letter in three of four lines.
    return width if full >= 0.6 * len(ends) and small >= 0.3 * len(ends) else None


def _is_full(text: str, line: Line, following: Line, width: int) -> bool:
    word = _FIRST_WORD.match(text, following.start, following.end)
    return line.length + 1 + (word.end() - word.start() if word else 0) > width - SLACK


def _grouped(
    text: str, lines: list[Line], width: int | None, titles: set[Line]
) -> list[list[Line]]:
    groups: list[list[Line]] = []
    for line in lines:
        apart = not groups or line in titles or groups[-1][-1] in titles
        if not apart and _continues(text, groups[-1][-1], line, width):
            # The first line says what the block is, so a wrapped list item stays one.
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _continues(text: str, line: Line, following: Line, width: int | None) -> bool:
    """Whether ``following`` goes on with the sentence or the paragraph of ``line``."""
    if following.after_blank or following.kind != "paragraph" or line.underlined:
        return False
    if line.kind not in {"paragraph", "item"}:
        return False
    first = text[following.start]
    if first.islower() and _NAME_IN_SMALL_LETTERS.match(text, following.start) is None:
        # Short lines that all begin with a small letter are a list.
        small = text[line.start].islower() and line.length < SHORTEST_PROSE_LINE
        return width is not None or not small
    if first in ",;)":
        return True
    if width is not None and _is_full(text, line, following, width):
        return True
    return bool(_FUNCTION_WORD_END.search(text, max(line.start, line.end - 8), line.end))


def _is_heading(text: str, group: list[Line], following: list[Line] | None) -> bool:
    """Recognise a short line without a final stop that stands by itself over something longer."""
    line = group[0]
    if len(group) > 1 or following is None or line.end - line.start > LONGEST_HEADING:
        return False
    words = text[line.start : line.end]
    if len(words.split()) > MOST_HEADING_WORDS or words.endswith(_NO_HEADING_END):
        return False
    if not line.after_blank or not (words[0].isupper() or words[0].isdigit()):
        return False
    if _LABEL.match(words) or _FUNCTION_WORD_END.search(words) or line_date(words):
        return False
    if words.endswith(":") and len(words.split()) > MOST_WORDS_BEFORE_COLON:
        return False
    if following[0].kind == "item":
        return True
    longer = following[-1].end - following[0].start > max(SHORTEST_BODY, 1.5 * len(words))
    if following[0].kind != "paragraph" or not longer or text[following[0].start].islower():
        return False
    return following[0].after_blank or line.start == 0 or words.isupper()


def _is_title(text: str, line: Line, title_key: str) -> bool:
    """Whether the line is the title, or begins with a long title that was cut off."""
    if not title_key or line.end - line.start > LONGEST_TITLE or line.kind == "cell":
        return False
    key = _key(text[line.start : line.end])
    return key == title_key or (len(title_key) >= 60 and key.startswith(title_key))


def _key(line: str) -> str:
    return " ".join(line.strip("#=*_ \t\n\u00a0").casefold().split())
