"""Number of pictures that go through a network at once, and how their pixels lie in memory.

Both change a result's last digits, so that they depend on nothing but the kind of device and the
size of the network: never on how fast a machine happens to be, nor on what else it does. More
pictures at once are faster until a layer's output is too much to be at hand for the next: on two
threads of a processor, of 4 to 64 pictures 16 were best for the course's network at width 8 with
its gradient and near the best without; at width 128 it mattered little from 8 to 32. With
pixels' colours side by side ("channels last") its convolutions take two thirds of the time or less
there. A deep network's gradient keeps all that its modules give, half a gigabyte at most of all
pictures at once. An accelerator has memory of its own, and its convolutions in IEEE float32 do not
gain by that layout.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

_MOST, _MOST_ELSEWHERE = 16, 64  # pictures at a time
_NUMBERS, _NUMBERS_ELSEWHERE = 1 << 25, 1 << 27  # of a layer's output, of all pictures together
_KEPT, _KEPT_ELSEWHERE = 1 << 27, 1 << 31  # of all outputs, which a gradient keeps


@dataclass(frozen=True)
class Pace:
    """Pictures at a time, with gradients or without, and their layout."""

    pictures: int = _MOST
    channels_last: bool = True

    @property
    def layout(self) -> torch.memory_format:
        """Of a network's weights: torch gives its layers' outputs the same."""
        return torch.channels_last if self.channels_last else torch.contiguous_format


def pace_for(sizes: list[int], device: torch.device) -> Pace:
    """The pace of a network whose modules give so many numbers a picture, one or more."""
    if device.type == "cpu":
        most, numbers, kept = _MOST, _NUMBERS, _KEPT
    else:
        most, numbers, kept = _MOST_ELSEWHERE, _NUMBERS_ELSEWHERE, _KEPT_ELSEWHERE
    at_once = min(most, numbers // max(sizes), kept // sum(sizes))
    return Pace(max(1, at_once), device.type == "cpu")


@contextmanager
def outputs_sizes(net: nn.Module) -> Iterator[list[int]]:
    """The numbers in each output of a module of ``net``, in the passes made inside the ``with``."""
    sizes: list[int] = []

    def seen(module: nn.Module, given: object, output: object) -> None:
        if isinstance(output, Tensor):
            sizes.append(output.numel())

    with ExitStack() as hooks:
        for module in net.modules():
            hooks.callback(module.register_forward_hook(seen).remove)
        yield sizes
