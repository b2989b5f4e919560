"""What is a BERT sentence encoder as a graph of operators in eight bits?

The graph is written straight from the weights, without torch: token embeddings, N layers of
attention and feed-forward, mean over the tokens, unit length. Every text of a run has the same
number of tokens, so that there is no padding and no mask. Fused operators are ONNX Runtime's own
(``com.microsoft``); they are described in its ContribOperators.md.

Matrices are multiplied as integers. A matrix has one scale for each column, kept in the file; what
flows into it has one scale for each token, found on the way. So a token is rounded by itself, and
a text's vector does not depend on what else is in the run. One scale for each run, which ONNX
Runtime's own quantisation gives, is coarser (cosine to the reference .993, against .996) and makes
a vector depend on its neighbours.
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

from index.model_files import UnsupportedModel

_OPSET = 17
_IR_VERSION = 8
_MICROSOFT = "com.microsoft"
_MOST_WEIGHT = 64
"""Of a matrix's integers. Seven bits, not eight: processors without VNNI add two products in
sixteen bits, where 255 · 64 · 2 fits and more would be cut off. Eight would be nearer to the
reference by .001 of the cosine."""
_MOST_STATE = 127
_MOST_WORD = 127

Weights = dict[str, npt.NDArray[Any]]


def build_graph(folder: Path) -> bytes:
    """Write the encoder in ``folder`` as a serialised ONNX model.

    The input ``ids`` is (batch, tokens) int32; the output ``vectors`` is (batch, dimension)
    float32 with rows of unit length.

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
        self._keep_constants()
        state = self._embed()
        for layer in range(self.layers):
            state = self._attend(state, f"encoder.layer.{layer}.")
            state = self._feed_forward(state, f"encoder.layer.{layer}.")
        self.finish(state)
        graph = helper.make_graph(
            self.nodes,
            "sentence_encoder",
            [helper.make_tensor_value_info("ids", TensorProto.INT32, ["batch", "tokens"])],
            [self.output],
            self.initializers,
        )
        model = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", _OPSET), helper.make_opsetid(_MICROSOFT, 1)],
            ir_version=_IR_VERSION,
        )
        return bytes(model.SerializeToString())

    def finish(self, state: str) -> None:
        """Pool the last layer's (batch, tokens, width) ``state`` into unit vectors."""
        # A product with a row of ones sums each text's tokens in the same order in any run, which a
        # reducing operator does not. The mean's divisor cancels out in the unit length.
        self.add("Cast", ["ids"], ["numbers_of_words"], to=TensorProto.FLOAT)
        self.add("Mul", ["numbers_of_words", "zero"], ["zeros"])
        self.add("Add", ["zeros", "one"], ["ones"])
        self.add("Unsqueeze", ["ones", "axis_tokens"], ["row_of_ones"])
        self.add("MatMul", ["row_of_ones", state], ["sum"])
        self.add("LpNormalization", ["sum"], ["unit"], axis=2, p=2)
        self.add("Squeeze", ["unit", "axis_tokens"], ["vectors"])

    def constant(self, name: str, array: npt.NDArray[Any] | np.generic) -> str:
        """Keep ``array`` in the graph under ``name``."""
        self.initializers.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def add(self, operator: str, inputs: list[str], outputs: list[str], **attributes: Any) -> None:
        """Append one operator."""
        self.nodes.append(helper.make_node(operator, inputs, outputs, **attributes))

    # The layers

    def _keep_constants(self) -> None:
        self.constant("axis_tokens", np.array([1], dtype=np.int64))
        self.constant("first", np.array([0], dtype=np.int64))
        self.constant("zero", np.float32(0))
        self.constant("one", np.float32(1))
        self.constant("tiny", np.float32(1e-20))
        self.constant("most_state", np.float32(_MOST_STATE))
        self.constant("step_of_most", np.float32(1 / _MOST_STATE))
        self.constant("middle", np.uint8(128))
        self.constant("no_middle", np.int8(0))

    def _embed(self) -> str:
        words = self.weights["embeddings.word_embeddings.weight"]
        steps = np.maximum(np.abs(words).max(axis=1, keepdims=True), 1e-20) / _MOST_WORD
        self.constant("words", np.round(words / steps).astype(np.int8))
        self.constant("word_steps", steps.astype(np.float32))
        # Every token is of segment 0, so its embedding is a constant that joins the position's.
        self.constant(
            "places",
            self.weights["embeddings.position_embeddings.weight"]
            + self.weights["embeddings.token_type_embeddings.weight"][0],
        )
        self.add("Gather", ["words", "ids"], ["word_integers"])
        self.add("Gather", ["word_steps", "ids"], ["steps_of_words"])
        self.add("Cast", ["word_integers"], ["word_numbers"], to=TensorProto.FLOAT)
        self.add("Mul", ["word_numbers", "steps_of_words"], ["word_vectors"])
        self.add("Shape", ["ids"], ["tokens"], start=1, end=2)
        self.add("Slice", ["places", "first", "tokens"], ["place_vectors"])
        self.add("Add", ["word_vectors", "place_vectors"], ["embeddings.in"])
        return self._norm("embeddings.in", "embeddings.LayerNorm")

    def _attend(self, state: str, layer: str) -> str:
        parts = [f"{layer}attention.self.{part}" for part in ("query", "key", "value")]
        rounded = self._round(state, f"{layer}attention.self")
        biases = np.concatenate([self.weights[f"{part}.bias"] for part in parts])
        self.add(
            "MultiHeadAttention",
            [
                *(self._product(rounded, part) for part in parts),
                self.constant(f"{layer}qkv_bias", biases),
            ],
            [f"{layer}attended"],
            domain=_MICROSOFT,
            num_heads=self.heads,
        )
        return self._dense_and_norm(f"{layer}attended", state, f"{layer}attention.output")

    def _feed_forward(self, state: str, layer: str) -> str:
        wide = self._multiply(state, f"{layer}intermediate.dense")
        bias = self.constant(f"{layer}wide_bias", self.weights[f"{layer}intermediate.dense.bias"])
        self.add("BiasGelu", [wide, bias], [f"{layer}active"], domain=_MICROSOFT)
        return self._dense_and_norm(f"{layer}active", state, f"{layer}output")

    def _dense_and_norm(self, state: str, skip: str, name: str) -> str:
        dense = self._multiply(state, f"{name}.dense")
        bias = self.constant(f"{name}.dense.bias", self.weights[f"{name}.dense.bias"])
        # Not the fused SkipLayerNormalization: it took five times as long as these three.
        self.add("Add", [dense, skip], [f"{name}.sum"])
        self.add("Add", [f"{name}.sum", bias], [f"{name}.in"])
        return self._norm(f"{name}.in", f"{name}.LayerNorm")

    def _norm(self, state: str, name: str) -> str:
        parts = [
            self.constant(f"{name}.{part}", self.weights[f"{name}.{part}"])
            for part in ("weight", "bias")
        ]
        self.add(
            "LayerNormalization",
            [state, *parts],
            [f"{name}.out"],
            axis=-1,
            epsilon=self.epsilon,
        )
        return f"{name}.out"

    # Integers

    def _multiply(self, state: str, name: str) -> str:
        return self._product(self._round(state, name), name)

    def _round(self, state: str, name: str) -> tuple[str, str]:
        """Round each token's numbers to eight bits; return the integers and the tokens' steps."""
        self.add("Abs", [state], [f"{name}.sizes"])
        self.add("ReduceMax", [f"{name}.sizes"], [f"{name}.largest"], axes=[-1], keepdims=1)
        self.add("Add", [f"{name}.largest", "tiny"], [f"{name}.most"])
        self.add("Div", ["most_state", f"{name}.most"], [f"{name}.inverse"])
        self.add("Mul", [state, f"{name}.inverse"], [f"{name}.scaled"])
        self.add("QuantizeLinear", [f"{name}.scaled", "one", "middle"], [f"{name}.integers"])
        self.add("Mul", [f"{name}.most", "step_of_most"], [f"{name}.step"])
        return f"{name}.integers", f"{name}.step"

    def _product(self, rounded: tuple[str, str], name: str) -> str:
        """Multiply rounded tokens by a matrix, without its bias."""
        integers, step = rounded
        matrix = self.weights[f"{name}.weight"].T
        steps = np.maximum(np.abs(matrix).max(axis=0), 1e-20) / _MOST_WEIGHT
        self.add(
            "MatMulIntegerToFloat",
            [
                integers,
                self.constant(f"{name}.weight", np.round(matrix / steps).astype(np.int8)),
                "one",
                self.constant(f"{name}.steps", steps.astype(np.float32)),
                "middle",
                "no_middle",
            ],
            [f"{name}.raw"],
            domain=_MICROSOFT,
        )
        self.add("Mul", [f"{name}.raw", step], [f"{name}.product"])
        return f"{name}.product"
