"""Which sentence comes first, and how sure are we of it?

Small linear models over features that a person can check. Their weights stand in ``choice.json``,
which ``python -m eval.fit`` makes from the development sets: one orders the sentences of a
question, another turns what is known of the first one into a probability. There are two pairs of
them: the plain pair stands alone, and the judged pair knows the learned judge's verdict as well.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.evidence import FEATURES, Evidence
from assistant.questions import Question
from index.query import Query
from index.retriever import RankedPassage

PLAIN_SIGNALS = (
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
"""What the plain confidence is worked out from, in order; :func:`signals` says what each is."""
JUDGED_FEATURES = (*FEATURES, "verdict")
"""What the judged order is worked out from: the features and the judge's score."""
JUDGED_SIGNALS = (
    "constant",
    "verdict",
    "quote_meaning",
    "passage_meaning",
    "related",
    "context",
    "figure_missing",
)
"""What the judged confidence is worked out from. More signals (how far the verdict is ahead of the
next, the best verdict of all, the title's words) fitted better and held out worse."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Model:
    """An order and a confidence that belong together."""

    ranking: Array
    """(features,) in the order of FEATURES or JUDGED_FEATURES."""
    confidence: Array
    """(signals,) in the order of PLAIN_SIGNALS or JUDGED_SIGNALS."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Both pairs, as read from their file."""

    plain: Model
    judged: Model


@lru_cache(maxsize=1)
def load_weights() -> Weights:
    """Read ``choice.json``; a feature that it does not name weighs nothing."""
    stored = json.loads((files("assistant") / "choice.json").read_text(encoding="utf-8"))
    return Weights(
        plain=_read_model(stored["plain"], FEATURES, PLAIN_SIGNALS),
        judged=_read_model(stored["judged"], JUDGED_FEATURES, JUDGED_SIGNALS),
    )


def _read_model(stored: dict[str, Any], features: Sequence[str], known: Sequence[str]) -> Model:
    return Model(
        ranking=np.array([float(stored["ranking"].get(name, 0.0)) for name in features]),
        confidence=np.array([float(stored["confidence"].get(name, 0.0)) for name in known]),
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
    is_judged = ordered[0].verdict is not None
    model = weights.judged if is_judged else weights.plain
    values = signals(considered, ordered)
    return Choice(ordered, scores, probability(float(values @ model.confidence)))


def order(
    evidence: Sequence[Evidence], weights: Weights
) -> tuple[tuple[Evidence, ...], tuple[float, ...]]:
    """Return the evidence, best first, ties by place, with its scores.

    What the judge has weighed comes before everything else.
    """
    keys = [
        (item.verdict is None, -_score(item, weights), item.place, row)
        for row, item in enumerate(evidence)
    ]
    rows = [key[-1] for key in sorted(keys)]
    return tuple(evidence[row] for row in rows), tuple(-keys[row][1] for row in rows)


def _score(item: Evidence, weights: Weights) -> float:
    if item.verdict is None:
        return round(float(item.features @ weights.plain.ranking), 9)
    return round(float(judged_features(item) @ weights.judged.ranking), 9)


def judged_features(item: Evidence) -> Array:
    """Return the features of a sentence that the judge has weighed, with its score."""
    score = item.verdict.score if item.verdict else 0.0
    return np.append(item.features, score)


def signals(considered: Consideration, ordered: Sequence[Evidence]) -> Array:
    """Return what speaks for and against the first sentence.

    In the order of PLAIN_SIGNALS, or of JUDGED_SIGNALS if the judge has weighed it.
    """
    first = ordered[0]
    values = dict(zip(FEATURES, first.features.tolist(), strict=True))
    values |= {"constant": 1.0, "unknown": considered.unknown}
    if first.verdict is None:
        return np.array([values[name] for name in PLAIN_SIGNALS])
    values["verdict"] = first.verdict.score
    values["passage_meaning"] = first.ranked.parts.meaning
    return np.array([values[name] for name in JUDGED_SIGNALS])


def probability(log_odds: float) -> float:
    """Turn log odds into a probability, with four decimals."""
    return round(1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, log_odds)))), 4)
