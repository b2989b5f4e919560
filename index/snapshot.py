"""What do the derived indexes hold, and of which state of the library are they?

A snapshot is some segments, each published as a folder of its own, and a pointer file is replaced
last. So a reader finds the old snapshot or the new one, never a mixture. A segment that is missing,
older or damaged is noticed and made again from the stored vectors and terms, without embedding
anything; the others are kept as they are.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.database import DERIVED_FOLDER
from index.segment_plan import Part, plan_parts
from index.segments import (
    PublishedSegment,
    Segment,
    build_segment,
    describe_files,
    files_of,
    total,
)
from index.store import Store
from index.vector_ranking import VectorRanking
from index.word_ranking import WordRanking

_POINTER = "current.json"
_HASHED_WHOLE = 64_000_000
"""Up to so many bytes every file is hashed at every opening (some 50 ms)."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Both rankings over all passages of one generation. Safe to share between threads."""

    generation: int
    vectors: VectorRanking
    words: WordRanking
    mean_passage_terms: float
    mean_sentence_terms: float


@dataclass(frozen=True, slots=True)
class _Pointer:
    """What was published: segments, and the state of the library that they show."""

    state: str | None = None
    segments: tuple[PublishedSegment, ...] = ()


def open_snapshot(store: Store) -> Snapshot:
    """Load what is published; what is missing, old or damaged of it is built in memory."""
    derived = _derived(store)
    with store.database.reading():
        try:
            return _snapshot(store, [one.load(derived) for one in _current(store)])
        except _UNUSABLE:
            # Whatever is wrong with a derived file, the truth can make it again.
            return _snapshot(store, _segments_of_now(store))


def publish_snapshot(store: Store, *, anew: bool = False) -> None:
    """Bring what is on disk up to the present state, making only the segments that changed.

    With ``anew`` nothing that is on disk is taken for whole.
    """
    derived = _derived(store)
    derived.mkdir(exist_ok=True)
    if anew:
        (derived / _POINTER).unlink(missing_ok=True)
    try:
        current = _current(store)
    except _UNUSABLE:
        current = _publish(store)
    kept = {published.folder for published in current}
    for other in derived.iterdir():
        if other.is_dir() and other.name not in kept:
            # A reader that still has it open keeps its files; where that forbids deleting them,
            # the next publication tries again.
            shutil.rmtree(other, ignore_errors=True)


def is_published_whole(store: Store) -> bool:
    """Whether what is on disk is of the present state and every byte of it as it was written."""
    with store.database.reading():
        try:
            return all(one.is_whole(_derived(store), every_byte=True) for one in _current(store))
        except _UNUSABLE:
            return False


class _NotCurrentError(Exception):
    """What is published is not the present state of the library."""


_UNUSABLE = (_NotCurrentError, OSError, ValueError, KeyError, TypeError, RuntimeError)


def _current(store: Store) -> Sequence[PublishedSegment]:
    """Return the published segments if they show the present state and are whole."""
    derived = _derived(store)
    pointer = _read_pointer(derived)
    if pointer.state is None or pointer.state != store.state():
        raise _NotCurrentError
    if len(_whole(derived, pointer)) != len(pointer.segments):
        raise _NotCurrentError
    return pointer.segments


def _whole(derived: Path, pointer: _Pointer) -> list[PublishedSegment]:
    """Return the segments whose files are as they were written."""
    every_byte = sum(one.size for one in pointer.segments) <= _HASHED_WHOLE
    whole = []
    for published in pointer.segments:
        try:
            if published.is_whole(derived, every_byte=every_byte):
                whole.append(published)
        except (OSError, KeyError, TypeError):
            continue
    return whole


def _usable(store: Store) -> tuple[list[Part], dict[Part, PublishedSegment]]:
    """Say which parts the library has now, and which of them are on disk."""
    derived = _derived(store)
    published = {one.part: one for one in _whole(derived, _read_pointer(derived))}
    return plan_parts(store.document_states(), list(published)), published


def _segments_of_now(store: Store) -> list[Segment]:
    """Load the segments that are still true, and build the others in memory."""
    parts, published = _usable(store)
    segments = []
    for part in parts:
        try:
            segments.append(published[part].load(_derived(store)))
        except _UNUSABLE:
            segments.append(_build(store, part, None))
    return segments


def _publish(store: Store) -> list[PublishedSegment]:
    """Write the segments that are not there yet; after an error nothing of them stays."""
    derived = _derived(store)
    made: list[Path] = []
    try:
        with store.database.reading():
            parts, published = _usable(store)
            current = []
            for part in parts:
                if part not in published:
                    made.append(Path(tempfile.mkdtemp(prefix=f"{store.generation}-", dir=derived)))
                    published[part] = _write(made[-1], store, part)
                current.append(published[part])
            pointer = {"state": store.state(), "segments": [one.to_json() for one in current]}
        text = json.dumps(pointer | {"sha256": _hash_pointer(pointer)}, sort_keys=True)
        _replace(derived / _POINTER, text)
    except BaseException:
        for folder in made:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    return current


def _write(folder: Path, store: Store, part: Part) -> PublishedSegment:
    """Write the segment of ``part`` into ``folder`` and make it durable."""
    counts = _build(store, part, folder).counts
    files = describe_files(folder)
    for path in files_of(folder):
        _sync(path)
    return PublishedSegment(folder.name, part, counts, files)


def _build(store: Store, part: Part, folder: Path | None) -> Segment:
    return build_segment(store, part, folder)


def _snapshot(store: Store, segments: Sequence[Segment]) -> Snapshot:
    counts = total(segment.counts for segment in segments)
    return Snapshot(
        generation=store.generation,
        vectors=VectorRanking([segment.vectors for segment in segments]),
        words=WordRanking([segment.words for segment in segments]),
        mean_passage_terms=counts.terms / max(counts.passages, 1),
        mean_sentence_terms=counts.sentence_terms / max(counts.sentences, 1),
    )


def _derived(store: Store) -> Path:
    return store.database.path.parent / DERIVED_FOLDER


def _read_pointer(derived: Path) -> _Pointer:
    """Return the pointer, or, when it is missing or damaged, one to nothing."""
    try:
        pointer: dict[str, Any] = json.loads((derived / _POINTER).read_text(encoding="utf-8"))
        if pointer.pop("sha256") != _hash_pointer(pointer):
            return _Pointer()
        segments = tuple(PublishedSegment.of_json(value) for value in pointer["segments"])
        return _Pointer(str(pointer["state"]), segments)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return _Pointer()


def _hash_pointer(pointer: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(pointer, sort_keys=True).encode()).hexdigest()


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
