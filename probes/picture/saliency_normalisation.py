"""Effect of normalising each picture's gradient on the maps that are drawn."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.probe import Draw, Map, Measure, probe

if TYPE_CHECKING:
    from quizproof.probes.bench import Bench

_DECADES = "factors of ten"
_MOST = 700  # between the smallest and the largest double
_FACTORS = (0.01, 100.0)


@probe(
    "saliency.normalisation",
    roles=("classifier", "pictures"),
    measures=(
        Measure(
            "effect_of_scale",
            "factors of ten ∕ factor of ten",
            -math.inf,
            math.inf,
            "how the normalised map's largest value follows when the gradient is scaled",
        ),
        Measure("spread_before", _DECADES, 0, _MOST, "largest values of the pictures' raw maps"),
        Measure("spread_after", _DECADES, 0, _MOST, "and of their normalised maps"),
        Measure("gini_before", "Gini", 0, 1, "unevenness within a raw map, mean over pictures"),
        Measure("gini_after", "Gini", 0, 1, "unevenness within a normalised map, mean"),
    ),
    tolerance=0.001,
)
def saliency_normalisation(bench: Bench) -> Iterator[Draw]:
    """Saliency maps of all pictures of the pack before and after ``normalise``.

    The scale of a map is its largest value. ``effect_of_scale`` changes nothing but the scale: the
    same gradient 100 times smaller and 100 times larger; 1 where the map is scaled along with its
    gradient, 0 where it stays the same. Unevenness is the Gini coefficient.
    """
    import numpy as np
    import torch

    from quizproof.probes.methods import saliency
    from quizproof.probes.methods.localisation import NoMassError, gini

    numbers = range(len(bench.pack.manifest.pictures))
    before = torch.stack([torch.from_numpy(saliency.raw_saliency(bench, k)) for k in numbers])
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
            Map(f"saliency, {title}", maps[k].numpy().astype(np.float32), picture=k)
            for k in (widest, least)
            for title, maps in (("raw", before), ("normalised", after))
        ),
    )
