"""How does the judge become the file that ships? As a graph of operators in eight bits.

    python -m eval.judge.export FOLDER

It reads ``FOLDER/judge.safetensors`` and writes ``assistant/judge.onnx``.

The graph is the encoder's (``index/compiled_graph.py``), eight bits included, with another end.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper

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
    """Write the judge."""
    config = json.loads((find_model(DEFAULT_MODEL).folder / "config.json").read_text("utf-8"))
    return JudgeGraph(weights, config).build()


def main() -> None:
    """Write the file and print its hash."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    model = build(read_weights(arguments.folder / "judge.safetensors"))
    TARGET.write_bytes(model)
    sys.stdout.write(f"{TARGET} {len(model)} bytes\nSHA-256 {hashlib.sha256(model).hexdigest()}\n")


if __name__ == "__main__":
    main()
