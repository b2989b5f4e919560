"""Which sentence comes first, and how sure are we of it?

Two small linear models over features that a person can check. Their weights stand in
``choice.json``, which ``python -m eval.fit`` makes from the development sets: one orders the
sentences of a question, the other turns what is known of the first one into a probability.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from assistant.evidence import FEATURES, Evidence
from assistant.questions import Question
from index.query import Query
from index.retriever import RankedPassage

SIGNALS = (
    "constant",
    "quote_meaning",
    "related",
    "context",
    "surroundings",
    "nearness",
    "counts",
    "figure_missing",
    "unknown",
)
"""Names of what the confidence is worked out from, in order; :func:`signals` says what each is."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The two models, as read from their file."""

    ranking: npt.NDArray[np.float64]
    """(features,)"""
    confidence: npt.NDArray[np.float64]
    """(signals,)"""


@lru_cache(maxsize=1)
def load_weights() -> Weights:
    """Read ``choice.json``; a feature that it does not name weighs nothing."""
    stored = json.loads((files("assistant") / "choice.json").read_text(encoding="utf-8"))
    return Weights(
        ranking=np.array([float(stored["ranking"].get(name, 0.0)) for name in FEATURES]),
        confidence=np.array([float(stored["confidence"].get(name, 0.0)) for name in SIGNALS]),
    )


@dataclass(frozen=True, slots=True)
class Consideration:
    """All that was found and weighed for one question."""

    question: Question
    query: Query
    ranked: tuple[RankedPassage, ...]
    evidence: tuple[Evidence, ...]
    unknown: float
    """Share of the question's weight in words that the library does not hold."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Sentences in order, with their scores, and the confidence in the first."""

    ordered: tuple[Evidence, ...]
    scores: tuple[float, ...]
    confidence: float
    """0 to 1: probability that the first sentence answers the question."""


def choose(considered: Consideration, weights: Weights | None = None) -> Choice:
    """Order the evidence, best first, ties by place, and say how sure the first is."""
    if not considered.evidence:
        return Choice((), (), 0.0)
    weights = weights or load_weights()
    ordered, scores = order(considered.evidence, weights)
    values = signals(considered, ordered)
    return Choice(ordered, scores, probability(float(values @ weights.confidence)))


def order(
    evidence: Sequence[Evidence], weights: Weights
) -> tuple[tuple[Evidence, ...], tuple[float, ...]]:
    """Return the evidence, best first, ties by place, with its scores."""
    scores = [round(float(item.features @ weights.ranking), 9) for item in evidence]
    rows = sorted(range(len(evidence)), key=lambda row: (-scores[row], evidence[row].place))
    return tuple(evidence[row] for row in rows), tuple(scores[row] for row in rows)


def signals(considered: Consideration, ordered: Sequence[Evidence]) -> npt.NDArray[np.float64]:
    """Return what speaks for and against the first sentence, in the order of :data:`SIGNALS`."""
    first = dict(zip(FEATURES, ordered[0].features.tolist(), strict=True))
    values = {
        "constant": 1.0,
        "unknown": considered.unknown,
    }
    return np.array([values[name] if name in values else first[name] for name in SIGNALS])


def probability(log_odds: float) -> float:
    """Turn log odds into a probability, with four decimals."""
    return round(1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, log_odds)))), 4)
