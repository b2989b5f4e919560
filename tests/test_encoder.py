"""Promises of the encoders: both engines nearly agree, and the weights are the right ones."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from index import compiled_copy, model_files
from index.compiled_copy import load_compiled
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
def test_vectors_are_near_the_reference_s(reference, compiled) -> None:
    """Empty, long, mixed and foreign texts have nearly the vector that the model gives them."""
    expected = reference.encode(TEXTS)
    found = compiled.encode(TEXTS)
    assert found.shape == expected.shape == (len(TEXTS), 384)
    assert found.dtype == np.float32
    assert np.linalg.norm(found, axis=1) == pytest.approx(1.0, abs=1e-5)
    cosines = (found * expected).sum(axis=1)
    assert cosines.min() >= 0.98, dict(zip(TEXTS, cosines, strict=True))
    assert cosines.mean() >= 0.99


@pytest.mark.model
def test_the_nearest_are_the_reference_s(reference, compiled) -> None:
    """Ten nearest of 300 sentences: nine are shared on average; the first is about as near."""
    rng = np.random.default_rng(7)
    nouns = "mill river council harbour ferry engine lake spring paper miller stone winter".split()
    verbs = "repairs burns sells visits floods paints measures forgets".split()
    texts = [
        f"The {one} {verb} the {other} in {year}."
        for one, verb, other, year in zip(
            rng.choice(nouns, 300),
            rng.choice(verbs, 300),
            rng.choice(nouns, 300),
            rng.integers(1800, 2020, 300),
            strict=True,
        )
    ]
    questions = [f"What {verb} the {noun}?" for verb in verbs for noun in nouns]
    right = reference.encode(questions) @ reference.encode(texts).T
    ours = compiled.encode(questions) @ compiled.encode(texts).T
    shared = []
    for row in range(len(questions)):
        best = np.sort(right[row])[-10]
        shared.append((right[row][np.argsort(-ours[row])[:10]] >= best - 1e-6).sum())
        assert right[row][ours[row].argmax()] >= right[row].max() - 0.05
    assert np.mean(shared) >= 8.5


@pytest.mark.model
def test_a_vector_depends_on_its_text_alone(compiled) -> None:
    """To the last bit the same alone, among others, in another order, and twice in one call."""
    together = compiled.encode(TEXTS)
    assert np.array_equal(compiled.encode(TEXTS[::-1])[::-1], together)
    assert np.array_equal(compiled.encode(TEXTS + TEXTS), np.concatenate([together, together]))
    same_length = [f"The {word} stood by the river." for word in ("mill", "house", "tower") * 50]
    alone = np.concatenate([compiled.encode([text]) for text in same_length])
    assert np.array_equal(compiled.encode(same_length), alone)
    for row, text in enumerate(TEXTS):
        assert np.array_equal(compiled.encode([text])[0], together[row])


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


# The compiled copy in the cache.


@pytest.fixture
def made(monkeypatch) -> list[str]:
    """Names of the models that were compiled, one for each time."""
    names: list[str] = []
    compile_now = compiled_copy._compile
    monkeypatch.setattr(
        compiled_copy, "_compile", lambda model: names.append(model.name) or compile_now(model)
    )
    return names


def kept_files(cache: Path) -> list[Path]:
    return sorted((cache / "compiled").iterdir())


@pytest.mark.model
def test_a_model_is_compiled_once(tmp_path: Path, made) -> None:
    """The second start reads what the first one kept; an older form of the model goes."""
    (tmp_path / "compiled").mkdir()
    older = tmp_path / "compiled" / f"{DEFAULT_WEIGHTS_SHA256[:16]}-00000000-0.onnx"
    older.write_bytes(b"old")
    first = load_encoder(DEFAULT_MODEL, "compiled", tmp_path).encode(TEXTS)
    second = load_encoder(DEFAULT_MODEL, "compiled", tmp_path).encode(TEXTS)
    assert np.array_equal(first, second)
    assert made == [DEFAULT_MODEL]
    assert len(kept_files(tmp_path)) == 1
    assert not older.exists()


@pytest.mark.model
@pytest.mark.parametrize("damage", ["cut", "changed", "empty"])
def test_a_damaged_copy_is_made_again(tmp_path: Path, made, damage: str) -> None:
    """A kept file that is not what was written is not used, and is replaced."""
    load_compiled(find_model(), tmp_path)
    [path] = kept_files(tmp_path)
    content = bytearray(path.read_bytes())
    if damage == "cut":
        del content[-1:]
    elif damage == "changed":
        content[len(content) // 2] ^= 1
    else:
        content.clear()
    path.write_bytes(content)
    compiled = load_compiled(find_model(), tmp_path)
    assert len(made) == 2
    assert path.read_bytes()[64:] == compiled


@pytest.mark.model
def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    """The model is then compiled at each start."""
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert load_compiled(find_model(), tmp_path / "cache")


@pytest.mark.model
def test_a_compiled_form_far_from_the_reference_is_refused(tmp_path: Path, monkeypatch) -> None:
    """The check that is made once looks at vectors, and nothing bad is kept."""
    monkeypatch.setattr(
        compiled_copy,
        "_reference_vectors",
        lambda _: np.eye(len(compiled_copy.CHECKED_TEXTS), 384, dtype=np.float32),
    )
    with pytest.raises(ModelError, match="least cosine"):
        load_encoder(DEFAULT_MODEL, "compiled", tmp_path)
    assert not (tmp_path / "compiled").exists()


@pytest.mark.model
def test_the_kept_reference_vectors_are_the_reference_s(reference) -> None:
    """What a compiled form is compared with is what sentence-transformers gives."""
    kept = compiled_copy._reference_vectors(find_model())
    found = reference.encode(compiled_copy.CHECKED_TEXTS)
    assert (kept * found).sum(axis=1).min() >= 0.99999
