"""Is it one question, or several in one?

"Who designed the bridge, and when was it opened?" is answered part by part, so that one part can
be found and the other refused. Each later part is completed from those before it.
"""

from __future__ import annotations

import re

from assistant.followups import PRONOUN, complete
from assistant.questions import Kind, analyse

MOST_PARTS = 4
_ENDED = re.compile(r"(?<=\?)\s+(?=\w)")
_WH = r"(?:who|whom|whose|what|which|when|where|why|how)"
_ASKS = re.compile(rf"^(?:(?:in|at|on|by|for|to|from|with)\s+)?{_WH}\b", re.IGNORECASE)
_JOINED = re.compile(
    rf",?\s+and\s+(?=(?:{_WH}\s+(?:is|are|was|were|did|does|do|has|have|had|can|could|will|would"
    r"|many|much|long|old|often|far)\b|(?:when|where|why|how|who)\W*$))",
    re.IGNORECASE,
)
_LEAST_WORDS = 3
_SENTENCE_END = re.compile(r"(?<=[a-z0-9)][.!])\s+(?=[A-Z])")
_HAS_WH = re.compile(rf"\b{_WH}\b", re.IGNORECASE)


def split_questions(text: str) -> tuple[str, ...]:
    """Return the questions in ``text``, each able to stand alone; one question comes back as is."""
    sentences = [part.strip() for part in _ENDED.split(text.strip())]
    are_questions = all(part.endswith("?") and len(part.split()) > 1 for part in sentences)
    parts = [part for part in sentences if not _is_talk(part)] if are_questions else [text]
    found: list[str] = []
    for part in parts:
        for piece in _pieces(part):
            found.append(complete(piece, found) if found and _leans(piece) else piece)
    is_whole = len(found) == 1 and len(parts) == len(sentences)
    return (text,) if is_whole or not 0 < len(found) <= MOST_PARTS else tuple(found)


def _is_talk(part: str) -> bool:
    """Whether a part is talk, such as "How are you?", that no document is asked for."""
    return analyse(part).kind in (Kind.SMALL_TALK, Kind.ABOUT_ASSISTANT)


def asked_part(text: str) -> str:
    """Return the question alone: "X met Y on Monday. Where did the talks take place?"."""
    sentences = _SENTENCE_END.split(text.strip())
    last = sentences[-1]
    is_question = last.endswith("?") and len(last.split()) >= _LEAST_WORDS and _HAS_WH.search(last)
    return last if is_question and not PRONOUN.search(last) else text


def _leans(piece: str) -> bool:
    """Whether a question takes something from the one before it."""
    return len(piece.split()) < _LEAST_WORDS or PRONOUN.search(piece) is not None


def _pieces(text: str) -> list[str]:
    """Cut one sentence where a second question is joined to the first by "and"."""
    if not _ASKS.match(text):
        return [text]
    pieces = _JOINED.split(text)
    if len(pieces) == 1 or len(pieces[0].split()) < _LEAST_WORDS:
        return [text]
    return [f"{piece[:1].upper()}{piece[1:].rstrip('?,. ')}?" for piece in pieces]
