"""Weights in a language model's folder: one safetensors file, or the shards that an index lists."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from safetensors import safe_open

from quizproof.probes.models.language_models import LanguageModelError
from quizproof.probes.models.unpickling import of_torch
from quizproof.questions.files import read_bounded
from quizproof.questions.problems import one_line

WEIGHTS: Final = "model.safetensors"
INDEX: Final = "model.safetensors.index.json"
_MOST_BYTES: Final = 16_000_000  # of an index: some 100,000 tensors
_MOST_SHARDS: Final = 1000
_SHARD: Final = re.compile(r"[\w.-]{1,200}\.safetensors", re.ASCII)  # no path out of the folder
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
    listed = _listed(index)
    shards = sorted(set(listed.values()))
    if bad := next((name for name in shards if not _SHARD.fullmatch(name)), None):
        raise LanguageModelError(
            f"{index} names {one_line(bad, 80)!r}, which is no safetensors file beside it; "
            "save_pretrained() the model anew"
        )
    if lacking := [name for name in shards if not (folder / name).is_file()]:
        raise LanguageModelError(f"{folder} lacks {lacking[0]}, which {index.name} names; add it")
    found: dict[str, tuple[int, str]] = {}
    lies: dict[str, str] = {}
    for shard in shards:
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


def _listed(index: Path) -> Mapping[str, str]:
    """The shard of each tensor, by the tensor's name."""
    try:
        told: Any = json.loads(read_bounded(index, _MOST_BYTES))
        listed = told["weight_map"]
        sound = all(isinstance(name, str) for name in listed.values())
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        sound = False
    if not sound or not listed or len(set(listed.values())) > _MOST_SHARDS:
        raise LanguageModelError(f"{index} is no index of shards; save_pretrained() the model anew")
    found: Mapping[str, str] = listed
    return found


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
