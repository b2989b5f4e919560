"""Which passages share the question's words? tantivy answers; only this file knows it.

tantivy's BM25 has fixed constants (k1 1.2, b 0.75) that rank worse here than 0.9 and 0.4. So it
only names candidates, and :mod:`index.bm25` scores them again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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


class WordRanking:
    """An inverted index over the terms of all passages. Safe to share between threads."""

    def __init__(self, ranking: Any) -> None:
        self._ranking = ranking
        self._searcher = ranking.searcher()

    @classmethod
    def build(
        cls, passages: Iterable[tuple[int, int, str]], folder: Path | None = None
    ) -> WordRanking:
        """Index (passage number, document number, terms), in ``folder`` or in memory."""
        schema = (
            tantivy.SchemaBuilder()
            .add_unsigned_field("number", stored=True, indexed=True, fast=True)
            .add_unsigned_field("document", stored=False, indexed=True, fast=True)
            .add_text_field("terms", stored=False, tokenizer_name="whitespace", index_option="freq")
            .build()
        )
        ranking = tantivy.Index(schema, path=None if folder is None else str(folder))
        # One thread, so that the same passages make the same segments.
        writer = ranking.writer(heap_size=_HEAP_BYTES, num_threads=1)
        for number, document, terms in passages:
            entry = tantivy.Document()
            entry.add_unsigned("number", number)
            entry.add_unsigned("document", document)
            entry.add_text("terms", terms.replace("\n", " "))
            writer.add_document(entry)
        writer.commit()
        writer.wait_merging_threads()
        ranking.reload()
        return cls(ranking)

    @classmethod
    def load(cls, folder: Path) -> WordRanking:
        """Open an index that :meth:`build` made in ``folder``."""
        return cls(tantivy.Index.open(str(folder)))

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def document_frequency(self, term: str) -> int:
        """Count the passages that hold ``term``."""
        return int(self._searcher.doc_freq("terms", term))

    def best(
        self, groups: Sequence[TermGroup], k: int, *, documents: Sequence[int] | None = None
    ) -> list[int]:
        """Return up to ``k`` passage numbers, best first by tantivy's own BM25.

        ``documents`` limits the search to passages of the documents with these numbers.
        """
        if not groups or not len(self) or k < 1 or (documents is not None and not documents):
            return []
        query = tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, self._group_query(group)) for group in groups]
        )
        if documents is not None:
            chosen = tantivy.Query.term_set_query(self._ranking.schema, "document", list(documents))
            query = tantivy.Query.boolean_query(
                [
                    (tantivy.Occur.Must, query),
                    (tantivy.Occur.Must, tantivy.Query.const_score_query(chosen, 0.0)),
                ]
            )
        found = self._searcher.search(query, limit=k, count=False).hits
        return [int(self._searcher.doc(place)["number"][0]) for _, place in found]

    def _group_query(self, group: TermGroup) -> Any:
        queries = [self._term_query(term) for term in group.terms]
        queries += [
            tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, self._term_query(term)) for term in phrase]
            )
            for phrase in group.phrases
        ]
        return queries[0] if len(queries) == 1 else tantivy.Query.disjunction_max_query(queries)

    def _term_query(self, term: str) -> Any:
        return tantivy.Query.term_query(self._ranking.schema, "terms", term, index_option="freq")
