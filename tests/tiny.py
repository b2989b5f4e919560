"""How do tests embed without a model? A bag of hashed stems: quick, and the same everywhere.

Test files get it as fixtures from ``conftest.py``; child processes import it from this folder.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence

import numpy as np

from assistant.evidence import FEATURES, Evidence
from index.encoder import Vectors
from index.fusion import Parts
from index.models import DocumentInfo
from index.retriever import RankedPassage
from index.rows import StoredPassage, StoredSentence
from index.words import terms, words

DIMENSION = 32


class TinyEncoder:
    """Texts with the same words have the same vector, texts with common words are near."""

    def __init__(self, identity: str = "tiny@1") -> None:
        self.identity = identity
        self.dimension = DIMENSION
        self.texts_encoded = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Embed ``texts``: (n, 32) float32, rows of unit length."""
        self.texts_encoded += len(texts)
        vectors = np.zeros((len(texts), DIMENSION), dtype=np.float64)
        for row, text in enumerate(texts):
            text.encode()  # a real tokenizer takes no half characters either
            for term in terms(text):
                digest = hashlib.sha256(term.encode()).digest()
                for place, sign in zip(digest[:4], digest[4:8], strict=True):
                    vectors[row, place % DIMENSION] += 1.0 if sign % 2 else -1.0
            length = float(np.linalg.norm(vectors[row]))
            if length:
                vectors[row] /= length
            else:
                vectors[row, 0] = 1.0
        return vectors.astype(np.float32)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count pieces of four letters, so that only short words are one token."""
        return [sum(-(-(w.end - w.start) // 4) for w in words(text)) for text in texts]


_SUBJECTS = "General Minister Court Militia Brigade Company Council Envoy Bank Port".split()
_NAMES = "Tarhuna Tripoli Sirte Benghazi Misrata Zawiya Sabha Tobruk Derna Ghat".split()
_VERBS = "blocked froze released accused praised visited shelled guarded searched left".split()
_OBJECTS = "accounts graves weapons ships prisoners oil bridges hospitals sanctions roads".split()


def small_files(count: int, *, seed: int = 0) -> dict[str, str]:
    """Make ``{name: text}``: a heading and a few sentences each, the same for the same seed."""
    rng = random.Random(seed)
    files = {}
    for number in range(count):
        lines = [f"# Report {number} from {rng.choice(_NAMES)}", ""]
        for _ in range(rng.randint(1, 3)):
            sentences = [
                f"The {rng.choice(_SUBJECTS)} of {rng.choice(_NAMES)} {rng.choice(_VERBS)} "
                f"{rng.randint(2, 900)} {rng.choice(_OBJECTS)} near {rng.choice(_NAMES)}."
                for _ in range(rng.randint(1, 4))
            ]
            lines += [" ".join(sentences), ""]
        files[f"report-{number:03}.md"] = "\n".join(lines)
    return files


QUESTIONS = (
    "Who froze accounts in Tripoli?",
    "graves near Tarhuna",
    "Which company visited Sirte?",
    "weapons of the militia",
    "What happened at the port of Tobruk?",
)


def make_evidence(
    sentences: Sequence[str],
    *,
    features: dict[str, float] | None = None,
    spans: Sequence[tuple[int, int]] = (),
    passage: int = 1,
    name: str = "a.txt",
) -> list[Evidence]:
    """Make the evidence of one passage whose sentences stand one after the other.

    ``features`` are those of every sentence, the others are 0; ``spans`` are offsets into the
    joined text.
    """
    text = " ".join(sentences)
    stored, at = [], 0
    for sentence in sentences:
        stored.append(
            StoredSentence(at, at + len(sentence), "paragraph", None, None, opens_block=at == 0)
        )
        at += len(sentence) + 1
    count = len(stored)
    document = DocumentInfo(
        id=f"{passage:016d}", name=name, title="A", source=None, published=None, sha256="0" * 64
    )
    ranked = RankedPassage(
        passage=StoredPassage(
            number=passage,
            document=passage,
            ordinal=0,
            vector=np.zeros(DIMENSION, dtype=np.float32),
            terms=((), *(tuple(terms(sentence)) for sentence in sentences)),
            sentences=tuple(stored),
            sentence_vectors=np.zeros((count, DIMENSION), dtype=np.float32),
        ),
        document=document,
        parts=Parts(0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
        standing=0.0,
        sentence_cosines=np.zeros(count, dtype=np.float32),
        sentence_bm25=(0.0,) * count,
    )
    values = np.array([(features or {}).get(known, 0.0) for known in FEATURES])
    return [
        Evidence(
            ranked=ranked,
            row=row,
            text=text,
            start=stored[row].start,
            features=values,
            spans=tuple(span for span in spans if stored[row].start <= span[0] < stored[row].end),
        )
        for row in range(count)
    ]
