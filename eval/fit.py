"""Where do the weights in ``assistant/choice.json`` come from? From the development sets, here.

    python -m eval.fit            fits on every set of ASKDOCS_DATA/bench and the built-in one

There are two pairs of models: the plain one, and the one that knows the learned judge's verdicts.
The ranking is fitted within each question (the probability, by a softmax over its sentences, that
a right one comes first), because a question's sentences compete only with each other. The
confidence is a logistic regression on what is known of the sentence that came first. Every set
counts the same, whatever its size. Nothing is drawn by chance and the search starts at zero, so
the same data gives the same file.
With ``--leave-out`` each set is also judged by weights that were fitted on the others. With
``--only`` a new feature is fitted beside the present weights, which stay as they are: on some of
the sets (``--sets``) if they take long to measure.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from assistant import Assistant
from assistant.choice import (
    JUDGED_FEATURES,
    JUDGED_SIGNALS,
    PLAIN_SIGNALS,
    Consideration,
    Model,
    Weights,
    judged_features,
    load_weights,
    order,
    signals,
)
from assistant.evidence import FEATURES
from assistant.followups import complete
from assistant.quoting import Draft, to_quote
from eval.command import library_of
from eval.confidence import auroc, calibration_error
from eval.gold import can_be_judged, is_right
from eval.question_sets import EvalQuestion, QuestionSet, find_sets
from index.settings import Settings

SETS = ("squad2", "clapnq_dev", "covid_qa", "realtimeqa_news", "mtrag_conversations")
BUILT_IN = "documents"
_MOST_QUESTIONS = 500
"""Of one set, about: more of squad2 moves no weight by a tenth."""
_STRESS = {"squad2": 0.3}
"""What an unanswerable question of a set counts: squad2's were judged against one paragraph and
differ from an answerable one by a swapped word, which real questions seldom do. Counted in full,
they teach that a sentence with every word of the question is no better than another."""
_RANKING_PENALTY = 1e-3
_CONFIDENCE_PENALTY = 1e-5

_FOR = frozenset(
    """meaning quote_meaning words quote_words related words_bm25 passage context covered
    surroundings nearness names type counts defines speaks gives_reason title document same_form
    adds verdict passage_meaning""".split()
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
    judged: Consideration
    plain: Consideration
    """The same without the judge's verdicts, row for row."""
    right: npt.NDArray[np.bool_]
    """(sentences,)"""

    def take(self, *, judged: bool) -> Consideration:
        """Return what one of the two models sees."""
        return self.judged if judged else self.plain

    def matrix(self, *, judged: bool) -> tuple[Array, npt.NDArray[np.bool_]]:
        """Return (sentences, features) and (sentences,): the judge's sentences alone, or all."""
        if not judged:
            return np.array([item.features for item in self.plain.evidence]), self.right
        seen = [item.verdict is not None for item in self.judged.evidence]
        rows = [judged_features(i) for i in self.judged.evidence if i.verdict is not None]
        return np.array(rows), self.right[np.array(seen)]


