"""What does one segment of the search indexes hold, and is it whole?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.segment_plan import Part
from index.store import Store
from index.vector_ranking import VectorSegment
from index.word_ranking import WordSegment

_WORDS = "words"
_SMALL_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Counts:
    """What the mean lengths of a library are worked out from."""

    passages: int = 0
    terms: int = 0
    """Of passages: a title's terms count in each of its passages."""
    sentences: int = 0
    sentence_terms: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.passages + other.passages,
            self.terms + other.terms,
            self.sentences + other.sentences,
            self.sentence_terms + other.sentence_terms,
        )


@dataclass(frozen=True, slots=True)
class Segment:
    """Both rankings over the passages of some documents. Safe to share between threads."""

    vectors: VectorSegment
    words: WordSegment
    counts: Counts


@dataclass(frozen=True, slots=True)
class PublishedSegment:
    """What the pointer says of a segment on disk."""

    folder: str
    part: Part
    counts: Counts
    files: Mapping[str, Mapping[str, Any]]
    """For each file its ``sha256``, ``size`` and ``modified`` (nanoseconds)."""

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(int(file["size"]) for file in self.files.values())

    def to_json(self) -> dict[str, Any]:
        """Give what :meth:`of_json` takes."""
        return asdict(self)

    @classmethod
    def of_json(cls, value: Mapping[str, Any]) -> PublishedSegment:
        """Read what :meth:`to_json` gave; ``KeyError`` or ``TypeError`` where that is damaged."""
        part, counts = Part(**value["part"]), Counts(**value["counts"])
        return cls(str(value["folder"]), part, counts, dict(value["files"]))

    def is_whole(self, derived: Path, *, every_byte: bool) -> bool:
        """Whether the files are those that were published.

        ``every_byte`` hashes all of them. Else a large file is taken for whole when its size and
        its time of change are those of its publication, so that opening a large library does not
        read gigabytes; after a copy the times differ, and it is hashed.
        """
        folder = derived / self.folder
        paths = files_of(folder)
        if {str(path.relative_to(folder)) for path in paths} != self.files.keys():
            return False
        for path in paths:
            state, expected = path.stat(), self.files[str(path.relative_to(folder))]
            if state.st_size != expected["size"]:
                return False
            untouched = state.st_size > _SMALL_BYTES and state.st_mtime_ns == expected["modified"]
            if (every_byte or not untouched) and _hash(path) != expected["sha256"]:
                return False
        return True

    def load(self, derived: Path) -> Segment:
        """Read the segment. The caller knows that it is whole."""
        folder = derived / self.folder
        return Segment(VectorSegment.load(folder), WordSegment.load(folder / _WORDS), self.counts)


def build_segment(store: Store, part: Part, folder: Path | None) -> Segment:
    """Make a segment from what is stored, without embedding anything: in ``folder`` or memory."""
    words_folder = None if folder is None else folder / _WORDS
    if words_folder is not None:
        words_folder.mkdir()
    counter = _Counter()
    terms = counter.counted(store.terms_between(part.first, part.last))
    words = WordSegment.build(terms, words_folder)
    vectors = VectorSegment.build(*store.vectors_between(part.first, part.last))
    if folder is not None:
        vectors.save(folder)
    return Segment(vectors, words, counter.counts())


def describe_files(folder: Path) -> dict[str, dict[str, Any]]:
    """Say of every file of a segment what :class:`PublishedSegment` keeps of it."""
    described = {}
    for path in files_of(folder):
        state = path.stat()
        described[str(path.relative_to(folder))] = {
            "sha256": _hash(path),
            "size": state.st_size,
            "modified": state.st_mtime_ns,
        }
    return described


def files_of(folder: Path) -> list[Path]:
    """List what belongs to a segment; lock files come and go."""
    return sorted(
        path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(".lock")
    )


def total(counts: Iterable[Counts]) -> Counts:
    """Add counts up."""
    return sum(counts, Counts())


class _Counter:
    """Counts terms while they pass by on their way into the ranking by words."""

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

    def counts(self) -> Counts:
        return Counts(self.passages, self.terms, self.sentences, self.sentence_terms)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
