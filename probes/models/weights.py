"""Reading a state dict from a file that may be hostile: safetensors, or a weights-only pickle."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor

from quizproof.questions.problems import QuizproofError, one_line

# where training scripts put the state dict in a checkpoint
_NESTED = ("model_state_dict", "state_dict", "model")
_ZIP = b"PK\x03\x04"


class WeightsError(QuizproofError):
    """A file of weights that cannot be read, or that asks for more than reading."""


def read_weights(path: Path) -> dict[str, Tensor]:
    """The state dict in ``path``, on the CPU, every number in it finite.

    ``path`` is safetensors by its suffix, else what ``torch.save`` wrote: a state dict, or a
    checkpoint that holds one. A checkpoint is mapped, so that an optimizer's share of it is never
    read; only one in the format before torch 1.6 has to be read whole. Nothing in it is run.
    Raises WeightsError.
    """
    try:
        if path.suffix == ".safetensors":
            return _checked(load_file(path), path)
        return _checked(_state_dict(_unpickled(path), path), path)
    except QuizproofError:
        raise
    except Exception as error:  # a damaged file raises nearly anything from its reader
        raise _damaged(path, error) from None


def read_tensors(path: Path) -> tuple[Tensor, ...]:
    """A tuple or list of tensors that ``torch.save`` wrote, under the same care. WeightsError."""
    try:
        loaded = _unpickled(path)
        if not isinstance(loaded, (tuple, list)) or not all(isinstance(t, Tensor) for t in loaded):
            raise WeightsError(f"{path} holds no tuple of tensors; save model(...).hidden_states")
        plain = {str(k): tensor.detach() for k, tensor in enumerate(loaded)}
        return tuple(_checked(plain, path).values())
    except QuizproofError:
        raise
    except Exception as error:  # a damaged file raises nearly anything from its reader
        raise _damaged(path, error) from None


def _unpickled(path: Path) -> Any:
    with path.open("rb") as file:
        zipped = file.read(len(_ZIP)) == _ZIP  # as torch itself tells them apart
    if zipped:
        _refuse_compressed(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return torch.load(path, map_location="cpu", weights_only=True, mmap=zipped)
    except UnpicklingError as error:
        if asked := re.search(r"GLOBAL `?([\w.]+)", str(error)):
            raise WeightsError(
                f"{path} asks for {asked[1]}, which is no weights, and nothing of it was run; "
                "where you trust it, save model.state_dict() alone"
            ) from None
        raise WeightsError(f"{path} is damaged or no checkpoint of torch; restore it") from None


def _refuse_compressed(path: Path) -> None:
    """torch never compresses, and a few compressed bytes can unfold without bound."""
    with zipfile.ZipFile(path) as archive:
        if any(entry.compress_type != zipfile.ZIP_STORED for entry in archive.infolist()):
            raise WeightsError(f"{path} is compressed; restore it as torch.save wrote it")


def _state_dict(loaded: Any, path: Path) -> dict[str, Tensor]:
    for key in _NESTED:
        if isinstance(loaded, Mapping) and isinstance(loaded.get(key), Mapping):
            loaded = loaded[key]
    if not isinstance(loaded, Mapping) or not loaded:
        raise WeightsError(f"{path} holds no state dict; save model.state_dict()")
    for name, value in loaded.items():
        if not isinstance(name, str) or not isinstance(value, Tensor):
            raise WeightsError(
                f"{path}: {one_line(str(name))[:80]} is no tensor but {type(value).__name__}; "
                "save model.state_dict()"
            )
    return dict(loaded)


def _checked(state: dict[str, Tensor], path: Path) -> dict[str, Tensor]:
    for name, tensor in state.items():
        # a tensor without storage of its own would be skipped or unfolded without bound
        if (
            tensor.device.type != "cpu"
            or tensor.layout is not torch.strided
            or tensor.is_quantized
            or tensor.untyped_storage().nbytes() < tensor.numel() * tensor.element_size()
        ):
            raise WeightsError(
                f"{path}: {one_line(name)[:80]} is no plain tensor; save model.state_dict()"
            )
    broken = [name for name, tensor in state.items() if not tensor.isfinite().all()]
    if broken:
        raise WeightsError(
            f"{path}: {one_line(broken[0])[:80]} holds NaN or infinity"
            + (f", and so do {len(broken) - 1} more" if len(broken) > 1 else "")
            + "; take a checkpoint from before training diverged"
        )
    return state


def _damaged(path: Path, error: Exception) -> WeightsError:
    reason = one_line(str(error)).removeprefix("Error while deserializing header: ")
    reason = re.split(r"(?<=\w)[.:] ", reason)[0][:120] or type(error).__name__
    return WeightsError(f"{path} is damaged or holds no weights ({reason}); restore it")
