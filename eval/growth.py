"""How do time, memory and disk grow with a library?

    python -m eval.growth --passages 10000 100000 1000000 --out growth.json

Makes a library of made-up passages at each size (a process and a folder of its own, deleted at the
end), through the library's own writer, and measures building, opening, asking, adding and removing.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant import Assistant
from eval.synthetic import PASSAGES_A_DOCUMENT, Asked, SyntheticEncoder, SyntheticLibrary
from index import Library, Retriever, Settings
from index.database import DERIVED_FOLDER
from index.snapshot import open_snapshot, publish_snapshot
from index.store import Store
from index.writing import Writer

_QUESTIONS = 100
_RECALL_QUESTIONS = 30
_CHANGED = 1_000
"""Passages added, and removed again."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure each size in a process of its own, and write all figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m eval.growth", description=__doc__)
    parser.add_argument("--passages", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--out", type=Path, help="write the figures there as JSON")
    parser.add_argument("--folder", type=Path, help="make the libraries there (default: temporary)")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.one:
        sys.stdout.write(json.dumps(measure(chosen.passages[0], chosen.folder)) + "\n")
        return
    results = []
    for passages in chosen.passages:
        folder = Path(tempfile.mkdtemp(prefix="askdocs-growth-", dir=chosen.folder))
        try:
            results.append(_in_own_process(passages, folder))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        sys.stdout.write(json.dumps(results[-1]) + "\n")
        sys.stdout.flush()
        if chosen.out:
            chosen.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


def _in_own_process(passages: int, folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "eval.growth", "--one", "--folder", str(folder)]
    done = subprocess.run(  # noqa: S603 - our own program
        [*command, "--passages", str(passages)], check=True, stdout=subprocess.PIPE, text=True
    )
    return dict(json.loads(done.stdout))


def measure(passages: int, folder: Path) -> dict[str, Any]:
    """Build a library of so many passages in ``folder`` and measure everything about it."""
    made = SyntheticLibrary(_text(), passages)
    asked = list(made.questions(_QUESTIONS))
    encoder = SyntheticEncoder(asked)
    library = Library.open(folder, encoder=encoder)
    store = library.store
    figures: dict[str, Any] = {"passages": passages, "documents": made.documents}
    _, figures["store_s"] = _timed(lambda: _put(store, made, 0, made.documents))
    _, figures["index_s"] = _timed(lambda: publish_snapshot(store))
    figures["build_peak_mb"] = _peak_mb()
    figures["database_bytes"] = store.database.path.stat().st_size
    figures["index_bytes"] = _size(folder / DERIVED_FOLDER)
    figures |= _questions(folder, asked, encoder)
    figures["recall_at_10"] = _recall(store, asked[:_RECALL_QUESTIONS])
    more = _CHANGED // PASSAGES_A_DOCUMENT
    first = made.documents
    _, stored = _timed(lambda: _put(store, made, first, first + more))
    _, published = _timed(lambda: publish_snapshot(store))
    figures["add_1000_s"] = stored + published
    names = [made.document(number).base for number in range(first, first + more)]
    _, figures["remove_1000_s"] = _timed(lambda: library.remove(names))
    middle = made.document(made.documents // 3).base
    _, figures["remove_one_s"] = _timed(lambda: library.remove([middle]))
    figures["segments"] = sum(path.is_dir() for path in (folder / DERIVED_FOLDER).iterdir())
    figures["load"] = round(os.getloadavg()[0], 1)
    return {k: round(v, 4) if isinstance(v, float) else v for k, v in figures.items()}


def _questions(folder: Path, asked: Sequence[Asked], encoder: SyntheticEncoder) -> dict[str, Any]:
    """Time opening and asking, the whole way but for the model, without the learned judge."""
    retriever = Retriever.open(folder, encoder=encoder)
    view, opened = _timed(retriever.view)
    assistant = Assistant.open(folder, settings=Settings(judge=False), encoder=encoder)
    for question in asked[:10]:
        assistant.ask(question.text)
    whole = [_timed(lambda q=question: assistant.ask(q.text))[1] for question in asked]
    queries = [retriever.prepare(question.text) for question in asked]
    finding = [_timed(lambda q=query: retriever.rank(q, 12))[1] for query in queries]
    meaning = [
        _timed(lambda q=query: view.snapshot.vectors.nearest(q.vector, 100))[1] for query in queries
    ]
    by_words = [
        _timed(lambda q=query: view.snapshot.words.best([g.group for g in q.groups], 300))[1]
        for query in queries
    ]
    return {
        "open_s": opened,
        **_spread("question", whole),
        **_spread("finding", finding),
        **_spread("meaning", meaning),
        **_spread("words", by_words),
    }


def _recall(store: Store, asked: Sequence[Asked]) -> float:
    """Share of the ten nearest of all, by brute force over every stored vector, that are found."""
    ranking = open_snapshot(store).vectors
    states = store.document_states()
    numbers, scores = [], []
    for at in range(0, len(states), 1_000):
        some = states[at : at + 1_000]
        part, vectors = store.vectors_between(some[0].number, some[-1].number)
        numbers.append(part)
        scores.append(vectors @ np.stack([question.vector for question in asked]).T)
    every, score = np.concatenate(numbers), np.concatenate(scores)
    found = 0
    for place, question in enumerate(asked):
        best = every[np.argsort(-score[:, place])[:10]]
        found += len({n for n, _ in ranking.nearest(question.vector, 10)} & set(best.tolist()))
    return found / (10 * len(asked))


def _put(store: Store, made: SyntheticLibrary, first: int, last: int) -> None:
    writer = Writer(store.database)
    for batch in made.batches(first, last):
        writer.put_documents(batch)


def _text() -> str:
    """Return the text whose words are drawn: of the development sets, or else of the samples."""
    data = os.environ.get("ASKDOCS_DATA")
    if data:
        corpora = sorted((Path(data) / "bench").glob("*/corpus.jsonl"))
        lines = [line for path in corpora for line in path.read_text("utf-8").splitlines()[:60]]
        return "\n".join(str(json.loads(line)["text"])[:10_000] for line in lines)
    return "\n".join(path.read_text("utf-8") for path in sorted(Path("documents").glob("*.md")))


def _timed(work: Any) -> tuple[Any, float]:
    started = time.perf_counter()
    result = work()
    return result, time.perf_counter() - started


def _spread(name: str, seconds: Sequence[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {
        f"{name}_p50_ms": statistics.median(ordered) * 1000,
        f"{name}_p95_ms": ordered[int(len(ordered) * 0.95)] * 1000,
    }


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
