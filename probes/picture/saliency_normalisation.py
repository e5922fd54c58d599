"""Effect of normalising each picture's gradient on the maps that are drawn."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.models.view import View
from quizproof.probes.probe import Draw, Map, Measure, probe
from quizproof.probes.units import FACTORS_OF_TEN
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import Classifier, Pictures
    from quizproof.probes.bench import Bench

_MOST = 700  # between the smallest and the largest double
_FACTORS = (0.01, 100.0)


@probe(
    "saliency.normalisation",
    finding=Text(
        en=(
            "When the gradient grows tenfold, the normalised map grows by {effect_of_scale} "
            "factors of ten. The largest values of the pictures’ maps span {spread_before} factors "
            "of ten before normalising, and {spread_after} after it. The unevenness within a map "
            "(Gini) is {gini_before} before and {gini_after} after."
        ),
        zh_hant=(
            "gradient 放大十倍時，normalize 後的圖放大 10 的 {effect_of_scale} 次方倍。各圖最大值的"
            "差距在 normalize 前達 10 的 {spread_before} 次方倍，之後為 10 的 {spread_after} 次方倍"
            "。圖內的不均勻程度（Gini）在 normalize 前為 {gini_before}，之後為 {gini_after}。"
        ),
    ),
    measures=(
        Measure(
            "effect_of_scale",
            Text(en="factors of ten ∕ factor of ten", zh_hant="10 的次方數 ∕ 10 的次方"),
            -math.inf,
            math.inf,
            Text(
                en=(
                    "factors of ten by which the normalised map's largest value grows for each "
                    "factor of ten that the gradient grows by"
                ),
                zh_hant="gradient 每放大十倍，normalize 後的最大值放大 10 的幾次方倍",
            ),
        ),
        Measure(
            "spread_before",
            FACTORS_OF_TEN,
            0,
            _MOST,
            Text(
                en="spread of the largest values of the pictures' maps before normalising",
                zh_hant="各圖片 normalize 前最大值的離散程度",
            ),
        ),
        Measure(
            "spread_after",
            FACTORS_OF_TEN,
            0,
            _MOST,
            Text(
                en="spread of the largest values of the pictures' maps after normalising",
                zh_hant="各圖片 normalize 後最大值的離散程度",
            ),
        ),
        Measure(
            "gini_before",
            Text(en="Gini", zh_hant="Gini 係數"),
            0,
            1,
            Text(
                en="unevenness within a map before normalising; mean of the pictures",
                zh_hant="normalize 前圖內的不均勻程度；各圖片平均",
            ),
        ),
        Measure(
            "gini_after",
            Text(en="Gini", zh_hant="Gini 係數"),
            0,
            1,
            Text(
                en="unevenness within a map after normalising; mean of the pictures",
                zh_hant="normalize 後圖內的不均勻程度；各圖片平均",
            ),
        ),
    ),
    tolerance=0.001,
    example="""
    kind: single
    points: 1
    about: method
    because: normalising divides by the map's own largest value, whatever model it is of
    prompt: Does a normalised saliency map grow with its gradient?
    probe: {name: saliency.normalisation}
    thresholds:
      half: {value: 0.5, from: halfway from a map that grows along to one that does not}
    options:
      a: {text: It does, rule: effect_of_scale > half}
      b: {text: It does not, rule: effect_of_scale <= half}
    expected: [b]
    """,
)
def saliency_normalisation(bench: Bench, *, model: Classifier, photos: Pictures) -> Iterator[Draw]:
    """Saliency maps of all pictures of the pack before and after ``normalise``.

    The scale of a map is its largest value. ``effect_of_scale`` changes nothing but the scale: the
    same gradient 100 times smaller and 100 times larger; 1 where the map is scaled along with its
    gradient, 0 where it stays the same. Unevenness is the Gini coefficient.
    """
    import numpy as np
    import torch

    from quizproof.probes.methods import saliency
    from quizproof.probes.methods.localisation import NoMassError, gini

    view = View(bench, model, photos)
    numbers = range(len(photos))
    before = torch.stack([torch.from_numpy(saliency.raw_saliency(view, k)) for k in numbers])
    after = saliency.normalise(before)

    def scales(maps: torch.Tensor) -> torch.Tensor:
        largest = maps.abs().amax(dim=(1, 2))
        if not largest.all():
            raise NoMassError(
                "a map is zero everywhere once normalised and has no scale; "
                "look at one that is not constant"
            )
        return largest.log10()

    follows = [
        (scales(saliency.normalise(factor * before)) - scales(after)) / math.log10(factor)
        for factor in _FACTORS
    ]
    widest, least = int(scales(before).argmax()), int(scales(before).argmin())
    yield Draw(
        {
            "effect_of_scale": float(torch.stack(follows).mean()),
            "spread_before": float(scales(before).max() - scales(before).min()),
            "spread_after": float(scales(after).max() - scales(after).min()),
            "gini_before": float(np.mean([gini(m) for m in before.numpy()])),
            "gini_after": float(np.mean([gini(m) for m in after.numpy()])),
        },
        maps=tuple(
            Map(title, maps[k].numpy().astype(np.float32), picture=k)
            for k in (widest, least)
            for title, maps in (
                (Text(en="saliency, raw", zh_hant="saliency map，未經 normalize"), before),
                (Text(en="saliency, normalised", zh_hant="saliency map，經 normalize"), after),
            )
        ),
    )
