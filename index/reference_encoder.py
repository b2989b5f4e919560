"""What does sentence-transformers itself make of a text? The reference for every other engine."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence

import numpy as np

from index.encoder import Vectors
from index.errors import ModelError
from index.model_files import ModelFiles

_BATCH = 32


class ReferenceEncoder:
    """A sentence-transformers model on the processor."""

    def __init__(self, files: ModelFiles) -> None:
        # Set before the import: the hub client reads them once, and must never look outside.
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
        from sentence_transformers import SentenceTransformer

        try:
            self._model = SentenceTransformer(str(files.folder), device="cpu")
        except Exception as error:  # whatever a foreign folder makes transformers raise
            raise ModelError(
                f"The model in {files.folder} cannot be loaded: {error}. "
                "Name a complete sentence-transformers folder in ASKDOCS_MODEL."
            ) from error
        self._files = files
        self._lock = threading.Lock()  # tokenizers are not safe to share while padding

    @property
    def identity(self) -> str:
        """Name and hash of the model."""
        return self._files.identity

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._files.dimension

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Embed ``texts``: (n, d) float32, rows of unit length."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        with self._lock:
            vectors = self._model.encode(
                list(texts),
                batch_size=_BATCH,
                normalize_embeddings=True,
                show_progress_bar=False,
                convert_to_numpy=True,
            )
        return np.asarray(vectors, dtype=np.float32)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count each text's tokens, special tokens left out."""
        with self._lock:
            return [
                len(self._model.tokenizer.encode(text, add_special_tokens=False, verbose=False))
                for text in texts
            ]
