"""Whether saliency and SmoothGrad emphasise the same places, and which is nearer to the food."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING

from quizproof.probes.picture.smoothgrad_block import Noise, smoothgrad_block
from quizproof.probes.probe import Draw, Map, Measure, probe

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from quizproof.probes.bench import Bench

_FOOD = "food"
_CELLS = 16
_HOT = 0.1


@probe(
    "saliency.against_smoothgrad",
    roles=("classifier", "pictures"),
    measures=(
        Measure(
            "overlap_{item}",
            "share",
            0,
            1,
            "share of the saliency map's hottest places in that picture that are SmoothGrad's too",
            each="compared",
        ),
        Measure(
            "food_saliency", "share", 0, 1, "share of saliency's mass on the food, mean of pictures"
        ),
        Measure(
            "food_smoothgrad", "share", 0, 1, "share of SmoothGrad's mass on it, mean of pictures"
        ),
    ),
    stochastic=True,
)
def saliency_against_smoothgrad(
    bench: Bench,
    *,
    pictures: list[int],
    compared: list[int],
    samples: int,
    samples_compared: int,
    noise: Noise = "notebook",
) -> Iterator[Draw]:
    """Saliency against SmoothGrad: hottest places of the pictures ``compared``, mass on the food of
    all ``pictures`` (relevance mass accuracy, Arras, Osman & Samek 2022).

    Places are the cells of a 16 × 16 grid, the hottest the tenth with the most mass, so that
    neither the noise of single pixels nor the number of copies decides. Chance gives an overlap of
    0.1. One draw is a map of each picture over ``samples`` noisy copies, ``samples_compared`` of
    the pictures whose places are compared: fewer leave an overlap smaller than that of all copies.
    """
    import numpy as np

    from quizproof.probes.methods.localisation import mass_share
    from quizproof.probes.methods.saliency import raw_saliency, shown_saliency

    saliency = {picture: raw_saliency(bench, picture) for picture in {*pictures, *compared}}
    food = {picture: bench.region(picture, _FOOD) for picture in pictures}
    food_saliency = float(np.mean([mass_share(saliency[p], food[p]) for p in pictures]))
    for draw in count():
        smooth = {
            picture: smoothgrad_block(
                bench,
                picture,
                samples=samples_compared if picture in compared else samples,
                noise=noise,
                draw=draw,
            ).mean(axis=0)
            for picture in saliency
        }
        measured = {f"overlap_{p}": _overlap(saliency[p], smooth[p]) for p in compared}
        measured["food_saliency"] = food_saliency
        measured["food_smoothgrad"] = float(
            np.mean([mass_share(smooth[p], food[p]) for p in pictures])
        )
        shown = [
            Map(title, values.astype(np.float32), picture, (_FOOD,))
            for picture in compared
            for title, values in (
                ("saliency", shown_saliency(bench, picture)),
                ("SmoothGrad", smooth[picture]),
            )
        ]
        yield Draw(measured, tuple(shown))


def _overlap(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    """Share of the hottest cells of ``one`` that are among those of ``other``, in [0, 1].

    Raises NoMassError for a map without mass, which has no hottest cells.
    """
    from quizproof.probes.methods.localisation import hot_pixels

    hot = hot_pixels(_cells(one), _HOT)
    return float(hot_pixels(_cells(other), _HOT)[hot].mean())


def _cells(relevance: NDArray[np.floating]) -> NDArray[np.float64]:
    """Mean of a map (H, W) over each cell of the grid."""
    import torch
    from torch.nn.functional import adaptive_avg_pool2d

    grid = adaptive_avg_pool2d(torch.from_numpy(relevance).double()[None], _CELLS)[0]
    cells: NDArray[np.float64] = grid.numpy()
    return cells
