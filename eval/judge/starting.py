"""Which weights does training start from? Those of a judge that shipped, out of its eight bits.

The matrices were stored as integers with one scale for each column, so that they come back within
half a step of what they were. Token and position embeddings are never fitted: they are the default
model's own.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper

Array = npt.NDArray[np.float32]
_PARTS = ("query", "key", "value")


def read_judge(path: Path, own: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return the weights of the exported judge at ``path`` in float32.

    ``own`` are the names and embeddings of a judge that is not fitted yet.
    """
    stored = _Stored(path)
    found: dict[str, torch.Tensor] = dict(own)
    places = stored.read("places")
    known = own["bert.embeddings.position_embeddings.weight"].numpy()
    # Every token is of segment 0; its embedding was added to every position's.
    segments = own["bert.embeddings.token_type_embeddings.weight"].clone()
    segments[0] = torch.from_numpy((places - known).mean(axis=0))
    found["bert.embeddings.token_type_embeddings.weight"] = segments
    for name in ("weight", "bias"):
        found[f"bert.embeddings.LayerNorm.{name}"] = stored.tensor(f"embeddings.LayerNorm.{name}")
    layers = sum(name.endswith("attention.self.query.weight") for name in own)
    for layer in (f"encoder.layer.{number}." for number in range(layers)):
        bias = stored.read(f"{layer}qkv_bias")
        for part, matrix, values in zip(
            _PARTS, stored.read_parts(layer), np.split(bias, 3), strict=True
        ):
            found[f"bert.{layer}attention.self.{part}.weight"] = _turned(matrix)
            found[f"bert.{layer}attention.self.{part}.bias"] = torch.from_numpy(values.copy())
        for name in ("attention.output.dense", "intermediate.dense", "output.dense"):
            found[f"bert.{layer}{name}.weight"] = _turned(stored.read(f"{layer}{name}.weight"))
        found[f"bert.{layer}intermediate.dense.bias"] = stored.tensor(f"{layer}wide_bias")
        for block in ("attention.output", "output"):
            for name in ("dense.bias", "LayerNorm.weight", "LayerNorm.bias"):
                found[f"bert.{layer}{block}.{name}"] = stored.tensor(f"{layer}{block}.{name}")
    found["head.weight"] = _turned(stored.read("head"))
    found["head.bias"] = stored.tensor("head_bias")
    return found


class _Stored:
    """The constants of a graph, those in eight bits with their scales."""

    def __init__(self, path: Path) -> None:
        graph = onnx.load(str(path)).graph
        self.arrays = {i.name: numpy_helper.to_array(i) for i in graph.initializer}

    def read_parts(self, layer: str) -> list[Array]:
        """Read the matrices of a layer's attention, which an older file keeps in one."""
        if f"{layer}qkv" in self.arrays or f"{layer}qkv_quantized" in self.arrays:
            return np.split(self.read(f"{layer}qkv"), 3, axis=1)
        return [self.read(f"{layer}attention.self.{part}.weight") for part in _PARTS]

    def read(self, name: str) -> Array:
        steps = self.arrays.get(name.removesuffix(".weight") + ".steps")
        if steps is not None:
            return np.asarray(self.arrays[name].astype(np.float32) * steps, dtype=np.float32)
        if name in self.arrays:
            return self.arrays[name].astype(np.float32)
        whole = self.arrays[f"{name}_quantized"].astype(np.float32)
        zero = self.arrays[f"{name}_zero_point"].astype(np.float32)
        return np.asarray((whole - zero) * self.arrays[f"{name}_scale"], dtype=np.float32)

    def tensor(self, name: str) -> torch.Tensor:
        return torch.from_numpy(self.read(name).copy())


def _turned(matrix: Array) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(matrix.T))
