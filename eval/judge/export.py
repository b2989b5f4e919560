"""How does the judge become the file that ships? As a graph of fused operators in eight bits.

    python -m eval.judge.export FOLDER

It reads ``FOLDER/judge.safetensors`` and writes ``assistant/judge.onnx``.

The matrices and the embeddings are stored as eight-bit integers with one scale for each column,
and multiplied as such; what flows between them is rounded to eight bits as it is met. Weights use
seven of the eight bits, so that processors whose eight-bit products saturate give the same result.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from index.compiled_graph import EncoderGraph, Weights, read_weights
from index.model_files import DEFAULT_MODEL, find_model

TARGET = Path(__file__).parent.parent.parent / "assistant" / "judge.onnx"


class JudgeGraph(EncoderGraph):
    """The encoder with three numbers for each token in place of a pooled vector."""

    output = helper.make_tensor_value_info("numbers", TensorProto.FLOAT, ["batch", "tokens", 3])

    def finish(self, state: str) -> None:
        """Multiply the last layer by the head."""
        head = np.ascontiguousarray(self.weights["head.weight"].T)
        self.add("MatMul", [state, self.constant("head", head)], ["raw"])
        self.add("Add", ["raw", self.constant("head_bias", self.weights["head.bias"])], ["numbers"])


def build(weights: Weights) -> bytes:
    """Write the judge in float32."""
    config = json.loads((find_model(DEFAULT_MODEL).folder / "config.json").read_text("utf-8"))
    return JudgeGraph(weights, config).build()


def quantise(model: bytes) -> bytes:
    """Store and multiply the matrices as eight-bit integers."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "judge.onnx", Path(folder) / "small.onnx"
        source.write_bytes(model)
        quantize_dynamic(
            source,
            target,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
            extra_options={"DefaultTensorType": TensorProto.FLOAT},
        )
        return target.read_bytes()


def main() -> None:
    """Write the file and print its hash."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    model = quantise(build(read_weights(arguments.folder / "judge.safetensors")))
    TARGET.write_bytes(model)
    sys.stdout.write(f"{TARGET} {len(model)} bytes\nSHA-256 {hashlib.sha256(model).hexdigest()}\n")


if __name__ == "__main__":
    main()
