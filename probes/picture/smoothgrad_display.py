"""What is seen of SmoothGrad with its closing min-max, and what without."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING

from quizproof.probes.picture.smoothgrad_block import (
    FOOD,
    Noise,
    SmoothGrad,
    food_of,
    smoothgrad_draw,
)
from quizproof.probes.probe import Draw, Map, Measure, probe

if TYPE_CHECKING:
    from quizproof.probes.bench import Bench
    from quizproof.probes.packs.pictures import Mask

_SHOWN = 2
_BAND = 0.06  # of the shorter side: the food's outline, 3 % on both sides of its edge
FINDINGS = {
    "same": "no pixel differs by more than `levels`",
    "unseen": "no spot stands out by `levels` any more, or white covers them and all else",
    "swapped": "light and dark are swapped",
    "elsewhere": "the brightest spots are in other places",
    "clearer": "spots are where they were, and the outline of the food is clearer",
    "dimmer": "spots are to be seen where they were, only dimmer or brighter",
    "unclear": "nothing of this can be told: the display with min-max shows no spots, or its two "
    "halves have none in common",
}
_TOLD = (
    Measure("difference", "grey levels", 0, 255, "of the pixel that differs most; median"),
    Measure("spot_with", "grey levels", 0, 255, "by which a spot stands out at most, with min-max"),
    Measure("spot_without", "grey levels", 0, 255, "the same without"),
    Measure("spots_kept", "share", 0, 1, "of the brightest places with, those bright without"),
    Measure("order_kept", "Spearman's ρ", -1, 1, "rank correlation of the two displays"),
    Measure(
        "outline_with",
        "(a − b) ∕ (a + b)",
        -1,
        1,
        "edge strength on the food's outline against elsewhere, with min-max",
    ),
    Measure("outline_without", "(a − b) ∕ (a + b)", -1, 1, "the same without"),
)


@probe(
    "smoothgrad.display",
    roles=("classifier", "pictures"),
    measures=(
        *(
            Measure(f"pictures_{name}", "share", 0, 1, f"of the pictures: {what}")
            for name, what in FINDINGS.items()
        ),
        *_TOLD,
    ),
    stochastic=True,
)
def smoothgrad_display(
    bench: Bench,
    *,
    pictures: list[int],
    samples: int,
    noise: Noise = "notebook",
    redrawn: list[int] | None = None,
    levels: float = 2,
    bright: float = 0.05,
    clearer: float = 0.1,
) -> Iterator[Draw]:
    """What the display of SmoothGrad without min-max is against that with it, picture by picture.

    Both displays have 256 levels, values clipped to 0–1. Each picture is one of seven findings, the
    first that fits: "same"; "unseen", where a spot stood out with min-max, and none does without or
    the brightest value takes more of the picture than the bright places of the map's two halves
    have in common; "swapped", where the rank correlation is nearer to that of the halves turned
    round than to 0; "elsewhere", where of the ``bright`` share of brightest places less is kept
    than halfway from chance to what the halves keep; "clearer", where the outline's contrast is
    greater by ``clearer`` and above 0; "dimmer". ``pictures_…`` are shares of the pictures, the
    other measures medians over them.

    One draw is SmoothGrad over ``samples`` copies of each of ``pictures``; of those that
    ``redrawn`` leaves out the first is kept. The outline is that of the region ``food``.
    """
    import numpy as np

    from quizproof.probes.methods.display import display, min_max

    bands = {picture: _outline(bench, picture) for picture in pictures}
    for draw in count():
        measured: list[dict[str, float]] = []
        found: list[str] = []
        maps: list[Map] = []
        for picture, band in bands.items():
            drawn = smoothgrad_draw(
                bench, picture, samples=samples, noise=noise, draw=draw, redrawn=redrawn
            )
            seen = _seen(drawn, band, bright)
            measured.append(seen)
            found.append(_finding(seen, levels, bright, clearer))
            if len(maps) < 2 * _SHOWN:
                both = (("with", min_max(drawn.map)), ("without", drawn.map))
                maps += [
                    Map(f"SmoothGrad {how} min-max, as displayed", display(m), picture, (FOOD,))
                    for how, m in both
                ]
        values = {f"pictures_{name}": found.count(name) / len(found) for name in FINDINGS}
        for told in _TOLD:
            values[told.name] = float(np.median([m[told.name] for m in measured]))
        yield Draw(values, tuple(maps))


def _outline(bench: Bench, picture: int) -> Mask:
    from quizproof.probes.packs.pictures import outline

    return outline(food_of(bench, picture), _BAND)


def _seen(drawn: SmoothGrad, band: Mask, bright: float) -> dict[str, float]:
    """What of one picture is seen: of the displays, and of those of its halves."""
    from quizproof.probes.methods import display as see
    from quizproof.probes.methods.localisation import hot_pixels

    with_, without = see.display(see.min_max(drawn.map)), see.display(drawn.map)
    before, after = see.brightness(with_), see.brightness(without)
    one, other = (see.brightness(see.display(see.min_max(half))) for half in drawn.halves)
    return {
        "difference": see.greatest_difference(with_, without),
        "spot_with": see.standing_out(before),
        "spot_without": see.standing_out(after),
        "spots_kept": see.spots_kept(before, after, bright),
        "spots_kept_by_halves": see.spots_kept(one, other, bright),
        "by_chance": float(hot_pixels(after, bright).mean()),
        "order_kept": see.order_kept(before, after),
        "order_kept_by_halves": see.order_kept(one, other),
        "outline_with": see.outline_contrast(before, band),
        "outline_without": see.outline_contrast(after, band),
    }


def _finding(seen: dict[str, float], levels: float, bright: float, clearer: float) -> str:
    """The first of FINDINGS that fits one picture."""
    from quizproof.probes.methods.null_maps import midpoint

    if seen["difference"] <= levels:
        return "same"
    if seen["spot_with"] < levels:
        return "unclear"
    if seen["spot_without"] < levels:
        return "unseen"
    if seen["order_kept_by_halves"] <= 0 or seen["spots_kept_by_halves"] <= bright:
        return "unclear"
    if seen["by_chance"] >= seen["spots_kept_by_halves"]:
        return "unseen"
    if seen["order_kept"] < midpoint(0, -seen["order_kept_by_halves"]):
        return "swapped"
    if seen["spots_kept"] < midpoint(seen["by_chance"], seen["spots_kept_by_halves"]):
        return "elsewhere"
    if seen["outline_without"] > max(0.0, seen["outline_with"] + clearer):
        return "clearer"
    return "dimmer"
