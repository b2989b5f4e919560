"""What is the truth about a library? One SQLite file; this is what can be asked of it.

Everything else on disk is derived from it and can be thrown away.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from index.database import Database
from index.encoder import Vectors
from index.errors import LibraryDamaged
from index.models import DocumentInfo
from index.rows import (
    Candidate,
    DocumentState,
    LibraryDocument,
    StoredPassage,
    candidate_of_row,
    hash_text,
    info_of_row,
    library_document_of_row,
)
from index.spelling import VocabularyWord

_LIBRARY_DOCUMENTS = (
    "SELECT d.number, id, name, title, source, published, sha256, path, base, corpus_id,"
    " (SELECT count(*) FROM passages p WHERE p.document = d.number), length(text),"
    " (SELECT remark FROM files f WHERE f.path = d.path)"
    " FROM documents d"
)
_TEXT_CACHE = 64
"""Documents whose text is kept at hand: quoting one costs a look-up, not a read and a hash."""


class Store:
    """Questions to the truth. Safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._text = lru_cache(maxsize=_TEXT_CACHE)(self._read_text)
        self._digest = lru_cache(maxsize=1)(self._read_digest)

    # Facts about the whole

    @property
    def generation(self) -> int:
        """Counts the changes: derived indexes name the generation they were built from."""
        return int(str(self.database.meta("generation")))

    def digest(self) -> str:
        """Digest over the documents' ids and hashes: equal contents give equal digests."""
        return self._digest(self.generation)

    def _read_digest(self, generation: int) -> str:  # noqa: ARG002 - it is the cache's key
        digest = hashlib.sha256()
        for row in self.database.rows("SELECT id, name, sha256 FROM documents ORDER BY id"):
            digest.update("\0".join(map(str, row)).encode())
            digest.update(b"\n")
        return digest.hexdigest()[:16]

    def state(self) -> str:
        """Identify what the derived indexes depend on: no two states of a library say the same.

        The generation alone would not do: a copy brought back from a backup counts on from there.
        So each change is also given a random name, which it takes no look at the documents to read.
        """
        state = hashlib.sha256(str(self.generation).encode())
        change = self.database.meta("change")
        if change is not None:
            state.update(str(change).encode())
        else:  # nothing was changed since changes have names
            for document in self.document_states():
                state.update(document.fingerprint)
        return state.hexdigest()

    def document_states(self) -> list[DocumentState]:
        """Say of every document what the derived indexes depend on, by number."""
        rows = self.database.rows(
            "SELECT d.number, d.id, d.sha256, count(p.number), max(p.number) FROM documents d"
            " LEFT JOIN passages p ON p.document = d.number GROUP BY d.number ORDER BY d.number"
        )
        return [
            DocumentState(
                number=int(row[0]),
                passages=int(row[3]),
                fingerprint=hashlib.sha256("\0".join(map(str, row)).encode()).digest()[:16],
            )
            for row in rows
        ]

    # Files and documents

    def vectors_of_text(self, sha256: str) -> dict[tuple[str, int, int], npt.NDArray[np.float32]]:
        """Return the vectors of a stored text with this hash, by kind and place.

        Nothing, where there is no such text or doubt about what is stored beside it.
        """
        known: dict[tuple[str, int, int], npt.NDArray[np.float32]] = {}
        for vector, places, matrix in self.database.rows(
            "SELECT vector, sentences, sentence_vectors FROM passages WHERE document ="
            " (SELECT min(number) FROM documents WHERE sha256 = ? AND path NOT IN"
            " (SELECT path FROM files WHERE sha256 = ''))",
            (sha256,),
        ):
            spans = [(int(place[0]), int(place[1])) for place in json.loads(str(places))]
            known["passage", spans[0][0], spans[-1][1]] = np.frombuffer(vector, dtype=np.float32)
            rows = np.frombuffer(matrix, dtype=np.float16).reshape(len(spans), -1)
            for span, row in zip(spans, rows, strict=True):
                known["sentence", *span] = row.astype(np.float32)
        return known

    def file_hash(self, path: str) -> str | None:
        """Return the hash of the file at ``path`` as it was last read, if it was."""
        rows = self.database.rows("SELECT sha256 FROM files WHERE path = ?", (path,))
        return str(rows[0][0]) if rows else None

    def file_paths(self) -> list[str]:
        """List the paths of all files that were read, by name."""
        return [str(row[0]) for row in self.database.rows("SELECT path FROM files ORDER BY path")]

    def files_with_hash(self, sha256: str) -> list[str]:
        """List the paths of the files that held these bytes, by name."""
        rows = self.database.rows(
            "SELECT path FROM files WHERE sha256 = ? ORDER BY path", (sha256,)
        )
        return [str(row[0]) for row in rows]

    def file_of(self, document_id: str) -> tuple[str, str] | None:
        """Return the path of a document's file and the hash of the bytes that were read."""
        rows = self.database.rows(
            "SELECT f.path, f.sha256 FROM documents d JOIN files f ON f.path = d.path"
            " WHERE d.id = ?",
            (document_id,),
        )
        return (str(rows[0][0]), str(rows[0][1])) if rows else None

    def page_start(self, document_id: str, page: int) -> int:
        """Return where the sentences of a page begin in the document's text; 0 without any."""
        rows = self.database.rows(
            "SELECT min(s.value ->> 0) FROM documents d JOIN passages p ON p.document = d.number,"
            " json_each(p.sentences) s WHERE d.id = ? AND s.value ->> 4 = ?",
            (document_id, page),
        )
        return int(str(rows[0][0] or 0))

    def count_documents(self) -> int:
        """Count the documents."""
        return int(str(self.database.rows("SELECT count(*) FROM documents")[0][0]))

    def documents(self) -> list[LibraryDocument]:
        """List the documents, by name."""
        rows = self.database.rows(f"{_LIBRARY_DOCUMENTS} ORDER BY name")
        return [library_document_of_row(row) for row in rows]

    def documents_of_file(self, path: str) -> list[LibraryDocument]:
        """List the documents that came from the file at ``path``, by name."""
        rows = self.database.rows(f"{_LIBRARY_DOCUMENTS} WHERE path = ? ORDER BY name", (path,))
        return [library_document_of_row(row) for row in rows]

    def infos(self, numbers: Iterable[int]) -> dict[int, DocumentInfo]:
        """Return how the documents with these numbers are cited; missing ones are left out."""
        rows = self.database.rows(
            "SELECT number, id, name, title, source, published, sha256 FROM documents"
            " WHERE number IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(set(numbers))),),
        )
        return {int(row[0]): info_of_row(row[1:]) for row in rows}

    def numbers_of(self, names: Iterable[str]) -> dict[str, int]:
        """Return the numbers of the documents with these names; unknown names are left out."""
        rows = self.database.rows(
            "SELECT name, number FROM documents WHERE name IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(set(names))),),
        )
        return {str(name): int(number) for name, number in rows}

    def number_of_id(self, document_id: str) -> int | None:
        """Return the number of the document with this id, if there is one."""
        rows = self.database.rows("SELECT number FROM documents WHERE id = ?", (document_id,))
        return int(rows[0][0]) if rows else None

    def text(self, number: int) -> str:
        """Return a document's stored text, checked against its hash.

        Raises :class:`LibraryDamaged` when they disagree, and ``KeyError`` for no such document.
        """
        return self._text(number)

    def _read_text(self, number: int) -> str:
        rows = self.database.rows(
            "SELECT text, sha256, name FROM documents WHERE number = ?", (number,)
        )
        if not rows:
            raise KeyError(number)
        text, sha256, name = map(str, rows[0])
        if hash_text(text) != sha256:
            raise LibraryDamaged(
                f"The stored text of {name} in {self.database.path} has been damaged. "
                "Remove the document and add it again."
            )
        return text

    # Passages

    def candidates(self, numbers: Iterable[int]) -> list[Candidate]:
        """Return these passages for ranking; those no longer there are left out."""
        rows = self.database.rows(
            "SELECT p.number, p.document, d.id, p.ordinal, p.vector, p.terms, p.sentences,"
            " p.sentence_vectors FROM passages p JOIN documents d ON d.number = p.document"
            " WHERE p.number IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(set(numbers))),),
        )
        with self._passages_understood():
            return [candidate_of_row(row) for row in rows]

    def read_candidate(self, candidate: Candidate) -> StoredPassage:
        """Read all that is stored about a candidate."""
        with self._passages_understood():
            return candidate.stored()

    def passages(self, numbers: Iterable[int]) -> dict[int, StoredPassage]:
        """Return the passages with these numbers; those no longer there are left out."""
        return {
            candidate.number: self.read_candidate(candidate)
            for candidate in self.candidates(numbers)
        }

    @contextmanager
    def _passages_understood(self) -> Iterator[None]:
        try:
            yield
        except (ValueError, TypeError) as error:
            raise LibraryDamaged(
                f"What {self.database.path} says about a passage has been damaged ({error}). Move "
                "the folder away and add your documents to a new library."
            ) from error

    def passage_numbers(self, documents: Iterable[int]) -> list[int]:
        """List the numbers of all passages of these documents, ascending."""
        rows = self.database.rows(
            "SELECT number FROM passages WHERE document IN (SELECT value FROM json_each(?))"
            " ORDER BY number",
            (json.dumps(sorted(set(documents))),),
        )
        return [int(row[0]) for row in rows]

    def vectors_between(self, first: int, last: int) -> tuple[npt.NDArray[np.int64], Vectors]:
        """Return number, (n,) int64, and vector, (n, d) float32, of the passages of some documents.

        Those with numbers from ``first`` to ``last``.
        """
        rows = self.database.rows(
            "SELECT number, vector FROM passages WHERE document BETWEEN ? AND ?"
            " ORDER BY document, ordinal",
            (first, last),
        )
        numbers = np.array([row[0] for row in rows], dtype=np.int64)
        dimension = int(str(self.database.meta("dimension")))
        joined = b"".join(bytes(row[1]) for row in rows)
        return numbers, np.frombuffer(joined, dtype=np.float32).reshape(-1, dimension)

    def terms_between(self, first: int, last: int) -> Iterator[tuple[int, int, str]]:
        """Yield passage number, document number and terms of the same passages, by number."""
        for number, document, terms in self.database.rows(
            "SELECT number, document, terms FROM passages WHERE document BETWEEN ? AND ?"
            " ORDER BY document, ordinal",
            (first, last),
        ):
            yield int(number), int(document), str(terms)

    # Vocabulary

    def knows_word(self, word: str) -> bool:
        """Whether ``word`` (lower case, without accents) stands anywhere in the library."""
        return bool(self.database.rows("SELECT 1 FROM vocabulary WHERE word = ?", (word,)))

    def vocabulary(self) -> list[VocabularyWord]:
        """List every word of the library, in alphabetical order."""
        rows = self.database.rows("SELECT word, documents, capitals FROM vocabulary ORDER BY word")
        return [VocabularyWord(str(w), int(n), int(c)) for w, n, c in rows]

    def words_that_sound(self, sound: str) -> list[VocabularyWord]:
        """List the words with this sound key, in alphabetical order."""
        rows = self.database.rows(
            "SELECT word, documents, capitals FROM vocabulary WHERE sound = ? ORDER BY word",
            (sound,),
        )
        return [VocabularyWord(str(w), int(n), int(c)) for w, n, c in rows]

    def acronyms(self) -> list[tuple[str, str]]:
        """List every (acronym, long form) that a document defines, each once, sorted."""
        rows = self.database.rows("SELECT DISTINCT short, long FROM acronyms ORDER BY short, long")
        return [(str(short), str(long)) for short, long in rows]
