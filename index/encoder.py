"""How does a text become a vector?

Two engines for the same weights: sentence-transformers is the reference, and the compiled engine
(ONNX Runtime, in eight bits) does the daily work, because it starts twenty times sooner and embeds
faster. Their vectors are near enough to be compared with each other; a test says how near.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index.errors import ModelError
from index.model_files import ModelFiles, UnsupportedModel, find_model

Vectors = npt.NDArray[np.float32]
"""(n, d) float32, rows of unit length."""


class Encoder(Protocol):
    """Anything that embeds texts. Safe to share between threads."""

    @property
    def identity(self) -> str:
        """Name and hash of the model: vectors of two identities are never compared."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Embed ``texts``: (n, d) float32, rows of unit length, in the order given."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count each text's tokens, special tokens left out."""


def load_encoder(model: str, engine: str = "auto", cache: Path | None = None) -> Encoder:
    """Load the model with the engine asked for; ``auto`` falls back to the reference.

    ``cache`` is the folder that a compiled model is kept in; ``None`` is the usual one.
    Raises :class:`ModelError` when the model, or a compiled engine asked for by name, cannot be
    had.
    """
    files = find_model(model)
    if engine == "reference":
        return _load_reference(files)
    from index.compiled_encoder import CompiledEncoder

    try:
        return CompiledEncoder(files, cache)
    except UnsupportedModel as error:
        if engine == "compiled":
            raise ModelError(f"The compiled engine cannot run {files.name}: {error}") from error
        return _load_reference(files)


def _load_reference(files: ModelFiles) -> Encoder:
    from index.reference_encoder import ReferenceEncoder

    return ReferenceEncoder(files)
