"""Writing a model as ``from_pretrained`` reads it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch


def write_model(model: Any, folder: Path) -> None:
    """Writes config.json and model.safetensors, the weights in half precision.

    config.json says float32, and so the weights are loaded: the file is half the size, and the
    model that is loaded is the one whose figures the build reports.
    """
    halves = {name: value.to(torch.float16) for name, value in model.state_dict().items()}
    model.save_pretrained(folder, state_dict=halves)
    (folder / "model.safetensors").chmod(0o644)
