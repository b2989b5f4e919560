"""How well does a passage fit a query? Words and meaning, fused into one score."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.query import Query
from index.rows import Candidate
from index.snapshot import Snapshot

WEIGHT_MEANING = 0.40
WEIGHT_WORDS = 0.22
WEIGHT_SENTENCE = 0.08
WEIGHT_TITLE = 0.08
WEIGHT_COVERED = 0.11
WEIGHT_SENTENCE_COVERED = 0.11
"""Of parts that lie between 0 and 1 by themselves, so that scores of two questions can be compared.
Stretching each part to the range of the candidates ranked worse on six of seven collections
(``eval/RESULTS.md``), and reciprocal ranks worse still."""


class Parts(NamedTuple):
    """What a passage's score is made of; each between 0 and 1, but a cosine may be negative."""

    meaning: float
    """Mean of the passage's cosine and its best sentence's."""
    words: float
    """BM25 of the passage, title included, as a share of the most that any text can have."""
    sentence_words: float
    """The same of its best sentence."""
    title: float
    """Share of the query's words that stand in the title, each weighed by its rarity."""
    covered: float
    """The same for the title and the passage together."""
    sentence_covered: float
    """The same for the sentence that has most of them."""

    @property
    def score(self) -> float:
        """The fused score."""
        return (
            WEIGHT_MEANING * self.meaning
            + WEIGHT_WORDS * self.words
            + WEIGHT_SENTENCE * self.sentence_words
            + WEIGHT_TITLE * self.title
            + WEIGHT_COVERED * self.covered
            + WEIGHT_SENTENCE_COVERED * self.sentence_covered
        )

    @property
    def explanation(self) -> str:
        """Say in one line what the score is the sum of."""
        return (
            f"{WEIGHT_MEANING:.2f} · meaning {self.meaning:.3f}"
            f" + {WEIGHT_WORDS:.2f} · words {self.words:.3f}"
            f" + {WEIGHT_SENTENCE:.2f} · best sentence's words {self.sentence_words:.3f}"
            f" + {WEIGHT_TITLE:.2f} · covered by the title {self.title:.3f}"
            f" + {WEIGHT_COVERED:.2f} · covered in all {self.covered:.3f}"
            f" + {WEIGHT_SENTENCE_COVERED:.2f} · covered by one sentence"
            f" {self.sentence_covered:.3f}"
        )


class Scored(NamedTuple):
    """A candidate with what its score is made of."""

    candidate: Candidate
    parts: Parts
    sentence_cosines: npt.NDArray[np.float32]
    sentence_bm25: tuple[float, ...]


def fuse(query: Query, candidates: Sequence[Candidate], snapshot: Snapshot) -> list[Scored]:
    """Score passages on words and meaning and order them by the fused score, ties by place."""
    if not candidates:
        return []
    passage_bm25 = query.bm25(snapshot.mean_passage_terms)
    sentence_bm25 = query.bm25(snapshot.mean_sentence_terms)
    most = sum(weighed.rarity for weighed in query.groups) or 1.0
    found = []
    for candidate in candidates:
        cosines = candidate.sentence_vectors @ query.vector
        own = float(candidate.vector @ query.vector)
        title, *sentences = [line.split() for line in candidate.terms.split("\n")]
        in_title = passage_bm25.telling(title)
        telling = [sentence_bm25.telling(terms) for terms in sentences]
        scores = tuple(map(sentence_bm25.score_telling, telling, map(len, sentences)))
        everything = [*in_title, *chain.from_iterable(telling)]
        length = len(title) + sum(map(len, sentences))
        parts = Parts(
            meaning=(own + float(cosines.max())) / 2,
            words=passage_bm25.score_telling(everything, length) / most,
            sentence_words=max(scores) / most,
            title=passage_bm25.rarity_of(in_title) / most,
            covered=passage_bm25.rarity_of(everything) / most,
            sentence_covered=max(map(sentence_bm25.rarity_of, telling)) / most,
        )
        found.append(Scored(candidate, parts, cosines, scores))
    # Rounded, so that the last bit of a float never decides which of two equals comes first.
    found.sort(
        key=lambda s: (-round(s.parts.score, 9), s.candidate.document_id, s.candidate.ordinal)
    )
    return found
