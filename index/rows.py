"""What is kept in the library's tables, as values?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from index.database import Row
from index.encoder import Vectors
from index.models import DocumentInfo


@dataclass(frozen=True, slots=True)
class StoredSentence:
    """A sentence as it is kept with its passage."""

    start: int
    end: int
    kind: str
    section: str | None
    page: int | None
    opens_block: bool


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with all that ranking needs, so that asking embeds nothing but the question."""

    number: int
    document: int
    ordinal: int
    vector: npt.NDArray[np.float32]
    """(d,) float32, unit length."""
    terms: tuple[tuple[str, ...], ...]
    """Terms of the title, then of each sentence."""
    sentences: tuple[StoredSentence, ...]
    sentence_vectors: npt.NDArray[np.float32]
    """(sentences, d) float32, rows of unit length up to float16's rounding."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may be found: what ranking reads, and the rest as it is stored."""

    number: int
    document: int
    document_id: str
    ordinal: int
    vector: npt.NDArray[np.float32]
    """(d,) float32, unit length."""
    terms: str
    """A line of the title's, then one for each sentence, the terms between spaces."""
    sentence_vectors: npt.NDArray[np.float32]
    """(sentences, d) float32, rows of unit length up to float16's rounding."""
    sentences: str

    def stored(self) -> StoredPassage:
        """Read the rest."""
        return StoredPassage(
            number=self.number,
            document=self.document,
            ordinal=self.ordinal,
            vector=self.vector,
            terms=tuple(tuple(line.split()) for line in self.terms.split("\n")),
            sentences=tuple(StoredSentence(*place) for place in json.loads(self.sentences)),
            sentence_vectors=self.sentence_vectors,
        )


@dataclass(frozen=True, slots=True)
class NewPassage:
    """A passage about to be stored."""

    vector: npt.NDArray[np.float32]
    terms: Sequence[Sequence[str]]
    sentences: Sequence[StoredSentence]
    sentence_vectors: Vectors


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document about to be stored, with everything derived from its text."""

    id: str
    path: str
    corpus_id: str | None
    base: str
    title: str
    source: str | None
    published: str | None
    text: str
    passages: Sequence[NewPassage]
    vocabulary: Sequence[tuple[str, str, bool]]
    """(word, sound key, stands with a capital) for every different word."""
    acronyms: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class LibraryDocument:
    """A document of a library, with what a list of documents shows."""

    number: int
    info: DocumentInfo
    path: str
    base: str
    corpus_id: str | None
    passages: int
    characters: int
    remark: str = ""
    """What of its file was not read, or is to be known of it: pages that are missing."""


@dataclass(frozen=True, slots=True)
class DocumentState:
    """What the derived indexes depend on in one document."""

    number: int
    passages: int
    fingerprint: bytes
    """Of its number, id and text, and the numbers of its passages."""


def hash_text(text: str) -> str:
    """SHA-256 of a stored text, UTF-8 encoded."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def info_of_row(row: Row) -> DocumentInfo:
    """Read (id, name, title, source, published, sha256)."""
    document_id, name, title, source, published, sha256 = row
    return DocumentInfo(
        id=str(document_id),
        name=str(name),
        title=str(title),
        source=None if source is None else str(source),
        published=None if published is None else str(published),
        sha256=str(sha256),
    )


def library_document_of_row(row: Row) -> LibraryDocument:
    """Read (number, six of the citation, path, base, corpus id, passages, characters, remark)."""
    path, base, corpus_id, passages, characters, remark = row[7:]
    return LibraryDocument(
        number=int(str(row[0])),
        info=info_of_row(row[1:7]),
        path=str(path),
        base=str(base),
        corpus_id=None if corpus_id is None else str(corpus_id),
        passages=int(str(passages)),
        characters=int(str(characters)),
        remark=str(remark or ""),
    )


def candidate_of_row(row: Row) -> Candidate:
    """Read (number, document, its id, ordinal, vector, terms, sentences, sentence vectors)."""
    number, document, document_id, ordinal, stored_vector, terms, sentences, halves = row
    vector = np.frombuffer(stored_vector, dtype=np.float32)
    matrix = _floats_of_halves().take(np.frombuffer(halves, dtype=np.uint16), mode="wrap")
    return Candidate(
        number=int(number),
        document=int(document),
        document_id=str(document_id),
        ordinal=int(ordinal),
        vector=vector,
        terms=str(terms),
        sentence_vectors=matrix.reshape(-1, len(vector)),
        sentences=str(sentences),
    )


@lru_cache(maxsize=1)
def _floats_of_halves() -> npt.NDArray[np.float32]:
    """Return the float32 of every float16: to look up takes a third of the time of a cast."""
    return np.arange(1 << 16, dtype=np.uint16).view(np.float16).astype(np.float32)
