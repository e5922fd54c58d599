"""Where SmoothGrad is bright: its mass over the regions of one picture."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING

from quizproof.probes.picture.smoothgrad_block import Noise, smoothgrad_block
from quizproof.probes.probe import Draw, Map, Measure, probe

if TYPE_CHECKING:
    from quizproof.probes.bench import Bench


@probe(
    "smoothgrad.regions",
    roles=("classifier", "pictures"),
    measures=(
        Measure(
            "density_{item}",
            "share ∕ share",
            0,
            math.inf,
            "share of the map's mass in the region ÷ its share of the picture's area",
            each="regions",
        ),
        Measure(
            "density_outside", "share ∕ share", 0, math.inf, "the same outside all these regions"
        ),
    ),
    stochastic=True,
)
def smoothgrad_regions(
    bench: Bench, *, picture: int, regions: list[str], samples: int, noise: Noise = "notebook"
) -> Iterator[Draw]:
    """Density of SmoothGrad (mean of the three channels) in each region; 1 = evenly spread.

    One draw is the map over ``samples`` noisy copies.
    """
    import numpy as np

    from quizproof.probes.methods.localisation import density

    masks = {f"density_{name}": bench.region(picture, name) for name in regions}
    masks["density_outside"] = ~np.logical_or.reduce(list(masks.values()))
    for draw in count():
        block = smoothgrad_block(bench, picture, samples=samples, noise=noise, draw=draw)
        brightness = block.mean(axis=0)
        shown = (Map("SmoothGrad", brightness, picture, tuple(regions)),)
        yield Draw({name: density(brightness, mask) for name, mask in masks.items()}, shown)
