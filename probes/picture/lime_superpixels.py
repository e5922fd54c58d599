"""Superpixels that LIME paints on a region, counted as a person sees them."""

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
    Region,
    Samples,
    Seed,
    Smoothing,
    Times,
)
from quizproof.probes.probe import Draw, Measure, probe
from quizproof.probes.units import LOGIT, SUPERPIXELS
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import Classifier, Pictures
    from quizproof.probes.bench import Bench


@probe(
    "lime.superpixels",
    finding=Text(
        en=(
            "On the region {region}, LIME paints {green_touching} superpixels green and "
            "{red_touching} red on average. There, a superpixel counts that has a share of "
            "{touching} of its pixels in the region. Where the share has to be {lying}, "
            "{green_lying} are green and {red_lying} red."
        ),
        zh_hant=(
            "在區域「{region}」上，LIME 平均將 {green_touching} 個 superpixel 塗成綠色，"
            "{red_touching} 個塗成紅色；其中像素有 {touching} 的比例在該區域內即計入。若比例須達 "
            "{lying}，則綠色 {green_lying} 個，紅色 {red_lying} 個。"
        ),
    ),
    measures=(
        *(
            Measure(
                f"{colour}_{how}",
                SUPERPIXELS,
                0,
                math.inf,
                Text(
                    en=(
                        f"superpixels painted {colour} with at least a set share (`{how}`) of "
                        "their "
                        "pixels in the region"
                    ),
                    zh_hant=(
                        f"塗成{chinese}、且像素至少有所設比例（{how}）在該區域內的 superpixel 數"
                    ),
                ),
            )
            for colour, chinese in (("green", "綠色"), ("red", "紅色"))
            for how in ("touching", "lying")
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
        prompt: How many superpixels does LIME paint green on the food of picture 6?
        probe:
          name: lime.superpixels
          with:
            picture: 6
            region: food
            touching: 0.2
            lying: 0.5
            samples: 300
            superpixels: 50
            compactness: 10
            sigma: 1
            painted: 8
            least_weight: 0.05
        estimate: share
        options:
          a: {text: Two or more, rule: green_lying >= 2}
          b: {text: One or none, rule: green_touching < 2}
        expected: [a]
    """,
)
def lime_superpixels(
    bench: Bench,
    *,
    model: Classifier,
    photos: Pictures,
    picture: Index,
    target: Name | None = None,
    region: Region,
    touching: Amount,
    lying: Amount,
    samples: Samples,
    superpixels: Times,
    compactness: Positive,
    sigma: Smoothing,
    painted: Times,
    least_weight: Amount,
    numpy_seed: Seed | None = None,
    after: AnyIndices = [],  # noqa: B006 (YAML's, which nobody changes)
) -> Iterator[Draw]:
    """Number of superpixels that LIME paints on a region, by a loose and a strict view of "on".

    A draw is an explanation as in lime.regions, which has the same settings. ``touching`` and
    ``lying`` are shares of a superpixel's pixels, 0–1: what no view between them changes does not
    hang on where "on" begins. An error for a region that is all of the picture or smaller than a
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
    mask = lime_draws.seen_region(view, picture, region, segments)
    place = segments.ravel()
    inside = np.bincount(place, mask.ravel()) / np.bincount(place)
    explained = lime_draws.explanations(view, picture, view.target(picture, target), asked)
    for one in explained:
        overlay = lime_explanation.overlay(one.explanation, painted, least_weight)
        colours = np.zeros(len(inside))
        colours[place] = overlay.colours.ravel()
        values = {"total_weight": float(np.abs(one.explanation.weights).sum())}
        for how, share in (("touching", touching), ("lying", lying)):
            values |= {
                f"green_{how}": float(((colours > 0) & (inside >= share)).sum()),
                f"red_{how}": float(((colours < 0) & (inside >= share)).sum()),
            }
        yield Draw(values, lime_draws.maps(one, overlay, picture, (region,)))
