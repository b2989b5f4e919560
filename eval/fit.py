"""Where do the weights in ``assistant/choice.json`` come from? From the development sets, here.

    python -m eval.fit            fits on every set of ASKDOCS_DATA/bench and the built-in one

The ranking is fitted within each question (the probability, by a softmax over its sentences, that
a right one comes first), because a question's sentences compete only with each other. The
confidence is a logistic regression on what is known of the sentence that came first. Every set
counts the same, whatever its size. Nothing is drawn by chance and the search starts at zero, so
the same data gives the same file.
With ``--leave-out`` each set is also judged by weights that were fitted on the others.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from assistant import Assistant
from assistant.choice import SIGNALS, Consideration, Weights, order, signals
from assistant.evidence import FEATURES
from assistant.followups import complete
from assistant.models import Quote
from assistant.quoting import Draft, to_quote
from eval.command import library_of
from eval.confidence import auroc, calibration_error
from eval.gold import can_be_judged, is_right
from eval.normal_text import holds
from eval.question_sets import EvalQuestion, QuestionSet, find_sets
from index.settings import Settings

SETS = ("squad2", "clapnq_dev", "covid_qa", "realtimeqa_news", "mtrag_conversations")
BUILT_IN = "documents"
_MOST_QUESTIONS = 800
"""Of one set: more of squad2 moves no weight by a tenth."""
_STRESS = {"squad2": 0.15}
"""What an unanswerable question of a set counts: squad2's were judged against one paragraph and
differ from an answerable one by a swapped word, which real questions seldom do. Counted in full,
they teach that a sentence with every word of the question is no better than another."""
_ANY_DOCUMENT = frozenset({"realtimeqa_news"})
"""Sets of news, where other articles than the gold one answer too: for fitting, a quotation that
holds the gold answer is right wherever it stands."""
_RANKING_PENALTY = 1e-3
_CONFIDENCE_PENALTY = 1e-5

_FOR = frozenset(
    """meaning quote_meaning words quote_words related words_bm25 passage context covered
    surroundings nearness names type counts defines speaks gives_reason""".split()
)
_AGAINST = frozenset("type_missing figure_missing heading asks short unknown".split())
"""What may only speak for a sentence, or only against it. Features that say nearly the same would
otherwise be fitted against each other, with signs that hold on one collection and fail on the
next."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """One question with what was found for it."""

    question: EvalQuestion
    considered: Consideration
    features: Array
    """(sentences, features)"""
    right: npt.NDArray[np.bool_]
    """(sentences,)"""


def main() -> None:
    """Fit on all sets and write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leave-out", action="store_true", help="also judge each set held out")
    parser.add_argument("--documents", type=Path, default=Path("documents"))
    arguments = parser.parse_args()
    settings = Settings()
    found = find_sets([BUILT_IN, *SETS], settings.data, arguments.documents)
    examples = {known.name: collect(known, settings) for known in found}
    weights = fit(examples)
    _report("fitted on all", examples, weights)
    if arguments.leave_out:
        for name, held_out in examples.items():
            others = fit({other: known for other, known in examples.items() if other != name})
            _report("held out", {name: held_out}, others)
    stored = {
        "made_by": "python -m eval.fit",
        "sets": list(examples),
        "ranking": _rounded(FEATURES, weights.ranking),
        "confidence": _rounded(SIGNALS, weights.confidence),
    }
    target = Path(__file__).parent.parent / "assistant" / "choice.json"
    target.write_text(json.dumps(stored, indent=2) + "\n", encoding="utf-8")


