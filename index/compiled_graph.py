"""What is a BERT sentence encoder as a graph of fused operators?

The graph is written straight from the weights, without torch: token embeddings, N layers of
attention and feed-forward, mean over the real tokens, unit length. Fused operators are ONNX
Runtime's own (``com.microsoft``); they are described in its ContribOperators.md.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

_OPSET = 17
_IR_VERSION = 8
_MICROSOFT = "com.microsoft"

Weights = dict[str, npt.NDArray[Any]]


class UnsupportedModel(Exception):
    """The model is not of the shape that this graph describes."""


def build_graph(folder: Path) -> bytes:
    """Write the encoder in ``folder`` as a serialised ONNX model.

    Inputs ``ids`` and ``mask`` are (batch, tokens) int32; the output ``vectors`` is
    (batch, dimension) float32 with rows of unit length.

    :raises UnsupportedModel: if it is not a BERT with mean pooling.
    """
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    _require_supported(config, folder)
    try:
        return EncoderGraph(read_weights(folder / "model.safetensors"), config).build()
    except KeyError as error:
        raise UnsupportedModel(f"the weights lack {error}") from error


def read_weights(path: Path) -> Weights:
    """Read a BERT's weights, float32, under names without a prefix."""
    weights: Weights = load_file(path)
    prefix = "" if "embeddings.word_embeddings.weight" in weights else "bert."
    return {k.removeprefix(prefix): v.astype(np.float32) for k, v in weights.items()}


def _require_supported(config: dict[str, Any], folder: Path) -> None:
    if config.get("model_type") != "bert" or config.get("hidden_act") != "gelu":
        raise UnsupportedModel("only BERT models with the gelu activation are compiled")
    if config.get("position_embedding_type", "absolute") != "absolute":
        raise UnsupportedModel("only absolute positions are compiled")
    modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
    kinds = [str(module["type"]).rsplit(".", 1)[-1] for module in modules]
    if kinds not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        raise UnsupportedModel(f"a pipeline of {', '.join(kinds)} is not compiled")
    pooling_file = folder / modules[1]["path"] / "config.json"
    pooling = json.loads(pooling_file.read_text(encoding="utf-8"))
    modes = {key for key, value in pooling.items() if key.startswith("pooling_mode") and value}
    if modes != {"pooling_mode_mean_tokens"}:
        raise UnsupportedModel("only mean pooling is compiled")


