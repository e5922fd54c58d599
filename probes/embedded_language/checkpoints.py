"""Models in folders as ``from_pretrained`` reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from quizproof.probes.transformers_import import transformers


def write_model(model: Any, folder: Path) -> None:
    """Writes config.json and model.safetensors, the weights in half precision.

    config.json says float32, and so the weights are loaded: the file is half the size, and the
    model that is loaded is the one whose figures the build reports.
    """
    halves = {name: value.to(torch.float16) for name, value in model.state_dict().items()}
    model.save_pretrained(folder, state_dict=halves)
    (folder / "model.safetensors").chmod(0o644)


def read_model(kind: str, folder: Path) -> Any:
    """The model of class ``kind`` in ``folder``, in float32.

    Raises ValueError where a weight is missing or of no use.
    """
    found, told = getattr(transformers(), kind).from_pretrained(
        folder, output_loading_info=True, attn_implementation="eager"
    )
    if told["missing_keys"] or told["unexpected_keys"]:
        raise ValueError(f"{folder}: {told}")
    return found.eval()
