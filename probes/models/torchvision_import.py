"""Importing torchvision where its compiled operators cannot load beside this torch.

They are then replaced by their schemas alone, so that the import succeeds; calling one still fails.
No network for classification needs them.
"""

from __future__ import annotations

import functools
import importlib
from typing import Any

import torch

_SCHEMAS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)


@functools.cache
def torchvision_models() -> Any:
    """The module ``torchvision.models``. Raises ImportError where torchvision is not installed."""
    try:
        return importlib.import_module("torchvision.models")
    except RuntimeError as error:
        if "torchvision::nms" not in str(error):
            raise
    _declare_missing_operators()
    return importlib.import_module("torchvision.models")


@functools.cache
def _declare_missing_operators() -> Any:
    library = torch.library.Library("torchvision", "DEF")  # type: ignore[no-untyped-call]
    for schema in _SCHEMAS:
        library.define(schema)  # type: ignore[no-untyped-call]
    return library
