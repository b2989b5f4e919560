"""Where does a sentence say who or what something is?

"Justice Minister Maria Keller", "Peter Brandt, the mayor of Ulm, …", "Brandt, who leads the
council", "a truce is a pause" and "Government of National Accord (GNA)" describe what they name,
whatever the sentence around them is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.answer_types import Span
from index.acronyms import find_acronym_spans
from index.words import words

_TITLE = (
    r"(?:secretary|minister|president|chancellor|premier|member|spokes(?:man|woman|person)|leader"
    r"|chief|head|general|colonel|major|captain|lieutenant|admiral|sergeant|commander|speaker"
    r"|director|manager|king|queen|prince|princess|emperor|pope|bishop|cardinal|professor|doctor"
    r"|judge|justice|ambassador|envoy|diplomat|officer|official|author|writer|poet|novelist|singer"
    r"|musician|rapper|actor|actress|comedian|artist|painter|architect|engineer|inventor|founder"
    r"|co-founder|chair(?:man|woman|person)?|senator|congress(?:man|woman)|representative"
    r"|governor|mayor|deputy|analyst|economist|lawyer|attorney|prosecutor|activist|scientist"
    r"|researcher|historian|philosopher|physicist|biologist|journalist|reporter|editor|coach"
    r"|player|striker|champion|athlete|businessman|businesswoman|entrepreneur|executive|ceo"
    r"|gen|sen|rep|prof|dr|gov|col|lt|capt|sgt|coordinator|adviser|advisor|expert|owner|creator|producer|filmmaker)s?"
)
_TITLED = re.compile(rf"\b{_TITLE}\b", re.IGNORECASE)
_TITLE_BEFORE_COMMA = re.compile(
    rf"(?:(?<=^)|(?<=[\s“\"(]))((?:[\w.&/+-]+\s){{0,3}}{_TITLE}\b[^,;:.!?]{{0,90}}),\s*$",
    re.IGNORECASE,
)
_WORD_BEFORE = re.compile(r"([\w.’'&/+-]*\w\.?)\s+$")
_APPOSITION = re.compile(
    r"[”\"]?(?:\s\([^()]{1,40}\))?,\s+((?:an?|the|one of|its|his|her|their|who|which|whose|known as"
    r"|formerly)\b[^,;.!?]{3,140}|[^,;.!?]{0,40}\b" + _TITLE + r"\b[^,;.!?]{0,90})",
    re.IGNORECASE,
)
_COPULA = re.compile(
    r"[”\"]?(?:\s\([^()]{1,60}\))?\s(?:is|are|was|were|became|remains)\s"
    r"((?:an?|the|one|any|not|known as|defined as)\b[^;.!?]{3,160})"
    r"|[”\"]?(?:\s\([^()]{1,60}\))?\s(?:refers? to|means?|stands for|denotes?)\s([^;.!?]{3,160})",
    re.IGNORECASE,
)
_MOST_TITLE_WORDS = 9
_AFTER = 260
"""Characters after a name in which its description must begin and end."""
_ARTICLE = re.compile(r"^(?:an?|the)\s+", re.IGNORECASE)
_VERBAL = re.compile(r"^(?:told|met|\w{3,}ed|\w{3,}ing)$")


def find_descriptions(text: str, topic: str) -> list[Span]:
    """Return where ``text`` says who or what ``topic`` is, the plainest first."""
    name = _ARTICLE.sub("", topic.strip())
    if not name:
        return []
    found = list(_spelled_out(text, name))
    pattern = r"\s+".join(map(re.escape, name.split()))
    for match in re.finditer(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE):
        found += _around(text, *match.span())
    return list(dict.fromkeys(found))


def _spelled_out(text: str, name: str) -> Iterator[Span]:
    """Yield the long form of an acronym, and what is described under its long form."""
    for short, long_form in find_acronym_spans(text):
        if text[slice(*short)].lower().replace(".", "") == name.lower().replace(".", ""):
            yield long_form


def _around(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield what describes the name at ``start`` to ``end``."""
    after = text[end : end + _AFTER]
    if match := _COPULA.match(after):
        group = 1 if match.group(1) else 2
        yield end + match.start(group), end + match.end(group)
    if title := _title_before(text, start):
        yield title
    if match := _TITLE_BEFORE_COMMA.search(text[:start]):
        yield match.span(1)
    if match := _APPOSITION.match(after):
        yield end + match.start(1), end + match.end(1)


def _title_before(text: str, name: int) -> Span | None:
    """Return the run of words right before a name that holds a title: "Treasury Secretary"."""
    first = name
    for _ in range(_MOST_TITLE_WORDS):
        match = _WORD_BEFORE.search(text[max(0, first - 40) : first])
        if not match:
            break
        word = match.group(1)
        if any(known.is_stop for known in words(word)) or _VERBAL.match(word):
            break
        first -= len(match.group())
        if word.endswith(".") and len(word) > 4:  # the sentence before, not "Gen." or "U.S."
            first += len(match.group())
            break
    run = text[first:name].rstrip()
    return (first, first + len(run)) if _TITLED.search(run) else None
