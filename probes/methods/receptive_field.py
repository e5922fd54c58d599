"""Receptive field of a layer: how many pixels across one of its outputs can depend on.

By arithmetic (Araujo, Norris & Sim, "Computing receptive fields of convolutional neural networks",
2019): a window of k positions on a tensor of field r whose neighbours are j pixels apart sees
r + (k − 1) · j pixels, and its own neighbours are j · stride apart; where ways meet, the widest
counts. What is done to the tensors of one pass is followed function by function.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

# each output depends on inputs at its own place alone, or only the shape changes
_PLACE_BY_PLACE: Final = {
    "abs", "add", "batch_norm", "cat", "clamp", "clip", "clone", "concat", "concatenate",
    "contiguous", "detach", "div", "dropout", "dropout2d", "elu", "exp", "feature_dropout",
    "float", "double", "flatten", "gelu", "getitem", "hardsigmoid", "hardswish", "hardtanh",
    "iadd", "imul", "isub", "itruediv", "leaky_relu", "log", "mish", "mul", "neg", "pad",
    "pow", "prelu", "radd", "relu", "relu6", "reshape", "rmul", "rsub", "rtruediv", "selu",
    "sigmoid", "silu", "softplus", "sqrt", "squeeze", "stack", "sub", "tanh", "to",
    "truediv", "unsqueeze", "view", "zero_pad2d",
}  # fmt: skip
_MAY_CHANGE_SIDES: Final = {"flatten", "pad", "reshape", "squeeze", "unsqueeze", "view", "stack"}
_OVER_PLACES: Final = {"mean", "sum", "amax", "amin"}
_WINDOWED: Final = {  # where the window, the stride and the dilation stand among the arguments
    "conv2d": ("weight", 1, "stride", 3, "dilation", 5),
    "max_pool2d": ("kernel_size", 1, "stride", 2, "dilation", 4),
    "avg_pool2d": ("kernel_size", 1, "stride", 2, "", 99),
}


@dataclass(frozen=True)
class Window:
    """A field of ``size`` pixels across, neighbours ``jump`` pixels apart; NaN is not known."""

    size: float
    jump: float = 1.0


ALL: Final = Window(math.inf, math.inf)
UNKNOWN: Final = Window(math.nan, math.nan)


@dataclass
class Fields(TorchFunctionMode):
    """The window of every tensor that comes of ``picture`` while this mode is on."""

    picture: Tensor
    _windows: dict[int, tuple[Tensor, Window]] = field(default_factory=dict)  # kept: ids return

    def __post_init__(self) -> None:
        super().__init__()
        self._windows[id(self.picture)] = self.picture, Window(1.0)

    def window(self, tensor: Tensor) -> Window | None:
        """The window of ``tensor``; None where it does not come of the picture."""
        return self._windows.get(id(tensor), (tensor, None))[1]

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        kwargs = kwargs or {}
        given = list(_tensors([args, kwargs]))
        windows = [found for each in given if (found := self.window(each)) is not None]
        shapes = [each.shape for each in given if self.window(each) is not None]
        output = func(*args, **kwargs)
        for each in _tensors(output) if windows else ():
            name = getattr(func, "__name__", "").strip("_")
            window = _after(name, args, kwargs, windows, shapes, each)
            self._windows[id(each)] = each, window
        return output


def _tensors(given: Any) -> Iterator[Tensor]:
    if isinstance(given, Tensor):
        yield given
    elif isinstance(given, Mapping):
        yield from _tensors(list(given.values()))
    elif isinstance(given, list | tuple):
        for each in given:
            yield from _tensors(each)


def _after(
    name: str,
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    windows: list[Window],
    shapes: list[torch.Size],
    output: Tensor,
) -> Window:
    if any(math.isnan(window.size) for window in windows):
        return UNKNOWN
    widest = Window(max(w.size for w in windows), max(w.jump for w in windows))
    if name in _WINDOWED:
        return _slid(name, args, kwargs, widest)
    if name in ("adaptive_avg_pool2d", "adaptive_max_pool2d"):
        same = output.shape[-2:] == shapes[0][-2:]
        return widest if same else ALL if tuple(output.shape[-2:]) == (1, 1) else UNKNOWN
    if name == "linear":
        return ALL if len(shapes[0]) == 2 else UNKNOWN  # of more, it may be of channels alone
    if name in _OVER_PLACES:
        of_channels = kwargs.get("dim", args[1] if len(args) > 1 else None) in (1, [1], (1,))
        return widest if of_channels else ALL
    sides = {tuple(shape[-2:]) for shape in shapes if len(shape) == 4}
    kept = output.ndim != 4 or tuple(output.shape[-2:]) in sides
    if name in _PLACE_BY_PLACE and (kept or name in _MAY_CHANGE_SIDES):
        return widest
    return UNKNOWN


def _slid(name: str, args: Sequence[Any], kwargs: Mapping[str, Any], seen: Window) -> Window:
    """The window of what is slid over ``seen``; of one that is no square, the longer side."""
    if math.isinf(seen.size):
        return ALL
    what, at, stride_, stride_at, dilation_, dilation_at = _WINDOWED[name]

    def given(key: str, place: int, otherwise: Any) -> Any:
        found = kwargs.get(key, args[place] if len(args) > place else None)
        return otherwise if found is None or found == [] else found

    kernel = given(what, at, None)
    sides = tuple(kernel.shape[-2:]) if isinstance(kernel, Tensor) else _pair(kernel)
    stride = _pair(given(stride_, stride_at, 1 if name == "conv2d" else sides))
    dilation = _pair(given(dilation_, dilation_at, 1))
    reach = max((k - 1) * d for k, d in zip(sides, dilation, strict=True))
    return Window(seen.size + reach * seen.jump, seen.jump * max(stride))


def _pair(given: Any) -> tuple[int, ...]:
    if isinstance(given, int):
        return (given, given)
    return tuple(given) * (2 if len(given) == 1 else 1)
