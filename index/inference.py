"""How is a model run? By ONNX Runtime, on the processor, on every core that we may use."""

from __future__ import annotations

import os

import numpy as np
import numpy.typing as npt
import onnxruntime

IntArray = npt.NDArray[np.int32]
FloatArray = npt.NDArray[np.float32]


class Network:
    """A loaded ONNX model with one output. Safe to share between threads."""

    def __init__(self, model: bytes, output: str) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = len(os.sched_getaffinity(0)) if _has_affinity() else 0
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # A spinning worker steals the processor from everyone else between two short runs.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"]
        )
        self._output = output

    def run(self, **inputs: IntArray) -> FloatArray:
        """Run the model once on named inputs and return its output."""
        (found,) = self._session.run([self._output], inputs)
        return np.asarray(found, dtype=np.float32)


def _has_affinity() -> bool:
    return hasattr(os, "sched_getaffinity")
