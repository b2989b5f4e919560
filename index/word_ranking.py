"""Which passages share the question's words? tantivy answers; only this file knows it.

tantivy's BM25 has fixed constants (k1 1.2, b 0.75) that rank worse here than 0.9 and 0.4. So it
only names candidates, and :mod:`index.bm25` scores them again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import tantivy

_HEAP_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class TermGroup:
    """Terms that count as one: a word of the query and its other spellings."""

    terms: tuple[str, ...]
    """Single terms, the person's own first."""
    phrases: tuple[tuple[str, ...], ...] = ()
    """Long forms of an acronym: all terms of one of them together count as a match."""

    def count_in(self, terms: Sequence[str]) -> int:
        """Count how often the word stands in a text given as its terms."""
        single = sum(terms.count(term) for term in self.terms)
        return single + sum(min(map(terms.count, phrase)) for phrase in self.phrases)


class WordSegment:
    """An inverted index over the terms of some passages. Safe to share between threads."""

    def __init__(self, index: Any) -> None:
        self._schema = index.schema
        self._searcher = index.searcher()

    @classmethod
    def build(
        cls, passages: Iterable[tuple[int, int, str]], folder: Path | None = None
    ) -> WordSegment:
        """Index (passage number, document number, terms), in ``folder`` or in memory."""
        schema = (
            tantivy.SchemaBuilder()
            .add_unsigned_field("number", stored=False, indexed=True, fast=True)
            .add_unsigned_field("document", stored=False, indexed=True, fast=True)
            .add_text_field("terms", stored=False, tokenizer_name="whitespace", index_option="freq")
            .build()
        )
        index = tantivy.Index(schema, path=None if folder is None else str(folder))
        # One thread, so that the same passages make the same files.
        writer = index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        for number, document, terms in passages:
            entry = tantivy.Document()
            entry.add_unsigned("number", number)
            entry.add_unsigned("document", document)
            entry.add_text("terms", terms.replace("\n", " "))
            writer.add_document(entry)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        return cls(index)

    @classmethod
    def load(cls, folder: Path) -> WordSegment:
        """Open an index that :meth:`build` made in ``folder``."""
        return cls(tantivy.Index.open(str(folder)))

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def document_frequency(self, term: str) -> int:
        """Count the passages here that hold ``term``."""
        return int(self._searcher.doc_freq("terms", term))

    def best(
        self, groups: Sequence[TermGroup], k: int, documents: Sequence[int] | None, boost: Boost
    ) -> list[tuple[float, Any]]:
        """Return up to ``k`` (score, address), best first; ``boost`` weighs single terms."""
        query = tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, self._group_query(group, boost)) for group in groups]
        )
        if documents is not None:
            chosen = tantivy.Query.term_set_query(self._schema, "document", list(documents))
            query = tantivy.Query.boolean_query(
                [
                    (tantivy.Occur.Must, query),
                    (tantivy.Occur.Must, tantivy.Query.const_score_query(chosen, 0.0)),
                ]
            )
        found: list[tuple[float, Any]] = self._searcher.search(query, limit=k, count=False).hits
        return found

    def numbers(self, addresses: Sequence[Any]) -> list[int]:
        """Return the passage numbers at these addresses."""
        return [int(n) for n in self._searcher.fast_field_values("number", list(addresses))]

    def _group_query(self, group: TermGroup, boost: Boost) -> Any:
        queries = [self._term_query(term, boost) for term in group.terms]
        queries += [
            tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, self._term_query(term, boost)) for term in phrase]
            )
            for phrase in group.phrases
        ]
        return queries[0] if len(queries) == 1 else tantivy.Query.disjunction_max_query(queries)

    def _term_query(self, term: str, boost: Boost) -> Any:
        query = tantivy.Query.term_query(self._schema, "terms", term, index_option="freq")
        weight = boost(self, term)
        return query if weight == 1 else tantivy.Query.boost_query(query, weight)


Boost = Callable[[WordSegment, str], float]


class WordRanking:
    """The terms of all passages of some segments. Safe to share between threads."""

    def __init__(self, segments: Sequence[WordSegment]) -> None:
        self._segments = segments
        self._count = sum(map(len, segments))

    def __len__(self) -> int:
        return self._count

    def document_frequency(self, term: str) -> int:
        """Count the passages that hold ``term``."""
        return sum(segment.document_frequency(term) for segment in self._segments)

    def best(
        self, groups: Sequence[TermGroup], k: int, *, documents: Sequence[int] | None = None
    ) -> list[int]:
        """Return up to ``k`` passage numbers, best first by tantivy's own BM25.

        ``documents`` limits the search to passages of the documents with these numbers.
        """
        if not groups or not len(self) or k < 1 or (documents is not None and not documents):
            return []
        boost = self._boost()
        # Rounded, so that the last bit of a float never decides between equals of two segments.
        found = [
            (-round(score, 4), owner, place, address)
            for owner, segment in enumerate(self._segments)
            for place, (score, address) in enumerate(segment.best(groups, k, documents, boost))
        ]
        found.sort(key=lambda entry: entry[:3])
        best = found[:k]
        numbers: list[int] = [0] * len(best)
        for owner, segment in enumerate(self._segments):
            places = [place for place, entry in enumerate(best) if entry[1] == owner]
            of_segment = segment.numbers([best[place][3] for place in places])
            for place, number in zip(places, of_segment, strict=True):
                numbers[place] = number
        return numbers

    def _boost(self) -> Boost:
        """Weigh a term by how rare it is in all segments, where a segment knows only itself.

        What still differs from one index over everything is the mean length of a passage, which
        decides a little about who is the last of the candidates, and nothing about their order.
        """
        frequency = lru_cache(maxsize=None)(self.document_frequency)

        def boost(segment: WordSegment, term: str) -> float:
            here = segment.document_frequency(term)
            if not here or len(segment) == self._count:
                return 1.0  # it finds nothing, or is all there is
            return _rarity(self._count, frequency(term)) / _rarity(len(segment), here)

        return boost


def _rarity(passages: int, holding: int) -> float:
    """Tantivy's inverse document frequency."""
    return math.log(1 + (passages - holding + 0.5) / (holding + 0.5))
