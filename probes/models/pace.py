"""How many pictures go through a network at once, and how their pixels lie in memory.

What is fastest depends on the machine and on the network's size, not on its weights. It is measured
once, which takes a second or a few, and kept. Results do not depend on it but for rounding.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import os
import platform
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import nn

from quizproof.probes.evidence.store import default_place, user_cache

T = TypeVar("T")

_BATCHES = (1, 4, 8, 16, 32)
_PICTURES = 32  # for each time that is taken, whatever the batch: a short one may be lucky
_ENOUGH = 0.25  # seconds for it
_TURNS = 8
_PATIENCE = 0.9  # seconds after which no more is tried


@dataclass(frozen=True)
class Pace:
    """Pictures at a time, where gradients are not asked for and where they are."""

    forward: int = 8
    backward: int = 16
    channels_last: bool = True

    @property
    def layout(self) -> torch.memory_format:
        """Of a network's weights: torch gives its layers' outputs the same."""
        return torch.channels_last if self.channels_last else torch.contiguous_format


def kept_pace(net: nn.Module, size: tuple[int, int], device: torch.device) -> Pace:
    """The pace of ``net``, which takes (N, 3, *size); measured where this machine has none yet."""
    path = _folder() / f"{_known_by(net, size, device)}.pace"
    with contextlib.suppress(OSError, ValueError, TypeError, AssertionError):
        kept = Pace(**json.loads(path.read_bytes()))
        assert {kept.forward, kept.backward} <= set(_BATCHES)
        return kept
    pace = measured_pace(net, size, device)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with contextlib.suppress(OSError):  # where nothing can be kept, each run measures
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps(asdict(pace)), encoding="utf-8")
        beside.replace(path)
    return pace


def measured_pace(net: nn.Module, size: tuple[int, int], device: torch.device) -> Pace:
    """What takes ``net`` the least time a picture. ``net`` is left in one layout or the other."""

    def layout_pass(last: bool) -> float:
        net.to(memory_format=Pace(channels_last=last).layout)  # type: ignore[call-overload]  # the stub lacks it
        return _seconds(net, 4, size, device, backward=True)

    def batch_pass(batch: int, backward: bool) -> float:
        return _seconds(net, batch, size, device, backward=backward)

    layouts = _least_times(layout_pass, (False, True))
    last = layouts[True] <= layouts[False]
    net.to(memory_format=Pace(channels_last=last).layout)  # type: ignore[call-overload]
    return Pace(
        _best(_least_times(partial(batch_pass, backward=False), _BATCHES)),
        _best(_least_times(partial(batch_pass, backward=True), _BATCHES)),
        last,
    )


def _best(times: Mapping[int, float]) -> int:
    return min(times, key=lambda batch: times[batch])


def _least_times(seconds: Callable[[T], float], candidates: Sequence[T]) -> dict[T, float]:
    """The least ``seconds`` of each candidate, tried in turns: others of this machine come and go.

    Once patience is spent no more is tried, of candidates neither but for the first two.
    """
    began = time.perf_counter()
    times: dict[T, float] = {}
    for turn in range(_TURNS):
        for candidate in candidates:
            if time.perf_counter() - began > _PATIENCE and len(times) >= 2:
                return times
            if turn == 0:
                seconds(candidate)  # torch prepares for a shape when it first sees it
            times[candidate] = min(seconds(candidate), times.get(candidate, math.inf))
    return times


def _seconds(
    net: nn.Module, batch: int, size: tuple[int, int], device: torch.device, *, backward: bool
) -> float:
    """The time for a picture, ``batch`` at once."""
    generator = torch.Generator().manual_seed(0)  # the global one is others'
    pictures = torch.rand(batch, 3, *size, generator=generator).to(device).requires_grad_(backward)
    began, done = time.perf_counter(), 0
    while done < _PICTURES and time.perf_counter() - began < _ENOUGH:
        with torch.set_grad_enabled(backward):
            logits: Any = net(pictures)
        if backward:
            torch.autograd.grad(logits.sum(), pictures)
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        done += batch
    return (time.perf_counter() - began) / done


def _folder() -> Path:
    place = default_place()
    return user_cache() if "://" in place else Path(place)


def _known_by(net: nn.Module, size: tuple[int, int], device: torch.device) -> str:
    """The digest of what the fastest pace depends on."""
    processor = (
        torch.cuda.get_device_name(device) if device.type == "cuda" else platform.processor()
    )
    depends_on = [
        platform.machine(),
        processor,
        platform.node(),
        os.cpu_count(),
        torch.get_num_threads(),
        torch.__version__,
        size,
        str(net),
    ]
    text = json.dumps(depends_on, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
