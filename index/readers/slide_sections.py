"""Which section do the notes of a slide make, and which lines of slides say nothing?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from index.readers.pieces import Piece

FEWEST_REPEATS = 3
"""Slides with the same line from which it may be a footer that nobody marked as one."""
REPEATED_SHARE = 0.6
"""Share of the slides that such a line stands on."""

_NOTES = "notes"


def notes_section(title: str | None) -> str:
    """The section of the notes of a slide with this title."""
    return f"{title} ({_NOTES})" if title else _NOTES


def without_footers(pieces: Sequence[Piece], slides: int) -> list[Piece]:
    """Mark lines that stand on most slides; they say nothing about any of them."""
    pages = Counter(words for words, _ in {(piece.words.strip(), piece.page) for piece in pieces})
    least = max(FEWEST_REPEATS, REPEATED_SHARE * slides)
    return [
        replace(piece, kind="boilerplate")
        if piece.kind in {"paragraph", "item"} and pages[piece.words.strip()] >= least
        else piece
        for piece in pieces
    ]
