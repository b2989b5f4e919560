"""What do the derived indexes hold, and of which generation are they?

A snapshot is published as a folder of its own, and a pointer file is replaced last. So a reader
finds the old snapshot or the new one, never a mixture, and a damaged or older one is noticed and
made again in memory from the stored vectors and terms, without embedding anything.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.database import DERIVED_FOLDER
from index.store import Store
from index.vector_ranking import VectorRanking
from index.word_ranking import WordRanking

_POINTER = "current.json"
_VECTORS = "vectors.faiss"
_WORDS = "words"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Both rankings over all passages of one generation. Safe to share between threads."""

    generation: int
    vectors: VectorRanking
    words: WordRanking
    mean_passage_terms: float
    mean_sentence_terms: float


def open_snapshot(store: Store) -> Snapshot:
    """Load the published snapshot, or build one in memory when it is missing, old or damaged."""
    with store.database.reading():
        published = _load(store.database.path.parent / DERIVED_FOLDER, store)
        return published or _build(store, words_folder=None)


def is_published(store: Store) -> bool:
    """Whether the snapshot of the present generation is on disk, whole."""
    return _load(store.database.path.parent / DERIVED_FOLDER, store) is not None


def publish_snapshot(store: Store) -> None:
    """Build the snapshot of the present generation on disk, unless it is there already."""
    derived = store.database.path.parent / DERIVED_FOLDER
    derived.mkdir(exist_ok=True)
    current = _read_pointer(derived)
    if _load(derived, store) is None:
        current = _publish(derived, store)
    for other in derived.iterdir():
        if other.is_dir() and other.name != current["folder"]:
            # A reader that still has it open keeps its files; where that forbids deleting them,
            # the next publication tries again.
            shutil.rmtree(other, ignore_errors=True)


def _publish(derived: Path, store: Store) -> dict[str, Any]:
    """Build and publish a snapshot, and return its pointer; after an error nothing of it stays."""
    folder = Path(tempfile.mkdtemp(prefix=f"{store.generation}-", dir=derived))
    try:
        pointer = _write(folder, store)
        _replace(derived / _POINTER, json.dumps(pointer, sort_keys=True))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return pointer


def _write(folder: Path, store: Store) -> dict[str, Any]:
    """Write the snapshot of the present generation into ``folder`` and return its pointer."""
    (folder / _WORDS).mkdir()
    snapshot = _build(store, words_folder=folder / _WORDS)
    snapshot.vectors.save(folder / _VECTORS)
    pointer = {
        "state": store.state(),
        "folder": folder.name,
        "mean_passage_terms": snapshot.mean_passage_terms,
        "mean_sentence_terms": snapshot.mean_sentence_terms,
        "files": {str(path.relative_to(folder)): _hash(path) for path in _files(folder)},
    }
    for path in _files(folder):
        _sync(path)
    return pointer | {"sha256": _hash_pointer(pointer)}


def _build(store: Store, words_folder: Path | None) -> Snapshot:
    with store.database.reading():
        generation = store.generation
        numbers, vectors = store.all_vectors()
        counts = _Counts()
        words = WordRanking.build(counts.counted(store.all_terms()), words_folder)
    return Snapshot(
        generation=generation,
        vectors=VectorRanking.build(numbers, vectors),
        words=words,
        mean_passage_terms=counts.terms / max(counts.passages, 1),
        mean_sentence_terms=counts.sentence_terms / max(counts.sentences, 1),
    )


class _Counts:
    """Counts terms while they pass by on their way into the word ranking."""

    def __init__(self) -> None:
        self.passages = self.terms = self.sentences = self.sentence_terms = 0

    def counted(self, rows: Iterator[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
        for number, document, terms in rows:
            title, *sentences = terms.split("\n")
            in_sentences = sum(len(line.split()) for line in sentences)
            self.passages += 1
            self.terms += in_sentences + len(title.split())
            self.sentences += len(sentences)
            self.sentence_terms += in_sentences
            yield number, document, terms


def _load(derived: Path, store: Store) -> Snapshot | None:
    """Load what is published, if it is whole and of the present state of the library."""
    try:
        pointer = _read_pointer(derived)
        if pointer["state"] != store.state():
            return None
        folder = derived / str(pointer["folder"])
        hashes = {str(path.relative_to(folder)): _hash(path) for path in _files(folder)}
        if hashes != pointer["files"]:
            return None
        return Snapshot(
            generation=store.generation,
            vectors=VectorRanking.load(folder / _VECTORS),
            words=WordRanking.load(folder / _WORDS),
            mean_passage_terms=float(pointer["mean_passage_terms"]),
            mean_sentence_terms=float(pointer["mean_sentence_terms"]),
        )
    except (OSError, ValueError, KeyError, TypeError, RuntimeError):
        # Whatever is wrong with a derived file, the truth can make it again.
        return None


def _read_pointer(derived: Path) -> dict[str, Any]:
    """Return the pointer, or, when it is missing or damaged, one to nothing."""
    nothing = {"state": None, "folder": None}
    try:
        pointer = json.loads((derived / _POINTER).read_text(encoding="utf-8"))
        sha256 = pointer.pop("sha256")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return nothing
    return dict(pointer) if sha256 == _hash_pointer(pointer) else nothing


def _hash_pointer(pointer: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(pointer, sort_keys=True).encode()).hexdigest()


def _files(folder: Path) -> list[Path]:
    """List what belongs to a snapshot; lock files come and go."""
    return sorted(
        path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(".lock")
    )


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _replace(path: Path, content: str) -> None:
    """Write beside, make durable, then replace in one step."""
    beside = path.with_suffix(".new")
    with beside.open("w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    if os.name == "posix":  # elsewhere a folder cannot be opened
        _sync(path.parent)
