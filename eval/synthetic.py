"""What would a much larger library hold? Made-up passages with the statistics of real ones.

Words are drawn with the frequencies that they have in real text, and every document brings a name
of its own, so that the vocabulary grows as it does in life. Vectors lie in clusters. Everything
follows from a seed; nothing is embedded, which would take hours.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from index.encoder import Vectors
from index.rows import NewDocument, NewPassage, StoredSentence
from index.spelling import sound_key
from index.words import terms, words

PASSAGES_A_DOCUMENT = 50
_SENTENCES = 3
_WORDS = 15
"""In a sentence: a passage has some fifty words, a third of what real ones have."""
_TOPIC = 400
"""A document draws its words from so many that stand together in real text."""
_DIMENSION = 384
_CLUSTER = 50
"""Passages on one subject, about."""
_NOISE = 4096
_SYLLABLES = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, with the vector that a model might have given it."""

    text: str
    vector: npt.NDArray[np.float32]


class SyntheticLibrary:
    """Documents and questions about them, the same for the same text and seed."""

    def __init__(self, text: str, passages: int, seed: int = 1) -> None:
        self.documents = -(-passages // PASSAGES_A_DOCUMENT)
        self._seed = seed
        drawn = [word for word in words(text) if word.plain.isalpha()]
        self._words = np.array([word.plain for word in drawn], dtype=object)
        self._terms = {
            word.plain: "" if word.is_stop else " ".join(terms(word.plain)) for word in drawn
        }
        rng = np.random.default_rng(seed)
        # Later dimensions vary less, as those of a model do once turned to its main directions.
        self._scale = (1 / np.sqrt(1 + np.arange(_DIMENSION) / 40)).astype(np.float32)
        self._middles = self._normal(rng, max(1, passages // _CLUSTER))
        self._noise = self._normal(rng, _NOISE)

    def batches(self, first: int, last: int, size: int = 50) -> Iterator[list[NewDocument]]:
        """Yield the documents with numbers from ``first`` to before ``last``, some at a time."""
        for start in range(first, last, size):
            yield [self.document(number) for number in range(start, min(start + size, last))]

    def document(self, number: int) -> NewDocument:
        """Make the document of this number."""
        rng = np.random.default_rng([self._seed, number])
        name = name_of(number)
        topic = self._words[int(rng.integers(0, max(1, len(self._words) - _TOPIC))) :][:_TOPIC]
        drawn = rng.integers(0, len(topic), (PASSAGES_A_DOCUMENT * _SENTENCES, _WORDS))
        known: dict[str, bool] = {name: True}
        sentences: list[str] = []
        stored: list[StoredSentence] = []
        lines: list[list[str]] = []
        at = 0
        for row in topic[drawn].tolist():
            chosen = [name, *row]
            sentence = f"{' '.join(chosen).capitalize()}."
            sentences.append(sentence)
            stored.append(StoredSentence(at, at + len(sentence), "paragraph", None, None, True))
            lines.append([name, *filter(None, map(self._terms.__getitem__, chosen[1:]))])
            known |= dict.fromkeys(chosen[1:], False)
            at += len(sentence) + 1
        vectors, by_sentence = self._vectors(rng)
        passages = [
            NewPassage(
                vector=vectors[place],
                terms=[[name], *lines[place * _SENTENCES : (place + 1) * _SENTENCES]],
                sentences=stored[place * _SENTENCES : (place + 1) * _SENTENCES],
                sentence_vectors=by_sentence[place],
            )
            for place in range(PASSAGES_A_DOCUMENT)
        ]
        path = f"/synthetic/{name}.txt"
        return NewDocument(
            id=hashlib.sha256(path.encode()).hexdigest()[:16],
            path=path,
            corpus_id=None,
            base=f"{name}.txt",
            title=name,
            source=None,
            published=None,
            text="\n".join(sentences),
            passages=passages,
            vocabulary=[
                (word, _sound(word), is_name)
                for word, is_name in sorted(known.items())
                if is_name or self._terms[word]
            ],
            acronyms=[],
        )

    def questions(self, count: int, seed: int = 2) -> Iterator[Asked]:
        """Ask about passages here and there: a name, a few words, and a vector near by."""
        rng = np.random.default_rng(seed)
        for number in rng.integers(0, self.documents, count).tolist():
            document = self.document(int(number))
            passage = document.passages[int(rng.integers(0, PASSAGES_A_DOCUMENT))]
            content = [term for line in passage.terms[1:] for term in line[1:]]
            chosen = [content[place] for place in rng.integers(0, len(content), 4)]
            vector = passage.vector + 0.5 * self._noise[int(rng.integers(0, _NOISE))]
            text = f"What does {document.title.capitalize()} say of {' '.join(chosen)}?"
            yield Asked(text, vector / np.linalg.norm(vector))

    def _vectors(self, rng: np.random.Generator) -> tuple[Vectors, Vectors]:
        """Make vectors of the passages, (n, d), and of their sentences, (n, sentences, d)."""
        middles = self._middles[rng.integers(0, len(self._middles), PASSAGES_A_DOCUMENT)]
        noise = self._noise[rng.integers(0, _NOISE, (PASSAGES_A_DOCUMENT, 2))].sum(axis=1)
        vectors = _unit(middles + 0.6 * noise)
        shifts = self._noise[rng.integers(0, _NOISE, (PASSAGES_A_DOCUMENT, _SENTENCES))]
        return vectors, _unit(vectors[:, None, :] + 0.6 * shifts)

    def _normal(self, rng: np.random.Generator, count: int) -> Vectors:
        return _unit(rng.normal(size=(count, _DIMENSION)).astype(np.float32) * self._scale)


class SyntheticEncoder:
    """Gives prepared questions their vectors, in the place of a model."""

    identity = "synthetic@1"
    dimension = _DIMENSION

    def __init__(self, asked: Sequence[Asked]) -> None:
        self._vectors = {question.text: question.vector for question in asked}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return the prepared vectors, and for a text without one the same vector every time."""
        return np.stack([self._vectors.get(text, _any_vector(text)) for text in texts])

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count words: nothing here is too long for a model."""
        return [len(text.split()) for text in texts]


def name_of(number: int) -> str:
    """Return a name that no other number has."""
    letters = []
    for _ in range(4):
        number, place = divmod(number, len(_SYLLABLES))
        letters.append(_SYLLABLES[place])
    return "".join(letters)


_sound = lru_cache(maxsize=None)(sound_key)


def _any_vector(text: str) -> npt.NDArray[np.float32]:
    rng = np.random.default_rng(list(hashlib.sha256(text.encode()).digest()))
    vector = rng.normal(size=_DIMENSION).astype(np.float32)
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / lengths, dtype=np.float32)
