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

from index.rows import hash_text
from index.store import Store
from index.words import terms

_UNIT = 1e-2
"""How far a vector's length may lie from 1."""


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
        found.extend(_of_vocabulary(store))
    return found


def _of_document(store: Store, number: int, name: str) -> Iterator[Fault]:
    text, sha256, title = store.database.rows(
        "SELECT text, sha256, title FROM documents WHERE number = ?", (number,)
    )[0]
    text = str(text)
    if hash_text(text) != sha256:
        yield Fault(name, f"The text of {name} was damaged. Add its file again.")
        return
    dimension = int(str(store.database.meta("dimension")))
    last = 0
    for row in store.database.rows(
        "SELECT vector, terms, sentences, sentence_vectors FROM passages WHERE document = ?"
        " ORDER BY ordinal",
        (number,),
    ):
        try:
            places = [tuple(place[:2]) for place in json.loads(str(row[2]))]
            lines = [line.split() for line in str(row[1]).split("\n")]
            vector = np.frombuffer(bytes(row[0]), dtype=np.float32)
            vectors = np.frombuffer(bytes(row[3]), dtype=np.float16).reshape(len(places), dimension)
            lengths = np.linalg.norm(np.vstack([vector, vectors.astype(np.float32)]), axis=1)
        except (ValueError, TypeError):
            yield Fault(name, f"A passage of {name} was damaged. Add its file again.")
            return
        if not places or any(a < last or b <= a or b > len(text) for a, b in places):
            yield Fault(name, f"A place in {name} lies outside its text. Add its file again.")
            return
        last = places[0][0]
        if lines != [terms(str(title)), *(terms(text[a:b]) for a, b in places)]:
            yield Fault(name, f"The words of {name} are not those of its text. Add its file again.")
            return
        if not np.all(np.abs(lengths - 1) < _UNIT):
            yield Fault(name, f"A vector of {name} was damaged. Add its file again.")
            return


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
