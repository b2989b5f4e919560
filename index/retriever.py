"""Which passages of which documents bear on these words?

Words and meaning each name candidates; the union is scored exactly on both, and the scores are
fused. A candidate is checked against the truth before it counts, so what was removed is gone at
once, whatever a derived index still says.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.database import Database
from index.encoder import Encoder
from index.errors import UnknownDocument, UsageError
from index.fusion import Parts, fuse
from index.library_encoder import LibraryEncoder
from index.models import DocumentInfo, Hit
from index.query import Query, QueryBuilder
from index.rows import StoredPassage
from index.settings import Settings
from index.snapshot import Snapshot, open_snapshot
from index.store import Store

_CANDIDATES = 100
"""Passages that each ranking names."""
_WORD_POOL = 300
"""tantivy's best, which all join the candidates: its order is not the exact BM25's."""
MOST_HITS = 1000
"""More than anyone reads; a request for a billion is answered with these."""


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A passage with its score and what the score is made of."""

    passage: StoredPassage
    document: DocumentInfo
    parts: Parts
    standing: float
    """Where the score stands between the lowest, 0, and the highest, 1, of all candidates."""
    sentence_cosines: npt.NDArray[np.float32]
    """(sentences,) float32."""
    sentence_bm25: tuple[float, ...]

    @property
    def score(self) -> float:
        """At most 1; scores of two queries can be compared."""
        return self.parts.score

    @property
    def explanation(self) -> str:
        """Say in one line why the passage stands where it does."""
        return f"score {self.score:.3f} = {self.parts.explanation}"


@dataclass(frozen=True, slots=True)
class View:
    """A snapshot with what reads questions in its light."""

    snapshot: Snapshot
    builder: QueryBuilder


class Retriever:
    """Searches one library. Safe to share between threads; follows the library's changes."""

    def __init__(self, store: Store, settings: Settings, encoder: Encoder | None = None) -> None:
        self.store = store
        self.settings = settings
        self._encoder = LibraryEncoder(store.database, settings, encoder)
        self._view: View | None = None
        self._lock = threading.Lock()

    @classmethod
    def open(
        cls,
        library: Path | str,
        *,
        settings: Settings | None = None,
        encoder: Encoder | None = None,
    ) -> Retriever:
        """Open the library in the folder ``library`` for searching.

        Raises :class:`LibraryMissing`, :class:`LibraryFormat` or another
        :class:`LibraryError` when it cannot be used.
        """
        store = Store(Database.open(Path(library)))
        return cls(store, settings or Settings(), encoder)

    def search(self, query: str, k: int = 10, documents: Sequence[str] | None = None) -> list[Hit]:
        """Return up to ``k`` passages that bear on ``query``, best first.

        ``documents`` limits the search to documents of these names; an unknown name raises
        :class:`UnknownDocument`.
        """
        if k < 1:
            raise UsageError(f"The number of hits must be at least 1, and {k} was asked for.")
        prepared = self.prepare(query)
        with self.store.database.reading():  # what is ranked is still there when it is quoted
            ranked = self.rank(prepared, min(k, MOST_HITS), documents)
            return [self._hit(rank, found) for rank, found in enumerate(ranked, start=1)]

    def prepare(self, text: str) -> Query:
        """Read ``text`` as a query in the light of the library."""
        return self.view().builder.build(text)

    def rank(
        self, query: Query, k: int, documents: Sequence[str] | None = None
    ) -> list[RankedPassage]:
        """Return up to ``k`` passages for a prepared query, best first, ties by place."""
        snapshot = self.view().snapshot
        with self.store.database.reading():
            chosen = None if documents is None else self.numbers_of(documents)
            candidates = self.store.candidates(self._candidates(query, snapshot, chosen))
            if chosen is not None:
                candidates = [one for one in candidates if one.document in chosen]
            ordered = fuse(query, candidates, snapshot)
            best = ordered[:k]
            infos = self.store.infos(scored.candidate.document for scored in best)
        low = ordered[-1].parts.score if ordered else 0.0
        range_ = ordered[0].parts.score - low if ordered else 0.0
        return [
            RankedPassage(
                passage=self.store.read_candidate(scored.candidate),
                document=infos[scored.candidate.document],
                parts=scored.parts,
                standing=(scored.parts.score - low) / range_ if range_ else 0.0,
                sentence_cosines=scored.sentence_cosines,
                sentence_bm25=scored.sentence_bm25,
            )
            for scored in best
        ]

    def unknown_share(self, query: Query, *, ignore: Collection[str] = ()) -> float:
        """Return the share of the query's weight in words that the library does not hold.

        Terms in ``ignore`` do not count.
        """
        groups = [g for g in query.groups if g.group.terms[0] not in ignore]
        ranking = self.view().snapshot.words
        total = sum(group.rarity for group in groups)
        missing = sum(
            weighed.rarity
            for weighed in groups
            if not any(ranking.document_frequency(term) for term in weighed.group.terms)
        )
        return missing / total if total else 0.0

    def view(self) -> View:
        """Return the present snapshot, loading it when the library has changed."""
        generation = self.store.generation
        with self._lock:
            if self._view is None or self._view.snapshot.generation != generation:
                snapshot = open_snapshot(self.store)
                self._view = View(snapshot, QueryBuilder(self.store, snapshot, self.encoder))
            return self._view

    @property
    def encoder(self) -> Encoder:
        """The model that embedded the library's passages, loaded at its first use."""
        return self._encoder.get()

    def _candidates(self, query: Query, snapshot: Snapshot, documents: set[int] | None) -> set[int]:
        only = None if documents is None else self.store.passage_numbers(documents)
        by_meaning = snapshot.vectors.nearest(query.vector, _CANDIDATES, only=only)
        by_words = snapshot.words.best(
            [weighed.group for weighed in query.groups],
            _WORD_POOL,
            documents=None if documents is None else sorted(documents),
        )
        return {number for number, _ in by_meaning} | set(by_words)

    def numbers_of(self, names: Sequence[str]) -> set[int]:
        """Return the numbers of the documents of these names.

        Raises :class:`UnknownDocument` for a name that stands for none.
        """
        numbers = self.store.numbers_of(names)
        unknown = sorted(set(names) - set(numbers))
        if unknown:
            raise UnknownDocument(
                f"The library has no document called {unknown[0]}. See the names with: askdocs list"
            )
        return set(numbers.values())

    def _hit(self, rank: int, found: RankedPassage) -> Hit:
        passage = found.passage
        start, end = passage.sentences[0].start, passage.sentences[-1].end
        return Hit(
            rank=rank,
            score=round(found.score, 6),
            text=self.store.text(passage.document)[start:end],
            start=start,
            end=end,
            document=found.document,
            page=passage.sentences[0].page,
            section=passage.sentences[0].section,
        )
