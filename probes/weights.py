"""Reading a state dict from a file that may be hostile: safetensors, or a weights-only pickle."""

from __future__ import annotations

import pickle
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from quizproof.questions.problems import QuizproofError

# where training scripts put the state dict in a checkpoint
_NESTED = ("model_state_dict", "state_dict", "model")


class WeightsError(QuizproofError):
    """A file of weights that cannot be read, or that asks for more than reading."""


def read_weights(path: Path) -> dict[str, Tensor]:
    """The state dict in ``path``, on the CPU. Raises WeightsError; runs nothing from the file."""
    if path.suffix == ".safetensors":
        try:
            return load_file(path)
        except (SafetensorError, OSError, ValueError) as error:
            raise WeightsError(f"{path} is no safetensors file ({error}); restore it") from None
    return _state_dict(_unpickle(path), path)


def _unpickle(path: Path) -> Any:
    try:
        # mapped, so that the optimizer's share of a checkpoint is never read
        return torch.load(
            path, map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(path)
        )
    except pickle.UnpicklingError as error:
        reason = str(error).split("\n", 1)[0][:120]
        raise WeightsError(
            f"{path} is not a plain checkpoint ({reason}); nothing of it was run: "
            "save the state dict alone, or convert it to safetensors where you trust it"
        ) from None
    except Exception as error:  # a damaged file raises nearly anything from torch's reader
        raise WeightsError(f"{path} is damaged or no checkpoint ({error}); restore it") from None


def _state_dict(loaded: Any, path: Path) -> dict[str, Tensor]:
    for key in _NESTED:
        if isinstance(loaded, Mapping) and isinstance(loaded.get(key), Mapping):
            loaded = loaded[key]
    if not (
        isinstance(loaded, Mapping)
        and loaded
        and all(isinstance(k, str) and isinstance(v, Tensor) for k, v in loaded.items())
    ):
        raise WeightsError(f"{path} holds no state dict; save model.state_dict()")
    return dict(loaded)