def main() -> None:
    """Fit on all sets and write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leave-out", action="store_true", help="also judge each set held out")
    parser.add_argument("--only", nargs="+", choices=FEATURES, help="leave the other weights")
    parser.add_argument("--sets", nargs="+", default=[BUILT_IN, *SETS], help="instead of all")
    parser.add_argument("--documents", type=Path, default=Path("documents"))
    arguments = parser.parse_args()
    settings = Settings()
    found = find_sets(arguments.sets, settings.data, arguments.documents)
    examples = {known.name: collect(known, settings) for known in found}
    if arguments.only:
        weights = fit_beside(load_weights(), arguments.only, examples)
    else:
        weights = fit(examples)
    _report("fitted on all", examples, weights)
    if arguments.leave_out:
        for name, held_out in examples.items():
            left = {other: known for other, known in examples.items() if other != name}
            others = (
                fit_beside(load_weights(), arguments.only, left) if arguments.only else fit(left)
            )
            _report("held out", {name: held_out}, others)
    stored = {
        "made_by": " ".join(["python -m eval.fit", *sys.argv[1:]]),
        "sets": list(examples),
        "plain": _rounded(weights.plain, FEATURES, PLAIN_SIGNALS),
        "judged": _rounded(weights.judged, JUDGED_FEATURES, JUDGED_SIGNALS),
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
            examples.append(_example(question, considered))
    return examples


def fit(sets: Mapping[str, Sequence[Example]]) -> Weights:
    """Fit both models."""
    plain = _fit_model(sets, None)
    return Weights(plain=plain, judged=_fit_model(sets, plain))


def fit_beside(
    present: Weights, only: Sequence[str], sets: Mapping[str, Sequence[Example]]
) -> Weights:
    """Fit the features called ``only`` in both orders and keep every other weight."""
    lists = list(sets.values())
    plain = _fit_ranking(lists, present.plain, only, judged=False)
    judged = _fit_ranking(lists, present.judged, only, judged=True)
    return Weights(
        plain=replace(present.plain, ranking=plain), judged=replace(present.judged, ranking=judged)
    )


def _fit_model(sets: Mapping[str, Sequence[Example]], plain: Model | None) -> Model:
    """Fit the plain model, or, beside a fitted ``plain``, the judged one."""
    judged = plain is not None
    ranking = _fit_ranking(list(sets.values()), judged=judged)
    names = JUDGED_SIGNALS if judged else PLAIN_SIGNALS
    unsure = Model(ranking, np.zeros(len(names)))
    weights = Weights(plain=plain or unsure, judged=unsure)
    return Model(ranking, _fit_confidence(sets, weights, names, judged=judged))


def _example(question: EvalQuestion, considered: Consideration) -> Example:
    quotes = [to_quote(Draft(item, item.start, item.end, None), ()) for item in considered.evidence]
    bare = tuple(replace(item, verdict=None) for item in considered.evidence)
    return Example(
        question=question,
        judged=considered,
        plain=replace(considered, evidence=bare),
        right=np.array([is_right(quote, question) for quote in quotes]),
    )


def _fit_ranking(
    sets: Sequence[Sequence[Example]],
    present: Model | None = None,
    only: Sequence[str] = (),
    *,
    judged: bool,
) -> Array:
    """Fit every weight, or those of the features called ``only`` beside the ``present`` ones."""
    names = JUDGED_FEATURES if judged else FEATURES
    start = np.zeros(len(names)) if present is None else present.ranking
    bounds = [
        bound if present is None or name in only else (value, value)
        for name, bound, value in zip(names, _bounds(names), start.tolist(), strict=True)
    ]
    lists = []
    for examples in sets:
        pairs = [example.matrix(judged=judged) for example in examples]
        usable = [(rows, right) for rows, right in pairs if right.any() and not right.all()]
        lists += [(rows, right, 1.0 / (len(usable) * len(sets))) for rows, right in usable]

    def loss(weights: Array) -> tuple[float, Array]:
        moved = weights - start
        total = _RANKING_PENALTY * float(moved @ moved)
        slope = 2 * _RANKING_PENALTY * moved
        for features, right, share in lists:
            scores = features @ weights
            odds = np.exp(scores - scores.max())
            mass, good = odds.sum(), odds[right].sum()
            total -= share * float(np.log(good / mass + 1e-12))
            slope -= share * (odds[right] @ features[right] / good - odds @ features / mass)
        return total, slope

    fitted = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    return np.asarray(np.round(fitted.x, 4), dtype=np.float64)


def _fit_confidence(
    sets: Mapping[str, Sequence[Example]],
    weights: Weights,
    names: Sequence[str],
    *,
    judged: bool,
) -> Array:
    rows, labels, shares = [], [], []
    for name, examples in sets.items():
        for example in examples:
            values, is_good = judge(example, weights, judged=judged)
            rows.append(values)
            labels.append(1.0 if is_good else -1.0)
            counts = 1.0 if example.question.answerable else _STRESS.get(name, 1.0)
            shares.append(counts / (len(examples) * len(sets)))
    values, signs, share = np.array(rows), np.array(labels), np.array(shares)
    free = np.array([name != "constant" for name in names], dtype=float)

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
        loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", bounds=_bounds(names)
    )
    return np.asarray(np.round(fitted.x, 4), dtype=np.float64)


def judge(example: Example, weights: Weights, *, judged: bool) -> tuple[Array, bool]:
    """Return the signals of the sentence that comes first, and whether it is right."""
    considered = example.take(judged=judged)
    ordered, _ = order(considered.evidence, weights)
    at = next(i for i, item in enumerate(considered.evidence) if item is ordered[0])
    return signals(considered, ordered), bool(example.right[at])


def _bounds(names: Sequence[str]) -> list[tuple[float | None, float | None]]:
    return [
        (0.0, None) if name in _FOR else (None, 0.0) if name in _AGAINST else (None, None)
        for name in names
    ]


def _report(title: str, sets: Mapping[str, Sequence[Example]], weights: Weights) -> None:
    for name, examples in sets.items():
        for judged in (False, True):
            model = weights.judged if judged else weights.plain
            seen = [judge(example, weights, judged=judged) for example in examples]
            sure = [float(1 / (1 + np.exp(-values @ model.confidence))) for values, _ in seen]
            good = [is_good for _, is_good in seen]
            answerable = [e.question.answerable for e in examples]
            first = [g for g, a in zip(good, answerable, strict=True) if a]
            yes = [s for s, a in zip(sure, answerable, strict=True) if a]
            no = [s for s, a in zip(sure, answerable, strict=True) if not a]
            parts = [
                f"{title:<14} {name:<20} {'judged' if judged else 'plain':<6}",
                f"quote@1 {sum(first) / max(len(first), 1):.3f}",
                f"AUROC {auroc(yes, no) or float('nan'):.3f}",
                f"calibration error {calibration_error(sure, good) or 0.0:.3f}",
            ]
            sys.stdout.write("  ".join(parts) + "\n")
            sys.stdout.flush()


def _rounded(model: Model, features: Sequence[str], known: Sequence[str]) -> dict[str, object]:
    return {
        part: {name: round(float(value), 4) for name, value in zip(names, values, strict=True)}
        for part, names, values in (
            ("ranking", features, model.ranking),
            ("confidence", known, model.confidence),
        )
    }


if __name__ == "__main__":
    main()
