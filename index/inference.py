"""How is a model run? By ONNX Runtime, on the processor, on every core that we may use."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

IntArray = npt.NDArray[np.int32]
FloatArray = npt.NDArray[np.float32]


class Network:
    """A loaded ONNX model with one output. Safe to share between threads.

    ``threads`` is how many a single run may use; ``None`` is as many as there are cores.
    """

    def __init__(self, model: bytes | Path, output: str, *, threads: int | None = None) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or count_cores()
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # A spinning worker steals the processor from everyone else between two short runs.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            model,
            options,
            providers=["CPUExecutionProvider"],
            # The fused operator takes five times as long as its parts.
            disabled_optimizers=["SkipLayerNormFusion"],
        )
        self._wanted = [wanted.name for wanted in self._session.get_inputs()]
        self._output = output

    def run(self, **inputs: IntArray) -> FloatArray:
        """Run the model once and return its output. Inputs that it does not know are left out."""
        (found,) = self._session.run([self._output], {name: inputs[name] for name in self._wanted})
        return np.asarray(found, dtype=np.float32)


def count_cores() -> int:
    """Count the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
