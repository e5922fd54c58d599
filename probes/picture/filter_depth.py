"""How activations near the output of a network differ from those near its input."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING

from quizproof.probes.probe import Draw, Map, Measure, probe

if TYPE_CHECKING:
    from torch import Tensor

    from quizproof.probes.bench import Bench

_FINEST = 3000.0  # cycles: a picture of 4096 × 4096 pixels has no finer detail


@probe(
    "filter.depth",
    roles=("classifier", "pictures"),
    measures=(
        Measure(
            "fineness_near_input",
            "cycles ∕ side",
            0,
            _FINEST,
            "mean spatial frequency of the activations near the input",
        ),
        Measure(
            "fineness_near_output",
            "cycles ∕ side",
            0,
            _FINEST,
            "mean spatial frequency of the activations near the output",
        ),
        Measure(
            "place_correlation",
            "Spearman's ρ",
            -1,
            1,
            "of places, between activations near the input and near the output",
        ),
    ),
    tolerance=5e-3,
)
def filter_depth(
    bench: Bench, *, pictures: list[int], near_input: list[str], near_output: list[str]
) -> Iterator[Draw]:
    """Fineness of two groups of layers, and whether they are activated at the same places.

    Means over ``pictures`` and all filters of the layers; for places, over all pairs of a filter
    near the input and one near the output. A filter that answers alike all over a picture has
    neither detail nor places and is left out there. Raises FilterError where none is left.
    """
    import numpy as np

    from quizproof.probes.methods import activation_maps, filters

    near = {"input": near_input, "output": near_output}
    fine: dict[str, list[float]] = {end: [] for end in near}
    correlations: list[float] = []
    shown: list[Map] = []
    for picture in pictures:
        seen = filters.layer_activations(
            bench.classifier, [*near_input, *near_output], bench.picture(picture)[None]
        )
        every = [maps[0] for maps in seen]
        maps = {"input": every[: len(near_input)], "output": every[len(near_input) :]}
        for end in near:
            for layer in maps[end]:
                varying = layer[activation_maps.varying(layer)]
                fine[end] += activation_maps.fineness(varying).tolist()
        for early, late in product(maps["input"], maps["output"]):
            correlations += activation_maps.place_correlations(early, late).ravel().tolist()
        shown = shown or [
            _most_varied(maps["input"][0], near_input[0], bench, picture),
            _most_varied(maps["output"][-1], near_output[-1], bench, picture),
        ]
    for end, layers in near.items():
        if not fine[end] or not correlations:
            raise filters.FilterError(
                f"no filter of {', '.join(layers)} varies over a picture; name other layers"
            )
    yield Draw(
        {
            "fineness_near_input": float(np.mean(fine["input"])),
            "fineness_near_output": float(np.mean(fine["output"])),
            "place_correlation": float(np.mean(correlations)),
        },
        tuple(shown),
    )


def _most_varied(maps: Tensor, layer: str, bench: Bench, picture: int) -> Map:
    """The map of the filter that varies most, as large as the picture."""
    from quizproof.probes.methods.filters import over_picture

    number = int(maps.flatten(1).std(dim=1).argmax())
    stretched = over_picture(maps[number][None], bench.classifier.size)[0].cpu().numpy()
    title = f"activation of filter {number} of {layer}"
    return Map(title, stretched, picture, signed=bool(stretched.min() < 0))
