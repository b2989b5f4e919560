"""How good is a set of answers, in figures that anybody can work out by hand?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from eval.confidence import auroc, calibration_error
from eval.judgements import Judgement

GOOD_SPAN = 0.5


@dataclass(frozen=True, slots=True)
class Measures:
    """The figures of some questions. None: no question among them that a measure speaks of."""

    questions: int
    quote_at_1: float | None
    """Share of the judged answerable questions whose first quote is right (:mod:`eval.gold`)."""
    quote_at_3: float | None
    """The same for one of the first three quotes."""
    span_f1: float | None
    """Mean SQuAD F1 of highlight and gold answer, where the first quote is right."""
    span_good: float | None
    """Share of those with F1 of at least one half."""
    false_answers: float | None
    """Share of the unanswerable questions that were answered; underspecified ones apart."""
    false_refusals: float | None
    """Share of the answerable questions that were refused, or got a reply."""
    underspecified_answered: float | None
    """Share of the underspecified questions that got quotes, not a reply or a refusal."""
    auroc: float | None
    """Of the confidence, answerable against unanswerable, underspecified ones apart."""
    calibration_error: float | None
    """Of the confidence as the probability that the first quote is right, ten bins."""
    document_mrr: float | None
    """MRR@10 of the gold documents in the search."""
    document_ndcg: float | None
    """nDCG@10 of the gold documents in the search."""
    exact_quotes: float | None
    """Share of the quotes that equal the stored text at their offsets."""
    followup_f1: float | None
    """Mean F1 of the weighty words searched for and those of a person's rewrite."""
    unresolved_f1: float | None
    """The same for the questions as they were typed: what doing nothing scores."""
    milliseconds_p50: float | None
    milliseconds_p95: float | None
    quote_words_median: float | None
    quote_words_max: float | None


def measure(judgements: Sequence[Judgement]) -> Measures:
    """Average the values of ``judgements``."""
    judged = [judgement for judgement in judgements if judgement.judged]
    asked = [judgement for judgement in judgements if judgement.answer is not None]
    answerable = answerable_of(judgements)
    underspecified = [judgement for judgement in asked if judgement.question.is_underspecified]
    unanswerable = unanswerable_of(judgements)
    calibrated = calibration_of(judgements)
    spans = [value for value in (judgement.span_f1 for judgement in judged) if value is not None]
    milliseconds = [judgement.milliseconds for judgement in judgements]
    lengths = [words for judgement in asked for words in judgement.quote_words]
    return Measures(
        questions=len(judgements),
        quote_at_1=_mean(judgement.is_right for judgement in judged),
        quote_at_3=_mean(judgement.right_rank is not None for judgement in judged),
        span_f1=_mean(spans),
        span_good=_mean(value >= GOOD_SPAN for value in spans),
        false_answers=_mean(judgement.is_answered for judgement in unanswerable),
        false_refusals=_mean(judgement.is_false_refusal for judgement in answerable),
        underspecified_answered=_mean(judgement.is_answered for judgement in underspecified),
        auroc=auroc(confidences(answerable), confidences(unanswerable)),
        calibration_error=calibration_error(*calibrated),
        document_mrr=_mean(judgement.reciprocal_rank for judgement in asked),
        document_ndcg=_mean(judgement.ndcg for judgement in asked),
        exact_quotes=_mean(exact for judgement in asked for exact in judgement.exact),
        followup_f1=_mean(judgement.followup_f1 for judgement in judgements),
        unresolved_f1=_mean(judgement.unresolved_f1 for judgement in judgements),
        milliseconds_p50=percentile(milliseconds, 50),
        milliseconds_p95=percentile(milliseconds, 95),
        quote_words_median=median(lengths) if lengths else None,
        quote_words_max=max(lengths, default=None),
    )


def percentile(values: Sequence[float], percent: int) -> float | None:
    """Give the smallest value that at least ``percent`` percent do not exceed (nearest rank)."""
    if not values:
        return None
    place = -(-percent * len(values) // 100)  # rounded up, in whole numbers
    return sorted(values)[max(place, 1) - 1]


def confidences(judgements: Iterable[Judgement]) -> list[float]:
    """List the confidence of every answer."""
    return [judgement.answer.confidence for judgement in judgements if judgement.answer is not None]


def answerable_of(judgements: Iterable[Judgement]) -> list[Judgement]:
    """List the questions that want quotes."""
    return [j for j in judgements if j.answer is not None and j.question.answerable]


def unanswerable_of(judgements: Iterable[Judgement]) -> list[Judgement]:
    """List the questions that want a refusal: unanswerable, and not underspecified."""
    return [
        judgement
        for judgement in judgements
        if judgement.answer is not None
        and not judgement.question.answerable
        and not judgement.question.is_underspecified
    ]


def calibration_of(judgements: Iterable[Judgement]) -> tuple[list[float], list[bool]]:
    """List confidence and rightness of all questions, less those whose right quote is unknown."""
    kept = [
        judgement
        for judgement in judgements
        if judgement.answer is not None and (judgement.judged or not judgement.question.answerable)
    ]
    return confidences(kept), [judgement.is_right for judgement in kept]


def _mean(values: Iterable[float | None]) -> float | None:
    known = [float(value) for value in values if value is not None]
    return fmean(known) if known else None