def collect(question_set: QuestionSet, settings: Settings) -> list[Example]:
    """Find and weigh the evidence for the questions of one set."""
    folder = library_of(question_set, settings, None, lambda _: None)
    assistant = Assistant.open(folder, settings=settings)
    asked = [q for q in question_set.questions if can_be_judged(q) or not q.answerable]
    step = max(1, len(asked) // _MOST_QUESTIONS)
    examples = []
    for question in asked[::step]:
        considered = assistant.consider(complete(question.question, question.history))
        if considered.evidence:
            quotes = [
                to_quote(Draft(item, item.start, item.end, None), ())
                for item in considered.evidence
            ]
            anywhere = question_set.name in _ANY_DOCUMENT
            examples.append(_example(question, considered, quotes, anywhere=anywhere))
    return examples


def fit(sets: Mapping[str, Sequence[Example]]) -> Weights:
    """Fit both models."""
    ranking = _fit_ranking(list(sets.values()))
    weights = Weights(ranking, np.zeros(len(SIGNALS)))
    return Weights(ranking, _fit_confidence(sets, weights))


def _example(
    question: EvalQuestion,
    considered: Consideration,
    quotes: Sequence[Quote],
    *,
    anywhere: bool,
) -> Example:
    def right(quote: Quote) -> bool:
        if anywhere and question.answerable:
            return any(holds(quote.text, gold) for gold in question.answers)
        return is_right(quote, question)

    return Example(
        question=question,
        considered=considered,
        features=np.array([item.features for item in considered.evidence]),
        right=np.array([right(quote) for quote in quotes]),
    )


def _fit_ranking(sets: Sequence[Sequence[Example]]) -> Array:
    lists = []
    for examples in sets:
        usable = [e for e in examples if e.right.any() and not e.right.all()]
        lists += [(e.features, e.right, 1.0 / (len(usable) * len(sets))) for e in usable]

    def loss(weights: Array) -> tuple[float, Array]:
        total = _RANKING_PENALTY * float(weights @ weights)
        slope = 2 * _RANKING_PENALTY * weights
        for features, right, share in lists:
            scores = features @ weights
            odds = np.exp(scores - scores.max())
            mass, good = odds.sum(), odds[right].sum()
            total -= share * float(np.log(good / mass + 1e-12))
            slope -= share * (odds[right] @ features[right] / good - odds @ features / mass)
        return total, slope

    fitted = minimize(
        loss, np.zeros(len(FEATURES)), jac=True, method="L-BFGS-B", bounds=_bounds(FEATURES)
    )
    return np.asarray(np.round(fitted.x, 4), dtype=np.float64)


def _fit_confidence(sets: Mapping[str, Sequence[Example]], weights: Weights) -> Array:
    rows, labels, shares = [], [], []
    for name, examples in sets.items():
        for example in examples:
            values, is_good = judge(example, weights)
            rows.append(values)
            labels.append(1.0 if is_good else -1.0)
            counts = 1.0 if example.question.answerable else _STRESS.get(name, 1.0)
            shares.append(counts / (len(examples) * len(sets)))
    values, signs, share = np.array(rows), np.array(labels), np.array(shares)
    free = np.array([name != "constant" for name in SIGNALS], dtype=float)

    def loss(weights: Array) -> tuple[float, Array]:
        margins = signs * (values @ weights)
        total = float(share @ np.logaddexp(0, -margins))
        slope = -(share * signs / (1 + np.exp(margins))) @ values
        penalised = weights * free
        return (
            total + _CONFIDENCE_PENALTY * float(penalised @ penalised),
            slope + 2 * _CONFIDENCE_PENALTY * penalised,
        )

    fitted = minimize(
        loss, np.zeros(len(SIGNALS)), jac=True, method="L-BFGS-B", bounds=_bounds(SIGNALS)
    )
    return np.asarray(np.round(fitted.x, 4), dtype=np.float64)


def judge(example: Example, weights: Weights) -> tuple[Array, bool]:
    """Return the signals of the sentence that comes first, and whether it is right."""
    ordered, _ = order(example.considered.evidence, weights)
    at = next(i for i, item in enumerate(example.considered.evidence) if item is ordered[0])
    return signals(example.considered, ordered), bool(example.right[at])


def _bounds(names: Sequence[str]) -> list[tuple[float | None, float | None]]:
    return [
        (0.0, None) if name in _FOR else (None, 0.0) if name in _AGAINST else (None, None)
        for name in names
    ]


def _report(title: str, sets: Mapping[str, Sequence[Example]], weights: Weights) -> None:
    for name, examples in sets.items():
        judged = [judge(example, weights) for example in examples]
        sure = [float(1 / (1 + np.exp(-values @ weights.confidence))) for values, _ in judged]
        good = [is_good for _, is_good in judged]
        answerable = [e.question.answerable for e in examples]
        first = [g for g, a in zip(good, answerable, strict=True) if a]
        yes = [s for s, a in zip(sure, answerable, strict=True) if a]
        no = [s for s, a in zip(sure, answerable, strict=True) if not a]
        parts = [
            f"{title:<14} {name:<20} quote@1 {sum(first) / max(len(first), 1):.3f}",
            f"AUROC {auroc(yes, no) or float('nan'):.3f}",
            f"calibration error {calibration_error(sure, good) or 0.0:.3f}",
        ]
        sys.stdout.write("  ".join(parts) + "\n")
        sys.stdout.flush()


def _rounded(names: Sequence[str], values: Array) -> dict[str, float]:
    return {name: round(float(value), 4) for name, value in zip(names, values, strict=True)}


if __name__ == "__main__":
    main()
