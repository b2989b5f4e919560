"""How fast is it, beside what a person would use instead? Claims are ratios within one run.

    python -m eval.benchmark      (or: make bench)

Every system runs in a process of its own, in turn, and the median of the rounds counts. Seconds
belong to the machine and the moment; ratios travel better.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from eval.benchmark_page import write_page
from eval.benchmark_peers import PEERS
from eval.question_sets import find_sets

_ROOT = Path(__file__).parent.parent
_REQUIREMENTS = Path(__file__).with_name("benchmark_peers.txt")
_TORCH = "torch==2.13.0"
_SET = "squad2"
_DONE = ".askdocs-peers"
OURS = "Askdocs"

Figures = dict[str, dict[str, float]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, record the figures as JSON and write the page from them."""
    parser = argparse.ArgumentParser(prog="python -m eval.benchmark")
    parser.add_argument("--quick", action="store_true", help="one round, few documents")
    parser.add_argument("--size", type=int, help="documents (default: 36, quick: 8)")
    parser.add_argument("--questions", type=int, help="questions (default: 200, quick: 40)")
    parser.add_argument("--rounds", type=int, help="rounds (default: 3, quick: 1)")
    parser.add_argument("--peers", nargs="*", default=list(PEERS), choices=[*PEERS, "none"])
    parser.add_argument("--environment", type=Path, default=_ROOT / ".venv-bench")
    parser.add_argument("--out", type=Path, default=_ROOT / "docs" / "performance.json")
    parser.add_argument("--page", action="store_true", help="only write the page anew")
    chosen = parser.parse_args(arguments)
    if not chosen.page:
        record = measure(chosen)
        kept = json.loads(chosen.out.read_text()) if chosen.out.exists() else {}
        chosen.out.write_text(json.dumps(kept | record, indent=1) + "\n", encoding="utf-8")
    write_page(json.loads(chosen.out.read_text(encoding="utf-8")), chosen.out.parent)


def measure(chosen: argparse.Namespace) -> dict[str, Any]:
    """Run every system in turn, and return the medians with what they were measured on."""
    size = chosen.size or (8 if chosen.quick else 36)
    count = chosen.questions or (40 if chosen.quick else 200)
    rounds = chosen.rounds or (1 if chosen.quick else 3)
    peers = [peer for peer in chosen.peers if peer != "none"]
    if peers:
        prepare_environment(chosen.environment)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        task, what = make_task(size, count)
        path = folder / "task.json"
        path.write_text(json.dumps(task), encoding="utf-8")
        seen: dict[str, list[dict[str, float]]] = defaultdict(list)
        for turn in range(rounds):
            for system, run in _runs(folder, path, task, peers, chosen.environment, turn):
                _say(f"round {turn + 1}, {system}")
                try:
                    seen[system].append(run())
                except subprocess.CalledProcessError as error:
                    _say(f"{system} failed: {error}")
    return {
        "measured_on": what | {"rounds": rounds, "cores": os.cpu_count()},
        "load": round(os.getloadavg()[0], 1),
        "systems": {system: _medians(runs) for system, runs in seen.items() if runs},
    }


def make_task(size: int, count: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return documents and questions of a development set, or of the sample documents."""
    data = os.environ.get("ASKDOCS_DATA")
    if data:
        folder = Path(data) / "bench" / _SET
        documents = [json.loads(line) for line in _lines(folder / "corpus.jsonl")][:size]
        asked = [json.loads(line) for line in _lines(folder / "questions.jsonl")]
        name = _SET
    else:
        _say("ASKDOCS_DATA is not set: the sample documents are measured.")
        paths = sorted((_ROOT / "documents").glob("*.md"))
        documents = [{"id": p.name, "text": p.read_text("utf-8")} for p in paths][:size]
        (questions,) = find_sets(["documents"], None, _ROOT / "documents")
        lines = _lines(_ROOT / "eval" / "sets" / "documents" / "questions.jsonl")
        asked = [json.loads(line) for line in lines]
        name = questions.name
    kept = {document["id"] for document in documents}
    chosen = [
        {
            "question": question["question"],
            "answers": question["answers"],
            "documents": sorted({evidence["doc_id"] for evidence in question["evidence"]}),
        }
        for question in asked
        if question.get("answerable", True)
        and question["evidence"]
        and not question.get("history")
        and {evidence["doc_id"] for evidence in question["evidence"]} <= kept
    ]
    chosen = chosen[:: max(1, len(chosen) // count)][:count]
    documents = [{"id": d["id"], "title": d.get("title", ""), "text": d["text"]} for d in documents]
    what = {"set": name, "documents": len(documents), "questions": len(chosen)}
    return {"documents": documents, "questions": chosen}, what


def prepare_environment(folder: Path) -> None:
    """Install the peers into an environment of their own, unless it is there."""
    python = folder / "bin" / "python"
    if (folder / _DONE).exists():
        return
    _say(f"Installing the peers into {folder}; this takes some minutes.")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)  # noqa: S603 - pip
    pip = [str(python), "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, _TORCH], check=True)  # noqa: S603 - pip
    subprocess.run([*pip, "--requirement", str(_REQUIREMENTS)], check=True)  # noqa: S603 - pip
    (folder / _DONE).touch()


def _runs(  # noqa: PLR0913, PLR0917 - what a round needs
    folder: Path,
    task_path: Path,
    task: dict[str, Any],
    peers: Sequence[str],
    environment: Path,
    turn: int,
) -> list[tuple[str, Callable[[], dict[str, float]]]]:
    """List all that one round does; ours and theirs alternate."""
    library = folder / f"library-{turn}"
    ours = [sys.executable, "-m", "eval.benchmark_ours"]
    theirs = [environment / "bin" / "python", Path(__file__).with_name("benchmark_peers.py")]
    question = task["questions"][0]["question"]

    def part(name: str) -> Callable[[], dict[str, float]]:
        return lambda: _json_of([*ours, name, task_path, library])

    def first() -> dict[str, float]:
        command = [sys.executable, "-m", "ui", "ask", question, "--library", library, "--json"]
        started = time.time()
        subprocess.run(command, check=True, cwd=_ROOT, stdout=subprocess.DEVNULL)  # noqa: S603 - our own program
        return {"first_s": time.time() - started}

    def peer(name: str) -> Callable[[], dict[str, float]]:
        def run() -> dict[str, float]:
            figures = _json_of([*theirs, name, task_path, str(time.time())])
            return figures | _json_of([*theirs, name, task_path, str(time.time()), "--first"])

        return run

    mine = [
        (OURS, part("build")),
        (f"{OURS}, finding passages", part("search")),
        (f"{OURS}, answering without the judge", part("answer_plainly")),
        (f"{OURS}, answering", part("answer")),
        (f"{OURS}, first answer", first),
        ("embedding", part("embed")),
    ]
    others = [(name, peer(name)) for name in peers]
    mixed = []
    for place in range(max(len(mine), len(others))):
        mixed += [*mine[place : place + 1], *others[place : place + 1]]
    return mixed


def _json_of(command: Sequence[object]) -> dict[str, float]:
    done = subprocess.run(  # noqa: S603 - our own program
        [str(word) for word in command], check=True, cwd=_ROOT, stdout=subprocess.PIPE, text=True
    )
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def _medians(runs: Sequence[dict[str, float]]) -> dict[str, float]:
    return {key: round(statistics.median(run[key] for run in runs), 4) for key in runs[0]}


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
