"""What does the learned judge read? A question, a title and a few sentences, as one sequence.

    [CLS] question [SEP] title [SEP] sentence sentence sentence [SEP]

The sentences stand in the order of their document; each is scored with the others as its
context. Training and asking build the sequence here, so that they cannot differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_CLS, _SEP = 101, 102
"""Numbers of the special tokens in BERT's uncased vocabulary."""
_MOST_QUESTION, _MOST_TITLE, _MOST_SENTENCE = 48, 16, 110
"""Most tokens of each part; the rest is not read."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One text in tokens, with the characters that each token stands for."""

    ids: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class JudgeInput:
    """What the model reads."""

    ids: tuple[int, ...]
    sentences: tuple[tuple[int, int], ...]
    """Tokens of each sentence: [start, end)."""


def assemble(question: Piece, title: Piece, sentences: Sequence[Piece]) -> JudgeInput:
    """Join the pieces; a sentence without a token gets the closing one's place."""
    ids = [_CLS, *question.ids[:_MOST_QUESTION], _SEP, *title.ids[:_MOST_TITLE], _SEP]
    places = []
    for sentence in sentences:
        start = len(ids)
        ids.extend(sentence.ids[:_MOST_SENTENCE] or (_SEP,))
        places.append((start, len(ids)))
    return JudgeInput((*ids, _SEP), tuple(places))
