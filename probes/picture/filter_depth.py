"""Difference of activations near the output of a network from those near its input."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import TYPE_CHECKING

from quizproof.probes.models.view import View
from quizproof.probes.parameters import Indices, Names
from quizproof.probes.probe import Draw, Map, Measure, probe
from quizproof.probes.units import SPEARMAN
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from quizproof.probes import Classifier, Pictures
    from quizproof.probes.bench import Bench

    Sums = NDArray[np.float64]

_FINEST = 3000.0  # cycles: a picture of 4096 × 4096 pixels has no finer detail


@probe(
    "filter.depth",
    finding=Text(
        en=(
            "Filters near the input show detail up to {resolution_near_input} cycles a side; "
            "filters near the output, up to {resolution_near_output}. The places where a layer "
            "near the input and one near the output are activated correlate at ρ = "
            "{places_shared}. For two halves of one layer’s filters, ρ is {places_of_one_layer}. "
            "With one half shifted at random, ρ is hardly ever above {places_by_chance}."
        ),
        zh_hant=(
            "靠近輸入端的 filter 呈現的細節可達每邊 {resolution_near_input} 個週期；靠近輸出端的可"
            "達 {resolution_near_output} 個。靠近輸入端與靠近輸出端的 layer，其 activation 位置的等"
            "級相關為 ρ = {places_shared}。同一 layer 的兩半 filter 之間，ρ 為 "
            "{places_of_one_layer}；隨機平移其中一半時，ρ 幾乎不會超過 {places_by_chance}。"
        ),
    ),
    measures=(
        Measure(
            "resolution_near_input",
            Text(en="cycles ∕ side", zh_hant="週期 ∕ 邊長"),
            0,
            _FINEST,
            Text(
                en=("frequency below which an activation near the input has 90 % of its power"),
                zh_hant="靠近輸入端的 filter，activation 功率的 90 % 所在的頻率上限",
            ),
        ),
        Measure(
            "resolution_near_output",
            Text(en="cycles ∕ side", zh_hant="週期 ∕ 邊長"),
            0,
            _FINEST,
            Text(
                en=("frequency below which an activation near the output has 90 % of its power"),
                zh_hant="靠近輸出端的 filter，activation 功率的 90 % 所在的頻率上限",
            ),
        ),
        Measure(
            "places_shared",
            SPEARMAN,
            -1,
            1,
            Text(
                en=(
                    "rank correlation of where a layer near the input and one near the output are "
                    "activated"
                ),
                zh_hant="靠近輸入端與靠近輸出端的 layer，其 activation 位置的等級相關",
            ),
        ),
        Measure(
            "places_of_one_layer",
            SPEARMAN,
            -1,
            1,
            Text(
                en=("rank correlation of where two halves of one layer's filters are activated"),
                zh_hant="同一 layer 的兩半 filter，其 activation 位置的等級相關",
            ),
        ),
        Measure(
            "places_by_chance",
            SPEARMAN,
            -1,
            1,
            Text(
                en=(
                    "rank correlation of the two halves that one in a hundred shifts of one half "
                    "exceeds"
                ),
                zh_hant="把兩半 filter 之一平移時，100 次中只有 1 次超過的等級相關",
            ),
        ),
    ),
    tolerance=5e-3,
    example="""
        kind: single
        points: 1
        about: model
        prompt: Which layer answers to finer detail?
        probe:
          name: filter.depth
          with: {pictures: [0, 1], near_input: [cnn.2], near_output: [cnn.15]}
        options:
          a: {text: The one near the input, rule: resolution_near_input > resolution_near_output}
          b: {text: The one near the output, rule: resolution_near_output > resolution_near_input}
        expected: [a]
    """,
)
def filter_depth(
    bench: Bench,
    *,
    model: Classifier,
    photos: Pictures,
    pictures: Indices,
    near_input: Names,
    near_output: Names,
) -> Iterator[Draw]:
    """Resolution of two groups of layers, and whether they are activated at the same places.

    Resolution is the median over ``pictures`` and all filters of the layers. Where a layer is
    activated is the sum of |activation| over its filters, stretched to the finest of the layers; a
    correlation of places is a mean over pictures, and over all pairs of a layer near the input and
    one near the output or over all layers. Filters and layers that answer alike all over a picture
    have neither detail nor places and are left out there, as are pictures of one colour. Raises
    FilterError where none is left.
    """
    import numpy as np

    from quizproof.probes.methods import activation_maps as maps_of
    from quizproof.probes.methods import filters
    from quizproof.probes.methods.region_densities import of_one_colour

    view = View(bench, model, photos)
    layers = [*near_input, *near_output]
    fine: dict[bool, list[float]] = {True: [], False: []}  # by whether it is near the input
    across: list[tuple[float, float]] = []
    within: list[tuple[float, float]] = []
    shown: list[Map] = []
    for picture in pictures:
        given = view.picture(picture)
        if of_one_colour(given):
            continue
        seen = filters.layer_activations(model, layers, given[None])
        every = [maps[0] for maps in seen]
        for place, maps in enumerate(every):
            varying = maps[maps_of.varying(maps)]
            fine[place < len(near_input)] += maps_of.resolution(varying).tolist()
        size = max((maps.shape[1:] for maps in every), key=lambda side: side[0] * side[1])
        places = [_places(maps, size) for maps in every]
        early, late = places[: len(near_input)], places[len(near_input) :]
        across += _agreements(product(early, late))
        within += _agreements(
            (_places(maps[::2], size), _places(maps[1::2], size)) for maps in every
        )
        shown = shown or [
            _most_varied(every[0], near_input[0], view, picture),
            _most_varied(every[-1], near_output[-1], view, picture),
        ]
    if not (fine[True] and fine[False] and across and within):
        raise filters.FilterError(
            f"too few filters of {', '.join(layers)} vary over a picture to compare their places; "
            "name other layers or pictures"
        )
    yield Draw(
        {
            "resolution_near_input": float(np.median(fine[True])),
            "resolution_near_output": float(np.median(fine[False])),
            "places_shared": float(np.mean([found for found, _ in across])),
            "places_of_one_layer": float(np.mean([found for found, _ in within])),
            "places_by_chance": float(np.mean([chance for _, chance in within])),
        },
        tuple(shown),
    )


def _places(maps: Tensor, size: Sequence[int]) -> Sums | None:
    """Return where filters, (filters, h, w), are activated, (*size); None if everywhere alike.

    The sum is stretched, not each map: it comes to the same but for what lies between positions.
    """
    from quizproof.probes.methods.filters import over_picture

    summed = maps.double().abs().sum(dim=0)
    if summed.numel() == 0 or summed.max() <= summed.min():
        return None
    height, width = size
    return over_picture(summed[None], (height, width))[0].cpu().numpy()


def _agreements(pairs: Iterable[tuple[Sums | None, Sums | None]]) -> list[tuple[float, float]]:
    from quizproof.probes.methods.activation_maps import agreement

    return [agreement(a, b) for a, b in pairs if a is not None and b is not None]


def _most_varied(maps: Tensor, layer: str, view: View, picture: int) -> Map:
    """The map of the filter that varies most, as large as the picture."""
    from quizproof.probes.methods.filters import over_picture

    number = int(maps.flatten(1).std(dim=1).argmax())
    stretched = over_picture(maps[number][None], view.model.size)[0].cpu().numpy()
    title = Text(
        en=f"activation of filter {number} of {layer}",
        zh_hant=f"第 {number} 個 filter 的 activation（{layer}）",
    )
    return Map(title, stretched, picture=picture, signed=bool(stretched.min() < 0))