class EncoderGraph:
    """Collects nodes and weights while the graph is written from input to output.

    :meth:`finish` says what is made of the last layer, so that a model with another end needs only
    that (``eval/judge/export.py``).
    """

    output = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["batch", "dimension"])

    def __init__(self, weights: Weights, config: dict[str, Any]) -> None:
        self.weights = weights
        self.layers = int(config["num_hidden_layers"])
        self.heads = int(config["num_attention_heads"])
        self.epsilon = float(config["layer_norm_eps"])
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[onnx.TensorProto] = []

    def build(self) -> bytes:
        """Write the graph from input to output and serialise it."""
        state = self._embed()
        for layer in range(self.layers):
            state = self._attend(state, f"encoder.layer.{layer}.")
            state = self._feed_forward(state, f"encoder.layer.{layer}.")
        self.finish(state)
        graph = helper.make_graph(
            self.nodes,
            "sentence_encoder",
            [
                helper.make_tensor_value_info("ids", TensorProto.INT32, ["batch", "tokens"]),
                helper.make_tensor_value_info("mask", TensorProto.INT32, ["batch", "tokens"]),
            ],
            [self.output],
            self.initializers,
        )
        model = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", _OPSET), helper.make_opsetid(_MICROSOFT, 1)],
            ir_version=_IR_VERSION,
        )
        return bytes(model.SerializeToString())

    def _embed(self) -> str:
        words = self.constant("words", self.weights["embeddings.word_embeddings.weight"])
        # Every token is of segment 0, so its embedding is a constant that joins the position's.
        places = self.constant(
            "places",
            self.weights["embeddings.position_embeddings.weight"]
            + self.weights["embeddings.token_type_embeddings.weight"][0],
        )
        norm = self._norm("embeddings.LayerNorm")
        self.add(
            "EmbedLayerNormalization",
            ["ids", "", words, places, "", *norm],
            ["embedded", "unused_mask_index"],
            domain=_MICROSOFT,
            epsilon=self.epsilon,
        )
        return "embedded"

    def _attend(self, state: str, layer: str) -> str:
        parts = [f"{layer}attention.self.{part}" for part in ("query", "key", "value")]
        joined = np.concatenate([self.weights[f"{part}.weight"].T for part in parts], axis=1)
        biases = np.concatenate([self.weights[f"{part}.bias"] for part in parts])
        self.add(
            "Attention",
            [
                state,
                self.constant(f"{layer}qkv", np.ascontiguousarray(joined)),
                self.constant(f"{layer}qkv_bias", biases),
                "mask",
            ],
            [f"{layer}attended"],
            domain=_MICROSOFT,
            num_heads=self.heads,
        )
        dense = self._matmul(f"{layer}attended", f"{layer}attention.output.dense")
        return self._skip_norm(dense, state, f"{layer}attention.output")

    def _feed_forward(self, state: str, layer: str) -> str:
        wide = self._matmul(state, f"{layer}intermediate.dense")
        bias = self.constant(f"{layer}wide_bias", self.weights[f"{layer}intermediate.dense.bias"])
        self.add("BiasGelu", [wide, bias], [f"{layer}active"], domain=_MICROSOFT)
        narrow = self._matmul(f"{layer}active", f"{layer}output.dense")
        return self._skip_norm(narrow, state, f"{layer}output")

    def finish(self, state: str) -> None:
        """Pool the last layer's (batch, tokens, width) ``state`` into unit vectors."""
        last, width = (
            self.constant("axis_last", np.array([2], dtype=np.int64)),
            self.constant("axis_tokens", np.array([1], dtype=np.int64)),
        )
        self.add("Cast", ["mask"], ["weights"], to=TensorProto.FLOAT)
        self.add("Unsqueeze", ["weights", last], ["column"])
        self.add("Mul", [state, "column"], ["real"])
        self.add("ReduceSum", ["real", width], ["sum"], keepdims=0)
        # The mean's divisor cancels out in the unit length, so the sum is normalised directly.
        self.add("LpNormalization", ["sum"], ["vectors"], axis=1, p=2)

    def _matmul(self, state: str, name: str) -> str:
        weight = np.ascontiguousarray(self.weights[f"{name}.weight"].T)
        self.add("MatMul", [state, self.constant(f"{name}.weight", weight)], [f"{name}.out"])
        return f"{name}.out"

    def _skip_norm(self, state: str, skip: str, name: str) -> str:
        bias = self.constant(f"{name}.dense.bias", self.weights[f"{name}.dense.bias"])
        self.add(
            "SkipLayerNormalization",
            [state, skip, *self._norm(f"{name}.LayerNorm"), bias],
            [f"{name}.out"],
            domain=_MICROSOFT,
            epsilon=self.epsilon,
        )
        return f"{name}.out"

    def _norm(self, name: str) -> list[str]:
        return [
            self.constant(f"{name}.{part}", self.weights[f"{name}.{part}"])
            for part in ("weight", "bias")
        ]

    def constant(self, name: str, array: npt.NDArray[Any]) -> str:
        """Keep ``array`` in the graph under ``name``."""
        self.initializers.append(numpy_helper.from_array(array, name))
        return name

    def add(self, operator: str, inputs: list[str], outputs: list[str], **attributes: Any) -> None:
        """Append one operator."""
        self.nodes.append(helper.make_node(operator, inputs, outputs, **attributes))
