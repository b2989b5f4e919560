"""How do we embed quickly? The same weights in eight bits, run by ONNX Runtime.

Measured side by side on two shared cores (passages of 217 tokens and single sentences per CPU
second; cosine to the reference, mean and least):

    sentence-transformers            11     78   1
    this                             40    303   .996  .992
    … with one scale for each run    39    267   .993  .986   a text alone in its run
    ONNX Runtime, fused float32      14     99   1
    OpenVINO, bfloat16               31    241   1.000        180 MB more to install
    OpenVINO, float32                16    118   1            … on processors without bfloat16

Texts of the same number of tokens are run together, so nothing is padded, and a text's vector
depends on the text alone, to the last bit: not on what else is embedded, nor on the threads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from index.compiled_copy import load_compiled
from index.encoder import Vectors
from index.inference import Network, count_cores
from index.model_files import ModelFiles
from index.tokens import load_tokens

_RUN_TOKENS = 1024
"""Most tokens in one run: what flows between the layers then stays near the processor. Four times
as many took a tenth longer."""


class CompiledEncoder:
    """A BERT sentence encoder without torch. Safe to share between threads."""

    def __init__(self, files: ModelFiles, cache: Path | None = None) -> None:
        # Runs share the cores among themselves; one run is too short to be divided.
        self._network = Network(load_compiled(files, cache), output="vectors", threads=1)
        self._tokens = load_tokens(files.folder)
        self._files = files
        self._runners = ThreadPoolExecutor(count_cores(), thread_name_prefix="encoder")

    @property
    def identity(self) -> str:
        """Name and hash of the model."""
        return self._files.identity

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._files.dimension

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Embed ``texts``: (n, d) float32, rows of unit length, in the order given."""
        numbers = {text: number for number, text in enumerate(dict.fromkeys(texts))}
        ids = [
            self._shortened(encoding.ids)
            for encoding in self._tokens.cut(list(numbers), special=True)
        ]
        vectors = np.zeros((len(ids), self.dimension), dtype=np.float32)
        runs = list(_runs([len(tokens) for tokens in ids]))

        def run(rows: list[int]) -> None:
            tokens = np.array([ids[row] for row in rows], dtype=np.int32)
            vectors[rows] = self._network.run(ids=tokens)

        if len(runs) == 1:
            run(runs[0])
        else:
            list(self._runners.map(run, runs))
        return vectors[[numbers[text] for text in texts]]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count each text's tokens, special tokens left out."""
        return self._tokens.count(texts)

    def _shortened(self, tokens: list[int]) -> list[int]:
        """Cut what is too long, and keep the closing special token."""
        most = self._files.max_tokens
        return tokens if len(tokens) <= most else [*tokens[: most - 1], tokens[-1]]


def _runs(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Group rows of equal length, the longest first: no thread is left with them at last."""
    by_length: dict[int, list[int]] = defaultdict(list)
    for row, length in enumerate(lengths):
        by_length[length].append(row)
    for length, rows in sorted(by_length.items(), reverse=True):
        step = max(1, _RUN_TOKENS // length)
        for first in range(0, len(rows), step):
            yield rows[first : first + step]
