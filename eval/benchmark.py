"""How fast is it? Each claim is a ratio of two things timed in turn, in one run.

    python -m eval.benchmark      (or: make bench)

Seconds belong to the machine and the moment; ratios of medians of alternating runs travel better.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from assistant import Assistant
from eval.question_sets import find_sets
from index import Library, Settings
from index.encoder import load_encoder
from index.folders import find_files

_ROUNDS = 5
_QUESTIONS = 50


def main() -> None:
    """Time the encoder's two engines, and a question's whole way against its embedding alone."""
    documents = Path("documents")
    files = find_files([documents])
    lines = [
        line
        for file in files
        for line in file.path.read_text(encoding="utf-8").splitlines()
        if len(line) > 40
    ]
    settings = Settings()
    compiled = load_encoder(settings.model, "compiled", settings.cache)
    reference = load_encoder(settings.model, "reference")
    ours, theirs = _alternate(lambda: compiled.encode(lines), lambda: reference.encode(lines))
    _say(f"embedding {len(lines)} sentences, compiled engine", ours)
    _say("embedding the same, sentence-transformers", theirs)
    _write(f"ratio: {theirs / ours:.2f} times as fast\n")

    with tempfile.TemporaryDirectory() as folder:
        Library.open(folder, settings=settings, encoder=compiled).add([documents])
        assistant = Assistant.open(folder, settings=settings, encoder=compiled)
        (questions,) = find_sets(["documents"], None, documents)
        asked = [question.question for question in questions.questions[:_QUESTIONS]]
        whole, embedding = _alternate(
            lambda: [assistant.ask(question) for question in asked],
            lambda: [compiled.encode([question]) for question in asked],
        )
    _say("a question with its quotations", whole / len(asked))
    _say("of that, embedding the question", embedding / len(asked))
    _write(f"ratio: the whole takes {whole / embedding:.1f} times as long\n")


def _alternate(one: Callable[[], object], other: Callable[[], object]) -> tuple[float, float]:
    """Return the median seconds of both, run in turn after one uncounted run each."""
    one()
    other()
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(_ROUNDS):
        for work, kept in zip((one, other), times, strict=True):
            started = time.perf_counter()
            work()
            kept.append(time.perf_counter() - started)
    return statistics.median(times[0]), statistics.median(times[1])


def _say(what: str, seconds: float) -> None:
    _write(f"{what}: {seconds * 1000:.1f} ms (median of {_ROUNDS})\n")


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
