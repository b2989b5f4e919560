"""What does each part contribute? Each is switched off in turn, and the sets are asked again.

    python -m eval.ablation [SET…] [--limit N] [--part NAME…]

The weights stay those of ``choice.json``: a part that another one can stand in for shows a smaller
loss than it would if the weights were fitted without it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

import numpy as np

import assistant.assistant as asking
from assistant import choice, evidence
from assistant.choice import Weights, load_weights
from assistant.evidence import FEATURES
from eval.command import evaluate
from index import fusion, query
from index.query import QueryBuilder
from index.settings import Settings

SETS = ("documents", "squad2", "clapnq_dev", "covid_qa", "mtrag_conversations", "realtimeqa_news")

Switch = Callable[[ExitStack], None]


def _weigh_nothing(*names: str) -> Switch:
    """Take the weight of these features in the order of the sentences away."""

    def switch(stack: ExitStack) -> None:
        known = load_weights()
        mask = np.array([name not in names for name in FEATURES], dtype=float)
        weights = Weights(
            plain=choice.Model(known.plain.ranking * mask, known.plain.confidence),
            judged=choice.Model(
                known.judged.ranking * np.append(mask, 1.0), known.judged.confidence
            ),
        )
        stack.enter_context(patch.object(choice, "load_weights", lambda: weights))
        stack.enter_context(patch.object(asking, "load_weights", lambda: weights))

    return switch


def _replaced(target: object, name: str, value: object) -> Switch:
    def switch(stack: ExitStack) -> None:
        stack.enter_context(patch.object(target, name, value))

    return switch


PARTS: Mapping[str, Switch] = {
    "the learned judge": lambda _: None,  # by its setting
    "meaning in the search": _replaced(fusion, "WEIGHT_MEANING", 0.0),
    "words in the search": _replaced(fusion, "WEIGHT_WORDS", 0.0),
    "best sentence in the search": _replaced(fusion, "WEIGHT_SENTENCE", 0.0),
    "title in the search": _replaced(fusion, "WEIGHT_TITLE", 0.0),
    "covered words in the search": _replaced(fusion, "WEIGHT_COVERED", 0.0),
    "one sentence's covered words in the search": _replaced(fusion, "WEIGHT_SENTENCE_COVERED", 0.0),
    "typing errors": _replaced(QueryBuilder, "_correction", lambda *_: None),
    "other spellings of names": _replaced(QueryBuilder, "_find_variants", lambda *_: []),
    "acronyms": _replaced(query, "_acronym_tables", lambda _: ({}, {})),
    "related words": _replaced(evidence, "related_terms", lambda _: frozenset()),
    "the sentence before": _replaced(evidence, "leans_on_previous", lambda *_: False),
    "title, document, first passage": _weigh_nothing("title", "document", "early"),
    "section and title as context": _weigh_nothing("context", "covered", "surroundings"),
    "type of the answer": _weigh_nothing("type", "type_missing", "figure_missing", "counts"),
    "follow-ups": _replaced(asking, "complete", lambda question, _: question),
}


def main() -> None:
    """Ask with everything, then without each part, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", default=list(SETS))
    parser.add_argument("--limit", type=int, default=None)
    parser.add_argument("--part", action="append", default=None)
    arguments = parser.parse_args()
    names = arguments.part or list(PARTS)
    sys.stdout.write("| without | set | q@1 | q@3 | AUROC | MRR@10 |\n|" + " --- |" * 6 + "\n")
    for name in ("nothing", *names):
        with ExitStack() as stack:
            if name != "nothing":
                PARTS[name](stack)
            settings = Settings(judge=name != "the learned judge")
            _measure(name, arguments.sets, settings, arguments.limit)


def _measure(name: str, sets: Sequence[str], settings: Settings, limit: int | None) -> None:
    found = evaluate(
        sets,
        settings=settings,
        documents_folder=Path("documents"),
        on_progress=lambda _: None,
        limit=limit,
    )
    for result in found.results:
        m = result.measures
        figures = (m.quote_at_1, m.quote_at_3, m.auroc, m.document_mrr)
        shown = " | ".join("–" if figure is None else f"{figure:.3f}" for figure in figures)
        sys.stdout.write(f"| {name} | {result.name} | {shown} |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
