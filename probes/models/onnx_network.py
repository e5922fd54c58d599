"""Classifiers of any library as data, without code: networks in ONNX, which onnxruntime runs.

ONNX is a graph of named operators with weights (onnx.ai/onnx). What scikit-learn, Keras or PyTorch
export to it gives predictions and no gradients.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor, nn

from quizproof.probes.models.architectures import ClassifierError
from quizproof.questions.files import read_bounded
from quizproof.questions.problems import one_line

MAX_BYTES: Final = (1 << 31) - 1  # of which protobuf's messages have no more
_NUMBERS: Final = {"tensor(float)": np.float32, "tensor(double)": np.float64}
_SMALLEST: Final = float(np.finfo(np.float32).tiny)  # of which there is a logarithm
_CHANNELS: Final = (1, 3)
_TRIED: Final = 4  # pictures


@dataclass(frozen=True)
class _Input:
    """How a picture is put before a network."""

    name: str
    type: str
    channels: int
    layout: str  # NCHW, NHWC, or flat, which is NHWC in a row
    one_by_one: bool  # its batches are of one picture


class OnnxNetwork(nn.Module):
    """A network from ONNX that gives logits: (N, 3, H, W) to (N, classes), float32.

    Of one that ends in probabilities, their logarithms are the logits: the softmax of these is the
    probabilities again. A network of grey pictures is given the mean of the three colours.
    """

    def __init__(self, path: Path, size: tuple[int, int]) -> None:
        """Raises ClassifierError for what is no such network of pictures of ``size``."""
        super().__init__()
        self._name = str(path)
        self._session = _session(path)
        self._input = _input(self._name, self._session, size)
        self._output = _output(self._name, self._session)
        self._probabilities = False
        self._probabilities = self._gives_probabilities(size)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a person should know of how its outputs are taken."""
        told = f"{self._name}: gives probabilities, whose logarithms are taken for logits"
        return (told,) if self._probabilities else ()

    def __deepcopy__(self, memo: Any) -> OnnxNetwork:
        return self  # nothing in it changes

    def forward(self, pictures: Tensor) -> Tensor:
        """Raises ClassifierError where gradients are asked for."""
        if torch.is_grad_enabled() and pictures.requires_grad:
            raise ClassifierError(
                f"{self._name} is ONNX, which gives predictions and no gradients; "
                "ask for what needs predictions alone, or take the network itself"
            )
        given = self._laid_out(pictures.detach().float().cpu())
        rows = [one[None] for one in given] if self._input.one_by_one else [given]
        found = torch.cat([torch.from_numpy(self._run(row.numpy())) for row in rows]).float()
        if self._probabilities:
            found = found.clamp(min=_SMALLEST).log()
        return found.to(pictures.device)

    def _run(self, given: Any) -> Any:
        put = {self._input.name: given.astype(_NUMBERS[self._input.type])}
        [found] = self._session.run([self._output], put)
        return found

    def _laid_out(self, pictures: Tensor) -> Tensor:
        if self._input.channels == 1:
            pictures = pictures.mean(1, keepdim=True)
        if self._input.layout == "NCHW":
            return pictures.contiguous()
        pictures = pictures.permute(0, 2, 3, 1)
        return pictures.flatten(1) if self._input.layout == "flat" else pictures.contiguous()

    def _gives_probabilities(self, size: tuple[int, int]) -> bool:
        generator = torch.Generator().manual_seed(0)
        try:
            found = self(torch.randn(_TRIED, 3, *size, generator=generator))
        except ClassifierError:
            raise
        except Exception as error:  # onnxruntime raises its own, and others
            raise ClassifierError(
                f"{self._name} cannot take pictures of {size[0]} × {size[1]} pixels "
                f"({one_line(str(error), 160)}); mend 'input' in the manifest"
            ) from None
        sums_to_one = bool(((found.sum(1) - 1).abs() < 1e-3).all())
        return sums_to_one and bool((found >= 0).all())


