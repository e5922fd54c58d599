"""Small networks in ONNX, made operator by operator."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SIZE = (4, 5)
CLASSES = 3


def weights(features: int, seed: int = 0) -> NDArray[np.float32]:
    """Of a linear network, (features, classes)."""
    return np.random.default_rng(seed).normal(size=(features, CLASSES)).astype(np.float32)


def linear(
    path: Path,
    shape: Sequence[Any] = ("batch", 3, *SIZE),
    *,
    softmax: bool = False,
    kind: str = "FLOAT",
    nodes: Sequence[Any] = (),
    outputs: Sequence[Any] = (),
) -> NDArray[np.float32]:
    """Write a network to ``path`` that is linear in a picture of ``shape``; give its weights.

    ``nodes`` come between the weights and the output, from "sums" to "logits".
    """
    from onnx import TensorProto, helper, numpy_helper, save

    element = getattr(TensorProto, kind)
    sides = {"channels": 3, "height": SIZE[0], "width": SIZE[1]}
    slopes = weights(int(np.prod([sides.get(side, side) for side in shape[1:]])))
    made = [helper.make_node("Flatten", ["picture"], ["row"], axis=1)]
    made += [helper.make_node("MatMul", ["row", "slopes"], ["sums"])]
    made += list(nodes) or [helper.make_node("Identity", ["sums"], ["logits"])]
    if softmax:
        made.append(helper.make_node("Softmax", ["logits"], ["scores"], axis=1))
    last = helper.make_tensor_value_info(
        "scores" if softmax else "logits", element, [shape[0], CLASSES]
    )
    graph = helper.make_graph(
        made,
        "linear",
        [helper.make_tensor_value_info("picture", element, list(shape))],
        [last, *outputs],
        [
            numpy_helper.from_array(
                slopes.astype(np.float64 if kind == "DOUBLE" else np.float32), "slopes"
            )
        ],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)]
    save(helper.make_model(graph, opset_imports=opsets, ir_version=8), path)
    return slopes
