"""What a layer is: its type, the shape of its output, its parameters and its receptive field."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.parameters import Name
from quizproof.probes.probe import Draw, Measure, Unsure, probe, word
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from torch import Tensor

    from quizproof.probes import Classifier
    from quizproof.probes.bench import Bench
    from quizproof.probes.methods.receptive_field import Window

_PIXELS = Text(en="pixels", zh_hant="像素")
_PLACES = Text(en="positions", zh_hant="個位置")
_UNTOLD = Text(
    en="what is done to the picture before this layer is not known to see a window of it",
    zh_hant="這一層之前對圖片所做的運算，無法確定只看一個視窗",
)


@probe(
    "layer.facts",
    finding=Text(
        en=(
            "{layer} is a {type} with {parameters} parameters; it gives {channels} channels of "
            "{height} × {width}, each output of which sees {receptive_field} pixels across, "
            "{stride} from one to the next."
        ),
        zh_hant=(
            "{layer} 是 {type}，有 {parameters} 個參數；輸出 {channels}"
            " 個 channel，大小 {height} × {width}，每個輸出看到邊長 {receptive_field}"
            " 像素的範圍，相鄰輸出相距 {stride} 像素。"
        ),
    ),
    measures=(
        word(
            "type",
            Text(
                en="class of the layer's module",
                zh_hant="該層模組的類別",
            ),
        ),
        Measure(
            "channels",
            Text(en="channels", zh_hant="個 channel"),
            1,
            math.inf,
            Text(
                en="number of channels of the layer's output",
                zh_hant="該層輸出的 channel 數",
            ),
        ),
        Measure(
            "height",
            _PLACES,
            1,
            math.inf,
            Text(
                en="height of the layer's output",
                zh_hant="該層輸出的高",
            ),
        ),
        Measure(
            "width",
            _PLACES,
            1,
            math.inf,
            Text(
                en="width of the layer's output",
                zh_hant="該層輸出的寬",
            ),
        ),
        Measure(
            "parameters",
            Text(en="parameters", zh_hant="個參數"),
            0,
            math.inf,
            Text(
                en="number of values that the layer learns, biases too",
                zh_hant="該層要學的參數數目，含 bias",
            ),
        ),
        Measure(
            "receptive_field",
            _PIXELS,
            1,
            math.inf,
            Text(
                en=(
                    "side of the part of the picture that one output of the layer can depend on, "
                    "at most all of the picture"
                ),
                zh_hant="該層一個輸出所能依據的圖片範圍之邊長（receptive field），最大為整張圖片",
            ),
        ),
        Measure(
            "window",
            _PIXELS,
            1,
            math.inf,
            Text(
                en=(
                    "side of an output's window by arithmetic, padding too, which may be larger "
                    "than the picture; twice the picture's less one for a layer that sees all"
                ),
                zh_hant=(
                    "依算式得出的一個輸出之視窗邊長，含 padding，可能大於圖片；看到"
                    "整張圖片的層為圖片邊長的兩倍減一"
                ),
            ),
        ),
        Measure(
            "stride",
            _PIXELS,
            1,
            math.inf,
            Text(
                en=(
                    "distance on the picture from one output of the layer to the next; the "
                    "picture's longer side where it has but one place"
                ),
                zh_hant="該層相鄰兩個輸出在圖片上的距離；只有一個位置時為圖片的長邊",
            ),
        ),
    ),
    example="""
        kind: single
        points: 1
        about: architecture
        prompt: How many pixels across does an output of the first convolution see?
        probe: {name: layer.facts, with: {layer: cnn.0}}
        options:
          a: {text: '1', rule: receptive_field < 2}
          b: {text: '3', rule: 2 <= receptive_field <= 4}
          c: {text: All of them, rule: receptive_field > 4}
        expected: [b]
    """,
)
def layer_facts(bench: Bench, *, model: Classifier, layer: Name) -> Iterator[Draw]:
    """Type, shape of the output, number of parameters and receptive field of a layer.

    The ``window`` is by arithmetic, over padding as over anything else (Araujo, Norris & Sim 2019),
    so it may be larger than the picture; the receptive field is what of the picture it can hold, at
    most the longer side. Of a window that is no square it is the longer side. An output that sees
    all of the picture whatever its size, as that of a Linear on a flattened map or behind a global
    mean, has a window of twice the picture's longer side less one: what covers it from any place.
    Where something is done that is not known to see a window, both lie between one pixel and that.
    Raises ClassifierError for a layer that is not there, QuizproofError for one whose output is no
    map and no vector.
    """
    module = model.layer(layer)
    shape, window = bench.once((model, "facts", layer), lambda: _followed(model, layer))
    side = max(model.size)
    whole = 2 * side - 1
    told = not math.isnan(window.size)
    size = window.size if math.isfinite(window.size) else whole
    seen = (1.0, float(side))
    within = {"receptive_field": seen, "window": (1.0, float(whole)), "stride": seen}
    yield Draw(
        {
            "type": type(module).__name__,
            "channels": shape[0],
            "height": shape[1],
            "width": shape[2],
            "parameters": sum(each.numel() for each in module.parameters()),
            "receptive_field": min(size, side),
            "window": size,
            "stride": min(window.jump, side) if math.isfinite(window.jump) else side,
        },
        unsure=None if told else Unsure(within, _UNTOLD),
    )


def _followed(model: Classifier, layer: str) -> tuple[tuple[int, int, int], Window]:
    """The shape of what ``layer`` gives for a grey picture, and the window that it sees."""
    import torch

    from quizproof.probes.methods.receptive_field import UNKNOWN, Fields

    grey = torch.full((1, 3, *model.size), 0.5, device=model.device)
    seen: list[tuple[torch.Size, Window]] = []

    def keep(module: object, given: object, output: Tensor | object) -> None:
        if isinstance(output, torch.Tensor):
            seen.append((output.shape, fields.window(output) or UNKNOWN))

    handle = model.layer(layer).register_forward_hook(keep)
    try:
        with torch.no_grad(), Fields(grey) as fields:
            model(grey)
    finally:
        handle.remove()
    if not seen:
        raise QuizproofError(f"layer {layer} gives no tensor in a pass; name one that does")
    shape, window = seen[-1]
    if len(shape) not in (2, 4):
        raise QuizproofError(
            f"layer {layer} gives shape {tuple(shape)} for one picture, neither (1, channels) nor "
            "(1, channels, height, width); name one that does"
        )
    channels, height, width = (*shape[1:], 1, 1)[:3]
    return (channels, height, width), window
