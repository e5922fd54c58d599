"""Weights in a language model's folder: one safetensors file, or the shards that an index lists."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import torch
from safetensors import safe_open

from quizproof.probes.models.language_models import LanguageModelError
from quizproof.probes.models.unpickling import of_torch
from quizproof.probes.packs.shards import INDEX, WEIGHTS, shards
from quizproof.questions.problems import one_line

# what safetensors call other precisions than the one that is measured in
_NARROWED: Final = {"F16": "float16", "BF16": "bfloat16", "F64": "float64"}


@dataclass(frozen=True)
class WeightFiles:
    """Safetensors of one model by their headers, no number of them read."""

    named: Path  # what a person looks at: the file, or the index of several
    names: frozenset[str]  # of its tensors
    numbers: int  # of all tensors together
    remarks: tuple[str, ...]  # on a precision that is not the one measured in


def weight_files(folder: Path) -> WeightFiles:
    """The weights in ``folder``. Raises LanguageModelError where they are not there whole."""
    if (folder / "adapter_config.json").exists():
        raise LanguageModelError(
            f"{folder} holds an adapter, not a model; merge it into its model and save that"
        )
    if (folder / WEIGHTS).is_file():
        return _outlined(folder / WEIGHTS, _shapes(folder / WEIGHTS))
    if (folder / INDEX).is_file():
        return _sharded(folder, folder / INDEX)
    others = sorted(
        path.name
        for path in Path(str(folder)).glob("*")  # those that nobody holds, too
        if path.suffix in (".bin", ".pt", ".pth", ".h5", ".msgpack")
    )
    raise LanguageModelError(
        f"{folder} has no {WEIGHTS}"
        + (f" but {one_line(others[0], 80)}, which is not read" if others else "")
        + "; where you trust it, load the model and save_pretrained() it"
    )


def _sharded(folder: Path, index: Path) -> WeightFiles:
    listed = shards(index)
    if listed is None:
        raise LanguageModelError(
            f"{index} is no index of safetensors beside it; save_pretrained() the model anew"
        )
    files = sorted(set(listed.values()))
    if lacking := [name for name in files if not (folder / name).is_file()]:
        raise LanguageModelError(f"{folder} lacks {lacking[0]}, which {index.name} names; add it")
    found: dict[str, tuple[int, str]] = {}
    lies: dict[str, str] = {}
    for shard in files:
        for tensor, shape in _shapes(folder / shard).items():
            found[tensor] = shape
            lies.setdefault(tensor, shard)
    if wrong := sorted(name for name in {*listed, *lies} if listed.get(name) != lies.get(name)):
        where = listed.get(wrong[0])
        said = f"in {where}, where it is not" if where else "nowhere, but a shard holds it"
        raise LanguageModelError(
            f"{index} has {one_line(wrong[0], 80)} {said}; restore what goes with the other"
        )
    return _outlined(index, found)


def _shapes(path: Path) -> dict[str, tuple[int, str]]:
    """How many numbers each tensor of a safetensors file has, and of what kind, by its header."""
    try:
        with safe_open(os.fspath(path), "pt") as file:
            slices = {name: file.get_slice(name) for name in file.keys()}  # noqa: SIM118
            return {
                name: (torch.Size(part.get_shape()).numel(), part.get_dtype())
                for name, part in slices.items()
            }
    except Exception as error:  # a damaged file raises nearly anything from its reader
        if of_torch(path):
            raise LanguageModelError(
                f"{path} is no safetensors but what torch.save wrote, which is not read; "
                "where you trust it, load the model and save_pretrained() it"
            ) from None
        reason = one_line(f"{error}", 120)
        raise LanguageModelError(f"{path} is damaged ({reason}); restore it") from None


def _outlined(named: Path, shapes: Mapping[str, tuple[int, str]]) -> WeightFiles:
    kept = {kind for _, kind in shapes.values()}
    others = [name for kind, name in _NARROWED.items() if kind in kept]
    return WeightFiles(
        named=named,
        names=frozenset(shapes),
        numbers=sum(count for count, _ in shapes.values()),
        remarks=(f"{named}: weights in {', '.join(others)} are measured in float32",)
        if others
        else (),
    )
