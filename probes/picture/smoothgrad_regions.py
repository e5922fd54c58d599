"""Regions where SmoothGrad is bright: the outline of a thing, what is in it, or all of it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING

from quizproof.probes.models.view import View
from quizproof.probes.parameters import Amount, Index, Region, Regions, Samples
from quizproof.probes.picture.smoothgrad_block import Noise, shown, smoothgrad_draw
from quizproof.probes.probe import Draw, Map, Measure, probe
from quizproof.probes.units import DENSITY
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import Classifier, Pictures
    from quizproof.probes.bench import Bench
    from quizproof.probes.packs.pictures import Mask


def _density(name: str, where: Text, each: str | None = None) -> Measure:
    return Measure(f"density_{name}", DENSITY, 0, math.inf, where, each=each)


@probe(
    "smoothgrad.regions",
    finding=Text(
        en=(
            "This is the density of SmoothGrad in picture {picture}, where 1 is the picture’s "
            "average. On the outline of {whole} it is {density_outline}. In the parts it is: "
            "{density_{item}}. Close beside them it is: {density_beside_{item}}. In the rest of "
            "{whole} it is {density_rest}, and outside {density_outside}."
        ),
        zh_hant=(
            "圖片 {picture} 各處的 SmoothGrad 密度（全圖平均為 1）：「{whole}」的輪廓為 "
            "{density_outline}。各部分為：{density_{item}}。緊鄰各部分處為："
            "{density_beside_{item}}。其餘部分為 {density_rest}，外部為 {density_outside}。"
        ),
    ),
    measures=(
        _density(
            "outline",
            Text(
                en="density of SmoothGrad on the outline of the whole thing",
                zh_hant="整個物體輪廓上的 SmoothGrad 密度",
            ),
        ),
        _density(
            "{item}",
            Text(
                en="density of SmoothGrad in the part, without the outline",
                zh_hant="該部分（不含輪廓）的 SmoothGrad 密度",
            ),
            "parts",
        ),
        _density(
            "beside_{item}",
            Text(
                en=("density of SmoothGrad in the rest of the whole thing close beside the part"),
                zh_hant="整個物體除該部分外、緊鄰處的 SmoothGrad 密度",
            ),
            "parts",
        ),
        _density(
            "rest",
            Text(
                en=(
                    "density of SmoothGrad in the rest of the whole thing; in all its parts where "
                    "no rest is left"
                ),
                zh_hant="整個物體其餘部分的 SmoothGrad 密度；沒有其餘部分時為所有部分",
            ),
        ),
        _density(
            "outside",
            Text(
                en="density of SmoothGrad outside the whole thing and its outline",
                zh_hant="整個物體及其輪廓之外的 SmoothGrad 密度",
            ),
        ),
    ),
    stochastic=True,
    example="""
        kind: single
        points: 1
        about: model
        prompt: Where is SmoothGrad of picture 9 brightest?
        probe:
          name: smoothgrad.regions
          with:
            picture: 9
            whole: bowl
            parts: [soup, spring_onion]
            band: 0.03
            samples: 50
            noise: paper
        estimate: share
        options:
          a: {text: On the outline, rule: "density_outline > max(density_soup, density_outside)"}
          b: {text: In the soup, rule: "density_soup > max(density_outline, density_outside)"}
          c: {text: Around it, rule: "density_outside > max(density_soup, density_outline)"}
        expected: [b]
    """,
)
def smoothgrad_regions(
    bench: Bench,
    *,
    model: Classifier,
    photos: Pictures,
    picture: Index,
    whole: Region,
    parts: Regions,
    band: Amount,
    samples: Samples,
    noise: Noise = "notebook",
) -> Iterator[Draw]:
    """Density of SmoothGrad as it is shown (min-max, mean of the channels); 1 = evenly spread.

    The outline is a band of ``band`` times the width of ``whole`` on either side of its edge, a
    pixel at least, and what is beside a part is a strip as wide as that band: where it is lit as
    well, the part is not singled out. What ``parts`` share belongs to the last of them; a
    part with nothing beside it has its own density there. A map that is the same
    everywhere has density 1. One draw is the map over ``samples`` noisy copies. Raises
    EmptyRegionError for a picture with nothing outside, or a part of which nothing is left.
    """
    from quizproof.probes.methods.localisation import density

    view = View(bench, model, photos)
    masks = _masks(view, picture, whole, parts, band)
    for draw in count():
        drawn = smoothgrad_draw(view, picture, samples=samples, noise=noise, draw=draw)
        seen = shown(drawn.map)
        even = not seen.any()
        yield Draw(
            {f"density_{n}": 1.0 if even else density(seen, mask) for n, mask in masks.items()},
            (
                Map(
                    Text(en="SmoothGrad", zh_hant="SmoothGrad"),
                    seen.astype("float32"),
                    picture=picture,
                    regions=(whole, *parts),
                ),
            ),
        )


def _masks(view: View, picture: int, whole: str, parts: list[str], band: float) -> dict[str, Mask]:
    """Return the masks of the densities: outline, parts, rest and outside cover the picture."""
    import numpy as np
    from scipy.ndimage import distance_transform_edt

    from quizproof.probes.methods.localisation import EmptyRegionError
    from quizproof.probes.packs.pictures import outline

    thing = view.region(picture, whole)
    columns = np.flatnonzero(thing.any(axis=0))
    width = float(columns[-1] - columns[0] + 1)
    edge = outline(thing, 2 * band * width / min(thing.shape))
    masks = {"outline": edge}
    taken = edge
    for name in reversed(parts):
        masks[name] = view.region(picture, name) & ~taken
        taken = taken | masks[name]
    masks["rest"] = thing & ~taken
    if not masks["rest"].any():
        masks["rest"] = taken & ~edge
    masks["outside"] = ~(thing | taken)
    for name, mask in masks.items():
        if not mask.any():
            raise EmptyRegionError(
                f"picture {picture} has no pixel for {name}, beside the outline of {whole}; mend "
                "its regions"
            )
    for name in parts:
        beside = thing & ~edge & ~masks[name]
        beside &= distance_transform_edt(~masks[name]) <= 2 * band * width
        masks[f"beside_{name}"] = beside if beside.any() else masks[name]
    return masks
