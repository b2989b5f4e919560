"""Which of the best sentences does the learned judge prefer, and where does it see the answer?

The judge is the default model's own network, fitted on labelled questions (``eval/judge/``) to read
a question together with a few sentences of one passage. It writes nothing: it gives each sentence
a score, and each token a number for "the answer starts here" and one for "it ends here".
``assistant/judge.md`` names its data and their licences.
"""

from __future__ import annotations

import hashlib
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assistant.answer_types import Span
from assistant.evidence import Evidence, Verdict
from assistant.judge_input import Piece, assemble
from index.errors import ModelError
from index.inference import Network, count_cores
from index.model_files import model_folder
from index.tokens import TokenCutter, load_tokens

JUDGED = 16
"""Sentences that are weighed again, the best by the plain rules."""
SHA256 = "9e0b8698af2e6fb013760fa5c5b7c8df20aabb285627a57e15d4a4cbce5a1708"
"""Of ``judge.onnx``: other weights would give other answers."""
_MOST_TOKENS = 256
"""Most tokens of the sentences in one window; a longer run is read in parts."""
_LONGEST_ANSWER = 24
"""Tokens."""


class _Place(NamedTuple):
    """A sentence in the library: its passage's number and its row in it."""

    passage: int
    row: int


class _Window(NamedTuple):
    """Neighbouring sentences of one passage, which are read together."""

    title: Piece
    sentences: Sequence[Piece]
    places: Sequence[_Place]
    starts: Sequence[int]
    """Where each sentence starts in its document's text."""


class Judge:
    """Weighs sentences for a question. Safe to share between threads."""

    def __init__(self, network: Network, tokens: TokenCutter) -> None:
        self._network = network
        self._tokens = tokens
        # The windows share the cores among themselves; one is too short to be divided.
        self._readers = ThreadPoolExecutor(count_cores(), thread_name_prefix="judge")

    def weigh(self, question: str, evidence: Sequence[Evidence]) -> list[Verdict]:
        """Give a verdict on each of ``evidence``, in its order.

        Sentences of one passage are read together, each with the one before it. Every window is
        run by itself, so that a sentence's score depends on its window and on nothing else.
        """
        found: dict[_Place, Verdict] = {}
        wanted = {_place(item): item for item in evidence}
        by_passage: dict[int, list[Evidence]] = defaultdict(list)
        for item in wanted.values():
            by_passage[item.ranked.passage.number].append(item)
        asked = self._pieces([question])[0]
        windows = [window for items in by_passage.values() for window in self._windows_of(items)]
        # The longest first, so that no thread is left with it at last.
        windows.sort(key=lambda window: -sum(len(piece.ids) for piece in window.sentences))
        for window, numbers in zip(
            windows, self._readers.map(lambda each: self._read(asked, each), windows), strict=True
        ):
            for place, start, (score, answer) in zip(
                window.places, window.starts, numbers, strict=True
            ):
                found[place] = Verdict(score, (start + answer[0], start + answer[1]))
        return [found[_place(item)] for item in evidence]

    def _windows_of(self, items: Sequence[Evidence]) -> Iterator[_Window]:
        """Cut what is to be read of one passage into windows."""
        passage, text = items[0].ranked.passage, items[0].text
        rows = _rows_to_read(items)
        spans = [(passage.sentences[row].start, passage.sentences[row].end) for row in rows]
        texts = [items[0].document.title, *(text[start:end] for start, end in spans)]
        title, *pieces = self._pieces(texts)
        for first, last in _windows(rows, pieces):
            yield _Window(
                title=title,
                sentences=pieces[first:last],
                places=[_Place(passage.number, row) for row in rows[first:last]],
                starts=[start for start, _ in spans[first:last]],
            )

    def _pieces(self, texts: Sequence[str]) -> list[Piece]:
        return [
            Piece(tuple(encoding.ids), tuple(encoding.offsets))
            for encoding in self._tokens.cut(texts, special=False)
        ]

    def _read(self, question: Piece, window: _Window) -> list[tuple[float, Span]]:
        """Return (score, characters of the best answer) of each sentence of a window."""
        sequence = assemble(question, window.title, window.sentences)
        ids = np.array([sequence.ids], dtype=np.int32)
        numbers = self._network.run(ids=ids, mask=np.ones_like(ids))[0]
        found: list[tuple[float, Span]] = []
        for (start, end), sentence in zip(sequence.sentences, window.sentences, strict=True):
            score = round(float(numbers[start:end, 0].mean()), 4)
            if not sentence.offsets:
                found.append((score, (0, 0)))
                continue
            first, last = _best_answer(numbers[start:end, 1], numbers[start:end, 2])
            found.append((score, (sentence.offsets[first][0], sentence.offsets[last][1])))
        return found


_loading = threading.Lock()


def load_judge() -> Judge:
    """Load the judge that ships with Askdocs, once.

    Raises :class:`ModelError` when its file is missing or is not the expected one.
    """
    with _loading:  # a question may come while the judge is being loaded for it
        return _load()


@lru_cache(maxsize=1)
def _load() -> Judge:
    source = files("assistant") / "judge.onnx"
    try:
        model = source.read_bytes()
    except OSError as error:
        raise ModelError(
            f"The learned judge at {source} cannot be read: {error}. Install Askdocs again, or set "
            f"ASKDOCS_JUDGE=off to answer by the plain rules."
        ) from error
    if hashlib.sha256(model).hexdigest() != SHA256:
        raise ModelError(
            f"The learned judge at {source} is not the expected file. Install Askdocs again, or "
            f"set ASKDOCS_JUDGE=off to answer by the plain rules."
        )
    return Judge(Network(model, output="numbers", threads=1), load_tokens(model_folder()))


def _place(item: Evidence) -> _Place:
    return _Place(item.ranked.passage.number, item.row)


def _rows_to_read(items: Sequence[Evidence]) -> list[int]:
    """Rows of the sentences to weigh, each with the one before it for its context."""
    sentences = items[0].ranked.passage.sentences
    rows = {item.row for item in items}
    rows |= {row - 1 for row in rows if row and sentences[row - 1].kind != "boilerplate"}
    return sorted(rows)


def _windows(rows: Sequence[int], pieces: Sequence[Piece]) -> Iterator[tuple[int, int]]:
    """Cut the rows into runs of neighbours, none longer than a window: [first, last)."""
    first, length = 0, 0
    for at, piece in enumerate(pieces):
        breaks = at > first and rows[at] != rows[at - 1] + 1
        if at > first and (breaks or length + len(piece.ids) > _MOST_TOKENS):
            yield first, at
            first, length = at, 0
        length += len(piece.ids)
    yield first, len(pieces)


def _best_answer(starts: npt.NDArray[np.float32], ends: npt.NDArray[np.float32]) -> tuple[int, int]:
    """Return the tokens (first, last) whose two numbers sum highest, of equal ones the first."""
    sums = starts[:, None] + ends[None, :]
    rows = np.arange(len(starts))
    lengths = rows[None, :] - rows[:, None]
    sums[(lengths < 0) | (lengths >= _LONGEST_ANSWER)] = -np.inf
    first, last = np.unravel_index(int(sums.argmax()), sums.shape)
    return int(first), int(last)
