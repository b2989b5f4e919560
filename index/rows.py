"""What is kept in the library's tables, as values?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

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
    """Read (number, six of the citation, path, base, corpus id, passages, characters)."""
    path, base, corpus_id, passages, characters = row[7:]
    return LibraryDocument(
        number=int(str(row[0])),
        info=info_of_row(row[1:7]),
        path=str(path),
        base=str(base),
        corpus_id=None if corpus_id is None else str(corpus_id),
        passages=int(str(passages)),
        characters=int(str(characters)),
    )


def stored_passage_of_row(row: Row) -> StoredPassage:
    """Read (number, document, ordinal, vector, terms, sentences, sentence vectors)."""
    number, document, ordinal, vector, terms, sentences, sentence_vectors = row
    places = tuple(StoredSentence(*place) for place in json.loads(str(sentences)))
    matrix = np.frombuffer(bytes(sentence_vectors), dtype=np.float16)
    return StoredPassage(
        number=int(number),
        document=int(str(document)),
        ordinal=int(str(ordinal)),
        vector=np.frombuffer(bytes(vector), dtype=np.float32),
        terms=tuple(tuple(line.split()) for line in str(terms).split("\n")),
        sentences=places,
        sentence_vectors=matrix.reshape(len(places), -1).astype(np.float32),
    )
