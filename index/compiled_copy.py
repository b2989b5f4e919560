"""Where is the compiled form of a model kept, and is it as good as the model?

It is made once and kept in the cache. When it is made, it embeds a few texts, and its vectors must
be near to the reference's: for the bundled model those in ``reference_vectors.npy``, for any other
what sentence-transformers makes of them. The file in the cache is checked against its hash at every
start, and made again when it is missing, damaged or of another model or form.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from importlib.resources import files as package_files
from pathlib import Path

import numpy as np
import platformdirs

from index.encoder import Vectors
from index.inference import Network
from index.model_files import DEFAULT_WEIGHTS_SHA256, ModelFiles, UnsupportedModel
from index.tokens import load_tokens

_FORM = 1
"""Raised with every change of what ``compiled_graph.py`` writes."""
_LEAST_COSINE = 0.97
_DESCRIPTIONS = frozenset({"config.json", "modules.json"})
"""What the graph's shape is read from, beside the weights. The pooling has one of its own."""
_HASH_CHARACTERS = 64
CHECKED_TEXTS = (
    "The mill stood by the river for two hundred years.",
    "Who pays for the repair of the ferry's engine?",
    "In 1871 the grain store burned down; the loss was put at 4,500 crowns.",
    "harbour",
    "Proteins are folded in the cell with the help of chaperones, which need energy to work.",
    "\u0422\u0440\u0438\u043f\u043e\u043b\u0438 \u2014 Zo\u00eb's caf\u00e9, 3.5 %",
    (
        "The council met on Tuesday and put the matter off, because two of its members were ill, "
        "the report had not been printed, and nobody could say how many of the houses near the "
        "river would have to be given up if the water rose as high as it had the year before."
    ),
)
"""What the compiled form must embed as the reference does."""


def load_compiled(model: ModelFiles, cache: Path | None) -> bytes:
    """Return the compiled form of ``model``, from ``cache`` or made now.

    :raises UnsupportedModel: if the model has another shape, or its compiled form is not as good.
    """
    path = (cache or default_cache()) / "compiled" / _name(model)
    kept = _read(path)
    if kept is None:
        kept = _compile(model)
        with suppress(OSError):  # a cache that cannot be written costs a second at each start
            _keep(path, kept)
    return kept


def default_cache() -> Path:
    """Name the folder that derived files are kept in when nobody says otherwise."""
    return Path(platformdirs.user_cache_dir("askdocs"))


def _name(model: ModelFiles) -> str:
    """Name the file after everything that its contents depend on."""
    described = hashlib.sha256()
    for path in sorted(model.folder.rglob("*.json")):
        if path.name in _DESCRIPTIONS:
            described.update(path.read_bytes())
    return f"{model.weights_sha256[:16]}-{described.hexdigest()[:8]}-{_FORM}.onnx"


def _compile(model: ModelFiles) -> bytes:
    # onnx and the reference are needed for this alone.
    from index.compiled_graph import build_graph

    compiled = build_graph(model.folder)
    network, tokens = Network(compiled, output="vectors"), load_tokens(model.folder)
    found = np.concatenate(
        [
            network.run(ids=np.array([encoding.ids], dtype=np.int32))
            for encoding in tokens.cut(CHECKED_TEXTS, special=True)
        ]
    )
    least = float((found * _reference_vectors(model)).sum(axis=1).min())
    if least < _LEAST_COSINE:
        raise UnsupportedModel(f"in eight bits it is another model (least cosine {least:.3f})")
    return compiled


def _reference_vectors(model: ModelFiles) -> Vectors:
    if model.weights_sha256 == DEFAULT_WEIGHTS_SHA256:
        with (package_files("index") / "reference_vectors.npy").open("rb") as file:
            return np.asarray(np.load(file), dtype=np.float32)
    from index.reference_encoder import ReferenceEncoder

    return ReferenceEncoder(model).encode(CHECKED_TEXTS)


def _read(path: Path) -> bytes | None:
    """Read a kept file: the hash of the rest, then the rest."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    told, compiled = content[:_HASH_CHARACTERS], content[_HASH_CHARACTERS:]
    return compiled if told == hashlib.sha256(compiled).hexdigest().encode() else None


def _keep(path: Path, compiled: bytes) -> None:
    """Write the file beside its place, then move it there; older forms of the model go."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix="new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(compiled).hexdigest().encode())
            file.write(compiled)
        Path(beside).replace(path)
    except OSError:
        Path(beside).unlink(missing_ok=True)
        raise
    for other in path.parent.glob(f"{path.name.split('-')[0]}-*.onnx"):
        if other != path:
            other.unlink(missing_ok=True)
