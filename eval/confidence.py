"""Does the confidence know when an answer is right, and when there is none?"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """The questions whose confidence lies in one tenth: [lower, upper), the last one closed."""

    lower: float
    upper: float
    count: int
    confidence: float
    """Mean confidence; 0 in an empty bin."""
    right: float
    """Share of right answers; 0 in an empty bin."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What a threshold costs: answers are given where the confidence is not below it."""

    threshold: float
    false_answers: float
    """Share of the unanswerable questions that would be answered."""
    false_refusals: float
    """Share of the answerable questions that would be refused."""


def auroc(answerable: Sequence[float], unanswerable: Sequence[float]) -> float | None:
    """Give the probability that an answerable question has the higher confidence.

    (pairs where it is higher + half the pairs where it is equal) / all pairs: the Mann-Whitney
    statistic, equal to the area under the ROC curve (Hanley & McNeil 1982). None when one class
    is missing.
    """
    if not answerable or not unanswerable:
        return None
    ordered = sorted(unanswerable)
    wins = 0.0
    for confidence in answerable:
        below = bisect_left(ordered, confidence)
        not_above = bisect_right(ordered, confidence)
        wins += below + (not_above - below) / 2
    return wins / (len(answerable) * len(unanswerable))


def calibration_bins(confidences: Sequence[float], rights: Sequence[bool]) -> tuple[Bin, ...]:
    """Sort the questions into ten bins of equal width over [0, 1]."""
    members: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, right in zip(confidences, rights, strict=True):
        members[min(int(confidence * BINS), BINS - 1)].append((confidence, right))
    return tuple(
        Bin(
            lower=place / BINS,
            upper=(place + 1) / BINS,
            count=len(inside),
            confidence=sum(confidence for confidence, _ in inside) / max(len(inside), 1),
            right=sum(right for _, right in inside) / max(len(inside), 1),
        )
        for place, inside in enumerate(members)
    )


def calibration_error(confidences: Sequence[float], rights: Sequence[bool]) -> float | None:
    """Give the mean distance of confidence and share of right answers, weighted by bin.

    The sum over bins of (n_b / n) · |right_b - confidence_b|, the expected calibration error of
    Naeini et al. 2015. None without questions.
    """
    if not confidences:
        return None
    bins = calibration_bins(confidences, rights)
    return sum(b.count * abs(b.right - b.confidence) for b in bins) / len(confidences)


def refusal_curve(
    answerable: Sequence[float], unanswerable: Sequence[float], *, steps: int = 100
) -> tuple[Operation, ...]:
    """Give the two kinds of error for every threshold from 0 to 1, as if it alone decided.

    Empty when one class is missing.
    """
    if not answerable or not unanswerable:
        return ()
    positives, negatives = sorted(answerable), sorted(unanswerable)
    return tuple(
        Operation(
            threshold=step / steps,
            false_answers=1 - bisect_left(negatives, step / steps) / len(negatives),
            false_refusals=bisect_left(positives, step / steps) / len(positives),
        )
        for step in range(steps + 1)
    )
