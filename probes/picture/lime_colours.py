"""Meaning of LIME's colours: tried on models whose superpixels' effects are known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import TYPE_CHECKING

from quizproof.probes.parameters import Amount, Samples, Times
from quizproof.probes.probe import Draw, Map, Measure, probe
from quizproof.probes.units import SHARE
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Generator, Tensor

    from quizproof.probes.bench import Bench

_SIDE = 32  # pixels
_PATCHES = 6  # to a side
_GRAIN = 0.2


@probe(
    "lime.colours",
    finding=Text(
        en=(
            "Of the pixels that LIME paints green, a share of {positive_under_green} "
            "truly raises the model’s output and {negative_under_green} lowers it; of "
            "those painted red, {positive_under_red} raises it and {negative_under_red} "
            "lowers it."
        ),
        zh_hant=(
            "LIME 塗成綠色的像素中，真正使模型輸出上升的比例為 {positive_under_green}，使"
            "其下降的為 {negative_under_green}；塗成紅色的像素中，使其上升的為 "
            "{positive_under_red}，使其下降的為 {negative_under_red}。"
        ),
    ),
    measures=(
        Measure(
            "positive_under_green",
            SHARE,
            0,
            1,
            Text(
                en="share of the green pixels whose true effect is above 0",
                zh_hant="綠色像素中，真實影響大於 0 的比例",
            ),
        ),
        Measure(
            "negative_under_green",
            SHARE,
            0,
            1,
            Text(
                en="share of the green pixels whose true effect is below 0",
                zh_hant="綠色像素中，真實影響小於 0 的比例",
            ),
        ),
        Measure(
            "positive_under_red",
            SHARE,
            0,
            1,
            Text(
                en="share of the red pixels whose true effect is above 0",
                zh_hant="紅色像素中，真實影響大於 0 的比例",
            ),
        ),
        Measure(
            "negative_under_red",
            SHARE,
            0,
            1,
            Text(
                en="share of the red pixels whose true effect is below 0",
                zh_hant="紅色像素中，真實影響小於 0 的比例",
            ),
        ),
        Measure(
            "effect_under_green",
            SHARE,
            -1,
            1,
            Text(
                en=(
                    "mean true effect of the green pixels, as a share of the largest effect of a "
                    "superpixel"
                ),
                zh_hant="綠色像素的平均真實影響，以影響最大的 superpixel 為 1",
            ),
        ),
        Measure(
            "effect_under_red",
            SHARE,
            -1,
            1,
            Text(
                en=(
                    "mean true effect of the red pixels, as a share of the largest effect of a "
                    "superpixel"
                ),
                zh_hant="紅色像素的平均真實影響，以影響最大的 superpixel 為 1",
            ),
        ),
    ),
    stochastic=True,
    example="""
    kind: single
    points: 1
    about: method
    because: the colours are painted by the package, whatever model is explained
    prompt: What does green mean in an overlay of LIME?
    probe:
      name: lime.colours
      with: {samples: 200, superpixels: 50, painted: 11, least_weight: 0.05}
    estimate: share
    thresholds:
      of_one_sign: {value: 0.9, from: a colour that means nothing covers half of each sign}
      samples: {from: five copies and more for every unknown of the regression}
      superpixels: {from: 'more than twice those painted, so that most are left out'}
      painted: {from: the notebook's}
      least_weight: {from: the notebook's}
    options:
      a: {text: It speaks for the class, rule: positive_under_green >= of_one_sign}
      b: {text: It speaks against the class, rule: negative_under_green >= of_one_sign}
    expected: [a]
    """,
)
def lime_colours(
    bench: Bench, *, samples: Samples, superpixels: Times, painted: Times, least_weight: Amount
) -> Iterator[Draw]:
    """The true effects under the paint that LIME puts on a picture, for linear models.

    A draw is a random picture, random effects of its superpixels, and the linear model of pixels
    whose logit rises by just that effect when a superpixel is shown instead of its mean colour,
    whatever else is shown. Effects are scaled so that the largest is 1. Colours are read from the
    painted picture: red and green are where that channel rose. Under a colour that is not there,
    everything is 0.
    """
    import numpy as np
    import torch

    from quizproof.probes.methods import lime_explanation as lime
    from quizproof.probes.methods.lime_draws import painted_map

    for draw in count():
        seed = bench.draw_seed(draw)
        generator = torch.Generator().manual_seed(seed)
        picture = _picture(generator)
        array = picture.permute(1, 2, 0).double().numpy()
        segments = lime.superpixels(array, superpixels)
        effects = torch.randn(segments.max() + 1, generator=generator).double().numpy()
        effects /= np.abs(effects).max()
        explanation = lime.explain(
            _linear(_slopes(array, segments, effects)),
            picture,
            0,
            segments,
            seed=seed,
            samples=samples,
        )
        overlay = lime.overlay(explanation, painted, least_weight)
        rose = overlay.image > array
        values: dict[str, float] = {}
        for colour, channel in (("red", 0), ("green", 1)):
            under = effects[segments][rose[:, :, channel]]
            values |= {
                f"positive_under_{colour}": float((under > 0).mean()) if under.size else 0.0,
                f"negative_under_{colour}": float((under < 0).mean()) if under.size else 0.0,
                f"effect_under_{colour}": float(under.mean()) if under.size else 0.0,
            }
        maps = (
            painted_map(
                Text(en="the picture LIME paints", zh_hant="LIME 所繪的圖"), array, overlay
            ),
            Map(
                Text(en="true effect of every superpixel", zh_hant="每個 superpixel 的真實影響"),
                effects[segments].astype("f4"),
                signed=True,
            ),
        )
        yield Draw(values, maps)


def _picture(generator: Generator) -> Tensor:
    """Random patches of colour, which SLIC finds, with grain, which mean colours hide."""
    import torch

    patches = torch.rand(1, 3, _PATCHES, _PATCHES, generator=generator)
    smooth = torch.nn.functional.interpolate(patches, size=(_SIDE, _SIDE), mode="bilinear")[0]
    return (1 - _GRAIN) * smooth + _GRAIN * torch.rand(3, _SIDE, _SIDE, generator=generator)


def _slopes(
    picture: NDArray[np.float64], segments: NDArray[np.int64], effects: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The slopes a, (H, W, 3), with Σ a · (x − x̄) over each superpixel equal to its effect."""
    import numpy as np

    place = segments.ravel()
    pixels = picture.reshape(-1, 3)
    mean = np.stack([np.bincount(place, channel) for channel in pixels.T], 1)
    away = pixels - (mean / np.bincount(place)[:, None])[place]
    spread = np.bincount(place, (away**2).sum(1))
    slopes: NDArray[np.float64] = away * (effects / spread)[place, None]
    return slopes.reshape(picture.shape)


def _linear(slopes: NDArray[np.float64]) -> Callable[[Tensor], Tensor]:
    """The classifier with the one logit Σ slope · pixel."""
    import torch

    flat = torch.from_numpy(slopes).permute(2, 0, 1).flatten()
    return lambda pictures: (pictures.to(flat).flatten(1) @ flat)[:, None]
