"""Promises of the encoders: both engines agree, and the weights are the right ones."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from index import model_files
from index.encoder import load_encoder
from index.errors import ModelError
from index.model_files import DEFAULT_MODEL, DEFAULT_WEIGHTS_SHA256, find_model

TEXTS = [
    "",
    " ",
    "Libya.",
    "The United States sanctioned the Kaniyat militia and its leader on Wednesday.",
    "mass graves in Tarhuna " * 200,
    "a" * 3000,
    "\u062a\u0631\u0647\u0648\u0646\u0629 \u0644\u064a\u0628\u064a\u0627",
    "\u0422\u0440\u0438\u043f\u043e\u043b\u0438",
    "\u7684\u9ece\u6ce2\u91cc",
    "Zo\u00eb's na\u00efve caf\u00e9 cafe\u0301",
    "\U0001f469\u200d\U0001f467 \u2014 \u201cquoted\u201d \u00a0 x\u0000y",
    "[CLS] [SEP] [MASK] [PAD] ##ing",
    "1,000 $500m 3.5 % U.S. p.m.",
    "WHO who Who",
    "\n\t line\r\nline\u2028line ",
]


# Compiled against reference: sentence-transformers says what is right.


@pytest.fixture(scope="module")
def reference():
    return load_encoder(DEFAULT_MODEL, "reference")


@pytest.fixture(scope="module")
def compiled():
    return load_encoder(DEFAULT_MODEL, "compiled")


@pytest.mark.model
def test_vectors_are_the_reference_s(reference, compiled) -> None:
    """Empty, long, mixed and foreign texts have the same vector, whatever stands beside them."""
    expected = reference.encode(TEXTS)
    found = compiled.encode(TEXTS)
    assert found.shape == expected.shape == (len(TEXTS), 384)
    assert found.dtype == np.float32
    assert np.linalg.norm(found, axis=1) == pytest.approx(1.0, abs=1e-5)
    cosines = (found * expected).sum(axis=1)
    assert cosines.min() >= 0.9999, dict(zip(TEXTS, cosines, strict=True))
    for row, text in enumerate(TEXTS):
        assert float(compiled.encode([text])[0] @ found[row]) >= 0.9999


@pytest.mark.model
def test_order_is_kept(compiled) -> None:
    """A vector's row is its text's, though short texts are run first."""
    forth, back = compiled.encode(TEXTS), compiled.encode(TEXTS[::-1])[::-1]
    assert ((forth * back).sum(axis=1) >= 0.9999).all()


@pytest.mark.model
def test_tokens_are_counted_as_the_reference_counts_them(reference, compiled) -> None:
    """Passages are cut in the same places with either engine."""
    assert compiled.count_tokens(TEXTS) == reference.count_tokens(TEXTS)
    assert compiled.count_tokens(["", "Libya."]) == [0, 2]


@pytest.mark.model
def test_nothing_to_embed_is_no_error(reference, compiled) -> None:
    """No texts give no vectors."""
    for encoder in (reference, compiled):
        assert encoder.encode([]).shape == (0, 384)
        assert encoder.count_tokens([]) == []


@pytest.mark.model
def test_both_are_one_model(reference, compiled) -> None:
    """A library made with one engine is usable with the other."""
    assert reference.identity == compiled.identity
    assert reference.dimension == compiled.dimension == 384


def test_the_bundled_model_is_the_expected_one() -> None:
    """The weights' SHA-256 is the one that was published for all-MiniLM-L6-v2."""
    files = find_model()
    assert files.weights_sha256 == DEFAULT_WEIGHTS_SHA256
    assert DEFAULT_WEIGHTS_SHA256.startswith("53aa5117")
    assert files.identity == f"{DEFAULT_MODEL}@{DEFAULT_WEIGHTS_SHA256[:12]}"
    assert (files.dimension, files.max_tokens) == (384, 256)


def test_a_changed_bundled_model_is_refused(monkeypatch) -> None:
    """Weights with another hash are not loaded, and the message says how to get the right ones."""
    monkeypatch.setattr(model_files, "DEFAULT_WEIGHTS_SHA256", "0" * 64)
    with pytest.raises(ModelError, match="pip install --force-reinstall"):
        find_model()
    with pytest.raises(ModelError):
        load_encoder(DEFAULT_MODEL)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The bundled model in a folder of its own, its weights not yet changed."""
    folder = tmp_path / "my-model"
    shutil.copytree(find_model().folder, folder)
    return folder


def test_a_changed_copy_is_another_model(copy: Path) -> None:
    """One changed byte of the weights makes another identity; the name is the folder's."""
    same = find_model(str(copy))
    assert same.identity == f"my-model@{DEFAULT_WEIGHTS_SHA256[:12]}"
    weights = copy / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    changed = find_model(str(copy))
    assert changed.identity.startswith("my-model@")
    assert changed.identity != same.identity


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    """The message says where the model was looked for and which setting names it."""
    with pytest.raises(ModelError, match="ASKDOCS_MODEL") as error:
        find_model(str(tmp_path / "nowhere"))
    assert "nowhere" in str(error.value)


def test_a_model_without_description_is_refused(copy: Path) -> None:
    """Broken or missing files beside the weights are a clear error."""
    (copy / "config.json").write_text("{}")
    with pytest.raises(ModelError, match="description"):
        find_model(str(copy))
    (copy / "config.json").unlink()
    with pytest.raises(ModelError, match="description"):
        find_model(str(copy))


def test_an_unsupported_model_is_not_compiled(copy: Path) -> None:
    """A model of another kind is refused by the compiled engine with its reason."""
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps(config | {"model_type": "gpt2"}))
    with pytest.raises(ModelError, match="only BERT"):
        load_encoder(str(copy), "compiled")
