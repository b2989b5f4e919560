"""Is every hash, place and vector of a library what it must be?

What is derived from the texts can be made again. What is not, a text that was damaged, is named
with the document that it belongs to: adding its file again mends it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from index.acronyms import find_acronyms
from index.database import Row
from index.naming import document_id
from index.rows import StoredSentence, hash_text
from index.store import Store
from index.words import terms

_FLOAT32_ERROR, _FLOAT16_ERROR = 1e-3, 1e-2
"""How far the length of a vector may be from 1 after its rounding."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not what it must be."""

    document: str
    """Name of the document; empty for what belongs to all."""
    detail: str
    """In a sentence."""
    is_derived: bool = False
    """It can be made again from what is stored."""


def inspect_truth(store: Store) -> list[Fault]:
    """Look at all that is stored; return what is wrong, document by document."""
    found = [
        Fault("", f"The library's file is damaged ({row[0]}).")
        for row in store.database.rows("PRAGMA integrity_check(5)")
        if row[0] != "ok"
    ]
    if found:
        return found  # whatever is read from such a file may be wrong
    with store.database.reading():
        for number, name in store.database.rows("SELECT number, name FROM documents ORDER BY name"):
            found.extend(_of_document(store, int(number), str(name)))
        if not found:  # a damaged document's share of the words is not known
            found.extend(_of_vocabulary(store))
    return found


def _of_document(store: Store, number: int, name: str) -> Iterator[Fault]:
    dimension = int(str(store.database.meta("dimension")))
    what = _look_at(store, number, dimension)
    if what:
        yield Fault(name, f"{what} of {name} was damaged. Add its file again.")


def _look_at(store: Store, number: int, dimension: int) -> str:
    """Return which part of a document is not what its text makes it; nothing where all is."""
    row = store.database.rows(
        "SELECT id, path, corpus_id, title, sha256, text, words FROM documents WHERE number = ?",
        (number,),
    )[0]
    text, title = row[5], row[3]
    if not isinstance(text, str) or hash_text(text) != row[4]:
        return "The text"
    if row[0] != document_id(str(row[1]), row[2]):
        return "The id"
    try:
        dict(json.loads(str(row[6])))
        return _look_at_passages(store, number, text, str(title), dimension)
    except (ValueError, TypeError, KeyError, RecursionError):
        return "A passage"


def _look_at_passages(store: Store, number: int, text: str, title: str, dimension: int) -> str:
    rows = store.database.rows(
        "SELECT ordinal, vector, terms, sentences, sentence_vectors FROM passages"
        " WHERE document = ? ORDER BY ordinal",
        (number,),
    )
    if [row[0] for row in rows] != list(range(len(rows))) or not rows:
        return "The row of passages"
    at = 0
    for row in rows:
        sentences = [StoredSentence(*place) for place in json.loads(row[3])]
        if not sentences:
            return "A passage"
        for sentence in sentences:
            if not at <= sentence.start < sentence.end <= len(text):
                return "The place of a sentence"
            at = sentence.end
        wrong = _look_at_vectors(row, len(sentences), dimension)
        if wrong:
            return wrong
        expected = [title, *(text[sentence.start : sentence.end] for sentence in sentences)]
        if row[2] != "\n".join(" ".join(terms(part)) for part in expected):
            return "A list of words"
    acronyms = store.database.rows("SELECT short, long FROM acronyms WHERE document = ?", (number,))
    if sorted(acronyms) != sorted(set(find_acronyms(text))):
        return "The list of acronyms"
    return ""


def _look_at_vectors(row: Row, sentences: int, dimension: int) -> str:
    for stored, kind, count, error in (
        (row[1], np.float32, 1, _FLOAT32_ERROR),
        (row[4], np.float16, sentences, _FLOAT16_ERROR),
    ):
        vectors = np.frombuffer(bytes(stored), dtype=kind).astype(np.float64)
        if vectors.size != count * dimension:
            return "A vector"
        lengths = np.linalg.norm(vectors.reshape(count, dimension), axis=1)
        if not np.all(np.abs(lengths - 1) <= error):  # not-a-number included
            return "A vector"
    return ""


def _of_vocabulary(store: Store) -> Iterator[Fault]:
    if _counted_vocabulary(store) != {
        str(word): (int(documents), int(capitals))
        for word, documents, capitals in store.database.rows(
            "SELECT word, documents, capitals FROM vocabulary"
        )
    }:
        yield Fault("", "The list of words is not that of the documents.", is_derived=True)


def _counted_vocabulary(store: Store) -> dict[str, tuple[int, int]]:
    """Return, by word, how many documents hold it, and how many with a capital."""
    documents: Counter[str] = Counter()
    capitals: Counter[str] = Counter()
    for (words,) in store.database.rows("SELECT words FROM documents"):
        for word, capital in json.loads(str(words)):
            documents[word] += 1
            capitals[word] += int(capital)
    return {word: (count, capitals[word]) for word, count in documents.items()}


def repair_vocabulary(store: Store) -> None:
    """Make the list of words again from the documents'. The caller holds the library's lock."""
    from index.spelling import sound_key

    with store.database.writing() as connection:
        connection.execute("DELETE FROM vocabulary")
        connection.executemany(
            "INSERT INTO vocabulary VALUES (?, ?, ?, ?)",
            [
                (word, sound_key(word), *counts)
                for word, counts in sorted(_counted_vocabulary(store).items())
            ],
        )
