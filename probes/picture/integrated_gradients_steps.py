"""What more steps change in the map of integrated gradients that is displayed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.probe import Draw, Map, Measure, probe

if TYPE_CHECKING:
    from quizproof.probes.bench import Bench
    from quizproof.probes.methods.display import Display

_SHOWN = 2


@probe(
    "integrated_gradients.steps",
    roles=("classifier", "pictures"),
    measures=(
        Measure("order_kept", "Spearman's ρ", -1, 1, "rank correlation, with few and most steps"),
        Measure(
            "spots_kept",
            "share",
            0,
            1,
            "share of the brightest 5 % with few steps that are among those with most",
        ),
        Measure(
            "spots_reproduced",
            "share",
            0,
            1,
            "share of the brightest 5 % with more steps that are among those with most",
        ),
        Measure(
            "spots_few",
            "share of full brightness",
            0,
            1,
            "brightest 5 % less the median, with few steps",
        ),
        Measure("spots_most", "share of full brightness", 0, 1, "the same with most steps"),
    ),
    tolerance=1e-3,
)
def integrated_gradients_steps(
    bench: Bench, *, pictures: list[int], few: int, more: int, most: int
) -> Iterator[Draw]:
    """The course's map, displayed as the course does, for three numbers of steps.

    The averaged gradients of the true class's logit are stretched to 0–1 (min-max, colours
    together) and seen as the brightness of a colour picture: what is bright speaks for the class,
    what is dark against it. Each quantity is its median over ``pictures``. A map of one value
    everywhere is displayed black, with no bright spots and no order: shares and correlation are 0.
    """
    import numpy as np

    from quizproof.probes.methods import display as see

    measured: list[dict[str, float]] = []
    shown: list[Map] = []
    for picture in pictures:
        displays = [_displayed(bench, picture, steps) for steps in (few, more, most)]
        with_few, with_more, with_most = (see.brightness(display) for display in displays)
        measured.append(
            {
                "order_kept": see.order_kept(with_few, with_most),
                "spots_kept": see.spots_kept(with_few, with_most),
                "spots_reproduced": see.spots_kept(with_more, with_most),
                "spots_few": see.spot_contrast(with_few),
                "spots_most": see.spot_contrast(with_most),
            }
        )
        if len(shown) < 2 * _SHOWN:
            shown += [
                Map(f"integrated gradients, {few} steps, as displayed", displays[0], picture),
                Map(f"integrated gradients, {most} steps, as displayed", displays[2], picture),
            ]
    yield Draw(
        {name: float(np.median([one[name] for one in measured])) for name in measured[0]},
        tuple(shown),
    )


def _displayed(bench: Bench, picture: int, steps: int) -> Display:
    from quizproof.probes.methods.display import display, min_max
    from quizproof.probes.methods.integrated_gradients import averaged_gradients_of

    return display(min_max(averaged_gradients_of(bench, picture, steps).cpu().numpy()))
