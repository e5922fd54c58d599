"""Composition of SmoothGrad's result: the method is watched at work on the model."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING

from quizproof.probes.models.view import View
from quizproof.probes.parameters import Index, Samples
from quizproof.probes.picture.smoothgrad_block import Noise
from quizproof.probes.probe import Draw, Map, Measure, probe
from quizproof.probes.units import PICTURES, SHARE
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor
    from torch.nn import Module

    from quizproof.probes import Classifier, Pictures
    from quizproof.probes.bench import Bench

_HALF = 0.5
_RESULT = Text(en="SmoothGrad", zh_hant="SmoothGrad")
_ONE_MAP = Text(en="saliency of one noisy copy", zh_hant="單一加了 noise 之副本的 saliency map")
_MEAN_MAP = Text(en="mean saliency of the copies", zh_hant="各副本 saliency map 的平均")
_MEAN_OUTPUT = Text(en="mean of noise × change", zh_hant="noise × 輸出變化的平均")


def _distance(name: str, help: Text) -> Measure:
    return Measure(
        f"distance_{name}",
        Text(en="(1 − r) ∕ 2", zh_hant="(1 − r) ∕ 2"),
        0,
        1,
        help,
    )


@probe(
    "smoothgrad.taken_apart",
    finding=Text(
        en=(
            "The result of SmoothGrad is {distance_mean_map} away from the mean of the noisy "
            "copies’ saliency maps. It is {distance_one_map} away from the saliency map of one "
            "copy. From the mean of what the copies’ outputs say it is {distance_mean_output} "
            "away, and from what one output says {distance_one_output}. 0 is the same map, 0.5 an "
            "unrelated one."
        ),
        zh_hant=(
            "SmoothGrad 的結果與各 noise 副本 saliency map 的平均相距 {distance_mean_map}，與單一副"
            "本的 saliency map 相距 {distance_one_map}。與各副本輸出所示的平均相距 "
            "{distance_mean_output}，與單一副本輸出所示的相距 {distance_one_output}。0 表示相同的圖"
            "，0.5 表示無關的圖。"
        ),
    ),
    measures=(
        Measure(
            "shown",
            PICTURES,
            0,
            math.inf,
            Text(
                en="pictures that SmoothGrad shows the model, each counted once",
                zh_hant="SmoothGrad 給 model 看過的圖片，各算一次",
            ),
        ),
        Measure(
            "noisy",
            SHARE,
            0,
            1,
            Text(
                en=(
                    "share of the pictures shown to the model that are the original with noise of "
                    "their own added"
                ),
                zh_hant="給 model 看過的圖片中，是原圖各自加上 noise 的比例",
            ),
        ),
        _distance(
            "one_output",
            Text(
                en=(
                    "distance of the result from the noise of one copy × the change of the output "
                    "it makes; the nearest copy"
                ),
                zh_hant="結果與「單一副本的 noise × 其造成的輸出變化」的距離；取最接近的副本",
            ),
        ),
        _distance(
            "one_map",
            Text(
                en=("distance of the result from the saliency map of one copy; the nearest copy"),
                zh_hant="結果與單一副本 saliency map 的距離；取最接近的副本",
            ),
        ),
        _distance(
            "mean_output",
            Text(
                en=(
                    "distance of the result from the mean over the copies of noise × change of the "
                    "output"
                ),
                zh_hant="結果與「noise × 輸出變化」在各副本之平均的距離",
            ),
        ),
        _distance(
            "mean_map",
            Text(
                en="distance of the result from the mean of the copies' saliency maps",
                zh_hant="結果與各副本 saliency map 之平均的距離",
            ),
        ),
    ),
    stochastic=True,
    example="""
    kind: single
    points: 1
    about: method
    because: what SmoothGrad averages is the same for every model
    prompt: What does SmoothGrad average?
    probe: {name: smoothgrad.taken_apart, with: {picture: 0, samples: 8, noise: notebook}}
    estimate: share
    thresholds:
      alike: {value: 0.01, from: a correlation of 0.98 leaves room for rounding alone}
    options:
      a: {text: Saliency maps of noisy copies, rule: distance_mean_map < alike}
      b: {text: Outputs for noisy copies, rule: distance_mean_output < alike}
    expected: [a]
    """,
)
def smoothgrad_taken_apart(
    bench: Bench,
    *,
    model: Classifier,
    photos: Pictures,
    picture: Index,
    samples: Samples,
    noise: Noise = "notebook",
) -> Iterator[Draw]:
    """Count what SmoothGrad shows the model, and compare its result with what it could be made of.

    Every picture that the method shows the model is kept, with the model's output, and from these
    alone four maps are made: two of outputs, two of saliency maps |∂ cross-entropy ∕ ∂ input|, of
    one copy and of all. What outputs say of pixels is the noise weighted by the change of the loss
    it makes (as masks are in RISE, Petsiuk, Das & Saenko 2018; with normal noise its mean estimates
    the gradient of the mean loss, Stein 1981). The distance is (1 − Pearson's r) ∕ 2, which neither
    a factor nor the closing min-max changes; ½ where a map is constant. One draw is a run of the
    method over ``samples`` copies.
    """
    import torch
    from torch.nn.functional import cross_entropy

    from quizproof.probes.methods import smoothgrad as method
    from quizproof.probes.methods.saliency import loss_gradient

    view = View(bench, model, photos)
    original, label = view.picture(picture), view.label(picture)

    def loss(logits: Tensor) -> Tensor:
        labels = torch.full((len(logits),), label, device=logits.device)
        return cross_entropy(logits.double(), labels, reduction="none")

    with torch.no_grad():
        unchanged = loss(model(original[None]))
    for draw in count():
        generator = torch.Generator().manual_seed(bench.draw_seed(draw))
        with _watched(model) as (shown, outputs):
            result = method.smoothgrad(
                model, original, label, samples=samples, noise=noise, generator=generator
            )
        copies = torch.cat(shown)
        distinct = torch.unique(copies, dim=0)
        change = loss(torch.cat(outputs)) - unchanged
        effects = (copies - original) * change[:, None, None, None]
        labels = torch.full((len(copies),), label, device=copies.device)
        maps = loss_gradient(model, copies, labels).abs()
        made_of = {
            "one_output": effects.abs(),
            "one_map": maps,
            "mean_output": effects.mean(dim=0, keepdim=True).abs(),
            "mean_map": maps.double().mean(dim=0, keepdim=True),
        }
        yield Draw(
            {"shown": float(len(distinct)), "noisy": _noisy(distinct, original)}
            | {
                f"distance_{name}": min(_apart(result, each) for each in candidates)
                for name, candidates in made_of.items()
            },
            (
                Map(_RESULT, _grey(result), picture=picture),
                Map(_ONE_MAP, _grey(maps[0]), picture=picture),
                Map(_MEAN_MAP, _grey(made_of["mean_map"][0]), picture=picture),
                Map(_MEAN_OUTPUT, _grey(made_of["mean_output"][0]), picture=picture),
            ),
        )


def _noisy(copies: Tensor, original: Tensor) -> float:
    """Share of ``copies`` that are the original with noise of their own added to it.

    What is added is no noise where it takes of the picture itself, more than half (another picture,
    a dimmer one), or where another copy has more than half of it as well (a path, a pattern).
    """
    ground = _centred(original[None].double().cpu())
    added = _centred((copies - original).double().cpu())
    taken = (added @ ground[0] / ground.square().sum()).abs()
    sizes = added.norm(dim=1, keepdim=True)
    directions = added / sizes.clamp(min=1e-30)
    common = (directions @ directions.T).abs().fill_diagonal_(0).amax(dim=1)
    own = (sizes[:, 0] > 0) & (taken < _HALF) & (common < _HALF)
    return float(own.double().mean())


def _centred(pictures: Tensor) -> Tensor:
    flat = pictures.flatten(1)
    return flat - flat.mean(dim=1, keepdim=True)


@contextmanager
def _watched(classifier: Classifier) -> Iterator[tuple[list[Tensor], list[Tensor]]]:
    """Keep what is shown to the classifier (N, 3, H, W) and its logits, while in the block."""
    shown: list[Tensor] = []
    outputs: list[Tensor] = []

    def keep(_: Module, inputs: tuple[Tensor], output: Tensor) -> None:
        shown.append(inputs[0].detach() * classifier.std + classifier.mean)
        outputs.append(output.detach())

    hook = classifier.net.register_forward_hook(keep)
    try:
        yield shown, outputs
    finally:
        hook.remove()


def _apart(one: Tensor, other: Tensor) -> float:
    """(1 − Pearson's r) ∕ 2 of two maps: 0 for the same but for scale and shift, ½ unrelated."""
    import torch

    maps = torch.stack([_of_its_largest(m).flatten() for m in (one, other)])
    r = float(torch.corrcoef(maps)[0, 1])  # NaN where one is constant
    return 0.5 if math.isnan(r) else (1 - r) / 2


def _grey(values: Tensor) -> NDArray[np.float32]:
    """Mean of the channels, (H, W), as a share of the largest value."""
    grey: NDArray[np.float32] = _of_its_largest(values).mean(dim=0).float().numpy()
    return grey


def _of_its_largest(values: Tensor) -> Tensor:
    """``values`` in units of the largest, whose square may be no double."""
    given = values.detach().cpu().double()
    largest = given.abs().max()
    return given / largest if largest > 0 else given
