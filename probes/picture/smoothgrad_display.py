"""What is seen of SmoothGrad with its closing min-max, and what without."""

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
    from quizproof.probes.methods.display import Display
    from quizproof.probes.packs.pictures import Mask

_FOOD = "food"
_SHOWN = 2


@probe(
    "smoothgrad.display",
    roles=("classifier", "pictures"),
    measures=(
        Measure(
            "difference",
            "share",
            0,
            1,
            "1 − Σ min ∕ Σ max of the two displays' brightness: 0 where they are the same",
        ),
        Measure(
            "spots_with",
            "share of full brightness",
            0,
            1,
            "brightest 5 % less the median, displayed with min-max",
        ),
        Measure(
            "spots_without",
            "share of full brightness",
            0,
            1,
            "brightest 5 % less the median, displayed without",
        ),
        Measure(
            "spots_kept",
            "share",
            0,
            1,
            "share of the brightest 5 % with min-max that are among those without",
        ),
        Measure("order_kept", "Spearman's ρ", -1, 1, "rank correlation of the two displays"),
        Measure(
            "outline_with",
            "share",
            0,
            1,
            "edge strength on the food's outline ÷ (on it + elsewhere), with min-max",
        ),
        Measure("outline_without", "share", 0, 1, "the same without"),
    ),
    stochastic=True,
)
def smoothgrad_display(
    bench: Bench, *, pictures: list[int], samples: int, noise: Noise = "notebook"
) -> Iterator[Draw]:
    """Both displays of SmoothGrad compared, each quantity at its median over ``pictures``.

    One draw is a map of each picture over ``samples`` noisy copies. The outline is that of the
    region ``food``.
    """
    import numpy as np

    from quizproof.probes.methods.display import display, min_max

    outlines = {picture: _outline(bench, picture) for picture in pictures}
    for draw in count():
        measured: list[dict[str, float]] = []
        shown: list[Map] = []
        for picture, outline in outlines.items():
            block = smoothgrad_block(bench, picture, samples=samples, noise=noise, draw=draw)
            both = display(min_max(block)), display(block)
            measured.append(_compared(*both, outline))
            if len(shown) < 2 * _SHOWN:
                shown += [
                    Map("SmoothGrad with min-max, as displayed", both[0], picture, (_FOOD,)),
                    Map("SmoothGrad without min-max, as displayed", both[1], picture, (_FOOD,)),
                ]
        yield Draw(
            {name: float(np.median([m[name] for m in measured])) for name in measured[0]},
            tuple(shown),
        )


def _outline(bench: Bench, picture: int) -> Mask:
    from quizproof.probes.methods.localisation import EmptyRegionError
    from quizproof.probes.packs.pictures import outline

    band = outline(bench.region(picture, _FOOD), 0.06)
    if not band.any():
        raise EmptyRegionError(
            f"region {_FOOD} fills picture {picture} and has no outline; mend the region, or leave "
            "the picture out"
        )
    return band


def _compared(with_: Display, without: Display, outline: NDArray[np.bool_]) -> dict[str, float]:
    from quizproof.probes.methods import display as see

    before, after = see.brightness(with_), see.brightness(without)
    return {
        "difference": see.difference(before, after),
        "spots_with": see.spot_contrast(before),
        "spots_without": see.spot_contrast(after),
        "spots_kept": see.spots_kept(before, after),
        "order_kept": see.order_kept(before, after),
        "outline_with": see.outline_prominence(before, outline),
        "outline_without": see.outline_prominence(after, outline),
    }