def _session(path: Path) -> Any:
    try:
        import onnx
        import onnxruntime
    except ImportError:
        raise ClassifierError(
            f"{path} is ONNX, which onnxruntime runs, and that is not installed; "
            "pip install 'quizproof[onnx]'"
        ) from None
    content = read_bounded(path, MAX_BYTES, "take a smaller network")
    try:
        model = onnx.load_model_from_string(content)
    except Exception as error:  # protobuf raises its own
        raise ClassifierError(
            f"{path} is no ONNX ({one_line(str(error), 120)}); restore it"
        ) from None
    _refuse_unsafe(path, model)
    options = onnxruntime.SessionOptions()
    options.use_deterministic_compute = True
    options.intra_op_num_threads = torch.get_num_threads()
    options.log_severity_level = 4  # what is wrong is an exception; nothing else is told
    try:
        # of the very bytes that were looked through
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises its own, and others
        raise ClassifierError(
            f"{path} cannot be run ({one_line(str(error), 160)}); export it anew, "
            "with operators of ONNX alone"
        ) from None


def _refuse_unsafe(path: Path, model: Any) -> None:
    """Raises ClassifierError for weights in other files, and for what may run for ever."""
    for message in _messages(model):
        kind = message.DESCRIPTOR.name
        if kind == "TensorProto" and (message.external_data or message.data_location):
            raise ClassifierError(
                f"{path} has weights in another file, which is not read; save it in one: "
                "onnx.save(model, path, save_as_external_data=False)"
            )
        if kind == "NodeProto" and message.op_type == "Loop":
            raise ClassifierError(
                f"{path} has a loop, which might not end; export a network without one"
            )


def _messages(message: Any) -> Iterator[Any]:
    """All messages of protobuf in ``message``; it has at most a hundred in each other."""
    yield message
    for field, value in message.ListFields():
        if field.message_type is not None:
            for inner in [value] if hasattr(value, "DESCRIPTOR") else value:
                yield from _messages(inner)


def _input(name: str, session: Any, size: tuple[int, int]) -> _Input:
    given = session.get_inputs()
    if len(given) != 1:
        raise ClassifierError(f"{name} takes {len(given)} inputs; take a network of one picture")
    [one] = given
    if one.type not in _NUMBERS:
        raise ClassifierError(f"{name} takes {one.type}; export it with an input of float32")
    batch, *rest = one.shape or [None]
    if batch not in (1, None) and not isinstance(batch, str):
        raise ClassifierError(
            f"{name} takes {batch} pictures at once; export it for any number (dynamic axes)"
        )
    for layout, channels, shape in _shapes(size):
        if len(rest) == len(shape) and all(_fits(a, b) for a, b in zip(rest, shape, strict=True)):
            return _Input(
                name=one.name,
                type=one.type,
                channels=channels,
                layout=layout,
                one_by_one=batch == 1,
            )
    asked = " × ".join(str(side) for side in rest) or "nothing"
    raise ClassifierError(
        f"{name} takes {asked} for a picture, the manifest says {size[0]} × {size[1]} pixels; "
        "mend 'input' in the manifest"
    )


def _shapes(size: tuple[int, int]) -> Iterator[tuple[str, int, tuple[int, ...]]]:
    """The shapes that a picture may be put in, the likeliest first: sides may have no number."""
    height, width = size
    for channels in sorted(_CHANNELS, reverse=True):
        yield "NCHW", channels, (channels, height, width)
        yield "NHWC", channels, (height, width, channels)
        yield "flat", channels, (channels * height * width,)


def _fits(asked: Any, side: int) -> bool:
    return not isinstance(asked, int) or asked == side


def _output(name: str, session: Any) -> str:
    found = [out for out in session.get_outputs() if out.type in _NUMBERS and len(out.shape) == 2]
    if len(found) != 1:
        there = ", ".join(f"{out.name} ({out.type})" for out in session.get_outputs())
        raise ClassifierError(
            f"{name} gives {one_line(there, 160)}, and not one number for each class alone; "
            "export that output alone (of scikit-learn: options={'zipmap': False})"
        )
    return str(found[0].name)
