"""How does Askdocs do at the task that `eval/benchmark_peers.py` gives to the others?

One run prints one JSON object. `eval/benchmark.py` starts it, in Askdocs' own environment.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from assistant import Assistant
from eval.benchmark_peers import ask, cpu_seconds, size_of
from index import Library, Retriever, Settings
from index.encoder import load_encoder

_SHORT = 1_000
"""Characters of a text of which the speed of embedding is measured."""


def main() -> None:
    """Do one part of the benchmark and print its figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("part", choices=_PARTS)
    parser.add_argument("task", type=Path)
    parser.add_argument("library", type=Path)
    chosen = parser.parse_args()
    task = json.loads(chosen.task.read_text(encoding="utf-8"))
    sys.stdout.write(json.dumps(_PARTS[chosen.part](task, chosen.library)) + "\n")


def build(task: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Read, divide, embed and index: the whole of `askdocs add`."""
    with tempfile.TemporaryDirectory() as name:
        corpus = Path(name) / "corpus.jsonl"
        lines = (json.dumps(document) for document in task["documents"])
        corpus.write_text("\n".join(lines), encoding="utf-8")
        library = Library.open(folder)
        library.encoder.encode(["warm"])  # the compiled copy is made once, and kept
        before = cpu_seconds()
        library.add([corpus])
        used = cpu_seconds() - before
    passages = sum(document.passages for document in library.documents())
    return {"passages": passages, "build_cpu_s": used, "disk_bytes": size_of(folder)}


def search(task: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Find passages, as `askdocs search` does."""
    retriever = Retriever.open(folder)
    retriever.search("a question to warm up", 10)

    def found(question: str, k: int) -> list[tuple[str, str]]:
        hits = retriever.search(question, k)
        return [(hit.document.name, hit.text) for hit in hits]

    return ask(found, task["questions"])


def answer(task: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Answer with quotations, with the learned judge."""
    return _answer(task, folder, Settings())


def answer_plainly(task: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Answer with quotations, without the learned judge."""
    return _answer(task, folder, Settings(judge=False))


def embed(task: dict[str, Any], _folder: Path) -> dict[str, Any]:
    """Compare the compiled engine with sentence-transformers, in turn, by processor time."""
    texts = [document["text"][:_SHORT] for document in task["documents"]]
    texts += [d["text"][_SHORT : 2 * _SHORT] or d["title"] for d in task["documents"]]
    settings = Settings()
    engines = {
        "compiled": load_encoder(settings.model, "compiled", settings.cache),
        "reference": load_encoder(settings.model, "reference"),
    }
    used = dict.fromkeys(engines, 0.0)
    for encoder in engines.values():
        encoder.encode(texts[:4])
    for _ in range(2):
        for name, encoder in engines.items():
            before = cpu_seconds()
            encoder.encode(texts)
            used[name] += cpu_seconds() - before
    return {f"{name}_texts_per_cpu_s": 2 * len(texts) / seconds for name, seconds in used.items()}


def _answer(task: dict[str, Any], folder: Path, settings: Settings) -> dict[str, Any]:
    assistant = Assistant.open(folder, settings=settings)
    assistant.ask("What is a question to warm up?")
    taken, right = [], 0
    for question in task["questions"]:
        started = time.perf_counter()
        given = assistant.ask(question["question"])
        taken.append((time.perf_counter() - started) * 1000)
        quotes = [*given.quotes, *given.nearest][:1]
        right += any(a.lower() in q.text.lower() for q in quotes for a in question["answers"])
    taken.sort()
    return {
        "p50_ms": taken[len(taken) // 2],
        "p95_ms": taken[int(len(taken) * 0.95)],
        "first_quote": right / len(taken),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


_PARTS = {
    "build": build,
    "search": search,
    "answer": answer,
    "answer_plainly": answer_plainly,
    "embed": embed,
}

if __name__ == "__main__":
    main()
