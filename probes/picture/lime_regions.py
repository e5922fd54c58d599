"""Regions of a picture that LIME paints green and red, and how much weight that is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.models.view import View
from quizproof.probes.parameters import (
    Amount,
    AnyIndices,
    Index,
    Name,
    Positive,
    Regions,
    Samples,
    Seed,
    Smoothing,
    Times,
)
from quizproof.probes.probe import Draw, Measure, probe
from quizproof.probes.units import LOGIT, SHARE
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from quizproof.probes import Classifier, Pictures
    from quizproof.probes.bench import Bench


@probe(
    "lime.regions",
    finding=Text(
        en=(
            "LIME paints these shares of the regions’ pixels green: {green_{item}}, whole picture "
            "{green_everywhere}. It paints these shares red: {red_{item}}, whole picture "
            "{red_everywhere}. Of all painted weight, these shares are positive and lie in the "
            "regions: {positive_{item}}. These are negative and lie there: {negative_{item}}."
        ),
        zh_hant=(
            "LIME 塗成綠色的像素，在各區域占：{green_{item}}，在整張圖片占 {green_everywhere}。塗成"
            "紅色的占：{red_{item}}，在整張圖片占 {red_everywhere}。所有上色的權重中，位於各區域的"
            "正權重占：{positive_{item}}；負權重占：{negative_{item}}。"
        ),
    ),
    measures=(
        Measure(
            "green_{item}",
            SHARE,
            0,
            1,
            Text(
                en="share of the region's pixels painted green",
                zh_hant="該區域中塗成綠色的像素比例",
            ),
            each="regions",
        ),
        Measure(
            "red_{item}",
            SHARE,
            0,
            1,
            Text(
                en="share of the region's pixels painted red", zh_hant="該區域中塗成紅色的像素比例"
            ),
            each="regions",
        ),
        Measure(
            "green_everywhere",
            SHARE,
            0,
            1,
            Text(
                en="share of the picture's pixels painted green",
                zh_hant="整張圖片中塗成綠色的像素比例",
            ),
        ),
        Measure(
            "red_everywhere",
            SHARE,
            0,
            1,
            Text(
                en="share of the picture's pixels painted red",
                zh_hant="整張圖片中塗成紅色的像素比例",
            ),
        ),
        Measure(
            "positive_{item}",
            SHARE,
            0,
            1,
            Text(
                en="positive weight in the region, as a share of the size of all painted weights",
                zh_hant="該區域的正權重，占所有上色權重絕對值總和的比例",
            ),
            each="regions",
        ),
        Measure(
            "negative_{item}",
            SHARE,
            0,
            1,
            Text(
                en="negative weight in the region, as a share of the size of all painted weights",
                zh_hant="該區域的負權重，占所有上色權重絕對值總和的比例",
            ),
            each="regions",
        ),
        Measure(
            "area_{item}",
            SHARE,
            0,
            1,
            Text(
                en="share of the picture's area that the region has",
                zh_hant="該區域占圖片面積的比例",
            ),
            each="regions",
        ),
        Measure(
            "total_weight",
            LOGIT,
            0,
            math.inf,
            Text(
                en="sum of the sizes of all superpixels' weights, painted or not",
                zh_hant="所有 superpixel 權重的絕對值總和，不論有無上色",
            ),
        ),
    ),
    stochastic=True,
    example="""
        kind: single
        points: 1
        about: model
        prompt: Which part of picture 6 does LIME paint green?
        probe:
          name: lime.regions
          with:
            picture: 6
            regions: [food, plate]
            samples: 300
            superpixels: 50
            compactness: 10
            sigma: 1
            painted: 8
            least_weight: 0.05
        estimate: share
        options:
          a: {text: The food, rule: green_food > green_plate}
          b: {text: The plate, rule: green_plate > green_food}
        expected: [a]
    """,
)
def lime_regions(
    bench: Bench,
    *,
    model: Classifier,
    photos: Pictures,
    picture: Index,
    target: Name | None = None,
    regions: Regions,
    samples: Samples,
    superpixels: Times,
    compactness: Positive,
    sigma: Smoothing,
    painted: Times,
    least_weight: Amount,
    numpy_seed: Seed | None = None,
    after: AnyIndices = [],  # noqa: B006 (YAML's, which nobody changes)
) -> Iterator[Draw]:
    """Paint and weight in each region, by the overlay of LIME's explanation of a class.

    ``target`` is a class by its name, "predicted" the likeliest, the picture's own where it is left
    out. Superpixels are SLIC's, hidden by their mean colour, and the regression is the ``lime``
    package's by default. A draw is an explanation of its own, from ``samples`` copies of
    ``picture``; with ``numpy_seed`` the first is the one that a notebook shows which seeds numpy so
    and explains the pictures ``after`` which ``picture`` comes. The ``painted`` superpixels of
    largest |weight| are painted, without those below ``least_weight``. A superpixel that lies
    partly in a region gives it that part of its weight. Where nothing is painted, all shares of
    paint and of weight are 0. An error for a region that is all of the picture or smaller than a
    superpixel.
    """
    import numpy as np

    from quizproof.probes.methods import lime_draws, lime_explanation

    view = View(bench, model, photos)
    asked = lime_draws.Asked(
        samples=samples,
        superpixels=superpixels,
        compactness=compactness,
        sigma=sigma,
        numpy_seed=numpy_seed,
        after=tuple(after),
    )
    segments = lime_draws.cut(view, picture, asked)
    pixels = np.bincount(segments.ravel())
    masks = {name: lime_draws.seen_region(view, picture, name, segments) for name in regions}
    explained = lime_draws.explanations(view, picture, view.target(picture, target), asked)
    for one in explained:
        explanation = one.explanation
        overlay = lime_explanation.overlay(explanation, painted, least_weight)
        weight = explanation.weight_map / pixels[segments] * (overlay.colours != 0)
        whole = float(np.abs(weight).sum())
        values = {
            "green_everywhere": float((overlay.colours > 0).mean()),
            "red_everywhere": float((overlay.colours < 0).mean()),
            "total_weight": float(np.abs(explanation.weights).sum()),
        }
        for name, mask in masks.items():
            values |= {
                f"green_{name}": float((overlay.colours[mask] > 0).mean()),
                f"red_{name}": float((overlay.colours[mask] < 0).mean()),
                f"positive_{name}": _share(weight[mask].clip(min=0), whole),
                f"negative_{name}": _share(-weight[mask].clip(max=0), whole),
                f"area_{name}": float(mask.mean()),
            }
        yield Draw(values, lime_draws.maps(one, overlay, picture, regions))


def _share(part: NDArray[np.float64], whole: float) -> float:
    """The sum of ``part`` ∕ ``whole``, at most 1 whatever the rounding; 0 of nothing."""
    return min(1.0, float(part.sum()) / whole) if whole > 0 else 0.0
