"""Which examples are worth the time of training? Those that the judge it starts from finds hard.

Most examples are easy by now and teach nothing. All of them are read once by the exported judge,
which costs a tenth of training on them; the hard ones are kept, and some easy ones, so that what is
known stays known.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt

from eval.judge.encoded import Encoded
from index.inference import Network, count_cores

_CLEAR = 0.85
"""Probability from which a right or wrong example counts as understood."""
_EASY_KEPT = 0.2

Numbers = npt.NDArray[np.float32]


def keep_hard(start: Path, examples: Sequence[list[Encoded]], seed: int) -> list[list[Encoded]]:
    """Return the hard examples and a part of the easy ones, in their order."""
    chance = random.Random(seed)  # noqa: S311 - examples, not secrets
    network = Network(start.read_bytes(), output="numbers", threads=1)
    kept: list[list[Encoded]] = []
    with ThreadPoolExecutor(count_cores()) as readers:
        scores = readers.map(lambda each: [_score(network, window) for window in each], examples)
        for example, found in zip(examples, scores, strict=True):
            # A question may be left without a window: nothing else shares a word with it.
            if example and (_is_hard(example, found) or chance.random() < _EASY_KEPT):
                kept.append(example)
    return kept


def _is_hard(example: Sequence[Encoded], scores: Sequence[Numbers]) -> bool:
    values = np.concatenate(scores)
    right = np.concatenate([np.array(window.labels, dtype=bool) for window in example])
    if not right.any():
        return bool(_sure(values.max()) > 1 - _CLEAR)
    odds = np.exp(values - values.max())
    mass = odds[right].sum() / odds.sum()
    return bool(min(mass, _sure(values[right].max())) < _CLEAR)


def _sure(log_odds: float) -> float:
    return float(1 / (1 + np.exp(-log_odds)))


def _score(network: Network, window: Encoded) -> Numbers:
    """Give each sentence of a window its score. Windows are run alone: none is filled up."""
    ids = np.array([window.ids], dtype=np.int32)
    numbers = network.run(ids=ids, mask=np.ones_like(ids))[0]
    return np.array([numbers[start:end, 0].mean() for start, end in window.sentences])
