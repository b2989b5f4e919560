"""What do the first lines of a plain text say about its title, its date and its source?

A line counts only when it is almost nothing but the date or the source: a date inside a
sentence is something that the text tells, not the day on which it was published.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.readers.dates import find_date

FIRST_LINES = 12
"""Lines with text, from the top, that are read for date and source."""
LONGEST_TITLE = 200
LONGEST_BYLINE = 120
MOST_OTHER_WORDS = 7
"""Words that may stand beside the date in its line."""

_LABEL = re.compile(
    r"\b(?:(?:first |originally |date )?published(?: on| at)?|posted(?: on)?|date|dated"
    r"|last (?:updated|modified)(?: on| at)?|updated(?: on| at)?|issued(?: on)?|released(?: on)?"
    r"|release date|on)\b\s*:?",
    re.IGNORECASE,
)
_UPDATED = re.compile(r"\b(?:updated|modified)\b", re.IGNORECASE)
_TIME = re.compile(
    r"\b(?:at\s+)?\d{1,2}[:.]\d\d(?::\d\d)?(?:\s*[ap]\.?m\b\.?)?|\b\d{1,2}\s*[ap]\.?m\b\.?"
    r"|\b(?:GMT|UTC|EST|EDT|PST|PDT|CET|CEST|BST|ET)\b(?:\s*[+-]\d{1,2})?"
    r"|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s*(?:[|•·–—/]|\s-\s|\t|\s{2,})\s*")
_SOURCE = re.compile(r"(?:source|publisher|published by|outlet)\s*:\s*(\S.*)", re.IGNORECASE)
_BYLINE = re.compile(r"[Bb]y\s+([A-Z][^,|•·–—\d]{1,60}?)\s*(?:[,|•·–—]|\s-\s)\s*(\S.*)")
_SENTENCE_END = (".", "!", "?", ";", ",", ":")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a document besides its text."""

    title: str | None = None
    source: str | None = None
    published: str | None = None


def read_metadata(text: str) -> Metadata:
    """Title, source and date as the first lines of ``text`` state them."""
    lines = text[:20_000].split("\n")
    filled = [(place, line.strip()) for place, line in enumerate(lines) if line.strip()]
    if not filled:
        return Metadata()
    place, first = filled[0]
    alone = place + 1 >= len(lines) or not lines[place + 1].strip()
    title = clean_title(first) if _is_title(first, alone=alone) else None
    published: str | None = None
    updated: str | None = None
    source: str | None = None
    for number, (_, line) in enumerate(filled[:FIRST_LINES]):
        if len(line) > LONGEST_BYLINE or (number == 0 and title and not line[:1].isdigit()):
            continue
        date = line_date(line)
        if date and _UPDATED.search(line):
            updated = updated or date
        elif date:
            published = published or date
        source = source or line_source(line)
    return Metadata(title, source, published or updated)


def clean_title(line: str) -> str:
    """Give a title as it is shown: no marks round it, white space collapsed."""
    return " ".join(line.strip().strip("#=*_").split())


def line_date(line: str) -> str | None:
    """Find the date of a line that says little else."""
    found = find_date(line)
    if found is None:
        return None
    before, after = line[: found.start], line[found.end :]
    labelled = bool(_LABEL.search(before))
    rest_before = _TIME.sub(" ", _LABEL.sub(" ", before)).strip(" \u00a0\t,()[]:")
    rest_after = _TIME.sub(" ", _LABEL.sub(" ", after)).strip(" \u00a0\t,()[]:")
    words = len(rest_before.split()) + len(rest_after.split())
    bare_year = found.end - found.start == len("2020")
    if bare_year and not labelled and line.strip() != found.iso:
        return None
    if words == 0:
        return found.iso
    if words > MOST_OTHER_WORDS or line.rstrip().endswith((".", "!", "?", ";")):
        return None
    # What stands beside the date must be set off from it: "Dec 2, 2020 | World".
    apart_before = not rest_before or bool(_SEPARATOR.search(before[-4:]) or before[:3] == "By ")
    apart_after = not rest_after or bool(_SEPARATOR.match(_TIME.sub("", after).lstrip(" ,")))
    return found.iso if apart_before and apart_after else None


def line_source(line: str) -> str | None:
    """Find the publisher that a line "Source: …" or "By NAME, OUTLET" names."""
    seen = " ".join(line.split())
    named = _SOURCE.fullmatch(seen)
    if named:
        return _without_date(named[1])
    byline = _BYLINE.fullmatch(seen)
    if byline is None or seen.endswith(".") or len(seen.split()) > 14:
        return None
    return _without_date(byline[2])


def _without_date(value: str) -> str | None:
    found = find_date(value)
    if found:
        value = value[: found.start] + " " + value[found.end :]
    return _TIME.sub(" ", value).strip(" \t,|•·–—-()/") or None


_LONGEST_QUESTION = 25
"""Words of a question or an exclamation that can still be a title."""


def _is_title(line: str, *, alone: bool) -> bool:
    if len(line) >= LONGEST_TITLE or line_date(line) is not None:
        return False
    if not line.endswith(_SENTENCE_END):
        return True
    # A statement, "The storm killed 315 people.", is text to be quoted; a question may head it.
    return alone and line.endswith(("?", "!")) and len(line.split()) <= _LONGEST_QUESTION
