"""What are the examples in tokens? Cut once, before training, as the judge reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tokenizers import Tokenizer

from assistant.judge_input import Piece, assemble
from eval.judge.examples import Example, Window
from index.model_files import DEFAULT_MODEL, find_model


@dataclass(frozen=True, slots=True)
class Encoded:
    """One window in tokens."""

    question: int
    """Number of its example, so that windows that compete are known."""
    ids: tuple[int, ...]
    sentences: tuple[tuple[int, int], ...]
    labels: tuple[int, ...]
    answer: tuple[int, int] | None
    """Tokens (first, last) of the answer, where its place is known."""


class ExampleEncoder:
    """Cuts examples into tokens."""

    def __init__(self) -> None:
        folder = find_model(DEFAULT_MODEL).folder
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def encode(self, number: int, example: Example) -> list[Encoded]:
        """Cut the windows of one example."""
        return [self._encode_window(number, example.question, w) for w in example.windows]

    def _encode_window(self, number: int, question: str, window: Window) -> Encoded:
        pieces = self._cut([question, window.title, *window.sentences])
        sequence = assemble(pieces[0], pieces[1], pieces[2:])
        answer = None
        if window.answer is not None:
            row, start, end = window.answer
            first, last = sequence.sentences[row]
            offsets = pieces[2 + row].offsets[: last - first]
            inside = [i for i, (a, b) in enumerate(offsets) if a < end and b > start]
            if inside:
                answer = (first + inside[0], first + inside[-1])
        return Encoded(number, sequence.ids, sequence.sentences, window.labels, answer)

    def _cut(self, texts: Sequence[str]) -> list[Piece]:
        return [
            Piece(tuple(e.ids), tuple(e.offsets))
            for e in self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        ]
