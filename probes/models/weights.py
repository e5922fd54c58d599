"""Reading a state dict from a file that may be hostile: safetensors, or a weights-only pickle."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from safetensors.torch import load_file
from torch import Tensor

from quizproof.probes.models.unpickling import WeightsError as WeightsError
from quizproof.probes.models.unpickling import is_safetensors, of_torch, unpickled
from quizproof.questions.problems import QuizproofError, one_line

COUNTER: Final = "num_batches_tracked"  # of a batch normalisation, which only training looks at
# where training scripts put the state dict in a checkpoint
_NESTED = ("model_state_dict", "state_dict", "model")
_DEEPEST = 3


@dataclass(frozen=True)
class Weights:
    """A state dict, and what a person should know of how it was found in its file."""

    state: dict[str, Tensor]
    remarks: tuple[str, ...] = ()


def read_weights(path: Path) -> Weights:
    """The state dict in ``path``, on the CPU, every number in it finite.

    ``path`` is safetensors by how it begins, else what ``torch.save`` wrote: a state dict, or a
    checkpoint that holds one. A checkpoint is mapped, so that an optimizer's share of it is never
    read; only one in the format before torch 1.6 has to be read whole. Nothing in it is run.
    Raises WeightsError.
    """
    try:
        if is_safetensors(path) or (path.suffix == ".safetensors" and not of_torch(path)):
            state, keys = load_file(path), list[str]()
        else:
            state, keys = _state_dict(unpickled(path, "mapping"), path)
        told = one_line(" → ".join(keys), 80)
        under = (f"{path}: the state dict that it has under {told}",) if keys else ()
        return Weights(_checked(state, path), (*under, *_narrowed(state, path)))
    except QuizproofError:
        raise
    except Exception as error:  # a damaged file raises nearly anything from its reader
        raise _damaged(path, error) from None


def read_tensors(path: Path) -> tuple[Tensor, ...]:
    """A tuple or list of tensors that ``torch.save`` wrote, under the same care. WeightsError."""
    try:
        loaded = unpickled(path, "sequence")
        if not all(isinstance(t, Tensor) for t in loaded):
            raise WeightsError(f"{path} holds no tuple of tensors; save model(...).hidden_states")
        plain = {str(k): tensor.detach() for k, tensor in enumerate(loaded)}
        return tuple(_checked(plain, path).values())
    except QuizproofError:
        raise
    except Exception as error:  # a damaged file raises nearly anything from its reader
        raise _damaged(path, error) from None


def _state_dict(loaded: Mapping[Any, Any], path: Path) -> tuple[dict[str, Tensor], list[str]]:
    """The state dict in what was saved, and the keys it lies under."""
    keys: list[str] = []
    while (key := _key_of_state(loaded)) is not None and len(keys) < _DEEPEST:
        keys.append(key)
        loaded = loaded[key]
    if not loaded:
        raise WeightsError(f"{path} holds no state dict; save model.state_dict()")
    for name, value in loaded.items():
        if not isinstance(name, str) or not isinstance(value, Tensor):
            # of another kind, a name could be endless when it is spelled out
            told = f"{name}" if isinstance(name, str | int) else f"a {type(name).__name__}"
            raise WeightsError(
                f"{path}: {one_line(told, 80)} is no tensor but {type(value).__name__}; "
                "save model.state_dict()"
            )
    return dict(loaded), keys


def _key_of_state(loaded: Mapping[Any, Any]) -> str | None:
    """The key of ``loaded`` that a state dict lies under: the usual ones, else the only one."""
    for key in _NESTED:
        if isinstance(loaded.get(key), Mapping):
            return key
    alike = [key for key, value in loaded.items() if isinstance(key, str) and _is_state(value)]
    return alike[0] if len(alike) == 1 else None


def _is_state(found: Any) -> bool:
    """Tell names of tensors from an optimizer's numbers, and from settings."""
    return (
        isinstance(found, Mapping)
        and bool(found)
        and all(isinstance(n, str) and isinstance(value, Tensor) for n, value in found.items())
    )


def _narrowed(state: Mapping[str, Tensor], path: Path) -> tuple[str, ...]:
    """What to say of numbers that are measured in another precision than they are kept in."""
    kept = {tensor.dtype for tensor in state.values() if tensor.is_floating_point()}
    others = sorted(str(kind).removeprefix("torch.") for kind in kept - {torch.float32})
    if not others:
        return ()
    return (f"{path}: weights in {', '.join(others)} are measured in float32",)


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
                f"{path}: {one_line(name, 80)} is no plain tensor; save model.state_dict()"
            )
    broken = [
        name
        for name, tensor in state.items()
        if not _finite(tensor) and not name.endswith(COUNTER)  # which float16 cannot count far
    ]
    if broken:
        raise WeightsError(
            f"{path}: {one_line(broken[0], 80)} holds NaN or infinity"
            + (f", and so do {len(broken) - 1} more" if len(broken) > 1 else "")
            + "; take a checkpoint from before training diverged"
        )
    return state


def _finite(tensor: Tensor) -> bool:
    """In what it is measured in: few numbers of float64 are too large for it."""
    if tensor.is_floating_point():
        tensor = tensor.to(torch.float32)
    return bool(tensor.isfinite().all())


def _damaged(path: Path, error: Exception) -> WeightsError:
    reason = one_line(str(error)).removeprefix("Error while deserializing header: ")
    reason = re.split(r"(?<=\w)[.:] ", reason)[0][:120] or type(error).__name__
    return WeightsError(f"{path} is damaged or holds no weights ({reason}); restore it")
